import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Series } from '../../shared/series';
import { t } from '../../shared/texts';
import type { Topic } from '../store';
import './chart';
import { failureOf, isOffline, nothing, type Loaded } from './loaded';
import { shown } from './notice';
import { Part } from './part';

const DAY = 86_400_000;
export const SPANS = { day: DAY, week: 7 * DAY, month: 30 * DAY, quarter: 90 * DAY } as const;
export type Span = keyof typeof SPANS;

/** The charts of a device or a feature, over a span that one chooses, or around a moment. */
@customElement('canopy-charts')
export class Charts extends Part {
  protected readonly about: readonly Topic[] = [];
  /** The path of the series below the API, such as `devices/d1/series`. */
  @property() source = '';
  /** Only this quantity; all when null. */
  @property() quantity: string | null = null;
  @property({ attribute: false }) limit: number | null = null;
  /** Six hours before and after this moment, instead of a span that ends now. */
  @property() around: string | null = null;
  @state() private span: Span = 'day';
  #loaded: Loaded<Series> = nothing();
  #asked = 0;

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('source') || changed.has('quantity') || changed.has('around') || changed.has('span')) {
      if (changed.has('source')) {
        this.#loaded = nothing();
      }
      void this.#load();
    }
  }

  async #load(): Promise<void> {
    const asked = ++this.#asked;
    let next: Loaded<Series>;
    try {
      next = { value: await api.series(this.source, ...this.#period(), this.quantity), failure: null, loading: false };
    } catch (e) {
      next = { ...this.#loaded, failure: failureOf(e), loading: false };
    }
    if (asked === this.#asked) {
      this.#loaded = next;
      this.requestUpdate();
    }
  }

  #period(): [from: number, to: number] {
    if (this.around !== null) {
      const moment = Date.parse(this.around);
      return [moment - DAY / 4, Math.min(moment + DAY / 4, Date.now())];
    }
    const now = Date.now();
    return [now - SPANS[this.span], now];
  }

  protected override whenBack(): void {
    if (isOffline(this.#loaded)) {
      void this.#load();
    }
  }

  protected override render(): TemplateResult {
    return html`<section class="charts" aria-label=${t('charts')}>
      <h3>${t('charts')}</h3>
      ${this.around === null ? this.#spans() : none} ${this.#body()}
    </section>`;
  }

  #spans(): TemplateResult {
    return html`<div class="line" role="group" aria-label=${t('span')}>
      ${(Object.keys(SPANS) as Span[]).map(
        (one) => html`<button type="button" aria-pressed=${one === this.span ? 'true' : 'false'} @click=${() => (this.span = one)}>${t(`span_${one}`)}</button>`,
      )}
    </div>`;
  }

  #body(): TemplateResult {
    return shown(
      this.#loaded,
      { again: () => void this.#load(), rows: 3, empty: ({ series }) => (series.length === 0 ? t('empty_charts') : null) },
      ({ series, from, to }) =>
        series.map((one) => html`<canopy-chart .line=${one} .limit=${this.limit} .from=${Date.parse(from)} .to=${Date.parse(to)}></canopy-chart>`),
    );
  }
}
