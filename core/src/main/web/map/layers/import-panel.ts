import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Feature, FeatureCollection } from 'geojson';
import * as api from '../../shared/api';
import type { Attribute } from '../../shared/api';
import { number } from '../../shared/format';
import { ours } from '../../shared/texts';
import { fieldsOf } from './feature-form';
import { columnTable, mapText, type Sources } from './import-columns';
import { reported } from './import-report';
import { address, MAX_BYTES, send, type FileColumn, type ImportReport, type ImportWish, type Refused, type Sent, type Step } from './import-send';
import { say, type ImportTextKey } from './import-texts';
import './import.css';

interface Named {
  id?: string;
  name?: string;
  layer?: string;
  title: Partial<Record<string, string>>;
}

/** Coordinate systems that files here come in, by what tells them apart. */
const SYSTEMS: readonly (readonly [code: string, about: string])[] = [
  ['EPSG:4326', 'WGS 84'],
  ['EPSG:9213', 'VN-2000, 106°30′, 3°'],
  ['EPSG:9205', 'VN-2000, 103°, 3°'],
  ['EPSG:9216', 'VN-2000, 107°45′, 3°'],
  ['EPSG:3405', 'VN-2000 / UTM 48N'],
  ['EPSG:3406', 'VN-2000 / UTM 49N'],
  ['EPSG:32648', 'WGS 84 / UTM 48N'],
  ['EPSG:3857', 'Web Mercator'],
];
const NO_WISH: ImportWish = {
  layer: '',
  crs: '',
  mapping: '',
  id: '',
  map: '',
  accuracy: '',
  source: '',
  surveyed: '',
  x: '',
  y: '',
  wkt: '',
  table: '',
  encoding: '',
  acceptValid: false,
};
type TextWish = 'crs' | 'id' | 'map' | 'accuracy' | 'source' | 'x' | 'y' | 'wkt' | 'table' | 'encoding';

/**
 * Takes a file into a layer: tried first, then taken. Needs nothing of the page but its styles; what was refused is handed
 * to whoever listens for `canopy-draw`, a CustomEvent that bubbles with a FeatureCollection as its detail; `canopy-look` has a box to be looked at.
 */
@customElement('canopy-import-panel')
export class ImportPanel extends LitElement {
  @state() private layers: Named[] = [];
  @state() private mappings: Named[] = [];
  @state() private wish: ImportWish = NO_WISH;
  @state() private file: File | null = null;
  @state() private step: Step | null = null;
  @state() private report: ImportReport | null = null;
  @state() private failure: string | null = null;
  /** What the file says, as it was when it was first tried. */
  @state() private columns: readonly FileColumn[] = [];
  @state() private sources: Sources = new Map();
  /** Of which layer the attributes are, and these. */
  @state() private wanted: { layer: string; known: readonly Attribute[] } | null = null;
  @state() private listsFailed = false;
  /** What was tried last, so that only what was looked at is taken in. */
  #tried = '';
  #stop = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#loadLists();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  async #loadLists(): Promise<void> {
    this.listsFailed = false;
    try {
      const [layers, mappings] = await Promise.all([api.layers<Named>(), api.call<{ items: Named[] }>('mappings')]);
      this.layers = layers;
      this.mappings = mappings.items;
      this.#say({ layer: this.wish.layer || (layers[0]?.name ?? '') });
    } catch {
      this.listsFailed = true;
    }
  }

  #say(change: Partial<ImportWish>): void {
    this.wish = { ...this.wish, ...change };
  }

  /** With what was chosen of the file's own attributes. */
  #whole(): ImportWish {
    return { ...this.wish, map: [mapText(this.sources), this.wish.map.trim()].filter((one) => one !== '').join(',') };
  }

  /** The attributes of the layer, to which those of the file are to be mapped; without them there is nothing to choose. */
  async #loadAttributes(layer: string): Promise<void> {
    try {
      const { attributes } = await api.layerDetail(layer);
      if (layer === this.wish.layer) {
        this.wanted = { layer, known: fieldsOf(attributes) };
      }
    } catch {
      this.wanted = null;
      this.listsFailed = true;
    }
  }

  #fingerprint(): string {
    return this.file === null ? '' : address(this.#whole(), this.file.name, true) + `#${this.file.size}-${this.file.lastModified}`;
  }

  async #send(dryRun: boolean): Promise<void> {
    const { file } = this;
    if (file === null || file.size > MAX_BYTES) {
      this.failure = say(file === null ? 'choose_file' : 'too_large');
      return;
    }
    this.#stop = new AbortController();
    this.failure = null;
    this.report = null;
    this.step = { sent: 0 };
    const tried = this.#fingerprint();
    const tell = (step: Step): void => {
      this.step = step;
    };
    const sent = await send(address(this.#whole(), file.name, dryRun), file, tell, this.#stop.signal);
    this.step = null;
    this.#tried = dryRun && sent.kind === 'report' ? tried : '';
    await this.#show(sent);
    await this.updateComplete;
    // The answer is below the form, and what there is to choose now pushes it further down.
    this.querySelector('.import-report')?.scrollIntoView({ block: 'nearest' });
  }

  async #show(sent: Sent): Promise<void> {
    if (sent.kind === 'report') {
      this.report = sent.report;
      if (this.columns.length === 0) {
        this.columns = sent.report.columns;
      }
      if (this.columns.length > 0 && this.wanted?.layer !== this.wish.layer) {
        await this.#loadAttributes(this.wish.layer);
      }
    } else {
      this.failure = sent.kind === 'problem' ? sent.detail : say(sent.kind);
    }
  }

  /** Whether what was tried last, and nothing else, can be taken in now. */
  get #ready(): boolean {
    const report = this.report;
    return this.step === null && report?.dry_run === true && this.#tried === this.#fingerprint() && report.features > 0 && (report.refused === 0 || this.wish.acceptValid);
  }

  #draw(refused: Refused): void {
    const detail: FeatureCollection = { type: 'FeatureCollection', features: refused.features.filter((one): one is Feature => one.geometry !== null) };
    this.dispatchEvent(new CustomEvent('canopy-draw', { detail, bubbles: true, composed: true }));
  }

  #download(features: Refused): void {
    const url = URL.createObjectURL(new Blob([JSON.stringify(features)], { type: 'application/geo+json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${this.wish.layer}-refused.geojson`;
    link.click();
    URL.revokeObjectURL(url);
  }

  protected override render(): TemplateResult {
    return html`<form class="import-form" @submit=${(e: Event) => e.preventDefault()}>
        ${this.listsFailed
          ? html`<p class="wrong" role="alert">${say('lists_failed')} <button type="button" @click=${() => void this.#loadLists()}>${say('again')}</button></p>`
          : nothing}
        <label>${say('file')}<input type="file" name="file" accept=".zip,.gpkg,.geojson,.json,.geojsonl,.geojsons,.ndjson,.csv,.tsv,.txt,.kml,.kmz,.pbf" @change=${this.#chosen} /></label>
        <p class="soft small">${say('file_hint')}</p>
        <label>${say('layer')}<select name="layer" @change=${(e: Event) => this.#layerChosen(valueOf(e))}>
            ${this.layers.map((one) => html`<option value=${one.name ?? ''} ?selected=${one.name === this.wish.layer}>${ours(one.title, one.name)}</option>`)}
          </select></label>
        ${this.#text('crs', 'crs', say('crs_hint'))}
        <datalist id="import-systems">${SYSTEMS.map(([code, about]) => html`<option value=${code}>${about}</option>`)}</datalist>
        <label>${say('mapping')}<select name="mapping" .value=${this.wish.mapping} @change=${(e: Event) => this.#say({ mapping: valueOf(e) })}>
            <option value="">${say('mapping_none')}</option>
            ${this.mappings.filter((one) => one.layer === this.wish.layer).map((one) => html`<option value=${one.id ?? ''}>${ours(one.title, one.id)}</option>`)}
          </select></label>
        ${this.#columns()}
        <details><summary>${say('more')}</summary>
          ${this.#text('id', 'id')} ${this.#text('map', 'map')} ${this.#text('accuracy', 'accuracy')} ${this.#text('source', 'source')}
          <label>${say('surveyed')}<input type="date" name="surveyed" .value=${this.wish.surveyed} @change=${(e: Event) => this.#say({ surveyed: valueOf(e) })} /></label>
          ${this.#text('x', 'x')} ${this.#text('y', 'y')} ${this.#text('wkt', 'wkt')} ${this.#text('table', 'table')}
          ${this.#text('encoding', 'encoding', 'UTF-8, windows-1258, TCVN3')}
        </details>
        <label class="check"><input type="checkbox" name="accept_valid" .checked=${this.wish.acceptValid} @change=${(e: Event) => this.#say({ acceptValid: (e.target as HTMLInputElement).checked })} />${say('accept_valid')}</label>
        <p class="buttons">
          <button type="button" name="try" ?disabled=${this.step !== null || this.wish.layer === ''} @click=${() => void this.#send(true)}>${say('try')}</button>
          <button type="button" name="take" class="main" ?disabled=${!this.#ready} @click=${() => void this.#send(false)}>${say('take')}</button>
        </p>
      </form>
      ${this.#progress()} ${this.failure === null ? nothing : html`<p class="wrong import-report" role="alert">${this.failure}</p>`}
      ${this.report === null ? nothing : this.#reported(this.report)}`;
  }

  #columns(): TemplateResult | typeof nothing {
    const { wanted, columns } = this;
    return wanted === null || columns.length === 0
      ? nothing
      : columnTable({
          attributes: wanted.known,
          columns,
          id: this.wish.id,
          sources: this.sources,
          choose: (sources) => (this.sources = sources),
          chooseId: (id) => this.#say({ id }),
        });
  }

  #look(box: readonly number[]): void {
    this.dispatchEvent(new CustomEvent('canopy-look', { detail: box, bubbles: true, composed: true }));
  }

  #reported(report: ImportReport): TemplateResult {
    const act = {
      look: (box: readonly number[]) => this.#look(box),
      draw: () => this.#draw(report.refused_features),
      download: () => this.#download(report.refused_features),
    };
    return reported(report, act, this.wish.acceptValid);
  }

  readonly #chosen = (e: Event): void => {
    this.file = (e.target as HTMLInputElement).files?.[0] ?? null;
    this.report = null;
    this.failure = null;
    this.columns = [];
    this.sources = new Map();
  };

  #layerChosen(layer: string): void {
    this.#say({ layer, mapping: '' });
    this.sources = new Map();
    this.wanted = null;
    if (this.columns.length > 0) {
      void this.#loadAttributes(layer);
    }
  }

  #text(name: TextWish, label: ImportTextKey, hint = ''): TemplateResult {
    return html`<label>${say(label)}<input type="text" name=${name} autocomplete="off" list=${name === 'crs' ? 'import-systems' : ''} placeholder=${hint} .value=${this.wish[name]} @input=${(e: Event) => this.#say({ [name]: valueOf(e) })} /></label>`;
  }

  #progress(): TemplateResult | typeof nothing {
    if (this.step === null) {
      return nothing;
    }
    const share = this.step === 'reading' ? null : this.step.sent;
    return html`<p class="import-report" role="status">
      ${share === null ? html`${say('reading')} <progress></progress>` : html`${say('sending')} <progress max="1" .value=${share}></progress> ${number(share * 100, 0)} %`}
      <button type="button" name="stop" @click=${() => this.#stop.abort()}>${say('stop')}</button>
    </p>`;
  }
}

function valueOf(e: Event): string {
  return (e.target as HTMLInputElement | HTMLSelectElement).value;
}
