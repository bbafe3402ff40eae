import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { t, type TextKey } from '../shared/texts';
import type { CityMap } from './canvas/city-map';
import './key-help';
import type { KeyHelp } from './key-help';
import { pressed } from './keys';
import './lists/device-detail';
import './lists/device-list';
import './lists/feature-detail';
import './lists/gateway-list';
import './lists/health-list';
import './lists/kpi-list';
import './lists/quarantine-list';
import './lists/rule-list';
import './lists/schedule-list';
import './layers/feature-editor';
import './layers/import-side';
import './layers/selection';
import './log-in';
import { failed, loading } from './parts/notice';
import { Part } from './parts/part';
import { store, type Topic } from './store';
import './tickets/new-ticket';
import './tickets/ticket-detail';
import './tickets/ticket-list';
import './top-bar';
import './undo-bar';
import type { Panel, Tool } from './view';

const LISTS: Readonly<Record<Panel, TemplateResult>> = {
  tickets: html`<canopy-ticket-list></canopy-ticket-list>`,
  devices: html`<canopy-device-list></canopy-device-list>`,
  gateways: html`<canopy-gateway-list></canopy-gateway-list>`,
  kpis: html`<canopy-kpi-list></canopy-kpi-list>`,
  schedules: html`<canopy-schedule-list></canopy-schedule-list>`,
  rules: html`<canopy-rule-list></canopy-rule-list>`,
  quarantine: html`<canopy-quarantine-list></canopy-quarantine-list>`,
  health: html`<canopy-health-list></canopy-health-list>`,
};

const TOOL_PANELS: Readonly<Record<Tool, [TextKey, TemplateResult]>> = {
  add: ['feature_add', html`<canopy-feature-editor></canopy-feature-editor>`],
  edit: ['feature_edit', html`<canopy-feature-editor></canopy-feature-editor>`],
  select: ['tool_select', html`<canopy-selection></canopy-selection>`],
  import: ['tool_import', html`<canopy-import></canopy-import>`],
};

/** The operations page: log-in, or map, queue and what is selected. */
@customElement('canopy-operations')
export class Operations extends Part {
  protected readonly about: readonly Topic[] = ['session', 'view', 'tickets'];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#key);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (store.user === null || store.user === 'unknown') {
      return;
    }
    pressed(event, () => this.querySelector<KeyHelp>('canopy-key-help')?.open());
  };

  protected override render(): TemplateResult {
    document.title = `Canopy · ${t('app_title')}`;
    if (store.user === 'unknown') {
      const failure = store.sessionFailure;
      return html`<main class="alone">${failure === null ? loading(3) : failed(failure, () => void store.whoAmI())}</main>`;
    }
    if (store.user === null) {
      return html`<canopy-log-in></canopy-log-in>`;
    }
    return this.#work();
  }

  #work(): TemplateResult {
    const { panel, ticket, device, feature, create, tool } = store.view;
    const selected = ticket !== null || device !== null || feature !== null || create !== null || tool !== null;
    return html`<canopy-top-bar></canopy-top-bar>
      <main class="work" ?data-selected=${selected}>
        <nav class="dock" aria-label=${t(panel)}>
          <div class="tabs" role="group">
            ${(['tickets', 'devices'] as const).map(
              (name) => html`<button type="button" aria-pressed=${panel === name ? 'true' : 'false'} @click=${() => store.show({ panel: name, query: '' })}>${t(name)}</button>`,
            )}
          </div>
          ${LISTS[panel]}
        </nav>
        <div class="map"><canopy-map></canopy-map></div>
        ${selected ? this.#selected() : none}
      </main>
      <canopy-undo-bar></canopy-undo-bar>
      <canopy-key-help></canopy-key-help>
      <p class="unseen" aria-live="polite">${store.arrived === null ? '' : t('ticket_arrived', { title: store.titleOf(store.arrived) })}</p>`;
  }

  #selected(): TemplateResult {
    const { ticket, device, create, tool } = store.view;
    const [label, part]: [TextKey, TemplateResult] =
      tool !== null
        ? TOOL_PANELS[tool]
        : create !== null
        ? ['new_ticket', html`<canopy-new-ticket @middle=${() => this.querySelector<CityMap>('canopy-map')?.pickMiddle()}></canopy-new-ticket>`]
        : ticket !== null
          ? ['tickets', html`<canopy-ticket-detail></canopy-ticket-detail>`]
          : device !== null
            ? ['devices', html`<canopy-device-detail></canopy-device-detail>`]
            : ['feature', html`<canopy-feature-detail></canopy-feature-detail>`];
    return html`<aside class="detail" aria-label=${t(label)}>${part}</aside>`;
  }
}
