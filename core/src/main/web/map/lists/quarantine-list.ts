import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Failure, Quarantined } from '../../shared/api';
import { ago, exact } from '../../shared/format';
import { t, word, type TextKey } from '../../shared/texts';
import { asText, bytesOf } from '../parts/bytes';
import { featureLink } from '../parts/feature-link';
import { Fetched } from '../parts/fetched';
import { failureOf } from '../parts/loaded';
import { undone } from '../parts/notice';
import { store, type Topic } from '../store';
import { mayAct } from '../tickets/moves';

/** So much of a frame is shown; the API has it whole. */
const MOST_BYTES = 4096;

/** Messages that were not taken, why in words, and the way back into the line. */
@customElement('canopy-quarantine-list')
export class QuarantineList extends Fetched<Quarantined> {
  protected override readonly about: readonly Topic[] = ['time', 'devices'];
  protected readonly nothingYet: TextKey = 'empty_quarantine';
  #busy: string | null = null;
  #failed = new Map<string, Failure>();

  protected fetch(): Promise<Quarantined[]> {
    return api.quarantine();
  }

  protected row(one: Quarantined): TemplateResult {
    const failure = this.#failed.get(one.id);
    return html`<h3>${word('code', one.code)}</h3>
      <p class="soft">
        ${this.#from(one)} · <time datetime=${one.last_received_at} title=${exact(one.last_received_at)}>${ago(one.last_received_at, store.now)}</time>
        ${one.times > 1 ? html` · ${t('times', { n: one.times })}` : none}
      </p>
      <p>${one.detail}</p>
      <p class="soft">${word('remedy', one.code)}</p>
      ${this.#frame(one)}
      ${one.outcome === undefined ? none : html`<p><strong>${one.outcome === 'taken' ? t('replay_taken') : t('replay_refused', { detail: one.outcome })}</strong></p>`}
      ${one.replayed_at !== undefined || !mayAct(store.user)
        ? none
        : html`<button type="button" name="replay" ?disabled=${this.#busy !== null} @click=${() => void this.#replay(one)}>${t('replay')}</button>`}
      ${failure === undefined ? none : undone(failure, () => void this.#replay(one))}`;
  }

  /** The device, where it is one that is enrolled; else what the message says of itself. */
  #from({ device, topic, door }: Quarantined): TemplateResult {
    return device !== null && store.devices.value?.has(device) === true ? featureLink('@device', device) : html`${device ?? topic ?? door}`;
  }

  #frame({ payload_base64, topic, content_type }: Quarantined): TemplateResult {
    const bytes = bytesOf(payload_base64);
    return html`<details>
      <summary>${t('frame_shown', { n: bytes.length })}</summary>
      <dl class="facts">
        <dt>${t('topic')}</dt><dd>${topic ?? '–'}</dd>
        <dt>${t('content_type')}</dt><dd>${content_type ?? '–'}</dd>
      </dl>
      <pre class="frame" tabindex="0">${asText(bytes, MOST_BYTES)}</pre>
      ${bytes.length > MOST_BYTES ? html`<p class="soft small">${t('frame_first', { n: MOST_BYTES })}</p>` : none}
    </details>`;
  }

  async #replay(row: Quarantined): Promise<void> {
    this.#busy = row.id;
    this.#failed.delete(row.id);
    this.requestUpdate();
    try {
      const after = await api.replay(row.id);
      this.loaded = { ...this.loaded, value: (this.loaded.value ?? []).map((one) => (one.id === after.id ? after : one)) };
    } catch (e) {
      this.#failed.set(row.id, failureOf(e));
    } finally {
      this.#busy = null;
      this.requestUpdate();
    }
  }
}
