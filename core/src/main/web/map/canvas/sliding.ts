import type { Map as LibreMap } from 'maplibre-gl';
import { OWN_MOVE } from './chosen-place';

/** So far beyond its frame the map is drawn while it slides, in CSS pixels; further it slides only once it is drawn anew. */
const BEYOND = 256;
/** A hand is not quite still when it clicks. */
const STILL = 3;
/** Who drags once often drags again: so long the map stays drawn beyond its frame. */
const REST_MS = 2_000;
/** A map that is thrown loses two thirds of its speed in this time, and rests where it is slower than {@link SLOW}. */
const GLIDE_MS = 200;
/** The last part of a drag, by which the map is thrown. */
const THROW_MS = 80;
/** Pixels in a millisecond. */
const SLOW = 0.05;
const FAST = 1.4;

interface Vector {
  x: number;
  y: number;
}

/**
 * Dragging with the mouse moves the picture of the map, which is drawn anew only where it has come to an end of what is drawn. Drawing it
 * in each frame is what a computer without a graphics card cannot do: there the browser draws with the processor.
 *
 * The map itself keeps all that is not a plain drag with the first button, and fingers.
 */
export class Sliding {
  readonly #canvas: HTMLElement;
  /** How far the picture is from where the map was drawn. */
  #slid: Vector = { x: 0, y: 0 };
  /** Where the pointer was, and when, in the last part of a drag; null while nothing is pressed. */
  #trail: { at: Vector; time: number }[] | null = null;
  /** Pixels in a millisecond, while nobody holds it any more. */
  #speed: Vector | null = null;
  #active = false;
  #pointer = 0;
  #frame = 0;
  #time = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param may whether the map is to be dragged just now
   * @param ended is told when the map rests and is where its picture is
   */
  constructor(
    private readonly map: LibreMap,
    private readonly may: () => boolean,
    private readonly ended: () => void,
  ) {
    this.#canvas = map.getCanvas();
    const container = map.getContainer();
    container.style.setProperty('--beyond', `${BEYOND}px`);
    container.addEventListener('pointerdown', (event) => (this.#pointer = event.pointerId), { capture: true });
    container.addEventListener('mousedown', this.#press, { capture: true });
    container.addEventListener('wheel', this.finish, { capture: true, passive: true });
    container.addEventListener('keydown', this.finish, { capture: true });
    addEventListener('mousemove', this.#move, { capture: true });
    addEventListener('mouseup', this.#release, { capture: true });
    addEventListener('blur', this.finish);
  }

  /** Before the map is taken away. */
  end(): void {
    clearTimeout(this.#rest);
    cancelAnimationFrame(this.#frame);
    removeEventListener('mousemove', this.#move, { capture: true });
    removeEventListener('mouseup', this.#release, { capture: true });
    removeEventListener('blur', this.finish);
  }

  /** Whether the picture moves. */
  get active(): boolean {
    return this.#active;
  }

  /** Puts the map where its picture is, at once: before anything else moves it. */
  readonly finish = (): void => {
    this.#trail = null;
    this.#speed = null;
    if (this.#active) {
      this.#active = false;
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
      this.#canvas.style.cursor = '';
      this.#draw(new MouseEvent('mouseup'));
      this.#rest = setTimeout(this.narrow, REST_MS);
      this.ended();
    }
  };

  /** Draws the map in its frame alone, as it is while nobody drags. */
  readonly narrow = (): void => {
    this.finish();
    clearTimeout(this.#rest);
    this.#drawnBeyond(false);
  };

  readonly #press = (event: MouseEvent): void => {
    this.finish();
    const plain = event.button === 0 && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain && event.target === this.#canvas && this.may()) {
      this.#trail = [{ at: { x: event.clientX, y: event.clientY }, time: event.timeStamp }];
    }
  };

  readonly #move = (event: MouseEvent): void => {
    const last = this.#trail?.at(-1);
    if (this.#trail === null || last === undefined) {
      return;
    }
    if ((event.buttons & 1) === 0) {
      this.finish(); // Let go where nobody told.
      return;
    }
    event.stopPropagation(); // The map would move as well.
    event.preventDefault();
    const way = { x: event.clientX - last.at.x, y: event.clientY - last.at.y };
    if (!this.#active) {
      if (Math.hypot(way.x, way.y) < STILL) {
        return;
      }
      this.#begin();
    }
    this.#trail = [...this.#trail.filter((one) => event.timeStamp - one.time < THROW_MS), { at: { x: event.clientX, y: event.clientY }, time: event.timeStamp }];
    this.#slid = { x: this.#slid.x + way.x, y: this.#slid.y + way.y };
    this.#soon();
  };

  readonly #release = (event: MouseEvent): void => {
    const trail = this.#trail?.filter((one) => event.timeStamp - one.time < THROW_MS) ?? [];
    this.#trail = null;
    const [first] = trail;
    if (!this.#active) {
      return;
    }
    const time = first === undefined ? 0 : event.timeStamp - first.time;
    if (first === undefined || time < 1 || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.finish();
      return;
    }
    const speed = Math.hypot(event.clientX - first.at.x, event.clientY - first.at.y) / time;
    const bounded = Math.min(1, FAST / speed) / time;
    this.#speed = { x: (event.clientX - first.at.x) * bounded, y: (event.clientY - first.at.y) * bounded };
    this.#time = performance.now();
    this.#soon();
  };

  #begin(): void {
    this.#active = true;
    clearTimeout(this.#rest);
    this.#canvas.style.cursor = 'grabbing';
    this.#canvas.setPointerCapture(this.#pointer); // What lies under the pointer need not be looked for.
    this.#drawnBeyond(true);
  }

  #soon(): void {
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(this.#step);
    }
  }

  readonly #step = (): void => {
    this.#frame = 0;
    if (this.#speed !== null && !this.#glide(this.#speed)) {
      this.finish();
      return;
    }
    const { x, y } = this.#slid;
    if (Math.max(Math.abs(x), Math.abs(y)) > BEYOND) {
      this.#draw();
    } else {
      this.#canvas.style.transform = `translate(${x}px, ${y}px)`;
    }
  };

  /** @returns whether it goes on */
  #glide(speed: Vector): boolean {
    const now = performance.now();
    const time = now - this.#time;
    this.#time = now;
    this.#slid = { x: this.#slid.x + speed.x * time, y: this.#slid.y + speed.y * time };
    const slower = Math.exp(-time / GLIDE_MS);
    this.#speed = { x: speed.x * slower, y: speed.y * slower };
    this.#soon();
    return Math.hypot(speed.x, speed.y) > SLOW;
  }

  /** Moves the map to its picture; with an event it is told as what somebody chose to see. */
  #draw(event?: Event): void {
    const { x, y } = this.map.project(this.map.getCenter());
    this.map.jumpTo({ center: this.map.unproject([x - this.#slid.x, y - this.#slid.y]) }, event === undefined ? OWN_MOVE : { originalEvent: event });
    this.map.redraw();
    this.#slid = { x: 0, y: 0 };
    this.#canvas.style.transform = '';
  }

  #drawnBeyond(beyond: boolean): void {
    const container = this.map.getContainer();
    if (container.classList.contains('beyond') !== beyond) {
      container.classList.toggle('beyond', beyond);
      this.map.resize();
      this.map.redraw();
    }
  }
}
