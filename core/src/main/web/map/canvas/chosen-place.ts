import type { Map as LibreMap } from 'maplibre-gl';
import type { View } from '../view';

type Place = NonNullable<View['place']>;

/** Goes along with each move that the page makes by itself: no place that somebody chose. */
export const OWN_MOVE = { ownMove: true };

/** Tells of every place that somebody has gone to, by whatever means: wheel, box, buttons, keys, fingers. A map of another size stays where it is. */
export function onPlaceChosen(map: LibreMap, chosen: (place: Place) => void): void {
  let last = sign(placeOf(map));
  map.on('moveend', (event) => {
    const place = placeOf(map);
    const before = last;
    last = sign(place);
    // A drag that the page has followed on its way ends where the map is already.
    const byHand = 'originalEvent' in event && event.originalEvent !== undefined;
    if (byHand || (!('ownMove' in event) && last !== before)) {
      chosen(place);
    }
  });
}

function placeOf(map: LibreMap): Place {
  const { lng, lat } = map.getCenter();
  return [map.getZoom(), lat, lng];
}

/** As exact as the address bar says it. */
function sign([zoom, lat, lon]: Place): string {
  return `${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
}
