import type { Feature, FeatureCollection, Geometry, Position } from 'geojson';
import type { Device, Value } from '../../shared/api';
import type { LayerName, Store } from '../store';

/** When the newest of these was measured. */
export function lastWord(values: readonly Value[]): string | null {
  return values.reduce<string | null>(
    (last, one) => (last === null || Date.parse(one.measured_at) > Date.parse(last) ? one.measured_at : last),
    null,
  );
}

/** A place to put a mark at: the point itself, else the middle of the geometry's box. Lon/lat. */
export function middle(geometry: Geometry | null | undefined): Position | null {
  if (geometry === null || geometry === undefined || geometry.type === 'GeometryCollection') {
    return null;
  }
  const all = positions(geometry.coordinates);
  if (all.length === 0) {
    return null;
  }
  if (geometry.type === 'LineString') {
    return all[Math.floor(all.length / 2)] ?? null;
  }
  const lons = all.map((one) => one[0] ?? 0);
  const lats = all.map((one) => one[1] ?? 0);
  return [(Math.min(...lons) + Math.max(...lons)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2];
}

const DEGREE = 111_195;

/** Metres between two places that are near each other, lon/lat. */
export function metres([lon = 0, lat = 0]: Position, [lon2 = 0, lat2 = 0]: Position): number {
  return Math.hypot((lon2 - lon) * Math.cos((((lat + lat2) / 2) * Math.PI) / 180), lat2 - lat) * DEGREE;
}

function positions(coordinates: unknown): Position[] {
  if (!Array.isArray(coordinates)) {
    return [];
  }
  return typeof coordinates[0] === 'number' ? [coordinates as Position] : coordinates.flatMap(positions);
}

/** West, south, east, north of what is in a layer; null when nothing is. */
export function bounds(collection: FeatureCollection): [number, number, number, number] | null {
  const all = collection.features.flatMap((one) => ('coordinates' in one.geometry ? positions(one.geometry.coordinates) : []));
  if (all.length === 0) {
    return null;
  }
  return all.reduce<[number, number, number, number]>(
    ([west, south, east, north], [lon = 0, lat = 0]) => [Math.min(west, lon), Math.min(south, lat), Math.max(east, lon), Math.max(north, lat)],
    [180, 90, -180, -90],
  );
}

const byId = new WeakMap<FeatureCollection, Map<string, Feature>>();

export function featureOf(store: Store, layer: string, id: string): Feature | undefined {
  const collection = store.layers.get(layer as LayerName)?.value;
  if (collection === null || collection === undefined) {
    return undefined;
  }
  let index = byId.get(collection);
  if (index === undefined) {
    index = new Map(collection.features.map((one) => [String(one.id), one]));
    byId.set(collection, index);
  }
  return index.get(id);
}

/** Where a device is: its own position, else that of the feature that it is bound to or last spoke about. */
export function placeOf(store: Store, device: Device, values: readonly Value[]): Position | null {
  const fixed = device.position ?? device.place;
  if (fixed) {
    return fixed;
  }
  const bound = values.find((one) => one.layer !== null && one.feature_id !== null);
  const layer = device.attach?.layer ?? bound?.layer;
  const id = device.attach?.feature_id ?? bound?.feature_id;
  return layer && id ? middle(featureOf(store, layer, id)?.geometry) : null;
}
