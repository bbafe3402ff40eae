import { describe, expect, it } from 'vitest';
import { isValid } from '../../shared/api';

describe('what is valid', () => {
  const before = new Date(2025, 5, 30, 23, 59);
  const after = new Date(2025, 6, 1);

  it('ends with the day on which the next begins', () => {
    expect([isValid({ valid_to: '2025-07-01' }, before), isValid({ valid_to: '2025-07-01' }, after)]).toEqual([true, false]);
    expect([isValid({ valid_from: '2025-07-01' }, before), isValid({ valid_from: '2025-07-01' }, after)]).toEqual([false, true]);
  });

  it('is always so where nothing is said', () => {
    expect(isValid({}, before)).toBe(true);
    expect(isValid({ valid_from: null, valid_to: 7 }, before)).toBe(true);
  });
});
