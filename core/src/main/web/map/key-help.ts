import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { t, type TextKey } from '../shared/texts';
import { Part } from './parts/part';
import type { Topic } from './store';

const KEYS: readonly (readonly [string, TextKey])[] = [
  ['/', 'key_search'],
  ['j', 'key_down'],
  ['k', 'key_up'],
  ['Enter', 'key_enter'],
  ['n', 'new_ticket'],
  ['w', 'key_trace'],
  ['a', 'assign'],
  ['u', 'undo'],
  ['Esc', 'key_escape'],
  ['?', 'key_help'],
];

@customElement('canopy-key-help')
export class KeyHelp extends Part {
  protected readonly about: readonly Topic[] = [];

  open(): void {
    this.querySelector('dialog')?.showModal();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="keys-title">
      <h2 id="keys-title">${t('keys')}</h2>
      <dl class="facts">${KEYS.map(([key, text]) => html`<dt><kbd>${key}</kbd></dt><dd>${t(text)}</dd>`)}</dl>
      <form method="dialog"><button class="main">${t('close')}</button></form>
    </dialog>`;
  }
}
