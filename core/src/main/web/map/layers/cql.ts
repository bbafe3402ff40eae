import type { Geometry, Position } from 'geojson';
import type { Attribute } from '../../shared/api';

/** How a condition compares. */
export const OPERATORS = ['=', '<>', '<', '<=', '>', '>=', 'like'] as const;
export type Operator = (typeof OPERATORS)[number];

/** One condition on an attribute; those with no value do not count. */
export interface Condition {
  attribute: string;
  operator: Operator;
  value: string;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A value as CQL2 writes values of the attribute's type; null when it is none. */
function literal(value: string, type: string): string | null {
  switch (type) {
    case 'number':
      return Number.isFinite(Number(value)) ? String(Number(value)) : null;
    case 'boolean':
      return value === 'true' || value === 'false' ? value.toUpperCase() : null;
    default:
      return text(value);
  }
}

function condition({ attribute, operator, value }: Condition, type: string): string | null {
  const name = `"${attribute.replaceAll('"', '""')}"`;
  if (operator === 'like') {
    // What stands for any text in a pattern is meant as it is written.
    return `${name} LIKE ${text(`%${value.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`)}`;
  }
  const given = literal(value, type);
  return given === null ? null : `${name} ${operator} ${given}`;
}

function ring(positions: readonly Position[]): string {
  return `(${positions.map(([lon = 0, lat = 0]) => `${lon.toFixed(6)} ${lat.toFixed(6)}`).join(', ')})`;
}

/** The conditions, all of which must hold, and the area, as CQL2 text; empty when nothing is asked. */
export function cql(conditions: readonly Condition[], attributes: readonly Attribute[], area: Geometry | null): string {
  const parts = conditions
    .filter((one) => one.attribute !== '' && one.value.trim() !== '')
    .map((one) => condition({ ...one, value: one.value.trim() }, attributes.find((known) => known.name === one.attribute)?.type ?? 'text'))
    .filter((one) => one !== null);
  if (area?.type === 'Polygon') {
    parts.unshift(`S_INTERSECTS(geometry, POLYGON(${area.coordinates.map(ring).join(', ')}))`);
  }
  return parts.join(' AND ');
}

/** The address that gives the features, for programs and for saving. */
export function itemsAddress(layer: string, filter: string, limit: number): string {
  const asked = new URLSearchParams({ ...(filter === '' ? {} : { filter, 'filter-lang': 'cql2-text' }), limit: String(limit), f: 'json' });
  return `/ogc/collections/${encodeURIComponent(layer)}/items?${asked.toString()}`;
}
