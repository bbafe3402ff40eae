import type { Status, User } from '../../shared/api';

/** Where a ticket may go from where it stands, the likeliest first. The service has the same table and the last word. */
const MOVES: Readonly<Record<Status, readonly Status[]>> = {
  open: ['in_progress', 'resolved', 'closed', 'rejected', 'merged', 'withdrawn'],
  assigned: ['in_progress', 'resolved', 'closed', 'open', 'rejected', 'merged', 'withdrawn'],
  in_progress: ['resolved', 'closed', 'open', 'rejected', 'merged', 'withdrawn'],
  resolved: ['closed', 'in_progress', 'open', 'rejected', 'merged', 'withdrawn'],
  closed: [],
  rejected: [],
  merged: [],
  withdrawn: [],
};

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;

/** "Assigned" is not among them: a ticket gets there by being given to somebody. */
export function movesFrom(status: Status): readonly Status[] {
  return MOVES[status];
}

export function needsReason(from: Status, to: Status): boolean {
  return to === 'rejected' || to === 'withdrawn' || to === 'merged' || (from === 'resolved' && to !== 'closed');
}

/** Whether the buttons are there at all. A role that this page does not know may do nothing. */
export function mayAct(user: User | null | 'unknown'): boolean {
  return user !== null && user !== 'unknown' && (user.role === 'dispatcher' || user.role === 'administrator');
}
