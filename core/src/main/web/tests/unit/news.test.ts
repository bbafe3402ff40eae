import { describe, expect, it } from 'vitest';
import { devices, newsOf } from '../../map/canvas/map-data';
import { BLIND } from '../../map/canvas/map-images';
import type { Device, Value } from '../../shared/api';
import type { Store } from '../../map/store';

const NOW = Date.parse('2026-11-23T05:00:00Z');
const told = (measured_at: string): Value[] => [{ measured_at, quantity: 'fill_level', value: 95 } as Value];
const device = (more: Partial<Device>): Device => ({ id: 'd', profile: 'p', reports_every_s: 600, position: [105.85, 21.45], ...more });
const LONG_AGO = { enrolled_at: '2026-01-01T00:00:00Z' };
const JUST_NOW = { enrolled_at: '2026-11-23T04:59:00Z' };

describe('what a device tells', () => {
  it('is fresh for three of its rhythms, and then it is silent', () => {
    expect(newsOf(device(LONG_AGO), told('2026-11-23T04:31:00Z'), NOW)).toBe('fresh');
    expect(newsOf(device(LONG_AGO), told('2026-11-23T04:29:00Z'), NOW)).toBe('silent');
    expect(newsOf(device({}), [], NOW)).toBe('silent');
  });

  it('is old, not fresh, where it speaks or was just enrolled but brings only values of before', () => {
    expect(newsOf(device(JUST_NOW), told('2026-11-01T00:00:00Z'), NOW)).toBe('old');
    expect(newsOf(device({ enrolled_at: '2026-11-23T04:29:00Z' }), told('2026-11-01T00:00:00Z'), NOW)).toBe('silent');
    expect(newsOf(device({ ...LONG_AGO, last_seen_at: '2026-11-23T04:31:00Z' }), told('2026-11-01T00:00:00Z'), NOW)).toBe('old');
    expect(newsOf(device(JUST_NOW), told('2026-11-23T04:59:30Z'), NOW)).toBe('fresh');
  });

  it('is drawn so: a full mark, a smaller one for an old value, a hatched mark, and none of what has said nothing yet', () => {
    const drawn = (one: Device, values: Value[]): unknown => {
      const store = { devices: { value: new Map([[one.id, one]]) }, valuesOf: () => values, now: NOW, layers: new Map() } as unknown as Store;
      return devices(store, 'fill_level').features.map((feature) => feature.properties);
    };
    expect(drawn(device(LONG_AGO), told('2026-11-23T04:31:00Z'))).toEqual([{ id: 'd', step: 'level-4' }]);
    expect(drawn(device(JUST_NOW), told('2026-11-01T00:00:00Z'))).toEqual([{ id: 'd', step: 'level-4', old: 1 }]);
    expect(drawn(device(LONG_AGO), told('2026-11-01T00:00:00Z'))).toEqual([{ id: 'd', step: BLIND }]);
    expect(drawn(device(JUST_NOW), [])).toEqual([]);
  });
});
