import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { HealthPart } from '../../shared/api';
import { ago, exact } from '../../shared/format';
import { ours, word, type TextKey } from '../../shared/texts';
import { Fetched } from '../parts/fetched';
import { store } from '../store';

/** How the service itself is, part by part. */
@customElement('canopy-health-list')
export class HealthList extends Fetched<HealthPart> {
  protected readonly nothingYet: TextKey = 'empty_health';

  protected fetch(): Promise<HealthPart[]> {
    return api.health();
  }

  protected row(one: HealthPart): TemplateResult {
    return html`<h3 class=${one.status === 'ok' ? '' : 'wrong'}>${word('part', one.name)}: ${word('health', one.code)}</h3>
      <p>${ours(one.detail)}</p>
      <p class="soft small"><time datetime=${one.since} title=${exact(one.since)}>${ago(one.since, store.now)}</time></p>`;
  }
}
