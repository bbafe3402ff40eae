import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { clock } from '../shared/format';
import { t } from '../shared/texts';
import { isLive, isOverdue } from './look';
import { Part } from './part';
import { store, type Topic } from './store';
import { switches } from './switches';

@customElement('canopy-top-bar')
export class TopBar extends Part {
  protected readonly about: readonly Topic[] = ['tickets', 'link', 'time', 'session', 'view'];

  protected override render(): TemplateResult {
    const tickets = [...(store.tickets.value?.values() ?? [])];
    const live = tickets.filter(isLive).length;
    const late = tickets.filter((one) => isOverdue(one, store.now)).length;
    const user = typeof store.user === 'object' ? store.user : null;
    return html`<header class="bar">
        <h1><img src="/icon.svg" alt="" class="logo" />Canopy</h1>
        <button type="button" class="count" @click=${() => store.show({ panel: 'tickets', filter: 'live' })}>${t('count_live', { n: live })}</button>
        <button type="button" class="count" data-late=${late > 0 ? 'true' : 'false'} @click=${() => store.show({ panel: 'tickets', filter: 'overdue' })}>
          ${t('count_overdue', { n: late })}
        </button>
        <span class="link" data-link=${store.link} title=${store.link === 'live' ? t('live') : t('connecting')}>
          ${store.link === 'live' ? t('live') : t('connecting')}
        </span>
        <nav class="panels" aria-label=${t('panels')}>
          ${(['kpis', 'rules', 'quarantine', 'health'] as const).map(
            (one) => html`<button type="button" aria-pressed=${store.view.panel === one ? 'true' : 'false'} @click=${() => store.show({ panel: one, query: '' })}>${t(one)}</button>`,
          )}
        </nav>
        <div class="switches">
          ${switches()}
          <button type="button" class="out" title=${user?.display_name ?? user?.name ?? ''} @click=${() => void store.logOut()}>${t('log_out')}</button>
        </div>
      </header>
      <div class="banner" role="status">
        ${store.link === 'away' ? html`<p>${t('away', { time: clock(store.linkAt) })}</p>` : store.catchingUp ? html`<p>${t('catching_up')}</p>` : none}
      </div>`;
  }
}
