import type { FeatureCollection } from 'geojson';
import type { DrawWish } from '../canvas/drawing';

const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** What the tools want of the map: something to be drawn by hand, and features to be shown above all others. */
export class Desk extends EventTarget {
  wish: DrawWish | null = null;
  /** Features that are selected. */
  chosen: FeatureCollection = NOTHING;
  /** Features that an import has refused. */
  refused: FeatureCollection = NOTHING;

  /** Lets somebody draw on the map; null ends it. */
  draw(wish: DrawWish | null): void {
    this.wish = wish;
    this.dispatchEvent(new Event('wish'));
  }

  choose(features: FeatureCollection | null): void {
    this.chosen = features ?? NOTHING;
    this.dispatchEvent(new Event('shown'));
  }

  refuse(features: FeatureCollection | null): void {
    this.refused = features ?? NOTHING;
    this.dispatchEvent(new Event('shown'));
  }
}

export const desk = new Desk();
