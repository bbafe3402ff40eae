import { describe, expect, it } from 'vitest';
import { tilesOf, TouchedTiles, type Box } from '../../map/canvas/touched-tiles';

const POINT: Box = [105.84, 21.47, 105.84, 21.47];

describe('the tiles that an edit touches', () => {
  it('are found by zoom', () => {
    expect(tilesOf(POINT, 0)).toEqual([{ z: 0, x: 0, y: 0 }]);
    expect(tilesOf(POINT, 15)).toContainEqual({ z: 15, x: 26017, y: 14382 });
  });

  it('are those on both sides of an edge', () => {
    expect(tilesOf([0, 10, 0, 10], 5)?.map((one) => one.x)).toEqual([15, 16]);
  });

  it('are not told apart when they are too many', () => {
    expect(tilesOf([-180, -80, 180, 80], 15)).toBeNull();
    expect(new TouchedTiles(15).touch([[-180, -80, 180, 80]])).toBe(false);
  });

  it('are fetched once when they come into view, at each zoom', () => {
    const touched = new TouchedTiles(15);
    expect(touched.touch([POINT])).toBe(true);
    const view: Box = [105.83, 21.46, 105.85, 21.48];
    expect(touched.take(view, 16.4)).toEqual([{ z: 15, x: 26017, y: 14382 }]);
    expect(touched.take(view, 16.4)).toEqual([]);
    expect(touched.take([10, 10, 11, 11], 12)).toEqual([]);
    expect(touched.take(view, 12.9)).toHaveLength(1);
  });
});
