import type { Geometry, LineString, Point, Polygon, Position } from 'geojson';

/** What can be drawn in one go. */
export type Part = Point | LineString | Polygon;

/** More corners than these are not for a pointer. */
export const MAX_CORNERS = 2_000;

/** A geometry as the shapes that it consists of; null when it cannot be changed on the map: holes, or too many corners. */
export function apart(geometry: Geometry | null): Part[] | null {
  const parts = geometry === null ? [] : pieces(geometry);
  const corners = parts?.reduce((sum, one) => sum + count(one), 0) ?? 0;
  const holes = parts?.some((one) => one.type === 'Polygon' && one.coordinates.length > 1) === true;
  return parts === null || holes || corners > MAX_CORNERS ? null : parts;
}

function pieces(geometry: Geometry): Part[] | null {
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

function count(part: Part): number {
  const flat = part.coordinates.flat(2);
  return flat.length / 2;
}

/** The shapes as one geometry; several, and those that were so before, as their `Multi` form. */
export function together(parts: readonly Part[], many: boolean): Geometry | null {
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

/** What shape a geometry is, as the layers' kinds name it. */
export function shapeOf(geometry: Geometry): 'point' | 'line' | 'polygon' {
  return geometry.type.endsWith('Point') ? 'point' : geometry.type.endsWith('LineString') ? 'line' : 'polygon';
}
