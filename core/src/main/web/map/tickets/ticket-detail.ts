import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Ticket, Trace, TraceStep, Value } from '../../shared/api';
import { ago, exact, untilDue, withUnit } from '../../shared/format';
import { limitIn } from '../../shared/series';
import { ours, spoken, t, word } from '../../shared/texts';
import '../parts/charts';
import { featureLink } from '../parts/feature-link';
import { failureOf, isOffline, nothing, type Loaded } from '../parts/loaded';
import { isLive, look, stateText } from '../parts/look';
import { mark } from '../parts/mark';
import { failed, loading, shown } from '../parts/notice';
import { Part } from '../parts/part';
import { quantityName } from '../parts/quantities';
import { store, type Topic } from '../store';
import { mayAct, movesFrom } from './moves';
import './ticket-acts';
import { history, ticketLink } from './ticket-history';
import './ticket-photos';
import './ticket-trace';

/** The selected ticket: what, where, until when and why; then what can be done; then who says so and what happened. */
@customElement('canopy-ticket-detail')
export class TicketDetail extends Part {
  protected readonly about: readonly Topic[] = ['tickets', 'view', 'time', 'session', 'people'];
  #shown: { id: string; version: string } | null = null;
  #whole: Loaded<Ticket> = nothing();
  #state: Loaded<Value[]> = nothing();
  #trace: Loaded<Trace> = nothing();

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const id = store.view.ticket;
    const version = id === null ? '' : (store.tickets.value?.get(id)?.updated_at ?? '');
    if (id !== null && (this.#shown?.id !== id || this.#shown.version !== version)) {
      if (this.#shown?.id !== id) {
        this.#whole = nothing();
        this.#state = nothing();
        this.#trace = nothing();
      }
      this.#shown = { id, version };
      void this.#load(id);
    }
  }

  async #load(id: string): Promise<void> {
    const whole = await this.#got(id, this.#whole, () => api.ticket(id));
    if (whole === null) {
      return;
    }
    this.#whole = whole;
    this.requestUpdate();
    if (whole.value !== null && (this.#state.value === null || this.#trace.value === null)) {
      await Promise.all([this.#loadState(whole.value), this.#loadTrace(id)]);
    }
  }

  async #loadState({ id, layer, feature_id: feature }: Ticket): Promise<void> {
    const got = await this.#got(id, this.#state, async () => (layer.startsWith('@') ? [] : ((await api.featureState(layer, feature)).items ?? [])));
    this.#state = got ?? this.#state;
    this.requestUpdate();
  }

  async #loadTrace(id: string): Promise<void> {
    this.#trace = (await this.#got(id, this.#trace, () => api.trace(id))) ?? this.#trace;
    this.requestUpdate();
  }

  /** What was fetched or why not; null when another ticket is shown by now. */
  async #got<T>(id: string, before: Loaded<T>, get: () => Promise<T>): Promise<Loaded<T> | null> {
    let next: Loaded<T>;
    try {
      next = { value: await get(), failure: null, loading: false };
    } catch (e) {
      next = { ...before, failure: failureOf(e), loading: false };
    }
    return this.#shown?.id === id ? next : null;
  }

  protected override whenBack(): void {
    if (this.#shown !== null && [this.#whole, this.#state, this.#trace].some(isOffline)) {
      void this.#load(this.#shown.id);
    }
  }

  protected override render(): TemplateResult {
    const id = store.view.ticket;
    const known = id === null ? undefined : store.tickets.value?.get(id);
    const whole = this.#whole.value?.id === id ? this.#whole.value : null;
    if (id === null) {
      return html``;
    }
    if (store.view.trace) {
      return html`<canopy-ticket-trace .ticket=${id}></canopy-ticket-trace>`;
    }
    const value = newest(whole, known);
    return html`<div class="head">
        <h2>${value === null ? id : ours(value.title, value.service)}</h2>
        <button type="button" class="quiet" @click=${() => store.show({ ticket: null, trace: false })}>${t('close')}</button>
      </div>
      ${shown({ ...this.#whole, value }, { again: () => void this.#load(id), rows: 5 }, (ticket) => this.#body(ticket))}`;
  }

  #body(ticket: Ticket): TemplateResult {
    const now = store.now;
    const state = look(ticket, now);
    const may = mayAct(store.user);
    return html`<p class="state" data-look=${state}>
        ${mark(state)} <strong>${stateText(ticket, now)}</strong>
        ${isLive(ticket) ? html`<time datetime=${ticket.due_at} title=${exact(ticket.due_at)}>${untilDue(ticket.due_at, now)}</time>` : none}
      </p>
      ${this.#merged(ticket)}
      <dl class="facts">
        <dt>${t('ward')}</dt><dd>${ticket.ward ?? '–'}</dd>
        <dt>${t('feature')}</dt><dd>${featureLink(ticket.layer, ticket.feature_id)}</dd>
        <dt>${t('assignee')}</dt><dd>${ticket.assignee === undefined ? '–' : store.nameOf(ticket.assignee)}</dd>
        ${may && movesFrom(ticket.status).length > 0 ? none : html`<dt>${t('priority')}</dt><dd>${word('priority', ticket.priority)}</dd>`}
        <dt>${t('opened')}</dt><dd>${this.#time(ticket.opened_at)}</dd>
        <dt>${t('due')}</dt><dd>${exact(ticket.due_at)}</dd>
        ${ticket.resolved_at === null ? none : html`<dt>${t('resolved')}</dt><dd>${this.#time(ticket.resolved_at)}</dd>`}
      </dl>
      ${this.#reason(ticket)}
      ${may ? html`<canopy-ticket-acts .ticket=${ticket}></canopy-ticket-acts>` : none}
      <canopy-ticket-photos .ticket=${ticket}></canopy-ticket-photos>
      ${this.#featureNow(ticket)}
      ${ticket.witnesses.length === 0
        ? none
        : html`<h3>${t('witnesses')}</h3>
            <ul class="plain">
              ${ticket.witnesses.map((one) => html`<li>${word('witness', one.kind)} <b>${one.ref}</b> · ${this.#time(one.at)}</li>`)}
            </ul>`}
      ${history(ticket)}`;
  }

  #merged(ticket: Ticket): TemplateResult | typeof none {
    const from = ticket.merged_from ?? [];
    if (ticket.merged_into === undefined && from.length === 0) {
      return none;
    }
    return html`<dl class="facts merged">
      ${ticket.merged_into === undefined ? none : html`<dt>${t('merged_into')}</dt><dd>${ticketLink(ticket.merged_into)}</dd>`}
      ${from.length === 0 ? none : html`<dt>${t('merged_from')}</dt>${from.map((one) => html`<dd>${ticketLink(one)}</dd>`)}`}
    </dl>`;
  }

  /** The rule as a sentence, with what it saw, and the readings around the moment that opened the ticket. */
  #reason(ticket: Ticket): TemplateResult {
    const { value, failure } = this.#trace;
    const step = value?.witnesses.find((one) => one.rule !== undefined);
    return html`${value !== null ? none : failure === null ? loading(2) : failed(failure, () => void this.#loadTrace(ticket.id))}
      ${step?.rule === undefined ? none : html`<h3>${t('rule')}</h3><p class="because"><strong>${ours(step.rule.saw)}</strong> ${ours(step.rule.sentence, step.rule.id)}</p>`}
      <button type="button" class="why" @click=${() => store.show({ trace: true })}>${t('why')}</button>
      ${this.#chart(ticket, value?.witnesses.find((one) => one.reading?.quantity !== undefined))}`;
  }

  #chart(ticket: Ticket, step: TraceStep | undefined): TemplateResult | typeof none {
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

  #featureNow(ticket: Ticket): TemplateResult | typeof none {
    if (ticket.layer.startsWith('@')) {
      return none;
    }
    return html`<h3>${t('state_now')}</h3>
      ${shown(
        this.#state,
        { again: () => void this.#loadState(ticket), rows: 2, empty: (items) => (items.length === 0 ? t('empty_readings') : null) },
        (items) => html`<dl class="facts">
          ${items.map(
            (one) => html`<dt>${quantityName(one.quantity, spoken())}</dt>
              <dd>${withUnit(one.value, one.unit)} <span class="soft">${this.#time(one.measured_at)}</span></dd>`,
          )}
        </dl>`,
      )}`;
  }

  #time(moment: string): TemplateResult {
    return html`<time datetime=${moment} title=${exact(moment)}>${ago(moment, store.now)}</time>`;
  }
}

/** The list's line where it is newer than what was read whole: it lacks history, which then comes from the whole. */
export function newest(whole: Ticket | null, line: Ticket | undefined): Ticket | null {
  if (whole === null || line === undefined) {
    return whole ?? line ?? null;
  }
  return line.updated_at < whole.updated_at ? whole : { ...pick(whole), ...line };
}

function pick({ events, merged_from: from }: Ticket): Pick<Ticket, 'events' | 'merged_from'> {
  return { ...(events === undefined ? {} : { events }), ...(from === undefined ? {} : { merged_from: from }) };
}
