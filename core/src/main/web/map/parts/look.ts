import type { Ticket } from '../../shared/api';
import { t, word } from '../../shared/texts';
import type { Rows } from '../view';

/** What a ticket's state looks like: one colour and one shape each, in lists and on the map alike. */
export type Look = 'overdue' | 'open' | 'working' | 'resolved' | 'over';

export const LOOKS: readonly Look[] = ['overdue', 'open', 'working', 'resolved', 'over'];

/** Drawn in a square of 20 by 20. The outline tells the states apart without colour, the glyph inside once more. */
export const SHAPES: Readonly<Record<Look, { outline: string; glyph: string }>> = {
  overdue: { outline: 'M10 1.5 19 17.500 1 17.500Z', glyph: 'M9.100 7h1.800v5H9.100zM9.100 13.400h1.800v1.800H9.100z' },
  open: { outline: 'M10 1 19 10 10 19 1 10Z', glyph: 'M9 5.800h2v5.400H9zM9 12.600h2v2H9z' },
  working: { outline: 'M2.500 2.500H17.500V17.500H2.500Z', glyph: 'M8 6.200 13.600 10 8 13.800Z' },
  resolved: {
    outline: 'M10 1.500A8.500 8.500 0 1 1 10 18.500 8.500 8.500 0 1 1 10 1.500Z',
    glyph: 'M5.900 10.200 7.200 8.900 9.100 10.800 13 6.900 14.300 8.200 9.100 13.400Z',
  },
  over: { outline: 'M10 5A5 5 0 1 1 10 15 5 5 0 1 1 10 5Z', glyph: '' },
};

const LIVE: ReadonlySet<string> = new Set(['open', 'assigned', 'in_progress']);

/** Somebody still has to do something about it. */
export function isLive(ticket: Ticket): boolean {
  return LIVE.has(ticket.status);
}

export function isOverdue(ticket: Ticket, now: number): boolean {
  return isLive(ticket) && Date.parse(ticket.due_at) < now;
}

export function look(ticket: Ticket, now: number): Look {
  if (isOverdue(ticket, now)) {
    return 'overdue';
  }
  switch (ticket.status) {
    case 'open':
      return 'open';
    case 'assigned':
    case 'in_progress':
      return 'working';
    case 'resolved':
      return 'resolved';
    case 'closed':
    case 'rejected':
    case 'merged':
    case 'withdrawn':
      return 'over';
  }
}

/** The state in words: lateness first, it is what somebody must know. */
export function stateText(ticket: Ticket, now: number): string {
  const status = word('status', ticket.status);
  return isOverdue(ticket, now) ? `${t('overdue')} · ${status}` : status;
}

export type Filter = 'live' | 'overdue' | 'resolved' | 'over' | 'all';

export const FILTERS: readonly Filter[] = ['live', 'overdue', 'resolved', 'over', 'all'];

export function passes(ticket: Ticket, filter: Filter, now: number): boolean {
  const seen = look(ticket, now);
  switch (filter) {
    case 'live':
      return isLive(ticket);
    case 'overdue':
      return seen === 'overdue';
    case 'resolved':
      return seen === 'resolved';
    case 'over':
      return seen === 'over';
    case 'all':
      return true;
  }
}

/** Whether a ticket is one of those behind a figure. */
export function isAmong(ticket: Ticket, { services, from, to }: Rows): boolean {
  const opened = Date.parse(ticket.opened_at);
  return (services.length === 0 || services.includes(ticket.service)) && opened >= Date.parse(from) && opened < Date.parse(to);
}

const RANK: Readonly<Record<string, number>> = { urgent: 0, high: 1, normal: 2, low: 3 };

/** The queue: what is late, then what is due first; what is over, the newest first. */
export function inQueueOrder(a: Ticket, b: Ticket): number {
  if (isLive(a) !== isLive(b)) {
    return isLive(a) ? -1 : 1;
  }
  if (!isLive(a)) {
    return b.updated_at.localeCompare(a.updated_at);
  }
  return (
    a.due_at.localeCompare(b.due_at) ||
    (RANK[a.priority] ?? 2) - (RANK[b.priority] ?? 2) ||
    a.id.localeCompare(b.id)
  );
}
