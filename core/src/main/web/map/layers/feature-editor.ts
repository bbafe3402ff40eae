import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Geometry } from 'geojson';
import * as api from '../../shared/api';
import type { Failure, LayerDetail, WholeFeature } from '../../shared/api';
import { number } from '../../shared/format';
import { t } from '../../shared/texts';
import { apart, hasHoles, shapeOf } from '../canvas/drawn-parts';
import { allLayers, kindOf, layerName } from '../parts/catalogue';
import { failureOf, isOffline, nothing, type Loaded } from '../parts/loaded';
import { failed, shown, undone } from '../parts/notice';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { mayAct } from '../tickets/moves';
import { featureRef } from '../view';
import { desk } from './desk';
import { itemAddress } from './cql';
import * as calls from './edit-calls';
import './edit-conflict';
import type { Conflict } from './edit-conflict';
import { field, fieldsOf, filled } from './feature-form';

/** What is edited: the layer, and the feature as it stood when the editing began; null for a new one. */
interface Subject {
  layer: LayerDetail;
  feature: WholeFeature | null;
}

/** Adds a feature to a layer, or changes one: its shape on the map, its attributes in a form of their types. */
@customElement('canopy-feature-editor')
export class FeatureEditor extends Part {
  protected readonly about: readonly Topic[] = ['view', 'session', 'layers'];
  @state() private busy = false;
  @state() private failure: Failure | null = null;
  @state() private shape: 'point' | 'line' | 'polygon' = 'point';
  @state() private geometry: Geometry | null = null;
  /** What is there cannot be changed on the map. */
  @state() private fixed = false;
  /** Somebody else has saved meanwhile. */
  @state() private conflict: Conflict | null = null;
  /** What was to be saved last. */
  @state() private unsaved: calls.NewState | null = null;
  @state() private near: { layer: string; saved: calls.Saved } | null = null;
  #subject: Loaded<Subject> = nothing();
  #shown = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.draw(null);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { tool, feature, layer } = store.view;
    const wanted = tool === 'edit' ? (feature ?? '') : `${layer ?? ''}/`;
    if (wanted !== this.#shown) {
      this.#shown = wanted;
      this.#subject = nothing();
      this.conflict = null;
      this.near = null;
      this.failure = null;
      desk.draw(null);
      if (!wanted.startsWith('/') && wanted !== '') {
        void this.#load(wanted);
      }
    }
  }

  async #load(wanted: string): Promise<void> {
    const { layer, id } = featureRef(wanted);
    let next: Loaded<Subject>;
    try {
      const [detail, feature] = await Promise.all([api.layerDetail(layer), id === '' ? null : api.feature(layer, id)]);
      next = { value: { layer: detail, feature }, failure: null, loading: false };
    } catch (e) {
      next = { ...this.#subject, failure: failureOf(e), loading: false };
    }
    if (wanted === this.#shown && this.isConnected) {
      this.#subject = next;
      if (next.value !== null) {
        this.#begin(next.value);
      }
      this.requestUpdate();
    }
  }

  #begin({ layer, feature }: Subject): void {
    this.geometry = feature?.geometry ?? null;
    this.shape = this.geometry === null ? (layer.kind === 'any' ? 'point' : layer.kind) : shapeOf(this.geometry);
    this.#draw();
  }

  #draw(): void {
    const { geometry, shape } = this;
    this.fixed = apart(geometry) === null;
    desk.draw(this.fixed ? null : { shape, geometry, drawn: (next) => (this.geometry = next), refused: () => (this.fixed = true) });
  }

  protected override whenBack(): void {
    if (isOffline(this.#subject)) {
      void this.#load(this.#shown);
    }
  }

  protected override render(): TemplateResult {
    const adding = store.view.tool === 'add';
    return html`<div class="head">
        <h2>${t(adding ? 'feature_add' : 'feature_edit')}</h2>
        <button type="button" class="quiet" @click=${() => this.#close()}>${t('close')}</button>
      </div>
      ${mayAct(store.user) ? html`${adding ? this.#layers() : none} ${this.#content()}` : failed({ kind: 'forbidden' }, null)}`;
  }

  #close(): void {
    const { tool, feature } = store.view;
    store.show(tool === 'edit' ? { feature, tool: null } : { tool: null });
  }

  #layers(): TemplateResult {
    const { layer } = store.view;
    return html`<div class="acts">
      <label
        >${t('layer')}<select name="layer" @change=${(event: Event) => store.show({ tool: 'add', layer: (event.target as HTMLSelectElement).value })}>
          <option value="">${t('layer_choose')}</option>
          ${allLayers().map((one) => html`<option value=${one} ?selected=${one === layer}>${layerName(one)}</option>`)}
        </select></label
      >
    </div>`;
  }

  #content(): TemplateResult | typeof none {
    if (this.near !== null) {
      return this.#duplicates(this.near.layer, this.near.saved);
    }
    if (this.#shown === '' || this.#shown.startsWith('/')) {
      return none;
    }
    return shown(this.#subject, { again: () => void this.#load(this.#shown), rows: 5 }, (subject) => this.#form(subject));
  }

  #form(subject: Subject): TemplateResult {
    const { layer, feature } = subject;
    const fields = fieldsOf(layer.attributes);
    const { conflict } = this;
    if (conflict !== null) {
      const save = (state: calls.NewState): void => void this.#save({ layer, feature: conflict.theirs }, state, conflict.theirs.version);
      return html`<p class="soft">${layerName(layer.name)} · ${conflict.theirs.id}</p>
        <canopy-edit-conflict
          .conflict=${conflict}
          .known=${fields}
          .busy=${this.busy}
          @chosen=${(event: CustomEvent<calls.NewState>) => save(event.detail)}
          @dropped=${() => this.#takeTheirs(layer, conflict.theirs)}
        ></canopy-edit-conflict>
        ${this.#refused(layer, conflict.theirs, null)}`;
    }
    return html`${feature === null ? none : html`<p class="soft">${layerName(layer.name)} · ${feature.id}</p>`} ${this.#shapes(layer, feature)}
      <form class="acts" aria-busy=${this.busy ? 'true' : 'false'} @submit=${(event: SubmitEvent) => this.#submitted(event, subject)}>
        ${feature === null ? html`<label>${t('feature_id')}<input type="text" name="@id" maxlength="200" autocomplete="off" placeholder=${t('feature_id_hint')} ?disabled=${this.busy} /></label>` : none}
        ${fields.map((one) => field(one, feature?.properties[one.name], this.busy))}
        <div class="line"><button class="main" ?disabled=${this.busy || this.geometry === null}>${t(this.busy ? 'saving' : 'save')}</button></div>
      </form>
      ${this.#refused(layer, feature, () => this.querySelector('form')?.requestSubmit())}`;
  }

  /** Why nothing was saved; what somebody has removed meanwhile can be added again as it stands in the form. */
  #refused(layer: LayerDetail, feature: WholeFeature | null, again: (() => void) | null): TemplateResult | typeof none {
    const { failure, unsaved } = this;
    if (failure?.kind === 'missing' && feature !== null && unsaved !== null) {
      const add = (): void => void this.#save({ layer, feature: null }, { ...unsaved, id: feature.id }, 0);
      return html`<div class="notice" role="alert" data-state="removed">
        <p>${t('removed_meanwhile')}</p>
        <button type="button" name="again" ?disabled=${this.busy} @click=${add}>${t('add_again')}</button>
      </div>`;
    }
    return failure === null ? none : undone(failure, again);
  }

  /** What is to be done on the map, and which shape where the layer takes several. */
  #shapes(layer: LayerDetail, feature: WholeFeature | null): TemplateResult {
    if (feature !== null && this.fixed) {
      return html`<p class="pick">${t('shape_fixed')}</p>
        <p class="line">
          <a href=${itemAddress(layer.name, feature.id)} download=${`${feature.id}.geojson`}>${t('shape_download')}</a>
          <button type="button" class="quiet link-text" @click=${() => store.show({ tool: 'import' })}>${t('shape_import')}</button>
        </p>`;
    }
    const choose =
      feature === null && kindOf(layer.name) === 'any' && this.geometry === null
        ? html`<div class="line" role="group">
            ${(['point', 'line', 'polygon'] as const).map((one) => html`<button type="button" aria-pressed=${one === this.shape ? 'true' : 'false'} @click=${() => this.#shape(one)}>${t(`shape_${one}`)}</button>`)}
          </div>`
        : none;
    return html`${choose}<p class="pick">${this.geometry === null ? t(`draw_${this.shape}`) : t(`move_${this.shape}`)}</p>
      ${this.geometry !== null && hasHoles(this.geometry) ? html`<p class="soft">${t('move_hole')}</p>` : none}`;
  }

  #shape(shape: 'point' | 'line' | 'polygon'): void {
    this.shape = shape;
    this.#draw();
  }

  #submitted(event: SubmitEvent, subject: Subject): void {
    event.preventDefault();
    const { layer, feature } = subject;
    if (this.geometry === null) {
      return;
    }
    const form = new FormData(event.target as HTMLFormElement);
    const given = form.get('@id');
    const id = feature?.id ?? (typeof given === 'string' && given.trim() !== '' ? given.trim() : undefined);
    const properties = filled(form, fieldsOf(layer.attributes), feature?.properties ?? {});
    void this.#save(subject, { ...(id === undefined ? {} : { id }), geometry: this.geometry, properties }, feature?.version ?? 0);
  }

  async #save({ layer, feature }: Subject, state: calls.NewState, version: number): Promise<void> {
    this.busy = true;
    this.failure = null;
    this.unsaved = state;
    try {
      this.#saved(layer.name, feature === null ? await calls.create(layer.name, state) : await calls.replace(layer.name, feature.id, version, state));
    } catch (e) {
      const failure = failureOf(e);
      if (feature !== null && failure.kind === 'failed' && failure.status === 412) {
        await this.#meet(feature, state);
      } else {
        this.failure = failure;
      }
    } finally {
      this.busy = false;
    }
  }

  /** Somebody else was first: both versions are shown. */
  async #meet(feature: WholeFeature, mine: calls.NewState): Promise<void> {
    try {
      const [theirs, steps] = await Promise.all([api.feature(feature.layer, feature.id), api.featureHistory(`${feature.layer}/${feature.id}`)]);
      this.conflict = { base: feature, theirs, step: steps[0] ?? null, mine };
      desk.draw(null);
    } catch (e) {
      this.failure = failureOf(e);
    }
  }

  #takeTheirs(layer: LayerDetail, feature: WholeFeature): void {
    this.conflict = null;
    this.failure = null;
    this.#subject = { ...this.#subject, value: { layer, feature } };
    this.#begin({ layer, feature });
    // Another form: what was typed belongs to the other version.
    this.querySelector('form')?.reset();
  }

  #saved(layer: string, saved: calls.Saved): void {
    desk.draw(null);
    this.conflict = null;
    if (saved.near.length > 0) {
      this.near = { layer, saved };
    } else {
      store.show({ feature: `${layer}/${saved.id}`, tool: null });
    }
  }

  #duplicates(layer: string, saved: calls.Saved): TemplateResult {
    const open = (id: string) => () => store.show({ feature: `${layer}/${id}`, tool: null });
    return html`<div class="notice" role="alert" data-state="near"><p>${t('near_found', { id: saved.id })}</p></div>
      <ul class="plain">
        ${saved.near.map((one) => html`<li><button type="button" class="quiet link-text" @click=${open(one.id)}>${one.id}</button> <span class="soft">${t('near_by', { n: number(one.meters) })}</span></li>`)}
      </ul>
      <button type="button" class="main" @click=${open(saved.id)}>${t('near_keep')}</button>`;
  }
}
