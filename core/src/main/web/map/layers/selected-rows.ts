import { html, nothing as none, type TemplateResult } from 'lit';
import type { Feature, FeatureCollection } from 'geojson';
import type { Ticket, Value } from '../../shared/api';
import { withUnit } from '../../shared/format';
import { spoken, t } from '../../shared/texts';
import { isLive, look, stateText } from '../parts/look';
import { mark } from '../parts/mark';
import { quantityName } from '../parts/quantities';
import { store } from '../store';

/** So many rows; the others are on the map and behind the link. */
const ROWS = 100;
/** So many values of one feature. */
const VALUES = 3;

/** The selected features with their states: what was measured at each last, and the ticket that is open about it. */
export function selectedRows(layer: string, { features }: FeatureCollection): TemplateResult {
  const few = features.slice(0, ROWS);
  const ids = new Set(few.map((one) => String(one.id)));
  const values = valuesAt(layer, ids);
  const tickets = ticketsAt(layer, ids);
  return html`<div class="selected">${few.map((one) => row(layer, one, values.get(String(one.id)) ?? [], tickets.get(String(one.id))))}</div>
    ${features.length > ROWS ? html`<p class="sum">${t('select_rows', { n: ROWS })}</p>` : none}`;
}

function row(layer: string, feature: Feature, values: readonly Value[], ticket: Ticket | undefined): TemplateResult {
  const id = String(feature.id);
  const named: unknown = feature.properties?.['name'] ?? feature.properties?.['species'];
  const measured = values.slice(0, VALUES).map((one) => `${quantityName(one.quantity, spoken())} ${withUnit(one.value, one.unit)}`);
  const state = ticket === undefined ? null : look(ticket, store.now);
  return html`<button type="button" class="row" @click=${() => store.show({ feature: `${layer}/${id}` })}>
    ${state === null ? none : mark(state)}
    <span class="what"><strong>${id}</strong><span class="soft">${[...(typeof named === 'string' ? [named] : []), ...measured].join(' · ')}</span></span>
    ${ticket === undefined || state === null ? none : html`<span class="when" data-look=${state}><span>${stateText(ticket, store.now)}</span></span>`}
  </button>`;
}

function valuesAt(layer: string, ids: ReadonlySet<string>): Map<string, Value[]> {
  const found = new Map<string, Value[]>();
  for (const device of store.devices.value?.keys() ?? []) {
    for (const one of store.valuesOf(device)) {
      if (one.layer === layer && one.feature_id !== null && ids.has(one.feature_id)) {
        found.set(one.feature_id, [...(found.get(one.feature_id) ?? []), one]);
      }
    }
  }
  return found;
}

function ticketsAt(layer: string, ids: ReadonlySet<string>): Map<string, Ticket> {
  const live = [...(store.tickets.value?.values() ?? [])].filter((one) => isLive(one) && one.layer === layer && ids.has(one.feature_id));
  return new Map(live.map((one) => [one.feature_id, one]));
}
