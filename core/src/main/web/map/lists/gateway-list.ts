import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Failure, Gateway, GatewayToken } from '../../shared/api';
import { ago, exact } from '../../shared/format';
import { t, type TextKey } from '../../shared/texts';
import { Fetched } from '../parts/fetched';
import { failureOf } from '../parts/loaded';
import { undone } from '../parts/notice';
import { store } from '../store';

/** The edge gateways with how they stand; administrators make new ones here. */
@customElement('canopy-gateway-list')
export class GatewayList extends Fetched<Gateway> {
  protected readonly nothingYet: TextKey = 'empty_gateways';
  @state() private busy = false;
  @state() private failure: Failure | null = null;
  /** The token that was just made, until the panel is left. */
  @state() private told: (GatewayToken & { id: string }) | null = null;
  @state() private copied: TextKey | null = null;

  protected fetch(): Promise<Gateway[]> {
    return api.gateways();
  }

  protected override above(): TemplateResult | typeof none {
    if (!this.#administers()) {
      return none;
    }
    return html`<details class="tools">
        <summary>${t('gateway_new')}</summary>
        <form class="acts" @submit=${(event: SubmitEvent) => this.#submitted(event)} aria-busy=${this.busy ? 'true' : 'false'}>
          <label>${t('gateway_id')}<input name="id" required pattern="[A-Za-z0-9._:\\-]{1,64}" autocomplete="off" ?disabled=${this.busy} /></label>
          <label>${t('gateway_title')}<input name="title" required maxlength="200" autocomplete="off" ?disabled=${this.busy} /></label>
          <div class="line"><button class="main" ?disabled=${this.busy}>${t('gateway_create')}</button></div>
        </form>
      </details>
      ${this.failure === null ? none : undone(this.failure, null)} ${this.told === null ? none : this.#token(this.told)}`;
  }

  #token(told: GatewayToken & { id: string }): TemplateResult {
    const command = startCommand(location.origin, told.token);
    return html`<div class="tools told" role="status">
      <p>${t('gateway_token', { id: told.id, time: exact(told.token_expires_at) })}</p>
      <p><code>${told.token}</code></p>
      <p>${t('gateway_start')}</p>
      <p><code>${command}</code></p>
      <button type="button" @click=${() => void this.#copy(command)}>${t('gateway_copy')}</button>
      ${this.copied === null ? none : html`<span class="soft">${t(this.copied)}</span>`}
    </div>`;
  }

  protected row(one: Gateway): TemplateResult {
    const stored = one.stores[0];
    return html`<h3>${one.title}</h3>
      <p><strong>${t(standing(one))}</strong> <span class="soft">${one.id} · ${t('count_devices', { n: one.devices })}</span></p>
      <dl class="facts">
        ${one.last_heard_at === undefined
          ? none
          : html`<dt>${t('gateway_heard')}</dt>
              <dd><time datetime=${one.last_heard_at} title=${exact(one.last_heard_at)}>${ago(one.last_heard_at, store.now)}</time></dd>`}
        ${one.certificate_ends_at === undefined ? none : html`<dt>${t('gateway_certificate')}</dt><dd>${exact(one.certificate_ends_at)}</dd>`}
        ${one.config_version === 0
          ? none
          : html`<dt>${t('gateway_config')}</dt>
              <dd>${t('gateway_config_is', { made: one.config_version, taken: one.config_acknowledged ?? '–' })}</dd>`}
        ${one.waiting === undefined ? none : html`<dt>${t('gateway_waiting')}</dt><dd>${t('gateway_waiting_is', { n: one.waiting })}</dd>`}
        ${stored === undefined ? none : html`<dt>${t('gateway_store')}</dt><dd>${t('gateway_store_is', { n: stored.seq })}</dd>`}
      </dl>
      ${one.config_too_large === undefined ? none : html`<p role="note"><strong>${t('gateway_config_too_large', { n: one.config_too_large })}</strong></p>`}
      ${this.#administers() ? html`<button type="button" ?disabled=${this.busy} @click=${() => void this.#renew(one.id)}>${t('gateway_new_token')}</button>` : none}`;
  }

  #administers(): boolean {
    return store.me?.role === 'administrator';
  }

  #submitted(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const given = new FormData(form);
    const id = (given.get('id') as string).trim();
    void this.#tell(id, () => api.createGateway(id, (given.get('title') as string).trim()), form);
  }

  #renew(id: string): Promise<void> {
    return this.#tell(id, () => api.renewGatewayToken(id), null);
  }

  async #tell(id: string, deed: () => Promise<GatewayToken>, form: HTMLFormElement | null): Promise<void> {
    this.busy = true;
    this.failure = null;
    this.told = null;
    this.copied = null;
    try {
      const { token, token_expires_at } = await deed();
      this.told = { id, token, token_expires_at };
      form?.reset();
      await this.load();
    } catch (e) {
      this.failure = failureOf(e);
    } finally {
      this.busy = false;
    }
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = 'gateway_copied';
    } catch {
      // Not served over TLS, or not allowed: the text stands there to be selected.
      this.copied = 'gateway_not_copied';
    }
  }
}

/** How a gateway stands, in a word. */
export function standing(one: Pick<Gateway, 'disabled' | 'enrolled' | 'online'>): TextKey {
  if (one.disabled) {
    return 'gateway_disabled';
  }
  if (!one.enrolled) {
    return 'gateway_waits';
  }
  return one.online === undefined ? 'gateway_enrolled' : one.online ? 'gateway_online' : 'gateway_offline';
}

/** What is to be run on the gateway's machine. A token may begin with a hyphen. */
export function startCommand(service: string, token: string): string {
  return `java -jar canopy-gateway.jar --service ${service} --enrol=${token}`;
}
