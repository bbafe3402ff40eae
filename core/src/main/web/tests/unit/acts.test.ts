import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallFailed, type Ticket } from '../../shared/api';
import { mayAct, movesFrom, needsReason } from '../../map/moves';
import { assigneeOf } from '../../map/ticket-detail';
import { unfit } from '../../map/ticket-photos';
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

  it('the last assignment in the history counts', () => {
    const given = (at: string, to?: string) => ({ at, actor: 'user:1', kind: 'assigned', detail: to === undefined ? {} : { to } });
    const ticket = (...events: ReturnType<typeof given>[]) => ({ events }) as unknown as Ticket;
    expect(assigneeOf(ticket(given('2026-01-02', 'b'), given('2026-01-01', 'a')))).toBe('b');
    expect(assigneeOf(ticket(given('2026-01-01', 'a'), given('2026-01-02')))).toBeNull();
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
