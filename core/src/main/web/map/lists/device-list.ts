import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Device } from '../../shared/api';
import { ago, exact, withUnit } from '../../shared/format';
import { t } from '../../shared/texts';
import { lastWord } from '../canvas/places';
import { profileName } from '../parts/catalogue';
import { shown } from '../parts/notice';
import { Part } from '../parts/part';
import { search } from '../parts/search';
import { store, type Topic } from '../store';

@customElement('canopy-device-list')
export class DeviceList extends Part {
  protected readonly about: readonly Topic[] = ['devices', 'values', 'view', 'time'];

  protected override render(): TemplateResult {
    return html`<div class="tools">${search('search_devices')}</div>
      ${this.#body()}`;
  }

  #body(): TemplateResult {
    const list = store.deviceList();
    const empty = (): string | null => (list.length > 0 ? null : t(store.view.query === '' ? 'empty_devices' : 'empty_search'));
    return shown(
      store.devices,
      { again: () => void store.loadDevices(), rows: 6, empty },
      () => html`<ul class="rows">${repeat(list, (one) => one.id, (one) => html`<li>${this.#row(one)}</li>`)}</ul>
        <p class="sum">${t('count_devices', { n: list.length })}</p>`,
    );
  }

  #row(device: Device): TemplateResult {
    const values = store.valuesOf(device.id);
    const battery = values.find((one) => one.quantity === 'battery');
    const last = lastWord(values);
    return html`<button
      type="button"
      class="row"
      data-device=${device.id}
      aria-current=${store.view.device === device.id ? 'true' : 'false'}
      @click=${() => store.show({ device: device.id, ticket: null, trace: false })}
    >
      <span class="what"><strong>${device.id}</strong><span class="soft">${profileName(device.profile)}</span></span>
      <span class="when">
        <span>${battery === undefined ? none : `${t('battery')} ${withUnit(battery.value, battery.unit)}`}</span>
        ${last === null
          ? html`<span class="soft">${t('never_heard')}</span>`
          : html`<time class="soft" datetime=${last} title=${exact(last)}>${ago(last, store.now)}</time>`}
      </span>
    </button>`;
  }
}
