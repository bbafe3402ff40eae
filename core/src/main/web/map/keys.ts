import { store } from './store';
import { mayAct } from './tickets/moves';
import { undo } from './undo';

/** The page's keys; they rest while somebody is writing. */
export function pressed(event: KeyboardEvent, help: () => void): void {
  const target = event.target as HTMLElement;
  const writing = target.matches('input, select, textarea');
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null) {
    return;
  }
  if (event.key === 'Escape') {
    escape(writing ? target : null);
  } else if (!writing) {
    const act = actions(help)[event.key];
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  }
}

function actions(help: () => void): Record<string, () => void> {
  return {
    '/': () => (document.querySelector<HTMLInputElement>('canopy-map-search input') ?? document.querySelector<HTMLInputElement>('input[type=search]'))?.focus(),
    '?': help,
    j: () => move(1),
    k: () => move(-1),
    n: () => {
      if (mayAct(store.user)) {
        const { feature } = store.view;
        store.show({ create: feature === null ? 'pick' : { feature } });
      }
    },
    a: () => document.querySelector<HTMLInputElement>('input[name=assignee]')?.focus(),
    u: () => undo.takeBack(),
    w: () => {
      if (store.view.ticket !== null) {
        store.show({ trace: !store.view.trace });
      }
    },
  };
}

function escape(writing: HTMLElement | null): void {
  if (writing !== null) {
    writing.blur();
  } else if (store.view.trace) {
    store.show({ trace: false });
  } else {
    store.show({ ticket: null, device: null, feature: null, create: null, tool: null, trace: false });
  }
}

/** Walks the rows by focus; Enter is the row's own. */
function move(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.dock .row')];
  const at = rows.findIndex((row) => row === document.activeElement);
  const chosen = rows.findIndex((row) => row.getAttribute('aria-current') === 'true');
  const from = at >= 0 ? at : chosen;
  const next = rows[Math.max(0, Math.min(rows.length - 1, from < 0 ? 0 : from + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
