import { html, type TemplateResult } from 'lit';
import { layerName } from './catalogue';
import { decimal } from '../../shared/format';
import { t } from '../../shared/texts';
import { store } from '../store';
import type { View } from '../view';

const DEVICE = '@device';
const PLACE = '@place';

/** What a ticket is about, in words: a bare place by its coordinates, latitude first. */
export function subjectText(layer: string, id: string): string {
  if (layer !== PLACE) {
    return id;
  }
  const [lon = NaN, lat = NaN] = id.split(',').map(Number);
  return Number.isFinite(lon) && Number.isFinite(lat) ? t('bare_place', { place: placeText(lon, lat) }) : id;
}

export function placeText(lon: number, lat: number): string {
  return `${decimal(lat, 5)}; ${decimal(lon, 5)}`;
}

/** The same as something that opens it: a feature or a device; a bare place leads nowhere. */
export function featureLink(layer: string, id: string): TemplateResult {
  if (layer === DEVICE) {
    return link(id, { device: id });
  }
  return layer.startsWith('@') ? html`${subjectText(layer, id)}` : link(`${layerName(layer)} ${id}`, { feature: `${layer}/${id}` });
}

function link(text: string, view: Partial<View>): TemplateResult {
  return html`<button type="button" class="quiet link-text" @click=${() => store.show(view)}>${text}</button>`;
}
