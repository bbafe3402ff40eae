import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Hit, SearchResult } from '../../shared/api';
import { number } from '../../shared/format';
import { ours, t } from '../../shared/texts';
import { layerName } from '../parts/catalogue';
import { failureOf, nothing, type Loaded } from '../parts/loaded';
import { empty, failed } from '../parts/notice';
import { Part } from '../parts/part';
import { layerIcon } from '../parts/swatch';
import { store, type Topic } from '../store';

/** So long somebody may write on before the service is asked. */
const PAUSE = 150;
/** A query that the service takes. */
const LONGEST = 100;

/** Finds features of all layers while one writes; Enter flies there and opens the feature. */
@customElement('canopy-map-search')
export class MapSearch extends Part {
  protected readonly about: readonly Topic[] = ['styles'];
  @state() private query = '';
  @state() private open = false;
  @state() private at = 0;
  #found: Loaded<SearchResult> = nothing();
  #asked = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.#elsewhere);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.#elsewhere);
  }

  readonly #elsewhere = (event: Event): void => {
    this.open = this.open && this.contains(event.target as Node);
  };

  #write(text: string): void {
    this.query = text;
    this.open = text.trim() !== '';
    clearTimeout(this.#timer);
    if (this.open) {
      this.#timer = setTimeout(() => void this.#ask(), PAUSE);
    }
  }

  async #ask(): Promise<void> {
    this.#asked.abort();
    const asked = new AbortController();
    this.#asked = asked;
    let next: Loaded<SearchResult>;
    try {
      next = { value: await api.search(this.query, asked.signal), failure: null, loading: false };
    } catch (e) {
      next = { value: null, failure: failureOf(e), loading: false };
    }
    if (!asked.signal.aborted) {
      this.#found = next;
      this.at = 0;
      this.requestUpdate();
    }
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }

  #key(event: KeyboardEvent): void {
    const hits = this.#found.value?.items ?? [];
    const hit = hits[this.at];
    if (event.key === 'Escape' && this.open) {
      event.stopPropagation();
      this.open = false;
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      this.open = this.query.trim() !== '';
      this.at = Math.max(0, Math.min(hits.length - 1, this.at + (event.key === 'ArrowDown' ? 1 : -1)));
    } else if (event.key === 'Enter' && this.open && hit !== undefined) {
      this.#go(hit);
    }
  }

  #go(hit: Hit): void {
    this.open = false;
    const feature = `${hit.layer}/${hit.id}`;
    store.saw(feature, hit.position);
    store.show({ feature });
    store.fly(hit.bbox ?? [...hit.position, ...hit.position]);
  }

  protected override render(): TemplateResult {
    const shown = this.open && (this.#found.value !== null || this.#found.failure !== null);
    return html`<input
        type="search"
        role="combobox"
        aria-label=${t('search_map')}
        placeholder=${t('search_short')}
        title=${t('search_map')}
        maxlength=${LONGEST}
        autocomplete="off"
        aria-autocomplete="list"
        aria-expanded=${shown ? 'true' : 'false'}
        aria-controls="hits"
        aria-activedescendant=${shown && this.#hits() > 0 ? `hit-${this.at}` : none}
        .value=${this.query}
        @input=${(event: Event) => this.#write((event.target as HTMLInputElement).value)}
        @focus=${() => (this.open = this.query.trim() !== '')}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      />
      <div class="hits" ?hidden=${!shown}>${this.#body()}</div>`;
  }

  #hits(): number {
    return this.#found.value?.items.length ?? 0;
  }

  #body(): TemplateResult {
    const { value, failure } = this.#found;
    if (failure !== null) {
      return html`<div id="hits">${failed(failure, () => void this.#ask())}</div>`;
    }
    const count = value?.count ?? 0;
    const items = value?.items ?? [];
    if (items.length === 0) {
      return html`<div id="hits">${empty(t('search_none'))}</div>`;
    }
    return html`<p class="sum" role="status">${t(value?.nearly === true ? 'search_nearly' : count > items.length ? 'search_best' : 'search_count', { n: number(count), m: items.length })}</p>
      <ul id="hits" role="listbox" aria-label=${t('search_map')}>
        ${items.map((one, place) => this.#hit(one, place))}
      </ul>`;
  }

  #hit(hit: Hit, place: number): TemplateResult {
    const about = hit.matched.filter((one) => one.value !== hit.name).map((one) => ours(one.title, one.value));
    return html`<li
      role="option"
      id=${`hit-${place}`}
      class="hit"
      aria-selected=${place === this.at ? 'true' : 'false'}
      @pointermove=${() => (this.at = place)}
      @click=${() => this.#go(hit)}
    >
      ${layerIcon(hit.layer)}
      <span class="what"><strong>${hit.name ?? hit.id}</strong><span class="soft small">${[layerName(hit.layer), ...(hit.name === undefined ? [] : [hit.id]), ...about].join(' · ')}</span></span>
    </li>`;
  }
}
