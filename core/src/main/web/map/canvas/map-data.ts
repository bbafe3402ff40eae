import type { Feature, FeatureCollection, Position } from 'geojson';
import type { Device, Value } from '../../shared/api';
import { isLive, look, LOOKS, passes } from '../parts/look';
import { SCALES, step } from '../parts/quantities';
import type { Store } from '../store';
import { featureRef } from '../view';
import { BLIND } from './map-images';
import { NO_FEATURES } from './map-style';
import { featureOf, lastWord, middle, placeOf } from './places';

const OLD = 2 * 60 * 60 * 1000;
const RHYTHMS = 3;

/** Whether what a device says is of now, of before, or nothing that still counts. */
export type News = 'fresh' | 'old' | 'silent';

/**
 * What a device has measured within three rhythms is fresh. A device that was enrolled so lately, or was heard and brought only values of before,
 * is not silent; but what it has told is old, and is not drawn as if it were of now.
 */
export function newsOf(device: Device, values: readonly Value[], now: number): News {
  const patience = device.reports_every_s === undefined ? OLD : RHYTHMS * device.reports_every_s * 1000;
  const within = (moment: string | null | undefined): boolean => moment != null && now - Date.parse(moment) <= patience;
  if (within(lastWord(values))) {
    return 'fresh';
  }
  return within(device.last_seen_at) || within(device.enrolled_at) ? 'old' : 'silent';
}

function point(at: Position, properties: Record<string, string | number>): Feature {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties };
}

function collection(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features };
}

/** One point for each ward: a polygon's own label would stand in every tile that it reaches into. */
export function wardNames(store: Store): FeatureCollection {
  const wards = store.layers.get('wards')?.value?.features ?? [];
  return collection(
    wards.flatMap((one) => {
      const at = middle(one.geometry);
      return at === null ? [] : [point(at, { name: String(one.properties?.['name'] ?? one.id ?? '') })];
    }),
  );
}

export function devices(store: Store, quantity: string): FeatureCollection {
  const scale = SCALES[quantity];
  const features: Feature[] = [];
  for (const device of store.devices.value?.values() ?? []) {
    const values = store.valuesOf(device.id);
    const at = placeOf(store, device, values);
    const value = values.find((one) => one.quantity === quantity);
    const news = newsOf(device, values, store.now);
    if (at !== null && scale !== undefined && (value !== undefined || news === 'silent')) {
      const seen = value === undefined || news === 'silent' ? null : step(scale, value.value);
      features.push(point(at, { id: device.id, step: seen === null ? BLIND : `${scale.ramp}-${seen}`, ...(news === 'old' ? { old: 1 } : {}) }));
    }
  }
  return collection(features);
}

export function tickets(store: Store): FeatureCollection {
  const features: Feature[] = [];
  for (const ticket of store.tickets.value?.values() ?? []) {
    const at = middle(ticket.geometry);
    const chosen = ticket.id === store.view.ticket;
    if (at !== null && (chosen || (isLive(ticket) && store.view.filter === 'all') || passes(ticket, store.view.filter, store.now))) {
      const seen = look(ticket, store.now);
      features.push(point(at, { id: ticket.id, image: `ticket-${seen}`, rank: LOOKS.length - LOOKS.indexOf(seen) }));
    }
  }
  return collection(features);
}

/** Where the selected ticket, device or feature is. */
export function selectedPlace(store: Store): Position | null {
  const { ticket, device, create } = store.view;
  const feature = create !== null && typeof create === 'object' && 'feature' in create ? create.feature : store.view.feature;
  if (create !== null && typeof create === 'object' && 'lon' in create) {
    return [create.lon, create.lat];
  }
  if (ticket !== null) {
    return middle(store.tickets.value?.get(ticket)?.geometry);
  }
  if (feature !== null) {
    const { layer, id } = featureRef(feature);
    return middle(featureOf(store, layer, id)?.geometry) ?? store.places.get(feature) ?? null;
  }
  const known = device === null ? undefined : store.devices.value?.get(device);
  return known === undefined ? null : placeOf(store, known, store.valuesOf(known.id));
}

export function selected(store: Store): FeatureCollection {
  const at = selectedPlace(store);
  return at === null ? NO_FEATURES : collection([point(at, {})]);
}
