import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { t } from '../shared/texts';
import { undone } from './parts/notice';
import { Part } from './parts/part';
import type { Topic } from './store';
import { undo } from './undo';

/** What is about to be done, and the ten seconds in which it can be taken back. */
@customElement('canopy-undo-bar')
export class UndoBar extends Part {
  protected readonly about: readonly Topic[] = [];
  readonly #changed = (): void => this.requestUpdate();
  readonly #leaving = (): void => void undo.send(true);

  override connectedCallback(): void {
    super.connectedCallback();
    undo.addEventListener('change', this.#changed);
    addEventListener('pagehide', this.#leaving);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    undo.removeEventListener('change', this.#changed);
    removeEventListener('pagehide', this.#leaving);
  }

  protected override render(): TemplateResult {
    return html`<div role="status">${this.#waiting()}${this.#failed()}</div>`;
  }

  #waiting(): TemplateResult | typeof none {
    return undo.waiting === null
      ? none
      : html`<div class="undo">
          <span>${undo.waiting.text}</span>
          <button type="button" class="main" @click=${() => undo.takeBack()}>${t('undo')}</button>
        </div>`;
  }

  #failed(): TemplateResult | typeof none {
    return undo.failed === null
      ? none
      : html`<div class="undo">
          <div><strong>${undo.failed.waiting.text}</strong>${undone(undo.failed.failure, () => undo.again())}</div>
          <button type="button" class="quiet" @click=${() => undo.dismiss()}>${t('close')}</button>
        </div>`;
  }
}
