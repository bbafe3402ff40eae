import { html, type TemplateResult } from 'lit';
import { layerName } from '../parts/catalogue';
import { customElement } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Schedule } from '../../shared/api';
import { day } from '../../shared/format';
import { ours, t, word, type TextKey } from '../../shared/texts';
import { Fetched } from '../parts/fetched';

/** When what is collected and inspected next. */
@customElement('canopy-schedule-list')
export class ScheduleList extends Fetched<Schedule> {
  protected readonly nothingYet: TextKey = 'empty_schedules';

  protected fetch(): Promise<Schedule[]> {
    return api.schedules();
  }

  protected row(one: Schedule): TemplateResult {
    return html`<h3>${ours(one.title, one.id)}</h3>
      <p class="soft small">${word('kind', one.kind)} · ${layerName(one.layer)}</p>
      ${one.next.length === 0
        ? html`<p>${t('schedule_never')}</p>`
        : html`<ol class="days">${one.next.map((date) => html`<li><time datetime=${date}>${day(date, true)}</time></li>`)}</ol>`}`;
  }
}
