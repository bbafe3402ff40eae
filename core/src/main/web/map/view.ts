import { FILTERS, type Filter } from './look';

export const PANELS = ['tickets', 'devices', 'kpis', 'rules', 'quarantine', 'health'] as const;
export type Panel = (typeof PANELS)[number];

/** What the page shows, whole: it stands in the address bar, so that a link or a reload brings it back. */
export interface View {
  panel: Panel;
  filter: Filter;
  query: string;
  ticket: string | null;
  trace: boolean;
  device: string | null;
  /** layer/id */
  feature: string | null;
  quantity: string | null;
  /** zoom/lat/lon */
  place: [zoom: number, lat: number, lon: number] | null;
}

export function readView(search: string): View {
  const given = new URLSearchParams(search);
  const filter = given.get('filter') as Filter | null;
  const place = (given.get('at') ?? '').split('/').map(Number);
  const [zoom, lat, lon] = place;
  const placed = place.length === 3 && zoom !== undefined && lat !== undefined && lon !== undefined && place.every(Number.isFinite);
  return {
    panel: PANELS.find((one) => one === given.get('panel')) ?? 'tickets',
    filter: filter !== null && FILTERS.includes(filter) ? filter : 'live',
    query: given.get('q') ?? '',
    ticket: given.get('ticket'),
    trace: given.has('trace'),
    device: given.get('device'),
    feature: /^[^/]+\/.+/.test(given.get('feature') ?? '') ? given.get('feature') : null,
    quantity: given.get('value'),
    place: placed && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [zoom, lat, lon] : null,
  };
}

export function writeView(view: View): string {
  const parts: string[] = [];
  const add = (name: string, value: string | null): void => {
    if (value !== null && value !== '') {
      parts.push(`${name}=${encodeURIComponent(value).replaceAll('%2F', '/')}`);
    }
  };
  add('panel', view.panel === 'tickets' ? null : view.panel);
  add('filter', view.filter === 'live' ? null : view.filter);
  add('q', view.query);
  add('ticket', view.ticket);
  if (view.trace && view.ticket !== null) {
    parts.push('trace');
  }
  add('device', view.device);
  add('feature', view.feature);
  add('value', view.quantity);
  if (view.place !== null) {
    const [zoom, lat, lon] = view.place;
    add('at', `${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`);
  }
  return parts.length === 0 ? '/' : `/?${parts.join('&')}`;
}

/** A feature as the address bar names it: `trees/T001`. */
export function featureRef(text: string): { layer: string; id: string } {
  const at = text.indexOf('/');
  return { layer: text.slice(0, at), id: text.slice(at + 1) };
}
