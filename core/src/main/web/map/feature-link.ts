import { html, type TemplateResult } from 'lit';
import { word } from '../shared/texts';
import { store } from './store';

/** A feature's name that opens it; plain text for what is no feature, such as a bare place. */
export function featureLink(layer: string, id: string): TemplateResult {
  return layer.startsWith('@')
    ? html`${id}`
    : html`<button type="button" class="quiet link-text" @click=${() => store.show({ feature: `${layer}/${id}` })}>${word('layer', layer)} ${id}</button>`;
}
