import { describe, expect, it } from 'vitest';
import { columns, limitIn, summary, type SeriesLine } from '../../shared/series';
import { attributeText } from '../../map/lists/attribute-text';
import { isReached } from '../../map/lists/kpi-list';
import { isAmong } from '../../map/parts/look';
import { featureRef, readView, rowsOf, writeView } from '../../map/view';
import type { Ticket } from '../../shared/api';

const line = (step_s: number, ...points: SeriesLine['points']): SeriesLine => ({ device: 'd', quantity: 'tilt', unit: 'deg', instance: 0, step_s, points });

describe('series', () => {
  it('are not drawn across a silence', () => {
    const [times, means] = columns(line(60, [0, 1, 2, 3, 4], [60_000, 1, 2, 3, 4], [600_000, 5, 6, 7, 1]));
    expect(times).toEqual([0, 60, 330, 600]);
    expect(means).toEqual([2, 2, null, 6]);
  });

  it('take the usual distance of readings where there are no buckets', () => {
    const raw = line(0, ...[0, 1, 2, 3, 20].map((at): SeriesLine['points'][number] => [at * 1000, at, at, at, 1]));
    expect(columns(raw)[1]).toEqual([0, 1, 2, 3, null, 20]);
    expect(columns(line(0, [5000, 1, 1, 1, 1]))).toEqual([[5], [1], [1], [1]]);
  });

  it('are told in three numbers', () => {
    expect(summary(line(60, [0, 1, 2, 9, 4], [60_000, 3, 4, 5, 1]))).toEqual({ low: 1, high: 9, last: 4 });
    expect(summary(line(60))).toBeNull();
  });

  it('know the number that a reading was held against', () => {
    expect(limitIn('Fill level (97 %) ≥ 80.')).toBe(80);
    expect(limitIn('Soil moisture (11.5 %) < -2.5.')).toBe(-2.5);
    expect(limitIn('Tilt has changed by 3 deg.')).toBeNull();
    expect(limitIn(undefined)).toBeNull();
  });
});

describe('features', () => {
  it('stand in the address by layer and id', () => {
    expect(featureRef('trees/A/1')).toEqual({ layer: 'trees', id: 'A/1' });
    expect(writeView(readView('?feature=trees/T1'))).toBe('/?feature=trees/T1');
    expect(readView('?feature=trees').feature).toBeNull();
  });

  it('say numbers and yes and no as people do', () => {
    expect(attributeText({ type: 'number' }, 3000.5)).toBe('3.000,5');
    expect(attributeText({ type: 'text' }, 'x')).toBe('x');
    expect(attributeText({ type: 'text', values: { bin: { vi: 'Thùng', en: 'Bin' } } }, 'bin')).toBe('Thùng');
    expect(attributeText({ type: 'text', values: { bin: { vi: 'Thùng' } } }, 'heap')).toBe('heap');
    expect(attributeText({ type: 'date' }, '2022-03-10')).toBe('10/3/2022');
    expect(attributeText({ type: 'date' }, 'spring')).toBe('spring');
    expect(attributeText({ type: 'flag' }, true)).toBe('có');
  });
});

describe('key figures', () => {
  it('are reached from the side that is better, and not judged without a target', () => {
    expect(isReached({ value: 95, target: 95, better: 'higher' })).toBe(true);
    expect(isReached({ value: 96, target: 95, better: 'lower' })).toBe(false);
    expect(isReached({ value: null, target: 95, better: 'lower' })).toBeNull();
    expect(isReached({ value: 1, target: null, better: 'lower' })).toBeNull();
  });

  it('lead to the tickets of their services and their period, and to no others', () => {
    const rows = rowsOf('/api/v1/tickets?service=tree-hazard,x&opened_from=2026-01-01T00:00:00Z&opened_to=2026-01-08T00:00:00Z');
    const ticket = (service: string, opened_at: string) => ({ service, opened_at }) as Ticket;
    const among = (service: string, opened: string) => rows !== null && isAmong(ticket(service, opened), rows);
    expect([among('x', '2026-01-01T00:00:00Z'), among('x', '2026-01-07T23:59:59.9Z')]).toEqual([true, true]);
    expect([among('y', '2026-01-02T00:00:00Z'), among('x', '2026-01-08T00:00:00Z')]).toEqual([false, false]);
    expect(rowsOf('/api/v1/tickets')).toBeNull();
  });
});
