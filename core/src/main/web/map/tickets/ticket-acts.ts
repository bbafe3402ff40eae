import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import * as api from '../../shared/api';
import type { Failure, Status, Ticket } from '../../shared/api';
import { t, word } from '../../shared/texts';
import { failureOf } from '../parts/loaded';
import { undone } from '../parts/notice';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { undo } from '../undo';
import './assign';
import './merge';
import type { Merged } from './merge';
import { movesFrom, needsReason, PRIORITIES } from './moves';

const MAX_TEXT = 4_000;

/** What a dispatcher can do with a ticket. Moves wait ten seconds for an undo; the rest is done at once. */
@customElement('canopy-ticket-acts')
export class TicketActs extends Part {
  protected readonly about: readonly Topic[] = [];
  @property({ attribute: false }) ticket!: Ticket;
  @state() private reasonFor: Status | null = null;
  @state() private busy = false;
  @state() private failure: Failure | null = null;
  #retry: (() => void) | null = null;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    super.willUpdate(changed);
    const before = changed.get('ticket') as Ticket | undefined;
    if (before !== undefined && (before.id !== this.ticket.id || before.status !== this.ticket.status)) {
      this.reasonFor = null;
      this.failure = null;
    }
  }

  protected override render(): TemplateResult {
    const moves = movesFrom(this.ticket.status);
    return html`<section class="acts" aria-label=${t('acts')} aria-busy=${this.busy ? 'true' : 'false'}>
      ${moves.length === 0 ? html`<p class="soft">${t('acts_over')}</p>` : html`${this.#moves(moves)}
            <canopy-assign .assignee=${this.ticket.assignee ?? null} .busy=${this.busy} @assign=${(event: CustomEvent<string | null>) => this.#do({ assignee: event.detail })}></canopy-assign>
            ${this.#priority()}`}
      ${this.#comment()} ${this.failure === null ? none : undone(this.failure, this.#retry)}
    </section>`;
  }

  #moves(moves: readonly Status[]): TemplateResult {
    const to = this.reasonFor;
    return html`<div class="moves" role="group" aria-label=${t('filter_status')}>
        ${moves.map(
          (one) => html`<button type="button" data-move=${one} aria-expanded=${needsReason(this.ticket.status, one) ? String(to === one) : none} @click=${() => this.#chosen(one)}>
            ${word('move', one)}
          </button>`,
        )}
      </div>
      ${to === null
        ? none
        : to === 'merged'
          ? html`<canopy-merge .ticket=${this.ticket} @merge=${this.#merged} @cancel=${() => (this.reasonFor = null)}></canopy-merge>`
          : html`<form class="reason" @submit=${(event: SubmitEvent) => this.#reasoned(event, to)}>
            <label>${t('reason_for', { move: word('move', to) })}<textarea name="reason" rows="2" maxlength=${MAX_TEXT} required></textarea></label>
            <div class="line">
              <button class="main">${word('move', to)}</button>
              <button type="button" class="quiet" @click=${() => (this.reasonFor = null)}>${t('cancel')}</button>
            </div>
          </form>`}`;
  }

  #chosen(to: Status): void {
    if (!needsReason(this.ticket.status, to)) {
      this.#move(to);
      return;
    }
    this.reasonFor = this.reasonFor === to ? null : to;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.acts > form.reason textarea')?.focus());
  }

  #reasoned(event: SubmitEvent, to: Status): void {
    event.preventDefault();
    const reason = (new FormData(event.target as HTMLFormElement).get('reason') as string).trim();
    if (reason !== '') {
      this.#move(to, reason);
    }
  }

  readonly #merged = (event: CustomEvent<Merged>): void => {
    const { into, reason } = event.detail;
    this.#move('merged', reason, into);
  };

  #move(to: Status, reason?: string, into?: string): void {
    const { id } = this.ticket;
    const change: api.TicketChange = { status: to, ...(reason === undefined ? {} : { reason }), ...(into === undefined ? {} : { merged_into: into }) };
    this.reasonFor = null;
    undo.put({
      text: t('will_move', { title: store.titleOf(this.ticket), status: word('status', to) }),
      act: async (leaving) => store.took(await api.changeTicket(id, change, leaving)),
    });
  }

  #priority(): TemplateResult {
    const { priority } = this.ticket;
    return html`<label>${t('priority')}
      <select name="priority" .value=${live(priority)} ?disabled=${this.busy} @change=${(event: Event) => this.#do({ priority: (event.target as HTMLSelectElement).value })}>
        ${PRIORITIES.map((one) => html`<option value=${one} ?selected=${one === priority}>${word('priority', one)}</option>`)}
      </select>
    </label>`;
  }

  #comment(): TemplateResult {
    return html`<form class="comment" @submit=${this.#commented}>
      <label>${t('comment')}<textarea name="comment" rows="2" maxlength=${MAX_TEXT} required></textarea></label>
      <div class="line"><button ?disabled=${this.busy}>${t('comment_send')}</button></div>
    </form>`;
  }

  readonly #commented = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const comment = (new FormData(form).get('comment') as string).trim();
    if (comment !== '') {
      this.#do({ comment }, () => form.reset());
    }
  };

  /** What was written stays in its field until the service has taken it. */
  #do(change: api.TicketChange, done: () => void = () => undefined): void {
    const { id } = this.ticket;
    const run = async (): Promise<void> => {
      this.busy = true;
      this.failure = null;
      try {
        store.took(await api.changeTicket(id, change));
        done();
      } catch (e) {
        this.failure = failureOf(e);
      } finally {
        this.busy = false;
      }
    };
    this.#retry = () => void run();
    void run();
  }
}
