import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { RuleLine } from '../../shared/api';
import { ours, t, word, type TextKey } from '../../shared/texts';
import { Fetched } from '../parts/fetched';
import { store } from '../store';

/** Every rule as a sentence, and how many tickets of its making are open. */
@customElement('canopy-rule-list')
export class RuleList extends Fetched<RuleLine> {
  protected readonly nothingYet: TextKey = 'empty_rules';

  protected fetch(): Promise<RuleLine[]> {
    return api.rules();
  }

  protected row(one: RuleLine): TemplateResult {
    return html`<h3>${ours(one.title, one.id)}</h3>
      <p>${ours(one.sentence)}</p>
      <p class="soft small">${word('priority', one.priority)} · ${one.pack} · ${one.id} v${one.version}${one.enabled ? none : ` · ${t('rule_off')}`}</p>
      <button type="button" class="quiet link-text" @click=${() => store.show({ panel: 'tickets', filter: 'live', rows: null, query: one.service })}>
        ${t('count_open', { n: one.open_tickets })}
      </button>`;
  }
}
