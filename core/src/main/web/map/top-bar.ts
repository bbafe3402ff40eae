import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { clock } from '../shared/format';
import { t } from '../shared/texts';
import { isLive, isOverdue } from './parts/look';
import { Part } from './parts/part';
import { store, type Topic } from './store';
import { switches } from './switches';
import type { Panel } from './view';

@customElement('canopy-top-bar')
export class TopBar extends Part {
  protected readonly about: readonly Topic[] = ['tickets', 'link', 'time', 'session', 'view'];

  /** Whether the menu is folded out, where the bar is too narrow to show it all. */
  @state() private open = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#key);
    document.addEventListener('click', this.#elsewhere);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.#key);
    document.removeEventListener('click', this.#elsewhere);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.open) {
      event.stopPropagation();
      this.open = false;
      this.querySelector<HTMLElement>('.menu')?.focus();
    }
  };

  readonly #elsewhere = (event: Event): void => {
    if (!this.contains(event.target as Node)) {
      this.open = false;
    }
  };

  #choose(panel: Panel): void {
    this.open = false;
    store.show({ panel, query: '' });
  }

  protected override render(): TemplateResult {
    const tickets = [...(store.tickets.value?.values() ?? [])];
    const live = tickets.filter(isLive).length;
    const late = tickets.filter((one) => isOverdue(one, store.now)).length;
    const user = typeof store.user === 'object' ? store.user : null;
    return html`<header class="bar">
        <h1><img src="/icon.svg" alt="" class="logo" />Canopy</h1>
        <div class="counts">
        <button type="button" class="count" @click=${() => store.show({ panel: 'tickets', filter: 'live', query: '', rows: null })}>${t('count_live', { n: live })}</button>
        <button type="button" class="count" data-late=${late > 0 ? 'true' : 'false'} @click=${() => store.show({ panel: 'tickets', filter: 'overdue', query: '', rows: null })}>
          ${t('count_overdue', { n: late })}
        </button>
        </div>
        <span class="link" data-link=${store.link} title=${store.link === 'live' ? t('live') : t('connecting')}>
          ${store.link === 'live' ? t('live') : t('connecting')}
        </span>
        <button type="button" class="menu" aria-expanded=${this.open ? 'true' : 'false'} aria-controls="more" @click=${() => (this.open = !this.open)}>${t('menu')}</button>
        <div class="more" id="more" ?data-open=${this.open}>
        <nav class="panels" aria-label=${t('panels')}>
          ${(['kpis', 'schedules', 'rules', 'quarantine', 'health', 'gateways'] as const).map(
            (one) => html`<button type="button" aria-pressed=${store.view.panel === one ? 'true' : 'false'} @click=${() => this.#choose(one)}>${t(one)}</button>`,
          )}
        </nav>
        <div class="switches">
          ${switches()}
          <button type="button" class="out" title=${user?.display_name ?? user?.name ?? ''} @click=${() => void store.logOut()}>${t('log_out')}</button>
        </div>
        </div>
      </header>
      <div class="banner" role="status">
        ${store.link === 'away' ? html`<p>${t('away', { time: clock(store.linkAt) })}</p>` : store.catchingUp ? html`<p>${t('catching_up')}</p>` : none}
      </div>`;
  }
}
