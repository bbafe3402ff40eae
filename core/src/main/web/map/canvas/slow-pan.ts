import type { Map as LibreMap } from 'maplibre-gl';

/** So many milliseconds from picture to picture while the map is dragged, and drawing each is too much for the machine. */
const SLOW_MS = 34;
/** So quickly drawn, it is not any more. */
const QUICK_MS = 8;
/** Pictures that are looked at before either is believed. */
const LOOKED_AT = 5;
/** How often the map is drawn anew under way: seldom enough that the pictures between them make the movement. */
const REDRAW_MS = 400;
/** A pointer that moves less clicks. */
const CLICK_PX = 3;

interface Drag {
  readonly pointer: number;
  readonly from: readonly [x: number, y: number];
  /** Where the pointer is. */
  to: readonly [x: number, y: number];
  /** How much of the way the map itself has gone. */
  drawn: readonly [x: number, y: number];
  moved: boolean;
  redrawnAt: number;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Dragging on a machine that draws the map slowly (one without a graphics processor takes a tenth of a second for each
 * picture): the picture that is there is moved along with the pointer, which costs next to nothing, and the map is drawn
 * anew now and then and at the end. Whether the machine is slow is seen from the first pictures of a drag. Machines that
 * are quick enough never come here.
 */
export class SlowPan {
  readonly #map: LibreMap;
  readonly #allowed: () => boolean;
  readonly #intervals: number[] = [];
  #slow = false;
  #lastPicture = 0;
  #pressed: Drag | null = null;
  #frame = 0;
  #drawing: { readonly way: readonly [x: number, y: number]; began: number } | null = null;
  #quick = 0;

  /** @param allowed whether a drag moves the map: not while shapes are drawn on it */
  constructor(map: LibreMap, allowed: () => boolean) {
    this.#map = map;
    this.#allowed = allowed;
    const place = map.getCanvasContainer();
    place.addEventListener('pointerdown', this.#down, { capture: true });
    place.ownerDocument.addEventListener('pointermove', this.#move);
    place.ownerDocument.addEventListener('pointerup', this.#up);
    place.ownerDocument.addEventListener('pointercancel', this.#up);
    map.on('render', this.#drawn);
    map.once('remove', () => {
      cancelAnimationFrame(this.#frame);
      place.ownerDocument.removeEventListener('pointermove', this.#move);
      place.ownerDocument.removeEventListener('pointerup', this.#up);
      place.ownerDocument.removeEventListener('pointercancel', this.#up);
    });
  }

  /** Whether the picture is being moved instead of the map. */
  get dragging(): boolean {
    return this.#slow && this.#pressed?.moved === true;
  }

  readonly #down = (event: PointerEvent): void => {
    if (!event.isPrimary) {
      this.#finish(event); // A second finger: the map zooms.
      return;
    }
    const plain = event.button === 0 && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.metaKey;
    if (!plain || !this.#allowed() || !this.#map.dragPan.isEnabled()) {
      return;
    }
    const at = [event.clientX, event.clientY] as const;
    this.#pressed = { pointer: event.pointerId, from: at, to: at, drawn: [0, 0], moved: false, redrawnAt: performance.now() };
    this.#intervals.length = 0;
    this.#lastPicture = 0;
    if (this.#slow) {
      this.#map.dragPan.disable();
    }
  };

  readonly #move = (event: PointerEvent): void => {
    const drag = this.#pressed;
    if (drag === null || event.pointerId !== drag.pointer) {
      return;
    }
    drag.to = [event.clientX, event.clientY];
    drag.moved ||= Math.hypot(drag.to[0] - drag.from[0], drag.to[1] - drag.from[1]) > CLICK_PX;
    if (this.dragging && this.#frame === 0) {
      this.#frame = requestAnimationFrame(this.#follow);
    }
  };

  readonly #up = (event: PointerEvent): void => {
    if (event.pointerId === this.#pressed?.pointer) {
      this.#finish(event);
    }
  };

  #finish(event: PointerEvent): void {
    const drag = this.#pressed;
    if (drag === null) {
      return;
    }
    const moved = this.dragging;
    this.#pressed = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#slow) {
      this.#map.dragPan.enable();
    }
    if (moved) {
      this.#redraw(drag, event);
    }
  }

  /** One picture of the movement. */
  readonly #follow = (): void => {
    this.#frame = 0;
    const drag = this.#pressed;
    if (drag === null || !this.dragging) {
      return;
    }
    this.#shift(drag);
    if (this.#drawing === null && performance.now() - drag.redrawnAt > REDRAW_MS) {
      this.#redraw(drag);
    }
  };

  #shift(drag: Drag): void {
    const x = drag.to[0] - drag.from[0] - drag.drawn[0];
    const y = drag.to[1] - drag.from[1] - drag.drawn[1];
    this.#map.getCanvas().style.transform = `translate(${x}px, ${y}px)`;
  }

  /** Moves the map to where its picture is; when it is drawn the picture is where the map is. */
  #redraw(drag: Drag, originalEvent?: PointerEvent): void {
    const map = this.#map;
    const way = [drag.to[0] - drag.from[0], drag.to[1] - drag.from[1]] as const;
    const drawing = { way, began: 0 };
    this.#drawing = drawing;
    // Asked for before the map asks for its own frame, it comes right before it.
    requestAnimationFrame(() => (drawing.began = performance.now()));
    const middle = map.project(map.getCenter());
    middle.x -= way[0] - drag.drawn[0];
    middle.y -= way[1] - drag.drawn[1];
    drag.drawn = way;
    map.jumpTo({ center: map.unproject(middle) }, originalEvent === undefined ? {} : { originalEvent });
  }

  readonly #drawn = (): void => {
    const now = performance.now();
    const drawing = this.#drawing;
    if (drawing !== null) {
      this.#drawing = null;
      const drag = this.#pressed;
      if (drag === null) {
        this.#map.getCanvas().style.transform = '';
      } else {
        this.#shift(drag);
        drag.redrawnAt = now;
      }
      this.#quick = drawing.began > 0 && now - drawing.began < QUICK_MS ? this.#quick + 1 : 0;
      if (drag === null && this.#quick >= LOOKED_AT) {
        this.#slow = false;
        this.#quick = 0;
      }
      return;
    }
    this.#watch(now);
  };

  /** Looks at the pace of the map's own dragging, and takes over in its midst where it is too slow. */
  #watch(now: number): void {
    const drag = this.#pressed;
    if (this.#slow || drag === null || !drag.moved) {
      return;
    }
    if (this.#lastPicture > 0) {
      this.#intervals.push(now - this.#lastPicture);
    }
    this.#lastPicture = now;
    if (this.#intervals.length >= LOOKED_AT && median(this.#intervals.slice(-LOOKED_AT)) > SLOW_MS) {
      this.#slow = true;
      this.#map.dragPan.disable();
      this.#pressed = { ...drag, from: drag.to, drawn: [0, 0], redrawnAt: now };
    }
  }
}
