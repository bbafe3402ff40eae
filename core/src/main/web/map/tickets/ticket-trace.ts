import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Frame, Trace, TraceStep } from '../../shared/api';
import { exact, withUnit } from '../../shared/format';
import { ours, spoken, t, word } from '../../shared/texts';
import { asText, bytesOf } from '../parts/bytes';
import { failureOf, isOffline, nothing, type Loaded } from '../parts/loaded';
import { shown } from '../parts/notice';
import { Part } from '../parts/part';
import { quantityName } from '../parts/quantities';
import { store, type Topic } from '../store';

/** The chain from a ticket back to the bytes: witness, rule, reading, raw frame. */
@customElement('canopy-ticket-trace')
export class TicketTrace extends Part {
  protected readonly about: readonly Topic[] = ['time'];
  @property() ticket = '';
  #loaded: Loaded<Trace> = nothing();

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('ticket')) {
      this.#loaded = nothing();
      void this.#load(this.ticket);
    }
  }

  async #load(id: string): Promise<void> {
    try {
      this.#loaded = { value: await api.trace(id), failure: null, loading: false };
    } catch (e) {
      this.#loaded = { ...this.#loaded, failure: failureOf(e), loading: false };
    }
    this.requestUpdate();
  }

  protected override whenBack(): void {
    if (isOffline(this.#loaded)) {
      void this.#load(this.ticket);
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="head">
        <h2>${t('trace')}</h2>
        <button type="button" class="quiet" @click=${() => store.show({ trace: false })}>${t('back')}</button>
      </div>
      ${shown(
        this.#loaded,
        { again: () => void this.#load(this.ticket), empty: ({ witnesses }) => (witnesses.length === 0 ? t('empty_trace') : null) },
        ({ witnesses }) => html`<ol class="chain">${witnesses.map((one) => this.#step(one))}</ol>`,
      )}`;
  }

  #step(step: TraceStep): TemplateResult {
    const { rule, reading, frame } = step;
    return html`<li>
      <h3>${word('witness', step.kind)} ${step.ref}</h3>
      <p class="soft">${exact(step.at)} · ${step.cleared_at === undefined ? t('still_firing') : t('cleared_at', { time: exact(step.cleared_at) })}</p>
      ${rule === undefined
        ? none
        : html`<h4>${t('trace_rule')}</h4>
            <p><b>${rule.id}</b> v${rule.version} ${ours(rule.sentence)}</p>
            ${rule.text === undefined ? none : html`<pre tabindex="0">${rule.text}</pre>`}`}
      ${reading?.value === undefined
        ? none
        : html`<h4>${t('trace_reading')}</h4>
            <p>${quantityName(reading.quantity ?? '', spoken())}: <b>${withUnit(reading.value, reading.unit ?? '')}</b><br />
              <span class="soft">${t('measured')} ${exact(reading.measured_at)}</span></p>`}
      ${rule === undefined
        ? none
        : html`<h4>${t('trace_frame')}</h4>
            ${frame === undefined ? html`<p>${t('trace_silence')}</p>` : this.#frame(frame)}`}
    </li>`;
  }

  #frame(frame: Frame): TemplateResult {
    if (frame.payload_base64 === undefined) {
      return html`<p>${t('trace_no_frame')}</p>`;
    }
    const bytes = bytesOf(frame.payload_base64);
    return html`<dl class="facts">
        <dt>${t('topic')}</dt><dd>${frame.topic ?? '–'}</dd>
        <dt>${t('content_type')}</dt><dd>${frame.content_type ?? '–'}</dd>
        <dt>${t('received')}</dt><dd>${frame.received_at === undefined ? '–' : exact(frame.received_at)}</dd>
      </dl>
      <pre class="frame" tabindex="0">${asText(bytes)}</pre>
      <p class="soft">${t('bytes', { n: bytes.length })} · #${frame.id}</p>`;
  }
}
