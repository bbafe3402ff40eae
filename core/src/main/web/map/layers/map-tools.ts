import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { t } from '../../shared/texts';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { mayAct } from '../tickets/moves';
import type { Tool } from '../view';

/** What can be done with the layers; each tool is a panel of its own. */
@customElement('canopy-map-tools')
export class MapTools extends Part {
  protected readonly about: readonly Topic[] = ['view', 'session'];

  protected override render(): TemplateResult {
    const may = mayAct(store.user);
    return html`<div class="line" role="group" aria-label=${t('tools')}>${this.#tool('select')} ${may ? html`${this.#tool('add')} ${this.#tool('import')}` : none}</div>`;
  }

  #tool(tool: Exclude<Tool, 'edit'>): TemplateResult {
    const on = store.view.tool === tool;
    return html`<button type="button" name=${tool} aria-pressed=${on ? 'true' : 'false'} @click=${() => store.show(on ? { tool: null } : { tool })}>${t(`tool_${tool}`)}</button>`;
  }
}
