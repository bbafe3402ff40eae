import { describe, expect, it } from 'vitest';
import type { Geometry, Polygon, Position } from 'geojson';
import { apart, carried, hasHoles, MAX_CORNERS, together, within } from '../../map/canvas/drawn-parts';

function square(lon: number, lat: number, size: number): Position[] {
  return [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]];
}

const OUTSIDE = square(105.8, 21.4, 0.01);
const HOLE = square(105.802, 21.402, 0.002);
const OTHER = square(105.806, 21.406, 0.002);
const WITH_HOLES: Polygon = { type: 'Polygon', coordinates: [OUTSIDE, HOLE, OTHER] };

function putTogether(geometry: Geometry): Geometry | null {
  return together(apart(geometry) ?? [], geometry.type.startsWith('Multi'));
}

describe('a shape that is drawn in pieces', () => {
  it.each<Geometry>([
    { type: 'Point', coordinates: [105.8, 21.4] },
    { type: 'MultiPoint', coordinates: [[105.8, 21.4], [105.9, 21.5]] },
    { type: 'LineString', coordinates: [[105.8, 21.4], [105.9, 21.5]] },
    { type: 'MultiLineString', coordinates: [[[105.8, 21.4], [105.9, 21.5]], [[105.7, 21.4], [105.6, 21.5]]] },
    WITH_HOLES,
    { type: 'MultiPolygon', coordinates: [[OUTSIDE, HOLE], [square(105.9, 21.4, 0.01)], [square(106, 21.4, 0.01), square(106.002, 21.402, 0.001)]] },
    { type: 'MultiPolygon', coordinates: [[OUTSIDE]] },
  ])('is the same when it is put together again: $type', (geometry) => {
    expect(putTogether(geometry)).toEqual(geometry);
  });

  it('keeps each hole in its own area, in whatever order the pieces come', () => {
    const geometry: Geometry = { type: 'MultiPolygon', coordinates: [[OUTSIDE, HOLE], [square(106, 21.4, 0.01), square(106.002, 21.402, 0.001)]] };
    expect(together([...(apart(geometry) ?? [])].reverse(), true)).toEqual(geometry);
  });

  it('is not drawn when it has too many corners, heights, or several kinds', () => {
    const ring = (corners: number): Position[] => Array.from({ length: corners }, (_, at) => [105 + at / 1e4, 21]);
    expect(apart({ type: 'LineString', coordinates: ring(MAX_CORNERS) })).toHaveLength(1);
    expect(apart({ type: 'LineString', coordinates: ring(MAX_CORNERS + 1) })).toBeNull();
    expect(apart({ type: 'Polygon', coordinates: [OUTSIDE, ring(MAX_CORNERS)] })).toBeNull();
    expect(apart({ type: 'Point', coordinates: [105, 21, 3] })).toBeNull();
    expect(apart({ type: 'GeometryCollection', geometries: [WITH_HOLES] })).toBeNull();
  });

  it('knows its holes, and what lies in them', () => {
    expect([hasHoles(WITH_HOLES), hasHoles({ type: 'Polygon', coordinates: [OUTSIDE] })]).toEqual([true, false]);
    const hole: Polygon = { type: 'Polygon', coordinates: [HOLE] };
    expect([within([105.803, 21.403], hole), within([105.801, 21.403], hole), within([105.803, 21.405], hole)]).toEqual([true, false, false]);
  });

  it('takes its holes along when it is moved as a whole', () => {
    const before: Polygon = { type: 'Polygon', coordinates: [OUTSIDE] };
    const hole: Polygon = { type: 'Polygon', coordinates: [HOLE] };
    const after: Polygon = { type: 'Polygon', coordinates: [square(105.81, 21.4, 0.01)] };
    expect(carried(hole, before, after).coordinates.flat(2).map((one) => one.toFixed(8))).toEqual(square(105.812, 21.402, 0.002).flat().map((one) => one.toFixed(8)));
    // Northwards degrees of latitude become longer on the map: what lies further north goes fewer degrees.
    const north = carried(hole, before, { type: 'Polygon', coordinates: [square(105.8, 31.4, 0.01)] }).coordinates[0]?.[0]?.[1] ?? 0;
    expect(north).toBeLessThan(31.402);
    expect(north).toBeGreaterThan(31.4018);
  });
});
