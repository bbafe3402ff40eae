import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallFailed, type Ticket } from '../../shared/api';
import { mayAct, movesFrom, needsReason } from '../../map/tickets/moves';
import { choices } from '../../map/tickets/assign';
import { targets } from '../../map/tickets/merge';
import { newest } from '../../map/tickets/ticket-detail';
import { unfit } from '../../map/tickets/ticket-photos';
import { Undo, UNDO_MS } from '../../map/undo';

describe('moves', () => {
  it('end where the ticket is over', () => {
    expect(movesFrom('closed')).toEqual([]);
    expect(movesFrom('resolved')[0]).toBe('closed');
  });

  it('want a reason where a decision is reversed or the ticket is put aside', () => {
    expect(needsReason('open', 'rejected')).toBe(true);
    expect(needsReason('resolved', 'open')).toBe(true);
    expect(needsReason('resolved', 'closed')).toBe(false);
    expect(needsReason('open', 'in_progress')).toBe(false);
  });

  it('are for dispatchers and administrators', () => {
    expect(['viewer', 'dispatcher', 'administrator', 'new'].filter((role) => mayAct({ name: 'x', role }))).toEqual(['dispatcher', 'administrator']);
    expect(mayAct(null) || mayAct('unknown') || mayAct({ name: 'x' })).toBe(false);
  });

  it('offer oneself first, then people, then the teams that are no person', () => {
    const people = [{ name: 'an', display_name: 'An' }, { name: 'lan', display_name: 'Lan' }];
    expect(choices(people, ['Đội 1', 'an'], 'lan').map((one) => one.name)).toEqual(['lan', 'an', 'Đội 1']);
  });

  it('take newer facts from the list and the history from what was read whole', () => {
    const whole = { updated_at: '2', assignee: 'a', events: [], merged_from: ['x'] } as unknown as Ticket;
    expect(newest(whole, { updated_at: '3' } as Ticket)).toEqual({ updated_at: '3', events: [], merged_from: ['x'] });
    expect(newest(whole, { updated_at: '1' } as Ticket)).toBe(whole);
    expect(newest(null, undefined)).toBeNull();
  });
});

describe('merging', () => {
  const at = (id: string, layer: string, feature: string, lon: number, status = 'open') =>
    ({ id, layer, feature_id: feature, status, service: 's', title: { vi: `Rác ${id}` }, geometry: { type: 'Point', coordinates: [lon, 21] } }) as unknown as Ticket;
  const here = at('T1', 'waste_points', 'W1', 105);
  const all = [here, at('T2', 'trees', 'A', 105), at('T3', 'waste_points', 'W3', 105.02), at('T4', 'waste_points', 'W4', 105.01), at('T5', 'waste_points', 'W1', 105), at('T6', 'waste_points', 'W1', 105, 'closed')];

  it('offers the same thing first, then the same layer by distance, and nothing that is over', () => {
    expect(targets(all, here, '').map((one) => one.ticket.id)).toEqual(['T5', 'T4', 'T3', 'T2']);
    expect(Math.round(targets(all, here, '')[1]?.away ?? 0)).toBe(1038);
  });

  it('searches by id, title and feature without diacritics', () => {
    expect(targets(all, here, 'rac t3').map((one) => one.ticket.id)).toEqual(['T3']);
    expect(targets(all, here, 'w4').map((one) => one.ticket.id)).toEqual(['T4']);
  });
});

describe('photos', () => {
  it('are refused before they are sent when the service would refuse them', () => {
    expect(unfit({ type: 'image/gif', size: 1 })).toBe('photo_kind');
    expect(unfit({ type: 'image/png', size: 10 * 1024 * 1024 + 1 })).toBe('photo_large');
    expect(unfit({ type: 'image/jpeg', size: 10 * 1024 * 1024 })).toBeNull();
  });
});

describe('undo', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('does nothing before its time and nothing once it is taken back', () => {
    const undo = new Undo();
    const act = vi.fn(() => Promise.resolve());
    undo.put({ text: 'x', act });
    vi.advanceTimersByTime(UNDO_MS - 1);
    expect(act).not.toHaveBeenCalled();
    undo.takeBack();
    vi.advanceTimersByTime(UNDO_MS);
    expect(act).not.toHaveBeenCalled();
  });

  it('is sent once: in time, by the next act, or when the page is left', async () => {
    const undo = new Undo();
    const sent: string[] = [];
    const act = (name: string) => ({ text: name, act: (leaving: boolean) => (sent.push(`${name} ${leaving}`), Promise.resolve()) });
    undo.put(act('a'));
    undo.put(act('b'));
    expect(sent).toEqual(['a false']);
    await vi.advanceTimersByTimeAsync(UNDO_MS);
    undo.put(act('c'));
    await undo.send(true);
    await vi.advanceTimersByTimeAsync(UNDO_MS);
    expect(sent).toEqual(['a false', 'b false', 'c true']);
  });

  it('keeps what failed to be tried again', async () => {
    const undo = new Undo();
    const act = vi.fn().mockRejectedValueOnce(new CallFailed({ kind: 'offline' })).mockResolvedValueOnce(undefined);
    undo.put({ text: 'x', act });
    await vi.advanceTimersByTimeAsync(UNDO_MS);
    expect(undo.failed?.failure).toEqual({ kind: 'offline' });
    undo.again();
    await vi.advanceTimersByTimeAsync(0);
    expect([undo.failed, act.mock.calls.length]).toEqual([null, 2]);
  });
});
