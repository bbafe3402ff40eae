import type { Geometry, FeatureCollection } from 'geojson';
import type { Series } from './series';

export type Texts = Partial<Record<'vi' | 'en', string>>;

export interface User {
  name: string;
  display_name?: string;
  role?: string;
}

export type Status = 'open' | 'assigned' | 'in_progress' | 'resolved' | 'closed' | 'rejected' | 'merged' | 'withdrawn';

export interface Witness {
  kind: string;
  at: string;
  ref: string;
}

export interface TicketEvent {
  at: string;
  actor: string;
  kind: string;
  detail: Record<string, unknown>;
}

export interface Photo {
  id: string;
  url: string;
  thumb_url: string;
  width: number;
  height: number;
  taken_at: string | null;
  added_at: string;
  added_by: string;
}

/** A change to a ticket; `assignee: null` gives it to nobody. */
export interface TicketChange {
  status?: Status;
  reason?: string;
  assignee?: string | null;
  priority?: string;
  comment?: string;
}

export interface Ticket {
  id: string;
  service: string;
  status: Status;
  priority: string;
  layer: string;
  feature_id: string;
  rule: string | null;
  title: Texts;
  geometry: Geometry | null;
  ward: string | null;
  opened_at: string;
  due_at: string;
  updated_at: string;
  resolved_at: string | null;
  witnesses: Witness[];
  photos?: Photo[];
  events?: TicketEvent[];
}

/** One latest value, as the list of states and the event `feature_state` tell it. */
export interface Value {
  layer: string | null;
  feature_id: string | null;
  device: string;
  quantity: string;
  instance: number;
  value: number;
  unit: string;
  measured_at: string;
}

export interface Reading {
  quantity: string;
  value: number;
  unit: string;
  measured_at: string;
  received_at: string;
  layer?: string | null;
  feature_id?: string | null;
}

export interface Frame {
  id: string;
  topic?: string;
  content_type?: string | null;
  received_at?: string;
  payload_base64?: string;
}

export interface TraceStep {
  kind: string;
  at: string;
  ref: string;
  cleared_at?: string;
  rule?: { id: string; version: number; text?: string; sentence?: Texts; saw?: Texts };
  reading?: { quantity?: string; value?: number; unit?: string; measured_at: string };
  frame?: Frame;
}

export interface Trace {
  witnesses: TraceStep[];
}

export interface Device {
  enrolled_at?: string;
  last_seen_at?: string;
  battery?: number;
  reports_every_s?: number;
  id: string;
  profile: string;
  online?: boolean | null;
  attach?: { layer: string; feature_id: string } | null;
  position?: [number, number] | null;
}

export interface Attribute {
  name: string;
  type: string;
  title: Texts;
}

/** A feature with all that the service knows of it. */
export interface WholeFeature {
  layer: string;
  id: string;
  properties: Record<string, unknown>;
  accuracy_m: number | null;
  updated_at: string | null;
  ward: string | null;
  attributes: Attribute[];
  devices: { id: string; profile: string; title: Texts; last_seen_at?: string | null }[];
  state: Value[];
  tickets: Ticket[];
}

export interface Quarantined {
  id: string;
  device: string | null;
  door: string;
  topic: string | null;
  code: string;
  detail: string;
  last_received_at: string;
  times: number;
  replayed_at?: string;
  outcome?: string;
}

export interface RuleLine {
  id: string;
  pack: string;
  version: number;
  enabled: boolean;
  service: string;
  priority: string;
  title: Texts;
  sentence: Texts;
  open_tickets: number;
}

/** A figure of a period; null where there was nothing to count, or no target is set. */
export interface Kpi {
  id: string;
  title: Texts;
  unit: string;
  value: number | null;
  previous: number | null;
  target: number | null;
  better: 'higher' | 'lower';
  period: { from: string; to: string };
  rows: string | null;
}

export interface HealthPart {
  name: string;
  code: string;
  status: string;
  since: string;
  detail: Texts;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

/** Why a call did not give what was asked. */
export type Failure =
  | { kind: 'offline' }
  | { kind: 'forbidden' }
  | { kind: 'logged-out' }
  | { kind: 'missing' }
  | { kind: 'failed'; status: number; code: string; detail: string };

export class CallFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind === 'failed' ? failure.detail : failure.kind);
  }
}

const API = '/api/v1';
const TIMEOUT = 20_000;
const PHOTO_TIMEOUT = 120_000;
/** More than this is not read into a page: the lists say so and the search of the service is the way. */
export const MAX_ITEMS = 5_000;

export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await send(path, init);
  if (response.status === 204) {
    return undefined as T;
  }
  return (await response.json()) as T;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path.startsWith('/') ? path : `${API}/${path}`, {
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT),
      ...init,
      headers: { accept: 'application/json', ...(init.headers as Record<string, string> | undefined) },
    });
  } catch {
    throw new CallFailed({ kind: 'offline' });
  }
  if (!response.ok) {
    throw new CallFailed(await failure(response));
  }
  return response;
}

export async function failure(response: Response): Promise<Failure> {
  switch (response.status) {
    case 401:
      return { kind: 'logged-out' };
    case 403:
      return { kind: 'forbidden' };
    case 404:
      return { kind: 'missing' };
    case 502:
    case 504:
      return { kind: 'offline' };
    default:
      return { kind: 'failed', status: response.status, ...(await problem(response)) };
  }
}

async function problem(response: Response): Promise<{ code: string; detail: string }> {
  try {
    const body = (await response.json()) as { code?: string; detail?: string };
    return { code: body.code ?? '', detail: body.detail ?? `HTTP ${response.status}` };
  } catch {
    return { code: '', detail: `HTTP ${response.status}` };
  }
}

/** All pages of a list, up to {@link MAX_ITEMS}. */
export async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let next: string | null | undefined = path;
  while (next && items.length < MAX_ITEMS) {
    const page: Page<T> = await call<Page<T>>(next);
    items.push(...page.items);
    next = page.next;
  }
  return items;
}

export function logIn(name: string, password: string): Promise<User> {
  return call<User>('session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
}

export const whoAmI = (): Promise<User> => call<User>('session');
export const logOut = (): Promise<void> => call('session', { method: 'DELETE' });
export const layer = (name: string): Promise<FeatureCollection> => call(`layers/${encodeURIComponent(name)}/features?properties=name,kind,class`);
export const ticket = (id: string): Promise<Ticket> => call(`tickets/${encodeURIComponent(id)}`);

/** @param keepalive whether the call goes on when the page is closed */
export function changeTicket(id: string, change: TicketChange, keepalive = false): Promise<Ticket> {
  return call(`tickets/${encodeURIComponent(id)}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
    keepalive,
  });
}

/** A large photo on a slow line takes longer than any other call. */
export function addPhoto(id: string, file: Blob): Promise<Photo> {
  return call(`tickets/${encodeURIComponent(id)}/photos`, {
    method: 'POST',
    headers: { 'content-type': file.type },
    body: file,
    signal: AbortSignal.timeout(PHOTO_TIMEOUT),
  });
}

export const trace = (id: string): Promise<Trace> => call(`tickets/${encodeURIComponent(id)}/trace`);

export function featureState(name: string, feature: string): Promise<{ items?: Value[] }> {
  return call(`layers/${encodeURIComponent(name)}/${encodeURIComponent(feature)}/state`);
}

export function readings(device: string): Promise<Page<Reading>> {
  return call(`devices/${encodeURIComponent(device)}/readings?order=desc&limit=50`);
}

export function feature(name: string, id: string): Promise<WholeFeature> {
  return call(`layers/${encodeURIComponent(name)}/features/${encodeURIComponent(id)}`);
}

/** @param source such as `devices/d1/series`; @param from and to in milliseconds */
export function series(source: string, from: number, to: number, quantity: string | null): Promise<Series> {
  const asked = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  if (quantity !== null) {
    asked.set('quantity', quantity);
  }
  return call(`${source}?${asked.toString()}`);
}

export const quarantine = (): Promise<Quarantined[]> => all('quarantine?limit=200');
export const replay = (id: string): Promise<Quarantined> => call(`quarantine/${encodeURIComponent(id)}/replay`, { method: 'POST' });
export const rules = async (): Promise<RuleLine[]> => (await call<Page<RuleLine>>('rules')).items;
export const kpis = async (): Promise<Kpi[]> => (await call<Page<Kpi>>('kpis')).items;

/** The parts' state; 503 is an answer here, not a failure. */
export async function health(): Promise<HealthPart[]> {
  let response: Response;
  try {
    response = await fetch('/health/ready', { signal: AbortSignal.timeout(TIMEOUT) });
  } catch {
    throw new CallFailed({ kind: 'offline' });
  }
  if (!response.ok && response.status !== 503) {
    throw new CallFailed(await failure(response));
  }
  return ((await response.json()) as { parts: HealthPart[] }).parts;
}
