import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Attribute, FeatureStep } from '../../shared/api';
import { ago, exact, number } from '../../shared/format';
import { ours, t } from '../../shared/texts';
import { middle, metres } from '../canvas/places';
import { failureOf, isOffline, nothing, type Loaded } from '../parts/loaded';
import { shown } from '../parts/notice';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { attributeText } from './attribute-text';
import { changesBetween, type Change } from './feature-changes';

/** So many edits are shown before somebody asks for the others. */
const FEW = 5;

/** Who edited a feature, when, and what was before and after. */
@customElement('canopy-feature-history')
export class FeatureHistory extends Part {
  protected readonly about: readonly Topic[] = ['time'];
  /** layer/id */
  @property() feature = '';
  /** The state that is shown beside it; another one has another history. */
  @property({ attribute: false }) version = 0;
  @property({ attribute: false }) known: readonly Attribute[] = [];
  @state() private all = false;
  #loaded: Loaded<FeatureStep[]> = nothing();

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('feature')) {
      this.#loaded = nothing();
      this.all = false;
    }
    if (changed.has('feature') || changed.has('version')) {
      void this.#load(this.feature);
    }
  }

  async #load(feature: string): Promise<void> {
    let next: Loaded<FeatureStep[]>;
    try {
      next = { value: await api.featureHistory(feature), failure: null, loading: false };
    } catch (e) {
      next = { ...this.#loaded, failure: failureOf(e), loading: false };
    }
    if (feature === this.feature) {
      this.#loaded = next;
      this.requestUpdate();
    }
  }

  protected override whenBack(): void {
    if (isOffline(this.#loaded)) {
      void this.#load(this.feature);
    }
  }

  protected override render(): TemplateResult {
    return html`<h3>${t('edits')}</h3>
      ${shown(this.#loaded, { again: () => void this.#load(this.feature), rows: 2 }, (steps) => this.#body(steps))}`;
  }

  #body(steps: FeatureStep[]): TemplateResult {
    const few = this.all ? steps : steps.slice(0, FEW);
    return html`<ol class="plain history">
        ${few.map((one, at) => this.#step(one, steps[at + 1]))}
      </ol>
      ${few.length < steps.length ? html`<button type="button" class="quiet" @click=${() => (this.all = true)}>${t('edits_all', { n: steps.length })}</button>` : none}`;
  }

  #step(step: FeatureStep, before: FeatureStep | undefined): TemplateResult {
    const kind = step.removed ? 'edit_removed' : before === undefined || before.removed ? 'edit_created' : 'edit_changed';
    const changes = kind === 'edit_changed' && before !== undefined ? changesBetween(before, step) : [];
    return html`<li>
      <strong>${t(kind)}</strong>
      <span class="soft">${step.actor_name ?? step.actor ?? t('somebody')}${step.at === null ? none : html` · <time datetime=${step.at} title=${exact(step.at)}>${ago(step.at, store.now)}</time>`}</span>
      ${kind === 'edit_changed' && before !== undefined ? this.#moved(before, step) : none} ${changes.map((one) => this.#change(one))}
    </li>`;
  }

  #moved(before: FeatureStep, after: FeatureStep): TemplateResult | typeof none {
    if (JSON.stringify(before.geometry) === JSON.stringify(after.geometry)) {
      return none;
    }
    const [from, to] = [middle(before.geometry), middle(after.geometry)];
    const far = from === null || to === null ? 0 : metres(from, to);
    return html`<p>${after.geometry?.type === 'Point' ? t('edit_moved', { n: number(far) }) : t('edit_shape')}</p>`;
  }

  #change({ name, before, after }: Change): TemplateResult {
    const attribute = this.known.find((one) => one.name === name);
    const text = (value: unknown): string => (value === undefined || value === null || value === '' ? '–' : attributeText(attribute ?? { type: typeof value === 'number' ? 'number' : 'text' }, value));
    return html`<p>${ours(attribute?.title, name)}: ${text(before)} → ${text(after)}</p>`;
  }
}
