import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { FeatureCollection, Geometry } from 'geojson';
import * as api from '../../shared/api';
import type { Attribute, LayerDetail } from '../../shared/api';
import { number } from '../../shared/format';
import { ours, t } from '../../shared/texts';
import { bounds } from '../canvas/places';
import { allLayers, layerName, layerUnit } from '../parts/catalogue';
import { failureOf, isOffline, nothing, type Loaded } from '../parts/loaded';
import { shown } from '../parts/notice';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { asked, cql, itemsAddress, OPERATORS, type Condition, type Operator } from './cql';
import { desk } from './desk';
import { selectedRows } from './selected-rows';

/** So many are marked on the map and listed; all are counted, and all are behind the link. */
export const MOST = 1_000;

type Found = FeatureCollection & { numberMatched?: number };

const BLANK: Condition = { attribute: '', operator: '=', value: '' };

/** Features of a layer by an area that is drawn and by conditions: counted, listed, marked on the map, and as a link. */
@customElement('canopy-selection')
export class Selection extends Part {
  protected readonly about: readonly Topic[] = ['view', 'tickets', 'values', 'layers'];
  @state() private conditions: Condition[] = [BLANK];
  @state() private area: Geometry | null = null;
  @state() private drawing = false;
  #layer: Loaded<LayerDetail> = nothing();
  #layerShown = '';
  #found: Loaded<Found> = nothing();
  #asked = '';
  /** The layer and the text whose conditions the form shows. */
  #read = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.draw(null);
    desk.choose(null);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const layer = store.view.layer ?? 'trees';
    if (layer !== this.#layerShown) {
      this.#layerShown = layer;
      this.#layer = nothing();
      this.conditions = [BLANK];
      void this.#loadLayer(layer);
    }
    this.#readBack();
    const { cql: filter } = store.view;
    const wanted = filter === null ? '' : itemsAddress(layer, filter, MOST);
    if (wanted !== this.#asked) {
      this.#asked = wanted;
      this.#found = nothing();
      desk.choose(null);
      if (wanted !== '') {
        void this.#find(wanted);
      }
    }
  }

  /** Fills the form with what the address asks; what somebody wrote by hand may be more than it can show, and stays text. */
  #readBack(): void {
    const attributes = this.#layer.value?.attributes;
    const filter = store.view.cql ?? '';
    const wanted = `${this.#layerShown}|${filter}`;
    if (attributes === undefined || wanted === this.#read) {
      return;
    }
    this.#read = wanted;
    const given = filter === '' || filter === cql(this.conditions, attributes, this.area) ? null : asked(filter, attributes);
    if (given !== null) {
      this.conditions = given.conditions.length === 0 ? [BLANK] : given.conditions;
      this.#showArea(given.area);
    }
  }

  #showArea(area: Geometry | null): void {
    this.area = area;
    this.drawing = false;
    desk.draw(area === null ? null : { shape: 'polygon', geometry: area, drawn: (next) => (this.area = next) });
  }

  async #loadLayer(layer: string): Promise<void> {
    let next: Loaded<LayerDetail>;
    try {
      next = { value: await api.layerDetail(layer), failure: null, loading: false };
    } catch (e) {
      next = { ...this.#layer, failure: failureOf(e), loading: false };
    }
    if (layer === this.#layerShown) {
      this.#layer = next;
      this.requestUpdate();
    }
  }

  async #find(wanted: string): Promise<void> {
    let next: Loaded<Found>;
    try {
      next = { value: await api.call<Found>(wanted, { headers: { accept: 'application/geo+json' } }), failure: null, loading: false };
    } catch (e) {
      next = { ...this.#found, failure: failureOf(e), loading: false };
    }
    if (wanted === this.#asked && this.isConnected) {
      this.#found = next;
      desk.choose(next.value);
      const box = next.value === null ? null : bounds(next.value);
      if (box !== null) {
        store.fly(box);
      }
      this.requestUpdate();
    }
  }

  protected override whenBack(): void {
    if (isOffline(this.#layer)) {
      void this.#loadLayer(this.#layerShown);
    }
    if (isOffline(this.#found)) {
      void this.#find(this.#asked);
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="head">
        <h2>${t('select_heading')}</h2>
        <button type="button" class="quiet" @click=${() => store.show({ tool: null, cql: null })}>${t('close')}</button>
      </div>
      ${shown(this.#layer, { again: () => void this.#loadLayer(this.#layerShown), rows: 3 }, ({ attributes }) => this.#form(attributes))}
      ${this.#asked === '' ? none : shown(this.#found, { again: () => void this.#find(this.#asked), rows: 4, empty: ({ features }) => (features.length === 0 ? t('select_none') : null) }, (found) => this.#result(found))}`;
  }

  #form(attributes: readonly Attribute[]): TemplateResult {
    return html`<form class="acts" @submit=${(event: SubmitEvent) => this.#submitted(event, attributes)}>
      <label
        >${t('layer')}<select name="layer" @change=${(event: Event) => store.show({ tool: 'select', layer: (event.target as HTMLSelectElement).value, cql: null })}>
          ${allLayers().map((one) => html`<option value=${one} ?selected=${one === this.#layerShown}>${layerName(one)}</option>`)}
        </select></label
      >
      <div class="line">
        <button type="button" name="area" aria-pressed=${this.drawing ? 'true' : 'false'} @click=${() => this.#drawArea()}>${t(this.area === null ? 'select_area' : 'select_area_anew')}</button>
        ${this.area === null && !this.drawing ? none : html`<button type="button" class="quiet" @click=${() => this.#showArea(null)}>${t('select_area_drop')}</button>`}
      </div>
      ${this.drawing && this.area === null ? html`<p class="pick">${t('draw_polygon')}</p>` : none}
      <fieldset class="conditions">
        <legend>${t('select_conditions')}</legend>
        ${this.conditions.map((one, at) => this.#condition(one, at, attributes))}
        <button type="button" class="quiet" @click=${() => (this.conditions = [...this.conditions, BLANK])}>${t('select_more')}</button>
      </fieldset>
      <button class="main">${t('tool_select')}</button>
    </form>`;
  }

  #condition(given: Condition, at: number, attributes: readonly Attribute[]): TemplateResult {
    const values = Object.entries(attributes.find((one) => one.name === given.attribute)?.values ?? {});
    const change = (part: Partial<Condition>): void => {
      this.conditions = this.conditions.map((one, place) => (place === at ? { ...one, ...part } : one));
    };
    const text = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value;
    return html`<div class="condition">
      <select name="attribute" aria-label=${t('select_attribute')} @change=${(event: Event) => change({ attribute: text(event) })}>
        <option value="">–</option>
        ${attributes.map((one) => html`<option value=${one.name} ?selected=${one.name === given.attribute}>${ours(one.title, one.name)}</option>`)}
      </select>
      <select name="operator" aria-label=${t('select_operator')} @change=${(event: Event) => change({ operator: text(event) as Operator })}>
        ${OPERATORS.map((one) => html`<option value=${one} ?selected=${one === given.operator}>${one === 'like' ? t('select_like') : one}</option>`)}
      </select>
      ${values.length > 0
        ? html`<select name="value" aria-label=${t('select_value')} @change=${(event: Event) => change({ value: text(event) })}>
            <option value="">–</option>
            ${values.map(([one, title]) => html`<option value=${one} ?selected=${one === given.value}>${ours(title, one)}</option>`)}
          </select>`
        : html`<input name="value" aria-label=${t('select_value')} autocomplete="off" .value=${given.value} @input=${(event: Event) => change({ value: text(event) })} />`}
    </div>`;
  }

  #drawArea(): void {
    this.area = null;
    this.drawing = true;
    desk.draw({ shape: 'polygon', geometry: null, drawn: (area) => (this.area = area) });
  }

  #submitted(event: SubmitEvent, attributes: readonly Attribute[]): void {
    event.preventDefault();
    store.show({ tool: 'select', layer: this.#layerShown, cql: cql(this.conditions, attributes, this.area) || null });
  }

  #result(found: Found): TemplateResult {
    const all = found.numberMatched ?? found.features.length;
    const link = itemsAddress(this.#layerShown, store.view.cql ?? '', 10_000);
    return html`<p class="figure" role="status">${number(all)} <span class="small soft">${layerUnit(this.#layerShown, all)}</span></p>
      ${all > found.features.length ? html`<p class="soft">${t('select_first', { n: number(found.features.length) })}</p>` : none}
      <p class="line"><a href=${link} download=${`${this.#layerShown}.geojson`}>${t('select_download')}</a> <a href=${location.href}>${t('select_link')}</a></p>
      <pre>${store.view.cql}</pre>
      ${selectedRows(this.#layerShown, found)}`;
  }
}
