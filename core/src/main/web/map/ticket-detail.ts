import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as api from '../shared/api';
import type { Ticket, TicketEvent, Trace, Value } from '../shared/api';
import { ago, exact, untilDue, withUnit } from '../shared/format';
import { limitIn } from '../shared/series';
import { ours, spoken, t, word } from '../shared/texts';
import './charts';
import { featureLink } from './feature-link';
import { failureOf, nothing, type Loaded } from './loaded';
import { isLive, look, stateText } from './look';
import { mark } from './mark';
import { mayAct } from './moves';
import { failed, loading } from './notice';
import { Part } from './part';
import { quantityName } from './quantities';
import { store, type Topic } from './store';
import './ticket-acts';
import './ticket-photos';
import './ticket-trace';

/** The selected ticket: what, where, until when, who says so, what happened; and from there its trace. */
@customElement('canopy-ticket-detail')
export class TicketDetail extends Part {
  protected readonly about: readonly Topic[] = ['tickets', 'view', 'time', 'session'];
  #shown: { id: string; version: string } | null = null;
  #whole: Loaded<Ticket> = nothing();
  #state: Loaded<{ items?: Value[] }> = nothing();
  #trace: Trace | null = null;

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const id = store.view.ticket;
    const version = id === null ? '' : (store.tickets.value?.get(id)?.updated_at ?? '');
    if (id !== null && (this.#shown?.id !== id || this.#shown.version !== version)) {
      if (this.#shown?.id !== id) {
        this.#whole = nothing();
        this.#state = nothing();
        this.#trace = null;
      }
      this.#shown = { id, version };
      void this.#load(id);
    }
  }

  async #load(id: string): Promise<void> {
    try {
      const whole = await api.ticket(id);
      if (this.#shown?.id === id) {
        this.#whole = { value: whole, failure: null, loading: false };
        if (this.#state.value === null) {
          void this.#loadState(whole);
          void this.#loadTrace(id);
        }
      }
    } catch (e) {
      this.#whole = { ...this.#whole, failure: failureOf(e), loading: false };
    }
    this.requestUpdate();
  }

  async #loadState(ticket: Ticket): Promise<void> {
    if (ticket.layer.startsWith('@')) {
      return;
    }
    try {
      this.#state = { value: await api.featureState(ticket.layer, ticket.feature_id), failure: null, loading: false };
    } catch (e) {
      this.#state = { value: null, failure: failureOf(e), loading: false };
    }
    this.requestUpdate();
  }

  async #loadTrace(id: string): Promise<void> {
    try {
      const trace = await api.trace(id);
      if (this.#shown?.id === id) {
        this.#trace = trace;
      }
    } catch (e) {
      this.#whole = { ...this.#whole, failure: failureOf(e) };
    }
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const id = store.view.ticket;
    const known = id === null ? undefined : store.tickets.value?.get(id);
    const ticket = this.#whole.value?.id === id ? { ...this.#whole.value, ...known } : known;
    if (id === null) {
      return html``;
    }
    if (store.view.trace) {
      return html`<canopy-ticket-trace .ticket=${id}></canopy-ticket-trace>`;
    }
    return html`<div class="head">
        <h2>${ticket === undefined ? id : ours(ticket.title, ticket.service)}</h2>
        <button type="button" class="quiet" @click=${() => store.show({ ticket: null, trace: false })}>${t('close')}</button>
      </div>
      ${ticket === undefined
        ? this.#whole.failure === null
          ? loading(5)
          : failed(this.#whole.failure, () => void this.#load(id))
        : this.#body(ticket)}`;
  }

  #body(ticket: Ticket): TemplateResult {
    const now = store.now;
    const state = look(ticket, now);
    const assignee = assigneeOf(ticket);
    return html`<p class="state" data-look=${state}>
        ${mark(state)} <strong>${stateText(ticket, now)}</strong>
        ${isLive(ticket) ? html`<time datetime=${ticket.due_at} title=${exact(ticket.due_at)}>${untilDue(ticket.due_at, now)}</time>` : none}
      </p>
      <button type="button" class="main why" @click=${() => store.show({ trace: true })}>${t('why')}</button>
      ${mayAct(store.user) ? html`<canopy-ticket-acts .ticket=${ticket} .assignee=${assignee}></canopy-ticket-acts>` : none}
      <dl class="facts">
        <dt>${t('ward')}</dt><dd>${ticket.ward ?? '–'}</dd>
        <dt>${t('feature')}</dt><dd>${featureLink(ticket.layer, ticket.feature_id)}</dd>
        <dt>${t('priority')}</dt><dd>${word('priority', ticket.priority)}</dd>
        <dt>${t('assignee')}</dt><dd>${assignee ?? '–'}</dd>
        <dt>${t('opened')}</dt><dd>${this.#time(ticket.opened_at)}</dd>
        <dt>${t('due')}</dt><dd>${exact(ticket.due_at)}</dd>
        ${ticket.resolved_at === null ? none : html`<dt>${t('resolved')}</dt><dd>${this.#time(ticket.resolved_at)}</dd>`}
        <dt>${t('rule')}</dt><dd>${ticket.rule ?? '–'}</dd>
      </dl>
      <canopy-ticket-photos .ticket=${ticket}></canopy-ticket-photos>
      ${this.#featureNow()} ${this.#chart(ticket)}
      <h3>${t('witnesses')}</h3>
      <ul class="plain">
        ${ticket.witnesses.map((one) => html`<li>${word('witness', one.kind)} <b>${one.ref}</b> · ${this.#time(one.at)}</li>`)}
      </ul>
      ${ticket.events === undefined ? none : html`<h3>${t('history')}</h3><ol class="plain history">${ticket.events.map((one) => this.#event(one))}</ol>`}
      ${this.#whole.failure === null ? none : failed(this.#whole.failure, () => void this.#load(ticket.id))}`;
  }

  #featureNow(): TemplateResult | typeof none {
    const items = this.#state.value?.items ?? [];
    if (items.length === 0) {
      return none;
    }
    return html`<h3>${t('state_now')}</h3>
      <dl class="facts">
        ${items.map(
          (one) => html`<dt>${quantityName(one.quantity, spoken())}</dt>
            <dd>${withUnit(one.value, one.unit)} <span class="soft">${this.#time(one.measured_at)}</span></dd>`,
        )}
      </dl>`;
  }

  /** The readings around the moment that opened it, with the number that they were held against. */
  #chart(ticket: Ticket): TemplateResult | typeof none {
    const step = this.#trace?.witnesses.find((one) => one.reading?.quantity !== undefined);
    if (step?.reading?.quantity === undefined) {
      return none;
    }
    return html`<canopy-charts
      source=${`devices/${encodeURIComponent(step.ref)}/series`}
      quantity=${step.reading.quantity}
      around=${ticket.opened_at}
      .limit=${limitIn(step.rule?.saw?.en)}
    ></canopy-charts>`;
  }

  #event(event: TicketEvent): TemplateResult {
    const note = event.detail['reason'] ?? event.detail['comment'] ?? event.detail['text'];
    return html`<li>
      <strong>${word('event', event.kind)}</strong>
      <span class="soft">${event.actor} · ${this.#time(event.at)}</span>
      ${changed(event)} ${typeof note === 'string' ? html`<p>${note}</p>` : none}
    </li>`;
  }

  #time(moment: string): TemplateResult {
    return html`<time datetime=${moment} title=${exact(moment)}>${ago(moment, store.now)}</time>`;
  }
}

/** Whom the history says that it was given to last. */
export function assigneeOf(ticket: Ticket): string | null {
  const given = (ticket.events ?? []).filter((one) => one.kind === 'assigned').sort((a, b) => a.at.localeCompare(b.at)).at(-1)?.detail['to'];
  return typeof given === 'string' ? given : null;
}

/** "Mới → Đang làm". */
function changed(event: TicketEvent): TemplateResult | typeof none {
  const { from, to } = event.detail;
  if (event.kind === 'assigned') {
    return html`<p>${typeof to === 'string' ? to : t('assigned_nobody')}</p>`;
  }
  if ((event.kind === 'status' || event.kind === 'priority') && typeof from === 'string' && typeof to === 'string') {
    return html`<p>${word(event.kind, from)} → ${word(event.kind, to)}</p>`;
  }
  return none;
}
