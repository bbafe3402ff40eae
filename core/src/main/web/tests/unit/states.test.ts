import { html, render } from 'lit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../shared/api';
import { nothing, type Loaded } from '../../map/parts/loaded';
import { shown, undone } from '../../map/parts/notice';

afterEach(() => document.body.replaceChildren());

function draw(loaded: Loaded<string[]>, again = vi.fn()): { states: (string | null)[]; text: string; again: typeof again } {
  const room = document.body.appendChild(document.createElement('div'));
  render(
    shown(loaded, { again, rows: 3, empty: (rows) => (rows.length === 0 ? 'none' : null) }, (rows) => html`<ul>${rows.map((one) => html`<li>${one}</li>`)}</ul>`),
    room,
  );
  const states = [...room.querySelectorAll('[data-state]')].map((one) => one.getAttribute('data-state'));
  return { states, text: room.textContent, again };
}

const refused = (failure: Failure, value: string[] | null = null): Loaded<string[]> => ({ value, failure, loading: false });

describe('a list or panel', () => {
  it('keeps the room of its rows while they are on their way', () => {
    expect(draw(nothing()).states).toEqual(['loading']);
    expect(document.querySelectorAll('.bone')).toHaveLength(3);
  });

  it('says why there is nothing, and shows what there is', () => {
    expect(draw({ value: [], failure: null, loading: false }).states).toEqual(['empty']);
    document.body.replaceChildren();
    const there = draw({ value: ['a', 'b'], failure: null, loading: false });
    expect([there.states, document.querySelectorAll('li').length]).toEqual([[], 2]);
  });

  it.each([
    ['offline', { kind: 'offline' }, true],
    ['forbidden', { kind: 'forbidden' }, false],
    ['forbidden', { kind: 'logged-out' }, false],
    ['empty', { kind: 'missing' }, false],
    ['failed', { kind: 'failed', status: 500, code: 'x', detail: 'The disk is full.' }, true],
  ] as [string, Failure, boolean][])('says that it is %s, and offers another try where one may help', (state, failure, offered) => {
    const { states, text, again } = draw(refused(failure));
    expect(states).toEqual([state]);
    if (failure.kind === 'failed') {
      expect(text).toContain('The disk is full.');
    }
    document.querySelector('button')?.click();
    expect(again.mock.calls.length).toBe(offered ? 1 : 0);
  });

  it('says in our language what the service refused, and that nothing was saved', () => {
    const room = document.body.appendChild(document.createElement('div'));
    const refusal = (code: string): Failure => ({ kind: 'failed', status: 409, code, detail: 'In English.' });
    render(undone(refusal('already_open'), null), room);
    expect(room.textContent).toContain('đã có một sự cố đang mở');
    render(undone(refusal('never_heard_of'), null), room);
    expect(room.textContent).toContain('In English.');
    render(undone({ kind: 'offline' }, null), room);
    expect(room.textContent).toContain('chưa có gì được lưu');
  });

  it('goes on showing what was there when it cannot be fetched anew', () => {
    const { states, text } = draw(refused({ kind: 'offline' }, ['a']));
    expect(states).toEqual(['offline']);
    expect(text).toContain('a');
  });
});
