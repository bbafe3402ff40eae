/** Which tiles an edit touches, and which of them are still to be fetched again. */

export type Box = [west: number, south: number, east: number, north: number];

export interface TileId {
  z: number;
  x: number;
  y: number;
}

/** More tiles than these are not told apart: then all are fetched again. */
export const MANY = 5_000;
/** A mark at a tile's edge is drawn in the next one too; in parts of a tile. */
const MARGIN = 1 / 16;

function column(lon: number, n: number): number {
  return ((lon + 180) / 360) * n;
}

function row(lat: number, n: number): number {
  const bounded = Math.max(-85.051, Math.min(85.051, lat));
  return ((1 - Math.asinh(Math.tan((bounded * Math.PI) / 180)) / Math.PI) / 2) * n;
}

/** The tiles of one zoom that a box reaches into; null when they are more than {@link MANY}. */
export function tilesOf([west, south, east, north]: Box, z: number, margin = MARGIN): TileId[] | null {
  const n = 2 ** z;
  const bound = (at: number): number => Math.max(0, Math.min(n - 1, Math.floor(at)));
  const [left, right] = [bound(column(west, n) - margin), bound(column(east, n) + margin)];
  const [top, bottom] = [bound(row(north, n) - margin), bound(row(south, n) + margin)];
  if ((right - left + 1) * (bottom - top + 1) > MANY) {
    return null;
  }
  const tiles: TileId[] = [];
  for (let x = left; x <= right; x++) {
    for (let y = top; y <= bottom; y++) {
      tiles.push({ z, x, y });
    }
  }
  return tiles;
}

const key = ({ z, x, y }: TileId): string => `${z}/${x}/${y}`;

/** Tiles that an edit has touched and that nobody has looked at since: the map may still hold their old state. */
export class TouchedTiles {
  readonly #waiting = new Set<string>();

  constructor(readonly maxZoom: number) {}

  /** Remembers what an edit touched; false when it is too much to be told apart, and all is to be fetched again. */
  touch(boxes: readonly Box[]): boolean {
    for (const box of boxes) {
      for (let z = 0; z <= this.maxZoom; z++) {
        const tiles = tilesOf(box, z);
        if (tiles === null || this.#waiting.size + tiles.length > MANY) {
          this.#waiting.clear();
          return false;
        }
        tiles.forEach((one) => this.#waiting.add(key(one)));
      }
    }
    return true;
  }

  /** Those that are to be seen now; they no longer wait. */
  take(view: Box, zoom: number): TileId[] {
    if (this.#waiting.size === 0) {
      return [];
    }
    const z = Math.max(0, Math.min(this.maxZoom, Math.floor(zoom)));
    return (tilesOf(view, z, 0) ?? []).filter((one) => this.#waiting.delete(key(one)));
  }
}
