import type { Geometry, LineString, Point, Polygon, Position } from 'geojson';

/** What can be drawn in one go; a polygon of these has one ring. */
export type Part = Point | LineString | Polygon;

/** A part that is drawn by itself: a point, a line, the outside of an area, or a hole in it. */
export interface Piece {
  geometry: Part;
  /** Which of the geometry's shapes it belongs to, counted from 0. */
  shape: number;
  hole: boolean;
}

/** More corners than these are not for a pointer. */
export const MAX_CORNERS = 2_000;

/** Decimals of a degree: a tenth of a millimetre. */
export const PRECISION = 9;

/** A geometry as the pieces that it consists of; null when it cannot be changed on the map: too many corners, heights, or kinds mixed. */
export function apart(geometry: Geometry | null): Piece[] | null {
  const shapes = geometry === null ? [] : shapesOf(geometry);
  const pieces = shapes?.flatMap((one, shape) => piecesOf(one, shape)) ?? null;
  const corners = pieces?.flatMap((one) => cornersOf(one.geometry)) ?? [];
  return corners.length > MAX_CORNERS || corners.some((one) => one.length !== 2) ? null : pieces;
}

function shapesOf(geometry: Geometry): Part[] | null {
  switch (geometry.type) {
    case 'Point':
    case 'LineString':
    case 'Polygon':
      return [geometry];
    case 'MultiPoint':
      return geometry.coordinates.map((coordinates) => ({ type: 'Point', coordinates }));
    case 'MultiLineString':
      return geometry.coordinates.map((coordinates) => ({ type: 'LineString', coordinates }));
    case 'MultiPolygon':
      return geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
    case 'GeometryCollection':
      return null;
  }
}

function piecesOf(part: Part, shape: number): Piece[] {
  if (part.type !== 'Polygon') {
    return [{ geometry: part, shape, hole: false }];
  }
  return part.coordinates.map((ring, at) => ({ geometry: { type: 'Polygon', coordinates: [ring] }, shape, hole: at > 0 }));
}

function cornersOf(part: Part): Position[] {
  return part.type === 'Point' ? [part.coordinates] : part.type === 'LineString' ? part.coordinates : part.coordinates.flat();
}

/** Whether there are holes in an area of it that can be changed on the map. */
export function hasHoles(geometry: Geometry): boolean {
  return apart(geometry)?.some((one) => one.hole) === true;
}

/** The pieces as one geometry, holes in the areas that they belong to; several shapes, and those that were so before, as their `Multi` form. */
export function together(pieces: readonly Piece[], many: boolean): Geometry | null {
  const parts = pieces
    .filter((one) => !one.hole)
    .sort((one, other) => one.shape - other.shape)
    .map((one) => withHoles(one, pieces));
  const [first] = parts;
  if (first === undefined) {
    return null;
  }
  if (parts.length === 1 && !many) {
    return first;
  }
  switch (first.type) {
    case 'Point':
      return { type: 'MultiPoint', coordinates: parts.map((one) => one.coordinates as Position) };
    case 'LineString':
      return { type: 'MultiLineString', coordinates: parts.map((one) => one.coordinates as Position[]) };
    case 'Polygon':
      return { type: 'MultiPolygon', coordinates: parts.map((one) => one.coordinates as Position[][]) };
  }
}

function withHoles({ geometry, shape }: Piece, pieces: readonly Piece[]): Part {
  if (geometry.type !== 'Polygon') {
    return geometry;
  }
  const holes = pieces.filter((one) => one.hole && one.shape === shape).flatMap((one) => (one.geometry as Polygon).coordinates);
  return { type: 'Polygon', coordinates: [...geometry.coordinates, ...holes] };
}

/** A ring after the way that another has gone as a whole from one place to another: as far on the map, which is drawn in Mercator's projection. */
export function carried(ring: Polygon, before: Polygon, after: Polygon): Polygon {
  const [[fromLon, fromLat], [toLon, toLat]] = [corner(before), corner(after)];
  const [east, north] = [toLon - fromLon, upwards(toLat) - upwards(fromLat)];
  const move = ([lon = 0, lat = 0]: Position): Position => [rounded(lon + east), rounded(latitude(upwards(lat) + north))];
  return { type: 'Polygon', coordinates: ring.coordinates.map((one) => one.map(move)) };
}

function corner({ coordinates }: Polygon): [number, number] {
  const [lon = 0, lat = 0] = coordinates[0]?.[0] ?? [];
  return [lon, lat];
}

function upwards(lat: number): number {
  return Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
}

function latitude(up: number): number {
  return (Math.atan(Math.exp(up)) * 360) / Math.PI - 90;
}

/** Degrees with as many decimals as are drawn. */
export function rounded(degrees: number): number {
  return Number(degrees.toFixed(PRECISION));
}

/** Whether a place lies within a ring. */
export function within([lon = 0, lat = 0]: Position, ring: Polygon): boolean {
  const corners = ring.coordinates[0] ?? [];
  let inside = false;
  corners.forEach(([x = 0, y = 0], at) => {
    const [beforeX = 0, beforeY = 0] = corners[at - 1] ?? corners[corners.length - 1] ?? [];
    if (y > lat !== beforeY > lat && lon < ((beforeX - x) * (lat - y)) / (beforeY - y) + x) {
      inside = !inside;
    }
  });
  return inside;
}

/** What shape a geometry is, as the layers' kinds name it. */
export function shapeOf(geometry: Geometry): 'point' | 'line' | 'polygon' {
  return geometry.type.endsWith('Point') ? 'point' : geometry.type.endsWith('LineString') ? 'line' : 'polygon';
}
