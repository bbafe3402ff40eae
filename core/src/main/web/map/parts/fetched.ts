import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { t, type TextKey } from '../../shared/texts';
import { store, type Topic } from '../store';
import { failureOf, isOffline, nothing, type Loaded } from './loaded';
import { shown } from './notice';
import { Part } from './part';

/** A panel of rows that is fetched when it is opened and when somebody asks; draws the five states that a list can be in. */
export abstract class Fetched<T> extends Part {
  protected readonly about: readonly Topic[] = ['time'];
  protected abstract readonly nothingYet: TextKey;
  protected loaded: Loaded<T[]> = nothing();

  protected abstract fetch(): Promise<T[]>;
  protected abstract row(item: T): TemplateResult;

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    void this.load();
  }

  protected async load(): Promise<void> {
    this.loaded = { ...this.loaded, loading: true };
    this.requestUpdate();
    try {
      this.loaded = { value: await this.fetch(), failure: null, loading: false };
    } catch (e) {
      this.loaded = { ...this.loaded, failure: failureOf(e), loading: false };
    }
    this.requestUpdate();
  }

  protected override whenBack(): void {
    if (isOffline(this.loaded)) {
      void this.load();
    }
  }

  protected override render(): TemplateResult {
    const { loading: busy } = this.loaded;
    return html`<div class="tools head"><h2>${t(store.view.panel)}</h2><button type="button" ?disabled=${busy} @click=${() => void this.load()}>${t('refresh')}</button></div>
      ${this.above()}
      ${shown(
        this.loaded,
        { again: () => void this.load(), rows: 6, empty: (rows) => (rows.length === 0 ? t(this.nothingYet) : null) },
        (rows) => html`<ul class="entries" aria-busy=${busy ? 'true' : 'false'}>${rows.map((one) => html`<li>${this.row(one)}</li>`)}</ul>`,
      )}`;
  }

  /** What stands between heading and rows, whatever their state. */
  protected above(): TemplateResult | typeof none {
    return none;
  }
}
