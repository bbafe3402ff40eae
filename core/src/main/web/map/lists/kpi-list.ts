import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Kpi } from '../../shared/api';
import { day, number, withUnit } from '../../shared/format';
import { ours, t, type TextKey } from '../../shared/texts';
import { Fetched } from '../parts/fetched';
import { store, type Topic } from '../store';
import { PERIODS, rowsOf } from '../view';

const DAY = 86_400_000;

/** The packs' figures of the last days beside those of as many days before, and what is aimed at. */
@customElement('canopy-kpi-list')
export class KpiList extends Fetched<Kpi> {
  protected readonly nothingYet: TextKey = 'empty_kpis';
  protected override readonly about: readonly Topic[] = ['time', 'view'];
  #days: number | null = null;

  protected fetch(): Promise<Kpi[]> {
    const now = Date.now();
    return api.kpis(now - store.view.days * DAY, now);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.#days !== null && this.#days !== store.view.days) {
      void this.load();
    }
    this.#days = store.view.days;
  }

  protected override above(): TemplateResult {
    return html`<div class="tools line" role="group" aria-label=${t('period')}>
      ${PERIODS.map(
        (days) => html`<button type="button" aria-pressed=${store.view.days === days ? 'true' : 'false'} @click=${() => store.show({ days })}>${t('last_days', { n: days })}</button>`,
      )}
    </div>`;
  }

  protected row(one: Kpi): TemplateResult {
    const reached = isReached(one);
    const rows = one.rows === null ? null : rowsOf(one.rows);
    return html`<h3>${ours(one.title, one.id)}</h3>
      ${one.value === null ? html`<p class="soft">${t('nothing_counted')}</p>` : html`<p class="figure">${withUnit(one.value, one.unit)}</p>`}
      <p class="soft">
        ${one.previous === null ? none : html`${t('kpi_before', { value: withUnit(one.previous, one.unit) })}. `}
        ${one.target === null ? none : html`${t('kpi_target', { value: `${one.better === 'higher' ? '≥' : '≤'} ${number(one.target)}` })}${reached === null ? none : html` – <strong>${t(reached ? 'kpi_reached' : 'kpi_missed')}</strong>`}.`}
      </p>
      <p class="soft small">${day(one.period.from)} – ${day(one.period.to)}</p>
      ${rows === null
        ? none
        : html`<button type="button" class="quiet link-text" @click=${() => store.show({ panel: 'tickets', filter: 'all', query: '', rows })}>${t('kpi_rows')}</button>`}`;
  }
}

/** Whether the figure is where it should be; null when there is nothing to compare. */
export function isReached(kpi: Pick<Kpi, 'value' | 'target' | 'better'>): boolean | null {
  if (kpi.value === null || kpi.target === null) {
    return null;
  }
  return kpi.better === 'higher' ? kpi.value >= kpi.target : kpi.value <= kpi.target;
}
