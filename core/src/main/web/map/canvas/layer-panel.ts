import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { number, unitText } from '../../shared/format';
import { spoken, t, word } from '../../shared/texts';
import { LOOKS } from '../parts/look';
import { mark } from '../parts/mark';
import { failed } from '../parts/notice';
import { Part } from '../parts/part';
import { quantityName, SCALES, STEPS } from '../parts/quantities';
import { LAYERS, store, type LayerName, type Topic } from '../store';
import { MAP_LAYERS, type MapLayer } from '../view';

/** From the top of the map to its ground. */
const ORDER: readonly MapLayer[] = [...MAP_LAYERS].reverse();

/** What the map shows and what its colours mean; each layer can be switched off. Folded on a small screen. */
@customElement('canopy-layer-panel')
export class LayerPanel extends Part {
  protected readonly about: readonly Topic[] = ['view', 'layers', 'values', 'devices'];
  readonly #narrow = matchMedia('(max-width: 76em)');

  protected override render(): TemplateResult {
    return html`<details class="legend" ?open=${!this.#narrow.matches}>
      <summary>${t('legend')}</summary>
      <ul>
        ${ORDER.map((one) => html`<li>${this.#layer(one)}</li>`)}
      </ul>
    </details>`;
  }

  #layer(name: MapLayer): TemplateResult {
    const shown = !store.view.hidden.includes(name);
    return html`<label class="switch">
        <input type="checkbox" name=${name} .checked=${shown} @change=${(event: Event) => this.#switch(name, (event.target as HTMLInputElement).checked)} />
        <i class="swatch" data-layer=${name} aria-hidden="true"></i>${word('map', name)}
      </label>
      ${name === 'devices' && shown ? this.#values() : none} ${name === 'tickets' && shown ? this.#states() : none}
      ${name === 'zones' && shown ? this.#zones() : none} ${this.#failure(name)}`;
  }

  #switch(name: MapLayer, on: boolean): void {
    const { hidden } = store.view;
    store.show({ hidden: on ? hidden.filter((one) => one !== name) : MAP_LAYERS.filter((one) => one === name || hidden.includes(one)) });
  }

  /** The ramp of the quantity that sensors are coloured by, with its unit, and what stands for no data. */
  #values(): TemplateResult {
    const quantity = store.quantity;
    const scale = SCALES[quantity];
    if (scale === undefined) {
      return html``;
    }
    return html`<div class="values">
      <select aria-label=${t('value_shown')} @change=${(event: Event) => store.show({ quantity: (event.target as HTMLSelectElement).value })}>
        ${Object.keys(SCALES).map((name) => html`<option value=${name} ?selected=${name === quantity}>${quantityName(name, spoken())}</option>`)}
      </select>
      <div class="ramp" aria-hidden="true">${Array.from({ length: STEPS }, (_, step) => html`<i data-ramp=${`${scale.ramp}-${step}`}></i>`)}</div>
      <p class="ends"><span>${number(scale.low)}</span><span>${number(scale.high)} ${unitText(scale.unit)}</span></p>
      <p><i class="blind" aria-hidden="true"></i>${t('legend_blind')}</p>
    </div>`;
  }

  #states(): TemplateResult {
    return html`<ul class="states">
      ${LOOKS.map((one) => html`<li>${mark(one)} ${t(`look_${one}`)}</li>`)}
    </ul>`;
  }

  #zones(): TemplateResult {
    return html`<ul class="states">
      ${(['park', 'school', 'responsibility'] as const).map((one) => html`<li><i class="swatch" data-zone=${one} aria-hidden="true"></i>${t(`zone_${one}`)}</li>`)}
    </ul>`;
  }

  #failure(name: MapLayer): TemplateResult | typeof none {
    if (name === 'devices') {
      return store.valuesFailure === null ? none : failed(store.valuesFailure, () => void store.loadValues());
    }
    const layer = LAYERS.find((one): one is LayerName => one === name);
    const failure = layer === undefined ? null : (store.layers.get(layer)?.failure ?? null);
    return failure === null || layer === undefined ? none : failed(failure, () => void store.loadLayer(layer));
  }
}
