import { describe, expect, it } from 'vitest';
import { isBlind } from '../../map/canvas/map-data';
import type { Device, Value } from '../../shared/api';

const NOW = Date.parse('2026-11-23T05:00:00Z');
const told = (measured_at: string): Value[] => [{ measured_at } as Value];
const device = (more: Partial<Device>): Device => ({ id: 'd', profile: 'p', reports_every_s: 600, ...more });

describe('a blind device', () => {
  it('has said nothing for three of its rhythms', () => {
    expect(isBlind(device({ enrolled_at: '2026-01-01T00:00:00Z' }), told('2026-11-23T04:31:00Z'), NOW)).toBe(false);
    expect(isBlind(device({ enrolled_at: '2026-01-01T00:00:00Z' }), told('2026-11-23T04:29:00Z'), NOW)).toBe(true);
    expect(isBlind(device({ last_seen_at: '2026-11-23T04:31:00Z' }), [], NOW)).toBe(false);
    expect(isBlind(device({}), [], NOW)).toBe(true);
  });

  it('is not one that was enrolled just now, whatever it brings of before', () => {
    expect(isBlind(device({ enrolled_at: '2026-11-23T04:59:00Z' }), told('2026-11-01T00:00:00Z'), NOW)).toBe(false);
    expect(isBlind(device({ enrolled_at: '2026-11-23T04:29:00Z' }), told('2026-11-01T00:00:00Z'), NOW)).toBe(true);
  });
});
