import { spoken, t } from './texts';

const ZONE = 'Asia/Ho_Chi_Minh';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function locale(): string {
  return spoken() === 'vi' ? 'vi-VN' : 'en-GB';
}

/** A span of time as people say it: two units at most, nothing under a minute. */
export function span(milliseconds: number): string {
  const whole = Math.abs(milliseconds);
  const days = Math.floor(whole / DAY);
  const hours = Math.floor((whole % DAY) / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const parts: string[] = [];
  if (days > 0) {
    parts.push(t('days', { n: days }));
  }
  if (hours > 0) {
    parts.push(t('hours', { n: hours }));
  }
  if (minutes > 0 && days === 0) {
    parts.push(t('minutes', { n: minutes }));
  }
  return parts.length === 0 ? t('minutes', { n: 0 }) : parts.join(' ');
}

/** "còn 3 giờ 20 phút", "trễ 40 phút". */
export function untilDue(due: string, now: number): string {
  const left = Date.parse(due) - now;
  return t(left >= 0 ? 'left' : 'late', { time: span(left) });
}

/** "5 phút trước"; "sau 5 phút" for a clock that is ahead. */
export function ago(moment: string, now: number): string {
  const since = now - Date.parse(moment);
  if (Math.abs(since) < MINUTE) {
    return t('now');
  }
  return t(since > 0 ? 'ago' : 'ahead', { time: span(since) });
}

/** The exact time in the city's zone. */
export function exact(moment: string | number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium', timeZone: ZONE }).format(new Date(moment));
}

/** The day alone, in the city's zone; a plain day such as 2026-01-31 stays that day. */
export function day(moment: string | number, weekday = false): string {
  const plain = typeof moment === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(moment);
  return new Intl.DateTimeFormat(locale(), {
    ...(weekday ? { weekday: 'short' } : {}),
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
    timeZone: plain ? 'UTC' : ZONE,
  }).format(new Date(moment));
}

export function clock(moment: string | number): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: 'medium', timeZone: ZONE }).format(new Date(moment));
}

export function number(value: number, digits = 1): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

/** With as many decimals always, so that columns and places keep their width. */
export function decimal(value: number, digits: number): string {
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** UCUM codes as people write them. */
const UNITS: Readonly<Record<string, string>> = { Cel: '°C', deg: '°', 'ug/m3': 'µg/m³', '1': '' };

export function unitText(unit: string): string {
  return unit === 'h' && spoken() === 'vi' ? 'giờ' : (UNITS[unit] ?? unit);
}

export function withUnit(value: number, unit: string): string {
  const sign = unitText(unit);
  const digits = unit === 'm' ? 2 : 1;
  return sign === '' || sign === '°' ? number(value, digits) + sign : `${number(value, digits)} ${sign}`;
}

/** An ISO 8601 duration of days and less in milliseconds; NaN when it is none. */
export function milliseconds(duration: string): number {
  const found = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(duration);
  return found === null ? Number.NaN : (Number(found[1] ?? 0) * 3_600 + Number(found[2] ?? 0) * 60 + Number(found[3] ?? 0)) * 1_000;
}

/** A distance in metres as people say it. */
export function distance(metres: number): string {
  return metres < 1_000 ? `${number(Math.round(metres))} m` : `${number(metres / 1_000)} km`;
}

/** For searching: lower case, without diacritics, so that "cay xanh" finds "Cây xanh". */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D')
    .toLowerCase();
}

/** Whether every word of the query is somewhere in the text. */
export function matches(query: string, text: string): boolean {
  const folded = fold(text);
  return fold(query)
    .split(/\s+/)
    .every((part) => folded.includes(part));
}
