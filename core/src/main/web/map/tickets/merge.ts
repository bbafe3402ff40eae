import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Position } from 'geojson';
import type { Ticket } from '../../shared/api';
import { ago, distance, exact, matches } from '../../shared/format';
import { ours, t } from '../../shared/texts';
import { metres, middle } from '../canvas/places';
import { subjectText } from '../parts/feature-link';
import { isLive, look, stateText } from '../parts/look';
import { mark } from '../parts/mark';
import { empty } from '../parts/notice';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';

const MAX_TEXT = 4_000;
const SHOWN = 8;

/** What is said of a merge. */
export interface Merged {
  into: string;
  reason: string;
}

/** A ticket that another may be merged into, and how far away it is in metres; null where a place is not known. */
export interface Target {
  ticket: Ticket;
  away: number | null;
}

/** The tickets that go on, those of the same thing first, then of the same layer, the nearest first. */
export function targets(all: Iterable<Ticket>, ticket: Ticket, query: string): Target[] {
  const here = middle(ticket.geometry);
  const rank = (one: Ticket): number => (one.layer !== ticket.layer ? 2 : one.feature_id !== ticket.feature_id ? 1 : 0);
  return [...all]
    .filter((one) => one.id !== ticket.id && (isLive(one) || one.status === 'resolved'))
    .filter((one) => query === '' || matches(query, [one.id, one.title.vi ?? '', one.title.en ?? '', one.feature_id, one.ward ?? ''].join(' ')))
    .map((one) => ({ ticket: one, away: between(here, middle(one.geometry)) }))
    .sort((a, b) => rank(a.ticket) - rank(b.ticket) || (a.away ?? Infinity) - (b.away ?? Infinity) || a.ticket.id.localeCompare(b.ticket.id));
}

function between(from: Position | null, to: Position | null): number | null {
  return from === null || to === null ? null : metres(from, to);
}

/** Asks which ticket goes on in place of this one. Fires `merge` with {@link Merged}, or `cancel`. */
@customElement('canopy-merge')
export class Merge extends Part {
  protected readonly about: readonly Topic[] = ['tickets', 'time'];
  @property({ attribute: false }) ticket!: Ticket;
  @state() private query = '';
  @state() private into: string | null = null;

  protected override firstUpdated(): void {
    this.querySelector('input')?.focus();
  }

  protected override render(): TemplateResult {
    const found = targets(store.tickets.value?.values() ?? [], this.ticket, this.query);
    return html`<form class="reason" @submit=${this.#submitted}>
      <label
        >${t('merge_into')}<input
          type="search"
          name="target"
          autocomplete="off"
          placeholder=${t('merge_search')}
          .value=${this.query}
          @input=${(event: Event) => (this.query = (event.target as HTMLInputElement).value)}
          @keydown=${this.#noSubmit}
      /></label>
      <div class="targets" role="radiogroup" aria-label=${t('merge_into')}>
        ${found.length === 0 ? empty(t(this.query === '' ? 'empty_merge' : 'empty_search')) : found.slice(0, SHOWN).map((one) => this.#target(one))}
      </div>
      <label>${t('merge_reason')}<textarea name="reason" rows="2" maxlength=${MAX_TEXT} required .defaultValue=${t('merge_same')}></textarea></label>
      <div class="line">
        <button class="main" ?disabled=${this.into === null}>${t('move_merged')}</button>
        <button type="button" class="quiet" @click=${() => this.dispatchEvent(new CustomEvent('cancel'))}>${t('cancel')}</button>
      </div>
    </form>`;
  }

  #target({ ticket, away }: Target): TemplateResult {
    const seen = look(ticket, store.now);
    return html`<label class="row" title=${ticket.id}>
      <input type="radio" name="into" value=${ticket.id} .checked=${this.into === ticket.id} @change=${() => (this.into = ticket.id)} />
      ${mark(seen)}
      <span class="what">
        <strong>${ours(ticket.title, ticket.service)}</strong>
        <span class="soft">${subjectText(ticket.layer, ticket.feature_id)}${away === null ? '' : ` · ${distance(away)}`}</span>
      </span>
      <span class="when" data-look=${seen}>
        <span>${stateText(ticket, store.now)}</span>
        <time class="soft" datetime=${ticket.opened_at} title=${exact(ticket.opened_at)}>${ago(ticket.opened_at, store.now)}</time>
      </span>
    </label>`;
  }

  readonly #noSubmit = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.querySelector<HTMLElement>('input[type=radio]')?.focus();
    }
  };

  readonly #submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    const reason = (new FormData(event.target as HTMLFormElement).get('reason') as string).trim();
    if (this.into !== null && reason !== '') {
      this.dispatchEvent(new CustomEvent<Merged>('merge', { detail: { into: this.into, reason } }));
    }
  };
}
