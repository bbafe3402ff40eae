import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as api from '../shared/api';
import type { Kpi } from '../shared/api';
import { exact, number, withUnit } from '../shared/format';
import { ours, t, type TextKey } from '../shared/texts';
import { Fetched } from './fetched';
import { store } from './store';

/** The packs' figures of the last thirty days beside those of the thirty before and what is aimed at. */
@customElement('canopy-kpi-list')
export class KpiList extends Fetched<Kpi> {
  protected readonly nothingYet: TextKey = 'empty_kpis';

  protected fetch(): Promise<Kpi[]> {
    return api.kpis();
  }

  protected row(one: Kpi): TemplateResult {
    const reached = isReached(one);
    return html`<h3>${ours(one.title, one.id)}</h3>
      <p class="figure">${one.value === null ? t('nothing_counted') : withUnit(one.value, one.unit)}</p>
      <p class="soft">
        ${one.previous === null ? none : html`${t('kpi_before', { value: withUnit(one.previous, one.unit) })}. `}
        ${one.target === null ? none : html`${t('kpi_target', { value: `${one.better === 'higher' ? '≥' : '≤'} ${number(one.target)}` })}${reached === null ? none : html` – <strong>${t(reached ? 'kpi_reached' : 'kpi_missed')}</strong>`}.`}
      </p>
      <p class="soft small">${exact(one.period.from)} – ${exact(one.period.to)}</p>
      ${one.rows === null
        ? none
        : html`<button type="button" class="quiet link-text" @click=${() => store.show({ panel: 'tickets', filter: 'all', query: serviceIn(one.rows ?? '') })}>${t('kpi_rows')}</button>`}`;
  }
}

/** Whether the figure is where it should be; null when there is nothing to compare. */
export function isReached(kpi: Pick<Kpi, 'value' | 'target' | 'better'>): boolean | null {
  if (kpi.value === null || kpi.target === null) {
    return null;
  }
  return kpi.better === 'higher' ? kpi.value >= kpi.target : kpi.value <= kpi.target;
}

/** The first service that the rows are about: what the queue is searched for. */
export function serviceIn(rows: string): string {
  return new URLSearchParams(rows.slice(rows.indexOf('?') + 1)).get('service')?.split(',')[0] ?? '';
}
