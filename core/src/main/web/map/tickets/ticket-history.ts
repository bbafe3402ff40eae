import { html, nothing as none, type TemplateResult } from 'lit';
import type { Ticket, TicketEvent } from '../../shared/api';
import { ago, exact } from '../../shared/format';
import { t, word } from '../../shared/texts';
import { subjectText } from '../parts/feature-link';
import { store } from '../store';

/** A ticket's name that opens it. */
export function ticketLink(id: string): TemplateResult {
  const known = store.tickets.value?.get(id);
  return html`<button type="button" class="quiet link-text" title=${id} @click=${() => store.show({ ticket: id, trace: false })}>
    ${known === undefined ? id : `${store.titleOf(known)} · ${subjectText(known.layer, known.feature_id)}`}
  </button>`;
}

export function history(ticket: Ticket): TemplateResult | typeof none {
  return ticket.events === undefined
    ? none
    : html`<h3>${t('history')}</h3>
        <ol class="plain history">${ticket.events.map(line)}</ol>`;
}

function line(event: TicketEvent): TemplateResult {
  const note = event.detail['reason'] ?? event.detail['comment'] ?? event.detail['text'];
  return html`<li>
    <strong>${word('event', event.kind)}</strong>
    <span class="soft">${actor(event)} · <time datetime=${event.at} title=${exact(event.at)}>${ago(event.at, store.now)}</time></span>
    ${changed(event)} ${typeof note === 'string' ? html`<p>${note}</p>` : none}
  </li>`;
}

/** Who did it: a person by name, a rule or program by its id. */
function actor(event: TicketEvent): string {
  const [kind = '', id = ''] = event.actor.split(/:(.*)/);
  return event.actor_name ?? (kind === 'rule' || kind === 'token' ? t(`actor_${kind}`, { id }) : event.actor);
}

/** "Mới → Đang làm". */
function changed(event: TicketEvent): TemplateResult | typeof none {
  const { from, to, into, ticket } = event.detail;
  if (event.kind === 'assigned') {
    return html`<p>${typeof to === 'string' ? store.nameOf(to) : t('assigned_nobody')}</p>`;
  }
  if (event.kind === 'took_in' && typeof ticket === 'string') {
    return html`<p>${ticketLink(ticket)}</p>`;
  }
  if ((event.kind === 'status' || event.kind === 'priority') && typeof from === 'string' && typeof to === 'string') {
    return html`<p>${word(event.kind, from)} → ${word(event.kind, to)}${typeof into === 'string' ? html`: ${ticketLink(into)}` : none}</p>`;
  }
  return none;
}
