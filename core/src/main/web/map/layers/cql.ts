import type { Geometry, Polygon, Position } from 'geojson';
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

/** What is asked: conditions, all of which must hold, within an area if there is one. */
export interface Asked {
  conditions: Condition[];
  area: Polygon | null;
}

const AREA = /^S_INTERSECTS\(geometry, POLYGON\((\([-\d., ]+\)(?:, \([-\d., ]+\))*)\)\)(?: AND |$)/;
const CONDITION = /^"((?:[^"]|"")+)" (=|<>|<=|<|>=|>|LIKE) ('(?:[^']|'')*'|[-+\w.]+)(?: AND |$)/;

/** What {@link cql} has written, as it was before; null for any other text, which means more than rows of conditions can say. */
export function asked(written: string, attributes: readonly Attribute[]): Asked | null {
  let rest = written;
  let area: Polygon | null = null;
  const outline = AREA.exec(rest);
  if (outline !== null) {
    area = { type: 'Polygon', coordinates: (outline[1] ?? '').slice(1, -1).split('), (').map((one) => one.split(', ').map((at) => at.split(' ').map(Number))) };
    rest = rest.slice(outline[0].length);
  }
  const conditions: Condition[] = [];
  for (let found = CONDITION.exec(rest); found !== null; found = CONDITION.exec(rest)) {
    const [whole, name = '', sign = '', value = ''] = found;
    conditions.push({ attribute: name.replaceAll('""', '"'), operator: sign === 'LIKE' ? 'like' : (sign as Operator), value: plain(value, sign) });
    rest = rest.slice(whole.length);
  }
  // Only what comes out the same again has been understood.
  return cql(conditions, attributes, area) === written ? { conditions, area } : null;
}

function plain(value: string, sign: string): string {
  if (!value.startsWith("'")) {
    return value.toLowerCase();
  }
  const unquoted = value.slice(1, -1).replaceAll("''", "'");
  return sign === 'LIKE' ? unquoted.slice(1, -1).replace(/\\(.)/g, '$1') : unquoted;
}

/** The address that gives the features, for programs and for saving. */
export function itemsAddress(layer: string, filter: string, limit: number): string {
  const asked = new URLSearchParams({ ...(filter === '' ? {} : { filter, 'filter-lang': 'cql2-text' }), limit: String(limit), f: 'json' });
  return `/ogc/collections/${encodeURIComponent(layer)}/items?${asked.toString()}`;
}

/** The address that gives one feature as GeoJSON. */
export function itemAddress(layer: string, id: string): string {
  return `/ogc/collections/${encodeURIComponent(layer)}/items/${encodeURIComponent(id)}?f=json`;
}
