import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Feature, FeatureCollection } from 'geojson';
import * as api from '../../shared/api';
import { number } from '../../shared/format';
import { ours } from '../../shared/texts';
import { reported } from './import-report';
import { address, MAX_BYTES, send, type ImportReport, type ImportWish, type Refused, type Sent, type Step } from './import-send';
import { say, type ImportTextKey } from './import-texts';
import './import.css';

interface Named {
  id?: string;
  name?: string;
  layer?: string;
  title: Partial<Record<string, string>>;
}

const SYSTEMS = ['EPSG:4326', 'EPSG:9213', 'EPSG:9205', 'EPSG:9216', 'EPSG:3405', 'EPSG:3406', 'EPSG:32648', 'EPSG:3857'];
const NO_WISH: ImportWish = { layer: '', crs: '', mapping: '', id: '', map: '', accuracy: '', source: '', surveyed: '', acceptValid: false };

/**
 * Takes a file into a layer: tried first, then taken. Needs nothing of the page but its styles; what was refused is handed
 * to whoever listens for `canopy-draw`, a CustomEvent that bubbles with a FeatureCollection as its detail.
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

  #fingerprint(): string {
    return this.file === null ? '' : address(this.wish, this.file.name, true) + `#${this.file.size}-${this.file.lastModified}`;
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
    const sent = await send(address(this.wish, file.name, dryRun), file, tell, this.#stop.signal);
    this.step = null;
    this.#tried = dryRun && sent.kind === 'report' ? tried : '';
    this.#show(sent);
    await this.updateComplete;
    // On a small screen the answer would be below what is to be seen.
    this.querySelector('.import-report')?.scrollIntoView({ block: 'nearest' });
  }

  #show(sent: Sent): void {
    if (sent.kind === 'report') {
      this.report = sent.report;
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
        <label>${say('layer')}<select name="layer" @change=${(e: Event) => this.#say({ layer: valueOf(e), mapping: '' })}>
            ${this.layers.map((one) => html`<option value=${one.name ?? ''} ?selected=${one.name === this.wish.layer}>${ours(one.title, one.name)}</option>`)}
          </select></label>
        ${this.#text('crs', 'crs', say('crs_hint'))}
        <datalist id="import-systems">${SYSTEMS.map((one) => html`<option value=${one}></option>`)}</datalist>
        <label>${say('mapping')}<select name="mapping" .value=${this.wish.mapping} @change=${(e: Event) => this.#say({ mapping: valueOf(e) })}>
            <option value="">${say('mapping_none')}</option>
            ${this.mappings.filter((one) => one.layer === this.wish.layer).map((one) => html`<option value=${one.id ?? ''}>${ours(one.title, one.id)}</option>`)}
          </select></label>
        <details><summary>${say('more')}</summary>
          ${this.#text('id', 'id')} ${this.#text('map', 'map')} ${this.#text('accuracy', 'accuracy')} ${this.#text('source', 'source')}
          <label>${say('surveyed')}<input type="date" name="surveyed" .value=${this.wish.surveyed} @change=${(e: Event) => this.#say({ surveyed: valueOf(e) })} /></label>
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

  #reported(report: ImportReport): TemplateResult {
    return reported(report, {
      draw: () => this.#draw(report.refused_features),
      download: () => this.#download(report.refused_features),
    });
  }

  readonly #chosen = (e: Event): void => {
    this.file = (e.target as HTMLInputElement).files?.[0] ?? null;
    this.report = null;
    this.failure = null;
  };

  #text(name: 'crs' | 'id' | 'map' | 'accuracy' | 'source', label: ImportTextKey, hint = ''): TemplateResult {
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
