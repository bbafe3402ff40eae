import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { layerName } from '../parts/catalogue';
import { customElement, state } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Failure, RuleLine, Service, Ticket } from '../../shared/api';
import { ours, t, word } from '../../shared/texts';
import { placeText } from '../parts/feature-link';
import { failureOf, isOffline, nothing, type Loaded } from '../parts/loaded';
import { isLive } from '../parts/look';
import { failed, shown, undone } from '../parts/notice';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { featureRef, type Subject } from '../view';
import { mayAct, PRIORITIES } from './moves';
import { ticketLink } from './ticket-history';

const MAX_TEXT = 4_000;

/** What may be chosen from. */
interface Catalogue {
  services: readonly Service[];
  rules: readonly RuleLine[];
}

/** The services of the packs that watch a layer, and all others. */
export function byLayer({ services, rules }: Catalogue, layer: string | null): { fitting: Service[]; others: Service[] } {
  const packs = new Set(rules.filter((one) => one.layer === layer).map((one) => one.pack));
  return { fitting: services.filter((one) => packs.has(one.pack)), others: services.filter((one) => !packs.has(one.pack)) };
}

/** A key of one's own for one wish; also where the page is not served over TLS. */
export function freshKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, '0')).join('');
}

/** A ticket that a dispatcher opens: about a feature or a place on the map, with what it calls for and a note. */
@customElement('canopy-new-ticket')
export class NewTicketForm extends Part {
  protected readonly about: readonly Topic[] = ['view', 'session', 'tickets'];
  #catalogue: Loaded<Catalogue> = nothing();
  #key = freshKey();
  @state() private service = '';
  @state() private busy = false;
  @state() private failure: Failure | null = null;

  protected override firstUpdated(): void {
    void this.#load();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (store.view.create !== this.#focusedFor) {
      this.#focusedFor = store.view.create;
      this.#edited();
      this.querySelector<HTMLElement>('.here, select[name=service]')?.focus();
    }
  }

  #focusedFor: unknown = null;

  async #load(): Promise<void> {
    try {
      const [services, rules] = await Promise.all([api.services(), api.rules()]);
      this.#catalogue = { value: { services, rules }, failure: null, loading: false };
      this.#focusedFor = null;
    } catch (e) {
      this.#catalogue = { ...this.#catalogue, failure: failureOf(e), loading: false };
    }
    this.requestUpdate();
  }

  protected override whenBack(): void {
    if (isOffline(this.#catalogue)) {
      void this.#load();
    }
  }

  protected override render(): TemplateResult {
    const { create } = store.view;
    return html`<div class="head">
        <h2>${t('new_ticket')}</h2>
        <button type="button" class="quiet" @click=${() => store.show({ create: null })}>${t('close')}</button>
      </div>
      ${mayAct(store.user) ? this.#body(create) : failed({ kind: 'forbidden' }, null)}`;
  }

  #body(create: Subject | 'pick' | null): TemplateResult {
    if (create === 'pick' || create === null) {
      return html`<p class="pick">${t('pick_place')}</p>
        <button type="button" class="here" @click=${() => this.dispatchEvent(new CustomEvent('middle', { bubbles: true }))}>${t('pick_middle')}</button>`;
    }
    return shown(
      this.#catalogue,
      { again: () => void this.#load(), empty: ({ services }) => (services.length === 0 ? t('empty_services') : null) },
      (catalogue) => this.#form(catalogue, create),
    );
  }

  #form(catalogue: Catalogue, subject: Subject): TemplateResult {
    const { fitting, others } = byLayer(catalogue, 'feature' in subject ? featureRef(subject.feature).layer : null);
    const open = this.#open(subject);
    return html`<dl class="facts">
        <dt>${'feature' in subject ? t('feature') : t('position')}</dt>
        <dd>${place(subject)}</dd>
      </dl>
      <form class="acts" @submit=${(event: SubmitEvent) => this.#submitted(event, subject)} @input=${this.#edited} aria-busy=${this.busy ? 'true' : 'false'}>
        <label
          >${t('service')}<select name="service" required ?disabled=${this.busy} @change=${(event: Event) => (this.service = (event.target as HTMLSelectElement).value)}>
            <option value="">${t('service_choose')}</option>
            ${fitting.length === 0 ? others.map(option) : html`${fitting.map(option)}<optgroup label=${t('service_others')}>${others.map(option)}</optgroup>`}
          </select></label
        >
        <label
          >${t('priority')}<select name="priority" ?disabled=${this.busy}>
            <option value="">${t('priority_of_service')}</option>
            ${PRIORITIES.map((one) => html`<option value=${one}>${word('priority', one)}</option>`)}
          </select></label
        >
        <label>${t('note')}<textarea name="note" rows="3" maxlength=${MAX_TEXT} ?disabled=${this.busy}></textarea></label>
        ${open === undefined ? none : html`<p>${t('already_open')} ${ticketLink(open.id)}</p>`}
        <div class="line">
          <button class="main" ?disabled=${this.busy || open !== undefined}>${t(this.busy ? 'opening' : 'open_ticket')}</button>
          <button type="button" class="quiet" @click=${() => store.show({ create: 'pick' })}>${t('pick_other')}</button>
        </div>
      </form>
      ${this.failure === null ? none : undone(this.failure, () => this.querySelector('form')?.requestSubmit())}`;
  }

  /** The ticket that is open for this already: the service keeps one for each thing and service. */
  #open(subject: Subject): Ticket | undefined {
    if (!('feature' in subject)) {
      return undefined;
    }
    const { layer, id } = featureRef(subject.feature);
    return [...(store.tickets.value?.values() ?? [])].find(
      (one) => one.layer === layer && one.feature_id === id && one.service === this.service && (isLive(one) || one.status === 'resolved'),
    );
  }

  /** Another wish needs another key; a second try of the same one does not. */
  readonly #edited = (): void => {
    this.#key = freshKey();
    this.failure = null;
  };

  #submitted(event: SubmitEvent, subject: Subject): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => (given.get(name) as string).trim();
    void this.#send({
      service: text('service'),
      ...about(subject),
      ...(text('note') === '' ? {} : { note: text('note') }),
      ...(text('priority') === '' ? {} : { priority: text('priority') }),
    });
  }

  async #send(wish: api.NewTicket): Promise<void> {
    this.busy = true;
    this.failure = null;
    try {
      const ticket = await api.openTicket(wish, this.#key);
      this.#key = freshKey();
      store.took(ticket);
      store.show({ ticket: ticket.id, panel: 'tickets', filter: 'live', query: '', rows: null, trace: false });
    } catch (e) {
      this.failure = failureOf(e);
    } finally {
      this.busy = false;
    }
  }
}

function option({ id, title }: Service): TemplateResult {
  return html`<option value=${id}>${ours(title, id)}</option>`;
}

function about(subject: Subject): Partial<api.NewTicket> {
  if (!('feature' in subject)) {
    return { position: [subject.lon, subject.lat] };
  }
  const { layer, id } = featureRef(subject.feature);
  return { layer, feature_id: id };
}

/** The thing by its name, or the place as people read it: latitude first. */
function place(subject: Subject): TemplateResult {
  if ('feature' in subject) {
    const { layer, id } = featureRef(subject.feature);
    return html`${layerName(layer)} ${id}`;
  }
  return html`${placeText(subject.lon, subject.lat)}`;
}
