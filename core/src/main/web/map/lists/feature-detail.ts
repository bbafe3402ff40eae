import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { layerName } from '../parts/catalogue';
import { customElement } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Photo, WholeFeature } from '../../shared/api';
import { ago, day, exact, withUnit } from '../../shared/format';
import { ours, spoken, t } from '../../shared/texts';
import { remove } from '../layers/edit-calls';
import { isAbout } from '../layers/edits';
import '../parts/charts';
import { middle } from '../canvas/places';
import '../parts/photos';
import './feature-history';
import { attributeText } from './attribute-text';
import { failureOf, isOffline, nothing, type Loaded } from '../parts/loaded';
import { look, stateText } from '../parts/look';
import { mark } from '../parts/mark';
import { empty, shown } from '../parts/notice';
import { Part } from '../parts/part';
import { quantityName } from '../parts/quantities';
import { store, type Topic } from '../store';
import { mayAct } from '../tickets/moves';
import { undo } from '../undo';
import { featureRef } from '../view';

/** Told apart from the other attributes, whether the layer declares them or not. */
const PROVENANCE = ['accuracy_m', 'source', 'surveyed_on'];

/** A tree, a waste point, a road, a place: what it is, who watches it, how it has been, and its tickets. */
@customElement('canopy-feature-detail')
export class FeatureDetail extends Part {
  protected readonly about: readonly Topic[] = ['view', 'time', 'tickets'];
  #shown: string | null = null;
  #whole: Loaded<WholeFeature> = nothing();

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { feature } = store.view;
    if (feature !== null && feature !== this.#shown) {
      this.#shown = feature;
      this.#whole = nothing();
      void this.#load(feature);
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    store.addEventListener('edited', this.#edited);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    store.removeEventListener('edited', this.#edited);
  }

  readonly #edited = (): void => {
    if (store.edited !== null && this.#shown !== null && isAbout(store.edited, this.#shown)) {
      void this.#load(this.#shown);
    }
  };

  async #load(feature: string): Promise<void> {
    const { layer, id } = featureRef(feature);
    let next: Loaded<WholeFeature>;
    try {
      next = { value: await api.feature(layer, id), failure: null, loading: false };
    } catch (e) {
      next = { ...this.#whole, failure: failureOf(e), loading: false };
    }
    if (this.#shown === feature) {
      this.#whole = next;
      const place = middle(next.value?.geometry);
      if (place !== null) {
        store.saw(feature, place);
      }
      this.requestUpdate();
    }
  }

  protected override whenBack(): void {
    if (this.#shown !== null && isOffline(this.#whole)) {
      void this.#load(this.#shown);
    }
  }

  protected override render(): TemplateResult {
    const { feature } = store.view;
    if (feature === null) {
      return html``;
    }
    const name = this.#whole.value?.properties['name'];
    return html`<div class="head">
        <h2>${typeof name === 'string' ? name : featureRef(feature).id}</h2>
        <button type="button" class="quiet" @click=${() => store.show({ feature: null })}>${t('close')}</button>
      </div>
      ${shown(this.#whole, { again: () => void this.#load(feature), rows: 6 }, (whole) => this.#body(whole))}`;
  }

  #body(feature: WholeFeature): TemplateResult {
    return html`<p class="soft">${layerName(feature.layer)} · ${feature.id}${feature.ward === null ? '' : ` · ${feature.ward}`}</p>
      <dl class="facts">
        ${feature.attributes
          .filter((one) => !PROVENANCE.includes(one.name) && feature.properties[one.name] !== undefined && feature.properties[one.name] !== null)
          .map((one) => html`<dt>${ours(one.title, one.name)}</dt><dd>${attributeText(one, feature.properties[one.name])}</dd>`)}
        ${feature.accuracy_m === null ? none : html`<dt>${t('accuracy')}</dt><dd>${withUnit(feature.accuracy_m, 'm')}</dd>`}
        ${feature.source ? html`<dt>${t('origin')}</dt><dd>${feature.source}</dd>` : none}
        ${feature.surveyed_on ? html`<dt>${t('surveyed')}</dt><dd>${day(feature.surveyed_on)}</dd>` : none}
        ${feature.updated_at === null ? none : html`<dt>${t('updated')}</dt><dd>${this.#time(feature.updated_at)}</dd>`}
      </dl>
      ${mayAct(store.user) ? this.#acts(feature) : none}
      <h3>${t('sensors')}</h3>
      ${feature.devices.length === 0 ? empty(t('empty_sensors')) : html`<ul class="plain">${feature.devices.map((one) => this.#device(one))}</ul>`}
      ${feature.state.length === 0
        ? none
        : html`<h3>${t('state_now')}</h3>
            <dl class="facts">
              ${feature.state.map((one) => html`<dt>${quantityName(one.quantity, spoken())}</dt><dd>${withUnit(one.value, one.unit)} <span class="soft">${this.#time(one.measured_at)}</span></dd>`)}
            </dl>`}
      <canopy-charts source=${`layers/${encodeURIComponent(feature.layer)}/${encodeURIComponent(feature.id)}/series`}></canopy-charts>
      <h3>${t('tickets')}</h3>
      ${feature.tickets.length === 0 ? empty(t('empty_feature_tickets')) : feature.tickets.map((one) => this.#ticket(one))} ${this.#photos(feature)}
      <canopy-feature-history feature=${`${feature.layer}/${feature.id}`} .version=${feature.version} .known=${feature.attributes}></canopy-feature-history>`;
  }

  /** Those of its tickets, the newest first. */
  #photos({ tickets }: WholeFeature): TemplateResult | typeof none {
    const photos: Photo[] = tickets.flatMap((one) => store.tickets.value?.get(one.id)?.photos ?? one.photos ?? []);
    photos.sort((a, b) => b.added_at.localeCompare(a.added_at));
    return photos.length === 0 ? none : html`<h3>${t('photos')}</h3><canopy-photos .photos=${photos}></canopy-photos>`;
  }

  #acts(feature: WholeFeature): TemplateResult {
    const ref = `${feature.layer}/${feature.id}`;
    return html`<button type="button" class="create" @click=${() => store.show({ create: { feature: ref } })}>${t('new_ticket_here')}</button>
      <div class="line own">
        <button type="button" name="edit" @click=${() => store.show({ tool: 'edit', feature: ref })}>${t('feature_change')}</button>
        <button type="button" name="remove" @click=${() => this.#remove(feature)}>${t('feature_remove')}</button>
      </div>`;
  }

  /** Done when the time to take it back is over; refused when somebody has changed it meanwhile. */
  #remove({ layer, id, version }: WholeFeature): void {
    undo.put({ text: t('will_remove', { name: `${layerName(layer)} ${id}` }), act: (leaving) => remove(layer, id, version, leaving) });
    store.show({ feature: null });
  }

  #device(device: WholeFeature['devices'][number]): TemplateResult {
    return html`<li>
      <button type="button" class="quiet link-text" @click=${() => store.show({ device: device.id, feature: null, ticket: null })}>${device.id}</button>
      <span class="soft">${ours(device.title, device.profile)} · ${device.last_seen_at ? this.#time(device.last_seen_at) : t('never_heard')}</span>
    </li>`;
  }

  #ticket(given: WholeFeature['tickets'][number]): TemplateResult {
    const ticket = store.tickets.value?.get(given.id) ?? given;
    const state = look(ticket, store.now);
    return html`<button type="button" class="row" @click=${() => store.show({ ticket: ticket.id, feature: null, device: null, trace: false })}>
      ${mark(state)}
      <span class="what"><strong>${store.titleOf(ticket)}</strong><span class="soft">${this.#time(ticket.opened_at)}</span></span>
      <span class="when" data-look=${state}><span>${stateText(ticket, store.now)}</span></span>
    </button>`;
  }

  #time(moment: string): TemplateResult {
    return html`<time datetime=${moment} title=${exact(moment)}>${ago(moment, store.now)}</time>`;
  }
}
