import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Attribute, FeatureStep, WholeFeature } from '../../shared/api';
import { ago, exact, number } from '../../shared/format';
import { t } from '../../shared/texts';
import { metres, middle } from '../canvas/places';
import { attributeText } from '../lists/attribute-text';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { desk } from './desk';
import type { NewState } from './edit-calls';
import { fieldTitle } from './feature-form';
import { differences, GEOMETRY, likely, merged, type Difference, type Whose } from './merged';

/** What two people have made of one feature. */
export interface Conflict {
  /** As it stood when the editing began. */
  base: WholeFeature;
  /** As it stands now. */
  theirs: WholeFeature;
  /** How it came to stand so. */
  step: FeatureStep | null;
  mine: NewState;
}

/**
 * Both versions of a feature that two people have changed at once. Each thing in which they differ is chosen by itself; what only one
 * of them changed is chosen already, so that nobody's work is undone by not looking. Tells `chosen` with the state to save, or
 * `dropped` when all that was saved meanwhile is to stay.
 */
@customElement('canopy-edit-conflict')
export class EditConflict extends Part {
  protected readonly about: readonly Topic[] = ['time'];
  @property({ attribute: false }) conflict: Conflict | null = null;
  @property({ attribute: false }) known: readonly Attribute[] = [];
  @property({ type: Boolean }) busy = false;
  @state() private chosen: ReadonlyMap<string, Whose> = new Map();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.choose(null);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('conflict')) {
      this.chosen = new Map();
      const { conflict } = this;
      const moved = conflict !== null && this.#differences(conflict).some((one) => one.name === GEOMETRY);
      // What was saved is on the map by itself.
      desk.choose(moved ? { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: conflict.mine.geometry, properties: {} }] } : null);
    }
  }

  protected override firstUpdated(): void {
    // The form was left at its end; what is to be read now begins above.
    this.scrollIntoView({ block: 'start' });
  }

  #differences({ base, mine, theirs }: Conflict): Difference[] {
    return differences(base, mine, theirs);
  }

  protected override render(): TemplateResult | typeof none {
    const { conflict } = this;
    if (conflict === null) {
      return none;
    }
    const found = this.#differences(conflict);
    return html`${this.#said(conflict)} ${found.some((one) => one.changed === 'both') ? html`<p class="soft">${t('conflict_both')}</p>` : none}
      <table class="readings versions">
        <thead>
          <tr>
            <td></td>
            <th scope="col">${t('conflict_mine')}</th>
            <th scope="col">${t('conflict_theirs')}</th>
          </tr>
        </thead>
        <tbody>
          ${found.map((one) => this.#row(one, conflict))}
        </tbody>
      </table>
      <div class="line">
        <button type="button" class="main" name="mine" ?disabled=${this.busy} @click=${() => this.#tell(conflict, found)}>${t(this.busy ? 'saving' : 'conflict_save')}</button>
        <button type="button" name="theirs" ?disabled=${this.busy} @click=${() => this.dispatchEvent(new Event('dropped'))}>${t('conflict_take_theirs')}</button>
      </div>`;
  }

  #said({ theirs, step }: Conflict): TemplateResult {
    const who = step?.actor_name ?? step?.actor ?? t('somebody');
    const at = theirs.updated_at;
    return html`<div class="notice" role="alert" data-state="conflict">
      <p>${t('conflict', { who })}</p>
      ${at === null ? none : html`<p class="soft"><time datetime=${at} title=${exact(at)}>${ago(at, store.now)}</time></p>`}
    </div>`;
  }

  #row(one: Difference, conflict: Conflict): TemplateResult {
    const title = one.name === GEOMETRY ? t('conflict_place') : fieldTitle(this.#attribute(one.name));
    return html`<tr data-changed=${one.changed}>
      <th scope="row">${title}${one.changed === 'both' ? html` <strong class="wrong">${t('conflict_row')}</strong>` : none}</th>
      ${(['mine', 'theirs'] as const).map((whose) => html`<td>${this.#choice(one, whose, `${title}: ${t(`conflict_${whose}`)}`, conflict)}</td>`)}
    </tr>`;
  }

  #choice(one: Difference, whose: Whose, label: string, conflict: Conflict): TemplateResult {
    const is = (this.chosen.get(one.name) ?? likely(one)) === whose;
    return html`<label class="choice"
      ><input
        type="radio"
        name=${`version-${one.name}`}
        value=${whose}
        aria-label=${label}
        .checked=${is}
        ?disabled=${this.busy}
        @change=${() => (this.chosen = new Map([...this.chosen, [one.name, whose]]))}
      /><span>${one.name === GEOMETRY ? this.#shape(whose, conflict) : this.#text(one.name, one[whose])}</span></label
    >`;
  }

  #shape(whose: Whose, { mine, theirs }: Conflict): string {
    const [from, to] = [middle(mine.geometry), middle(theirs.geometry)];
    const apart = from === null || to === null ? 0 : metres(from, to);
    return whose === 'mine' ? t('conflict_ringed') : mine.geometry.type === 'Point' ? t('near_by', { n: number(apart) }) : t('conflict_as_drawn');
  }

  #text(name: string, value: unknown): string {
    return value === undefined || value === null || value === '' ? '–' : attributeText(this.#attribute(name), value);
  }

  #attribute(name: string): Attribute {
    return this.known.find((one) => one.name === name) ?? { name, type: 'text', title: {} };
  }

  #tell({ mine, theirs }: Conflict, found: Difference[]): void {
    const detail: NewState = { ...mine, ...merged(found, mine, theirs, this.chosen) };
    this.dispatchEvent(new CustomEvent<NewState>('chosen', { detail }));
  }
}
