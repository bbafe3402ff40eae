import { html, nothing, type TemplateResult } from 'lit';
import type { Attribute } from '../../shared/api';
import { fieldTitle } from './feature-form';
import type { FileColumn } from './import-send';
import { say, type ImportTextKey } from './import-texts';

/** Where an attribute of the layer comes from. */
export interface Source {
  column: string;
  /** What is to be done with its numbers, as the service writes it: `girth`, `in>cm`; empty for nothing. */
  turned: string;
}

/** By the attribute's name. */
export type Sources = ReadonlyMap<string, Source>;

const TURNS: readonly (readonly [ending: string, turns: readonly string[]])[] = [
  ['diameter_cm', ['girth', 'm>cm', 'mm>cm', 'in>cm']],
  ['_cm', ['m>cm', 'mm>cm', 'in>cm']],
  ['_m', ['cm>m', 'ft>m']],
];

/** The sources in the service's own words; an attribute that has its name in the file already is not mentioned. */
export function mapText(sources: Sources): string {
  return [...sources]
    .filter(([name, { column, turned }]) => column !== '' && (column !== name || turned !== ''))
    .map(([name, { column, turned }]) => `${name}=${column}${turned === '' ? '' : `:${turned}`}`)
    .join(',');
}

/** Whether a column can be named in these words: both signs have a meaning there. */
function nameable({ name }: FileColumn): boolean {
  return !/[:,]/.test(name);
}

interface Choice {
  attributes: readonly Attribute[];
  columns: readonly FileColumn[];
  id: string;
  sources: Sources;
  choose: (sources: Sources) => void;
  chooseId: (column: string) => void;
}

/** What the file says, beside what the layer wants to know: each attribute gets a column, and a unit where it is a measure. */
export function columnTable(choice: Choice): TemplateResult {
  const { attributes, id, chooseId } = choice;
  return html`<details class="columns" open>
    <summary>${say('columns')}</summary>
    <p class="soft small">${say('columns_hint')}</p>
    <label>${say('column_id')}${columnSelect('column-id', choice, id, say('column_numbered'), chooseId)}</label>
    ${attributes.map((one) => row(one, choice))}
  </details>`;
}

function row(attribute: Attribute, choice: Choice): TemplateResult {
  const { name } = attribute;
  const { columns, sources, choose } = choice;
  const own = columns.some((one) => one.name === name);
  const source = sources.get(name) ?? { column: own ? name : '', turned: '' };
  const set = (change: Partial<Source>): void => choose(new Map([...sources, [name, { ...source, ...change }]]));
  const turns = attribute.type === 'number' ? (TURNS.find(([ending]) => name.endsWith(ending))?.[1] ?? []) : [];
  return html`<div class="column">
    <label>${fieldTitle(attribute)}${columnSelect(`column-${name}`, choice, source.column, say('column_none'), (column) => set({ column }))}</label>
    ${turns.length === 0 || source.column === ''
      ? nothing
      : html`<select name=${`turned-${name}`} aria-label=${`${fieldTitle(attribute)}: ${say('turned')}`} @change=${(e: Event) => set({ turned: (e.target as HTMLSelectElement).value })}>
          <option value="">${say('turned_not')}</option>
          ${turns.map((one) => html`<option value=${one} ?selected=${one === source.turned}>${turnText(one)}</option>`)}
        </select>`}
  </div>`;
}

function turnText(turn: string): string {
  if (turn === 'girth') {
    return say('turned_girth');
  }
  const from = turn.split('>')[0] as 'm' | 'mm' | 'cm' | 'in' | 'ft';
  return say(`unit_${from}` satisfies ImportTextKey);
}

function columnSelect(name: string, { columns }: Choice, chosen: string, none: string, choose: (column: string) => void): TemplateResult {
  const known = chosen === '' || columns.some((one) => one.name === chosen);
  return html`<select name=${name} @change=${(e: Event) => choose((e.target as HTMLSelectElement).value)}>
    <option value="" ?selected=${chosen === ''}>${none}</option>
    ${known ? nothing : html`<option value=${chosen} selected>${chosen}</option>`}
    ${columns.filter(nameable).map((one) => html`<option value=${one.name} ?selected=${one.name === chosen}>${one.name}${one.example === '' ? '' : ` (${one.example})`}</option>`)}
  </select>`;
}
