import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { number, unitText } from '../../shared/format';
import { ours, spoken, t, word } from '../../shared/texts';
import { allLayers, layerName, otherLayers } from '../parts/catalogue';
import { LOOKS } from '../parts/look';
import { mark } from '../parts/mark';
import { failed } from '../parts/notice';
import { Part } from '../parts/part';
import { quantityName, SCALES, STEPS } from '../parts/quantities';
import { LAYERS, store, type LayerName, type Topic } from '../store';
import { layerIcon, swatch } from '../parts/swatch';
import { inMapOrder, MAP_LAYERS } from '../view';

/** From the top of the map to its ground. */
const ORDER: readonly string[] = [...MAP_LAYERS].reverse();
/** Behind tickets and sensors come the layers of further packs. */
const MARKS = 2;

/** What the map shows and what its colours mean; each layer can be switched off. Folded on a small screen. */
@customElement('canopy-layer-panel')
export class LayerPanel extends Part {
  protected readonly about: readonly Topic[] = ['view', 'layers', 'styles', 'values', 'devices'];
  readonly #narrow = matchMedia('(max-width: 76em)');

  protected override render(): TemplateResult {
    return html`<details class="legend" ?open=${!this.#narrow.matches}>
      <summary>${t('legend')}</summary>
      <ul>
        ${this.#order().map((one) => html`<li>${this.#layer(one)}</li>`)}
      </ul>
    </details>`;
  }

  #order(): string[] {
    return [...ORDER.slice(0, MARKS), ...otherLayers().map((one) => one.name), ...ORDER.slice(MARKS)];
  }

  #layer(name: string): TemplateResult {
    const other = otherLayers().some((one) => one.name === name);
    const shown = !store.view.hidden.includes(name);
    return html`<label class="switch">
        <input type="checkbox" name=${name} .checked=${shown} @change=${(event: Event) => this.#switch(name, (event.target as HTMLInputElement).checked)} />
        ${layerIcon(name)}${other ? layerName(name) : word('map', name)}
      </label>
      ${name === 'devices' && shown ? this.#values() : none} ${name === 'tickets' && shown ? this.#states() : none}
      ${shown ? this.#signs(name) : none} ${this.#failure(name)}`;
  }

  #switch(name: string, on: boolean): void {
    const { hidden } = store.view;
    store.show({ hidden: on ? hidden.filter((one) => one !== name) : inMapOrder([...hidden, name]) });
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
      <p><i class="old" aria-hidden="true"></i>${t('legend_old')}</p>
      <p><i class="blind" aria-hidden="true"></i>${t('legend_blind')}</p>
    </div>`;
  }

  #states(): TemplateResult {
    return html`<ul class="states">
      ${LOOKS.map((one) => html`<li>${mark(one)} ${t(`look_${one}`)}</li>`)}
    </ul>`;
  }

  /** The layer's legend, where it has more than one sign; a single one stands at its name. */
  #signs(name: string): TemplateResult | typeof none {
    const signs = store.styles.of(name).value?.legend ?? [];
    return signs.length < 2 ? none : html`<ul class="states">${signs.map((one) => html`<li>${swatch(one)} ${ours(one.title)}</li>`)}</ul>`;
  }

  #failure(name: string): TemplateResult | typeof none {
    if (name === 'devices') {
      return store.valuesFailure === null ? none : failed(store.valuesFailure, () => void store.loadValues());
    }
    const style = store.styles.of(name).failure;
    if (style !== null) {
      return failed(style, () => void store.styles.want(allLayers()));
    }
    const layer = LAYERS.find((one): one is LayerName => one === name);
    const failure = layer === undefined ? null : (store.layers.get(layer)?.failure ?? null);
    return failure === null || layer === undefined ? none : failed(failure, () => void store.loadLayer(layer));
  }
}
