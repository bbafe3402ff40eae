import type { Attribute } from '../../shared/api';
import { day, number } from '../../shared/format';
import { ours, t } from '../../shared/texts';

/** A value as people read it: by its title where it has one, a date as a day, a number by locale. */
export function attributeText(attribute: Pick<Attribute, 'type' | 'values'>, value: unknown): string {
  const titled = attribute.values?.[String(value)];
  if (titled !== undefined) {
    return ours(titled, String(value));
  }
  if (attribute.type === 'date' && typeof value === 'string' && !Number.isNaN(Date.parse(value))) {
    return day(value);
  }
  if (typeof value === 'boolean') {
    return t(value ? 'yes' : 'no');
  }
  return typeof value === 'number' && attribute.type === 'number' ? number(value, 2) : String(value);
}
