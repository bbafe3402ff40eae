import { html, nothing as none, type TemplateResult } from 'lit';
import type { Attribute, WholeFeature } from '../../shared/api';
import { ago, exact } from '../../shared/format';
import { t } from '../../shared/texts';
import { attributeText } from '../lists/attribute-text';
import { changesBetween } from '../lists/feature-changes';
import { store } from '../store';
import type { NewState } from './edit-calls';
import { fieldTitle } from './feature-form';

/** Both versions of a feature that two people have changed at once, and the choice between them. */
export function conflict(attributes: readonly Attribute[], theirs: WholeFeature, mine: NewState, choose: { mine: () => void; theirs: () => void }): TemplateResult {
  const moved = JSON.stringify(theirs.geometry) !== JSON.stringify(mine.geometry);
  const text = (name: string, value: unknown): string => (value === undefined || value === null ? '–' : attributeText(attributes.find((one) => one.name === name) ?? { type: 'text' }, value));
  const title = (name: string): string => fieldTitle(attributes.find((one) => one.name === name) ?? { name, type: 'text', title: {} });
  return html`<div class="notice" role="alert" data-state="conflict">
      <p>
        ${t('conflict')}
        ${theirs.updated_at === null ? none : html`<time datetime=${theirs.updated_at} title=${exact(theirs.updated_at)}>${ago(theirs.updated_at, store.now)}</time>`}
      </p>
    </div>
    <table class="readings versions">
      <thead>
        <tr>
          <td></td>
          <th>${t('conflict_mine')}</th>
          <th>${t('conflict_theirs')}</th>
        </tr>
      </thead>
      <tbody>
        ${changesBetween(theirs, mine).map(({ name, before, after }) => html`<tr><th>${title(name)}</th><td>${text(name, after)}</td><td>${text(name, before)}</td></tr>`)}
        ${moved ? html`<tr><th>${t('conflict_place')}</th><td colspan="2">${t('conflict_moved')}</td></tr>` : none}
      </tbody>
    </table>
    <div class="line">
      <button type="button" class="main" name="mine" @click=${choose.mine}>${t('conflict_take_mine')}</button>
      <button type="button" name="theirs" @click=${choose.theirs}>${t('conflict_take_theirs')}</button>
    </div>`;
}
