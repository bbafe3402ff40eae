import { html, nothing as none, type TemplateResult } from 'lit';
import type { Failure } from '../../shared/api';
import { t, word } from '../../shared/texts';
import type { Loaded } from './loaded';

/** How a list or a panel looks in each of its states. */
export interface Showing<T> {
  /** Fetches it anew. */
  again: () => void;
  /** How many rows stand in for it while it is on its way. */
  rows?: number;
  /** Why there is nothing to see, where there is nothing. */
  empty?: (value: T) => string | null;
}

/** What is there, or why it is not: every list and panel goes through here, so that the five states look alike. */
export function shown<T>(loaded: Loaded<T>, { again, rows = 4, empty: why = () => null }: Showing<T>, body: (value: T) => unknown): TemplateResult {
  const { value, failure } = loaded;
  if (value === null) {
    return failure === null ? loading(rows) : failed(failure, again);
  }
  const text = why(value);
  return html`${failure === null ? none : failed(failure, again)} ${text === null ? body(value) : empty(text)}`;
}

export function empty(text: string): TemplateResult {
  return html`<div class="notice" data-state="empty"><p>${text}</p></div>`;
}

/** Rows as tall as the real ones, so that nothing jumps when they come. */
export function loading(rows = 4): TemplateResult {
  return html`<div class="loading" data-state="loading" role="status">
    <span class="unseen">${t('loading')}</span>
    ${Array.from({ length: rows }, () => html`<div class="bone"></div>`)}
  </div>`;
}

/** Why something could not be fetched, in words, and the way to try again. */
export function failed(failure: Failure, again: (() => void) | null): TemplateResult {
  return told(failure, again, { offline: t('offline'), failed: (detail) => t('failed', { detail }) });
}

/** Why something could not be done. Nothing does it later by itself, so this says so. */
export function undone(failure: Failure, again: (() => void) | null): TemplateResult {
  return told(failure, again, { offline: t('offline_undone'), failed: (detail) => t('undone', { detail }) });
}

interface Words {
  offline: string;
  failed: (detail: string) => string;
}

function told(failure: Failure, again: (() => void) | null, words: Words): TemplateResult {
  const button = again === null ? none : html`<button type="button" @click=${again}>${t('retry')}</button>`;
  switch (failure.kind) {
    case 'offline':
      return html`<div class="notice" data-state="offline" role="status"><p>${words.offline}</p>${button}</div>`;
    case 'forbidden':
      return html`<div class="notice" data-state="forbidden" role="alert"><p>${t('forbidden')}</p></div>`;
    case 'logged-out':
      return html`<div class="notice" data-state="forbidden" role="alert"><p>${t('session_over')}</p></div>`;
    case 'missing':
      return html`<div class="notice" data-state="empty" role="status"><p>${t('gone')}</p></div>`;
    case 'failed':
      return html`<div class="notice" data-state="failed" role="alert">
        <p>${words.failed(problemText(failure))}</p>
        ${failure.status < 500 ? none : html`<p>${t('failed_next')}</p>`} ${button}
      </div>`;
  }
}

/** What the service's problem says, in our language where the page knows its code. */
function problemText({ code, detail }: { code: string; detail: string }): string {
  const text = word('problem', code);
  return text === code ? detail : text;
}
