import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { MAX_ITEMS, type Ticket } from '../../shared/api';
import { ago, day, exact, untilDue } from '../../shared/format';
import { ours, t } from '../../shared/texts';
import { subjectText } from '../parts/feature-link';
import { FILTERS, isLive, look, stateText, type Filter } from '../parts/look';
import { mark } from '../parts/mark';
import { shown } from '../parts/notice';
import { Part } from '../parts/part';
import { search } from '../parts/search';
import { store, type Topic } from '../store';

@customElement('canopy-ticket-list')
export class TicketList extends Part {
  protected readonly about: readonly Topic[] = ['tickets', 'view', 'time'];

  protected override render(): TemplateResult {
    const queue = store.queue();
    return html`<div class="tools">
        ${search('search_tickets')}
        <div class="filters" role="group" aria-label=${t('filter_status')}>
          ${FILTERS.map(
            (name) => html`<button type="button" aria-pressed=${store.view.filter === name ? 'true' : 'false'} @click=${() => store.show({ filter: name satisfies Filter })}>
              ${t(`filter_${name}`)}
            </button>`,
          )}
        </div>
        ${this.#rows()}
      </div>
      ${this.#body(queue)}`;
  }

  /** Says that only the tickets behind a figure are shown, and lets go of that. */
  #rows(): TemplateResult | typeof none {
    const { rows } = store.view;
    return rows === null
      ? none
      : html`<p class="only">
          <span>${t('rows_opened', { from: day(rows.from), to: day(rows.to) })}${rows.services.length === 0 ? '' : ` · ${rows.services.join(', ')}`}</span>
          <button type="button" class="quiet" @click=${() => store.show({ rows: null })}>${t('rows_all')}</button>
        </p>`;
  }

  #body(queue: Ticket[]): TemplateResult {
    const empty = (): string | null => (queue.length > 0 ? null : t(store.view.query === '' ? 'empty_tickets' : 'empty_search'));
    return shown(
      store.tickets,
      { again: () => void (store.tickets.value === null ? store.load() : store.loadTickets()), rows: 6, empty },
      (all) => html`<ul class="rows">
          ${repeat(queue, (one) => one.id, (one) => html`<li>${this.#row(one)}</li>`)}
        </ul>
        <p class="sum">${t('count_shown', { n: queue.length })}${all.size < MAX_ITEMS ? '' : ` · ${t('only_newest', { n: MAX_ITEMS })}`}</p>`,
    );
  }

  #row(ticket: Ticket): TemplateResult {
    const chosen = store.view.ticket === ticket.id;
    const state = look(ticket, store.now);
    return html`<button
      type="button"
      class="row"
      data-ticket=${ticket.id}
      aria-current=${chosen ? 'true' : 'false'}
      @click=${() => store.show({ ticket: ticket.id, device: null, trace: false })}
    >
      ${mark(state)}
      <span class="what">
        <strong>${ours(ticket.title, ticket.service)}</strong>
        <span class="soft">${ticket.ward === null ? '' : `${ticket.ward} · `}${subjectText(ticket.layer, ticket.feature_id)}</span>
      </span>
      <span class="when" data-look=${state}>
        <span>${stateText(ticket, store.now)}</span>
        ${isLive(ticket)
          ? html`<time class="soft" datetime=${ticket.due_at} title=${exact(ticket.due_at)}>${untilDue(ticket.due_at, store.now)}</time>`
          : html`<time class="soft" datetime=${ticket.updated_at} title=${exact(ticket.updated_at)}>${ago(ticket.updated_at, store.now)}</time>`}
      </span>
    </button>`;
  }
}
