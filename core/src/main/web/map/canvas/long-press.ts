import type { LngLat, Map as LibreMap, MapTouchEvent, Point } from 'maplibre-gl';

const HELD_MS = 600;

/** A right click, or a finger that rests on one place: some phones tell the one, some only the other. */
export function longPress(map: LibreMap, pressed: (point: Point, place: LngLat) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => clearTimeout(timer);
  map.on('contextmenu', (event) => {
    stop();
    pressed(event.point, event.lngLat);
  });
  map.on('touchstart', (event: MapTouchEvent) => {
    stop();
    if (event.points.length === 1) {
      timer = setTimeout(() => pressed(event.point, event.lngLat), HELD_MS);
    }
  });
  (['touchmove', 'touchend', 'touchcancel', 'movestart'] as const).forEach((kind) => map.on(kind, stop));
}
