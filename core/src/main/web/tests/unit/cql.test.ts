import { describe, expect, it } from 'vitest';
import { asked, cql, itemsAddress, type Condition } from '../../map/layers/cql';

const ATTRIBUTES = [
  { name: 'species', type: 'text', title: {} },
  { name: 'height_m', type: 'number', title: {} },
  { name: 'protected', type: 'boolean', title: {} },
];
const AREA = { type: 'Polygon' as const, coordinates: [[[105.8, 21.4], [105.9, 21.4], [105.9, 21.5], [105.8, 21.4]]] };

describe('a selection as CQL2 text', () => {
  it('joins the area and the conditions', () => {
    const text = cql([{ attribute: 'species', operator: '=', value: 'Bàng' }, { attribute: 'height_m', operator: '>', value: ' 10 ' }], ATTRIBUTES, AREA);
    expect(text).toBe(
      `S_INTERSECTS(geometry, POLYGON((105.800000 21.400000, 105.900000 21.400000, 105.900000 21.500000, 105.800000 21.400000))) AND "species" = 'Bàng' AND "height_m" > 10`,
    );
  });

  it('writes what somebody typed as a value and never as a part of the language', () => {
    expect(cql([{ attribute: 'species', operator: '=', value: "x' OR 1=1 --" }], ATTRIBUTES, null)).toBe(`"species" = 'x'' OR 1=1 --'`);
    expect(cql([{ attribute: 'species', operator: 'like', value: '50%_' }], ATTRIBUTES, null)).toBe(`"species" LIKE '%50\\%\\_%'`);
    expect(cql([{ attribute: 'protected', operator: '=', value: 'true' }], ATTRIBUTES, null)).toBe('"protected" = TRUE');
  });

  it('leaves out what is not filled in, or is no value of its type', () => {
    expect(cql([{ attribute: '', operator: '=', value: 'a' }, { attribute: 'species', operator: '=', value: ' ' }, { attribute: 'height_m', operator: '<', value: 'tall' }], ATTRIBUTES, null)).toBe('');
  });

  it('is an address', () => {
    expect(itemsAddress('trees', `"species" = 'Sấu'`, 10)).toBe('/ogc/collections/trees/items?filter=%22species%22+%3D+%27S%E1%BA%A5u%27&filter-lang=cql2-text&limit=10&f=json');
    expect(itemsAddress('trees', '', 10)).toBe('/ogc/collections/trees/items?limit=10&f=json');
  });

  it.each<Condition[]>([
    [],
    [{ attribute: 'species', operator: '=', value: "Bàng AND \"x\" = 'y'" }],
    [{ attribute: 'species', operator: 'like', value: "50%_\\'" }, { attribute: 'height_m', operator: '>=', value: '-10.5' }],
    [{ attribute: 'protected', operator: '<>', value: 'true' }, { attribute: 'a "b"', operator: '<', value: 'c' }],
  ])('is read back as it was asked', (...conditions) => {
    expect(asked(cql(conditions, ATTRIBUTES, AREA), ATTRIBUTES)).toEqual({ conditions, area: AREA });
    if (conditions.length > 0) {
      expect(asked(cql(conditions, ATTRIBUTES, null), ATTRIBUTES)).toEqual({ conditions, area: null });
    }
  });

  it.each([
    `"species" = 'Bàng' OR "height_m" > 3`,
    `species = 'Bàng'`,
    `"species" = 'Bàng' AND `,
    `"species" LIKE 'B%'`,
    `"height_m" > "species"`,
    'S_INTERSECTS(geometry, POLYGON((1 2, 3 4, 5 6, 1 2))) AND "species" = \'Bàng\'',
    'S_WITHIN(geometry, POLYGON((1 2, 3 4, 5 6, 1 2)))',
  ])('that says more than rows of conditions, or otherwise, stays text: %s', (text) => {
    expect(asked(text, ATTRIBUTES)).toBeNull();
  });
});
