import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { t, type TextKey } from '../../shared/texts';
import { store } from '../store';

export function search(placeholder: TextKey): TemplateResult {
  return html`<input
    type="search"
    aria-label=${t(placeholder)}
    placeholder=${t(placeholder)}
    .value=${live(store.view.query)}
    @input=${(event: Event) => store.show({ query: (event.target as HTMLInputElement).value })}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Enter') {
        document.querySelector<HTMLElement>('.dock .row')?.focus();
      }
    }}
  />`;
}
