import { FILTERS, type Filter } from './parts/look';

export const PANELS = ['tickets', 'devices', 'kpis', 'schedules', 'rules', 'quarantine', 'health', 'gateways'] as const;
export type Panel = (typeof PANELS)[number];

/** What the map always can show, from the ground up; each can be switched off, as can the layers of further packs. */
export const MAP_LAYERS = ['wards', 'zones', 'roads', 'trees', 'waste_points', 'devices', 'tickets'] as const;
export type MapLayer = (typeof MAP_LAYERS)[number];

/** In the order of the map, those of further packs behind. */
export function inMapOrder(names: readonly string[]): string[] {
  const known: readonly string[] = MAP_LAYERS;
  return [...known.filter((one) => names.includes(one)), ...names.filter((one) => !known.includes(one)).sort()];
}

/** What somebody does with the layers: adds, edits or selects features, or takes in a file. */
export const TOOLS = ['add', 'edit', 'select', 'import'] as const;
export type Tool = (typeof TOOLS)[number];

/** How many days figures look back. */
export const PERIODS = [7, 30, 90] as const;
export type Period = (typeof PERIODS)[number];

/** The tickets behind a figure: for some of these services, opened from one moment on and before another. */
export interface Rows {
  services: readonly string[];
  from: string;
  to: string;
}

/** What a ticket can be about: a feature (layer/id), or a bare place in degrees. */
export type Subject = { feature: string } | { lon: number; lat: number };

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
  /** What a new ticket is to be about, while one is being written. */
  create: Subject | 'pick' | null;
  tool: Tool | null;
  /** The layer that the tool is about. */
  layer: string | null;
  /** Which features of it are selected, as CQL2 text. */
  cql: string | null;
  hidden: readonly string[];
  days: Period;
  rows: Rows | null;
  quantity: string | null;
  /** zoom/lat/lon */
  place: [zoom: number, lat: number, lon: number] | null;
}

/** One thing is selected at a time: whoever selects one lets go of the others. */
export function alone(change: Partial<View>): Partial<View> {
  const chosen = change.ticket ?? change.device ?? change.feature ?? change.create ?? change.tool;
  return chosen == null ? change : { ticket: null, device: null, feature: null, create: null, tool: null, ...change };
}

/** What is a step in the browser's history when it changes. */
const STEPS: readonly (keyof View)[] = ['ticket', 'device', 'feature', 'create', 'tool', 'panel', 'trace', 'rows'];

export function isStep(change: Partial<View>): boolean {
  return STEPS.some((one) => one in change);
}

export function readView(search: string): View {
  const given = new URLSearchParams(search);
  const filter = given.get('filter') as Filter | null;
  const place = (given.get('at') ?? '').split('/').map(Number);
  const [zoom, lat, lon] = place;
  const placed = place.length === 3 && zoom !== undefined && lat !== undefined && lon !== undefined && place.every(Number.isFinite);
  const hidden = (given.get('hide') ?? '').split(',');
  return {
    panel: PANELS.find((one) => one === given.get('panel')) ?? 'tickets',
    filter: filter !== null && FILTERS.includes(filter) ? filter : 'live',
    query: given.get('q') ?? '',
    ticket: given.get('ticket'),
    trace: given.has('trace'),
    device: given.get('device'),
    feature: /^[^/]+\/.+/.test(given.get('feature') ?? '') ? given.get('feature') : null,
    create: readSubject(given.get('new')),
    tool: TOOLS.find((one) => one === given.get('tool')) ?? null,
    layer: given.get('layer'),
    cql: given.get('cql'),
    hidden: inMapOrder(hidden.filter((one) => /^[a-z][a-z0-9_]{0,62}$/.test(one))),
    days: PERIODS.find((one) => String(one) === given.get('days')) ?? 30,
    rows: readRows(given),
    quantity: given.get('value'),
    place: placed && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [zoom, lat, lon] : null,
  };
}

function readSubject(text: string | null): View['create'] {
  if (text === null || text === 'pick') {
    return text;
  }
  const [lon = NaN, lat = NaN] = text.split(',').map(Number);
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) {
    return { lon, lat };
  }
  return /^[^/]+\/.+/.test(text) ? { feature: text } : null;
}

function writeSubject(subject: View['create']): string | null {
  if (subject === null || subject === 'pick') {
    return subject;
  }
  return 'feature' in subject ? subject.feature : `${subject.lon.toFixed(5)},${subject.lat.toFixed(5)}`;
}

function readRows(given: URLSearchParams): Rows | null {
  const from = given.get('from');
  const to = given.get('to');
  if (from === null || to === null || Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(to))) {
    return null;
  }
  return { services: (given.get('service') ?? '').split(',').filter((one) => one !== ''), from, to };
}

/** The tickets that the service says to be behind a figure: `/api/v1/tickets?service=…&opened_from=…&opened_to=…`. */
export function rowsOf(link: string): Rows | null {
  const given = new URLSearchParams(link.slice(link.indexOf('?') + 1));
  const from = given.get('opened_from');
  const to = given.get('opened_to');
  return from === null || to === null ? null : { services: (given.get('service') ?? '').split(',').filter((one) => one !== ''), from, to };
}

export function writeView(view: View): string {
  const parts: string[] = [];
  const add = (name: string, value: string | null): void => {
    if (value !== null && value !== '') {
      parts.push(`${name}=${encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%3A', ':')}`);
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
  add('new', writeSubject(view.create));
  add('tool', view.tool);
  add('layer', view.tool === null ? null : view.layer);
  add('cql', view.tool === 'select' ? view.cql : null);
  add('hide', view.hidden.join(','));
  add('days', view.days === 30 ? null : String(view.days));
  if (view.rows !== null) {
    add('service', view.rows.services.join(','));
    add('from', view.rows.from);
    add('to', view.rows.to);
  }
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
