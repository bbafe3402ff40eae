import { html, type TemplateResult } from 'lit';
import type { Attribute } from '../../shared/api';
import { ours, t } from '../../shared/texts';

/** Known of every feature, whatever its layer. */
export const WELL_KNOWN: readonly Attribute[] = [
  { name: 'accuracy_m', type: 'number', title: {} },
  { name: 'source', type: 'text', title: {} },
  { name: 'surveyed_on', type: 'date', title: {} },
];

/** A layer's attributes with those that every feature has. */
export function fieldsOf(attributes: readonly Attribute[]): Attribute[] {
  return [...attributes, ...WELL_KNOWN.filter((one) => !attributes.some((own) => own.name === one.name))];
}

export function fieldTitle({ name, title }: Attribute): string {
  const known = { accuracy_m: 'accuracy_metres', source: 'origin', surveyed_on: 'surveyed' } as const;
  return ours(title, name in known ? t(known[name as keyof typeof known]) : name);
}

/** One attribute as a field that takes its type, or the values that it may have. */
export function field(attribute: Attribute, value: unknown, disabled: boolean): TemplateResult {
  return html`<label>${fieldTitle(attribute)}${control(attribute, value, disabled)}</label>`;
}

function control({ name, type, values }: Attribute, value: unknown, disabled: boolean): TemplateResult {
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  if (type === 'boolean') {
    return html`<select name=${name} ?disabled=${disabled}>
      ${(['', 'true', 'false'] as const).map((one) => html`<option value=${one} ?selected=${one === text}>${one === '' ? '–' : t(one === 'true' ? 'yes' : 'no')}</option>`)}
    </select>`;
  }
  if (values !== undefined) {
    const all = Object.entries(values);
    const known = text === '' || all.some(([one]) => one === text);
    return html`<select name=${name} ?disabled=${disabled}>
      <option value="" ?selected=${text === ''}>–</option>
      ${known ? '' : html`<option value=${text} selected>${text}</option>`} ${all.map(([one, title]) => html`<option value=${one} ?selected=${one === text}>${ours(title, one)}</option>`)}
    </select>`;
  }
  const kind = type === 'number' ? 'number' : type === 'date' ? 'date' : 'text';
  return html`<input type=${kind} step="any" name=${name} .value=${text} autocomplete="off" ?disabled=${disabled} />`;
}

/** What the form says, over what was there: a field that is empty takes its property away, the others stay. */
export function filled(form: FormData, attributes: readonly Attribute[], before: Record<string, unknown>): Record<string, unknown> {
  const after = new Map(Object.entries(before));
  for (const { name, type } of attributes) {
    const given = form.get(name);
    if (typeof given !== 'string') {
      continue;
    }
    const text = given.trim();
    if (text === '') {
      after.delete(name);
    } else {
      after.set(name, type === 'number' ? Number(text) : type === 'boolean' ? text === 'true' : text);
    }
  }
  return Object.fromEntries(after);
}
