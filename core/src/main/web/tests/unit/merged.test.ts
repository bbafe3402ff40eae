import { describe, expect, test } from 'vitest';
import { differences, GEOMETRY, merged, type FeatureState } from '../../map/layers/merged';

const at = (lon: number, properties: Record<string, unknown>): FeatureState => ({ geometry: { type: 'Point', coordinates: [lon, 21.45] }, properties });

describe('two people change one feature', () => {
  const base = at(105.85, { species: 'Bàng', height_m: 5, street: 'Bà Triệu' });

  test('what only one of them changed stays, whoever it was', () => {
    const mine = at(105.85, { species: 'Bàng', height_m: 9, street: 'Bà Triệu' });
    const theirs = at(105.851, { species: 'Sấu', height_m: 5, street: 'Bà Triệu' });
    const found = differences(base, mine, theirs);
    expect(found.map((one) => [one.name, one.changed])).toEqual([
      ['height_m', 'mine'],
      ['species', 'theirs'],
      [GEOMETRY, 'theirs'],
    ]);
    expect(merged(found, mine, theirs, new Map())).toEqual(at(105.851, { species: 'Sấu', height_m: 9, street: 'Bà Triệu' }));
  });

  test('of two changes of one thing mine stays, unless the other is chosen', () => {
    const mine = at(105.852, { species: 'Bàng', height_m: 9, street: 'Bà Triệu' });
    const theirs = at(105.851, { species: 'Bàng', height_m: 12, street: 'Bà Triệu' });
    const found = differences(base, mine, theirs);
    expect(found.map((one) => [one.name, one.changed])).toEqual([
      ['height_m', 'both'],
      [GEOMETRY, 'both'],
    ]);
    expect(merged(found, mine, theirs, new Map())).toEqual(mine);
    expect(merged(found, mine, theirs, new Map([['height_m', 'theirs']]))).toEqual(at(105.852, { species: 'Bàng', height_m: 12, street: 'Bà Triệu' }));
    expect(merged(found, mine, theirs, new Map([[GEOMETRY, 'theirs']])).geometry).toEqual(theirs.geometry);
  });

  test('what both changed comes first', () => {
    const found = differences(base, at(105.852, { ...base.properties, height_m: 9 }), at(105.851, { ...base.properties, height_m: 5 }));
    expect(found.map((one) => one.name)).toEqual([GEOMETRY, 'height_m']);
  });

  test('an attribute that was taken away stays away, and what both did alike is no difference', () => {
    const mine = at(105.85, { species: 'Sấu', height_m: 5 });
    const theirs = at(105.85, { species: 'Sấu', height_m: 5, street: 'Bà Triệu', source: 'phường' });
    const found = differences(base, mine, theirs);
    expect(found.map((one) => [one.name, one.changed])).toEqual([
      ['source', 'theirs'],
      ['street', 'mine'],
    ]);
    expect(merged(found, mine, theirs, new Map()).properties).toEqual({ species: 'Sấu', height_m: 5, source: 'phường' });
  });
});
