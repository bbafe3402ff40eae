import type { LngLat, Map as LibreMap, PointLike } from 'maplibre-gl';
import { store } from '../store';
import type { Subject } from '../view';
import { CITY } from './map-style';

/** The feature that is drawn there, as layer/id; what is on top comes first. */
export function featureAt(map: LibreMap, point: PointLike): string | null {
  const layers = map.getStyle().layers.filter((one) => 'source' in one && one.source === CITY && one.type !== 'symbol' && one['source-layer'] !== 'wards');
  const things = map.queryRenderedFeatures(point, { layers: layers.map((one) => one.id) });
  // A mark that stands for several trees is none of them.
  const thing = things.find((one) => one.properties['id'] !== undefined);
  if (thing === undefined) {
    return null;
  }
  const feature = `${thing.sourceLayer ?? ''}/${String(thing.properties['id'])}`;
  const { lng, lat } = map.unproject(point);
  store.saw(feature, thing.geometry.type === 'Point' ? thing.geometry.coordinates : [lng, lat]);
  return feature;
}

/** What a new ticket would be about there: a thing, or the bare place. A zone is not a thing to mend. */
export function subjectAt(map: LibreMap, point: PointLike, { lng, lat }: LngLat): Subject {
  const feature = featureAt(map, point);
  return feature === null || feature.startsWith('zones/') ? { lon: lng, lat } : { feature };
}
