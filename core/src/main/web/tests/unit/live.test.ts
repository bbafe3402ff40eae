import { describe, expect, it } from 'vitest';
import { EventReader, Live, type LiveEvent } from '../../shared/live';

describe('events', () => {
  it('are cut out of a stream wherever it is cut', () => {
    const text = 'id: 7\r\nevent: ticket.opened\r\ndata: {"a":\r\ndata: 1}\r\n\r\n:\n\nevent: reset\ndata: {}\n\n';
    for (let cut = 1; cut < text.length; cut++) {
      const reader = new EventReader();
      const events = [...reader.read(text.slice(0, cut)), ...reader.read(text.slice(cut))];
      expect(events).toEqual([
        { id: '7', kind: 'ticket.opened', data: '{"a":\n1}' },
        { id: null, kind: 'reset', data: '{}' },
      ]);
    }
  });

  it('go on after the last one when the line comes back', async () => {
    const asked: (string | null)[] = [];
    const heard: LiveEvent[] = [];
    const statuses: string[] = [];
    await new Promise<void>((done) => {
      const live: Live = new Live(
        '/events',
        {
          event: (event) => {
            heard.push(event);
            if (heard.length === 2) {
              live.stop();
              done();
            }
          },
          status: (status) => {
            statuses.push(status);
            if (status === 'away') {
              queueMicrotask(() => live.hurry());
            }
          },
          refused: () => undefined,
        },
        (_, init) => {
          asked.push(new Headers(init?.headers).get('last-event-id'));
          return Promise.resolve(new Response(`id: ${asked.length}\ndata: {}\n\n`));
        },
      );
      live.start();
    });
    expect(asked).toEqual([null, '1']);
    expect(heard.map((one) => one.id)).toEqual(['1', '2']);
    expect(statuses.slice(0, 4)).toEqual(['connecting', 'live', 'away', 'live']);
  });
});
