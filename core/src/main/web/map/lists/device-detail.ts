import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as api from '../../shared/api';
import { MAX_ITEMS, type Device, type Page, type Reading, type Value } from '../../shared/api';
import { ago, clock, exact, withUnit } from '../../shared/format';
import { spoken, t } from '../../shared/texts';
import { lastWord } from '../canvas/places';
import { profileName } from '../parts/catalogue';
import '../parts/charts';
import { featureLink } from '../parts/feature-link';
import { failureOf, isOffline, nothing, type Loaded } from '../parts/loaded';
import { empty, shown } from '../parts/notice';
import { Part } from '../parts/part';
import { quantityName } from '../parts/quantities';
import { store, type Topic } from '../store';
import './command-list';

@customElement('canopy-device-detail')
export class DeviceDetail extends Part {
  protected readonly about: readonly Topic[] = ['devices', 'values', 'view', 'time'];
  #shown = '';
  #readings: Loaded<Page<Reading>> = nothing();

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const id = store.view.device;
    const key = id === null ? '' : `${id} ${lastWord(store.valuesOf(id)) ?? ''}`;
    if (id !== null && key !== this.#shown) {
      if (!this.#shown.startsWith(`${id} `)) {
        this.#readings = nothing();
      }
      this.#shown = key;
      void this.#load(id);
    }
  }

  async #load(id: string): Promise<void> {
    try {
      this.#readings = { value: await api.readings(id), failure: null, loading: false };
    } catch (e) {
      this.#readings = { ...this.#readings, failure: failureOf(e), loading: false };
    }
    this.requestUpdate();
  }

  protected override whenBack(): void {
    if (store.view.device !== null && isOffline(this.#readings)) {
      void this.#load(store.view.device);
    }
  }

  protected override render(): TemplateResult {
    const id = store.view.device;
    if (id === null) {
      return html``;
    }
    const device = store.devices.value?.get(id);
    const values = store.valuesOf(id);
    return html`<div class="head">
        <h2>${id}</h2>
        <button type="button" class="quiet" @click=${() => store.show({ device: null })}>${t('close')}</button>
      </div>
      ${shown(
        store.devices,
        {
          again: () => void store.loadDevices(),
          empty: (all) => (device !== undefined || values.length > 0 || all.size >= MAX_ITEMS ? null : t('gone')),
        },
        () => this.#body(id, device, values),
      )}`;
  }

  #body(id: string, device: Device | undefined, values: readonly Value[]): TemplateResult {
    const bound = values.find((one) => one.feature_id !== null);
    const attach = device?.attach ?? (bound === undefined ? null : { layer: bound.layer ?? '', feature_id: bound.feature_id ?? '' });
    return html`<dl class="facts">
        <dt>${t('profile')}</dt><dd>${device === undefined ? '–' : profileName(device.profile)}</dd>
        ${device?.gateway === undefined ? none : html`<dt>${t('gateway')}</dt><dd>${device.gateway}</dd>`}
        <dt>${t('bound_to')}</dt><dd>${attach === null ? '–' : featureLink(attach.layer, attach.feature_id)}</dd>
      </dl>
      ${device?.needs_credential === true ? html`<p role="note">${t('needs_credential')}</p>` : none}
      <h3>${t('latest_values')}</h3>
      ${values.length === 0
        ? empty(t('never_heard'))
        : html`<dl class="facts">
            ${values.map(
              (one) => html`<dt>${quantityName(one.quantity, spoken())}</dt>
                <dd>${withUnit(one.value, one.unit)} <time class="soft" datetime=${one.measured_at} title=${exact(one.measured_at)}>${ago(one.measured_at, store.now)}</time></dd>`,
            )}
          </dl>`}
      <canopy-charts source=${`devices/${encodeURIComponent(id)}/series`}></canopy-charts>
      <canopy-commands .device=${id}></canopy-commands>
      <h3>${t('readings')}</h3>
      <section class="past">${this.#table(id)}</section>`;
  }

  #table(id: string): TemplateResult {
    return shown(
      this.#readings,
      { again: () => void this.#load(id), empty: ({ items }) => (items.length === 0 ? t('empty_readings') : null) },
      ({ items }) => html`<table class="readings">
        <tbody>
          ${items.map(
            (one) => html`<tr>
              <th scope="row"><time datetime=${one.measured_at} title=${exact(one.measured_at)}>${clock(one.measured_at)}</time></th>
              <td>${quantityName(one.quantity, spoken())}</td>
              <td class="number">${withUnit(one.value, one.unit)}</td>
            </tr>`,
          )}
        </tbody>
      </table>`,
    );
  }
}
