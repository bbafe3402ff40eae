import type { LngLat, Map as LibreMap, MapTouchEvent, Point } from 'maplibre-gl';

const HELD_MS = 600;
/** How long after the finger has gone its click may still come. */
const LATE_CLICK_MS = 500;

/**
 * A right click, or a finger that rests on one place: some phones tell the one, some only the other.
 *
 * @returns whether a click is only the end of such a press
 */
export function longPress(map: LibreMap, pressed: (point: Point, place: LngLat) => void): () => boolean {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let resting = false;
  let until = 0;
  const stop = (): void => clearTimeout(timer);
  map.on('contextmenu', (event) => {
    stop();
    pressed(event.point, event.lngLat);
  });
  map.on('touchstart', (event: MapTouchEvent) => {
    stop();
    resting = false;
    if (event.points.length === 1) {
      timer = setTimeout(() => {
        resting = true;
        pressed(event.point, event.lngLat);
      }, HELD_MS);
    }
  });
  map.on('touchend', () => {
    stop();
    until = resting ? performance.now() + LATE_CLICK_MS : 0;
    resting = false;
  });
  (['touchmove', 'touchcancel', 'movestart'] as const).forEach((kind) => map.on(kind, stop));
  return () => performance.now() < until;
}
