import type { FeatureCollection } from 'geojson';
import type {
  Assignee,
  Command,
  FeatureStep,
  Gateway,
  GatewayToken,
  HealthPart,
  Kpi,
  LayerDetail,
  NewTicket,
  OfferedCommand,
  Page,
  Photo,
  Quarantined,
  Reading,
  RuleLine,
  Scalar,
  Schedule,
  SearchResult,
  Service,
  Ticket,
  TicketChange,
  Trace,
  User,
  Value,
  WholeFeature,
} from './model';
import type { Series } from './series';
import { spoken } from './texts';

export type * from './model';

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
  try {
    return (await response.json()) as T;
  } catch (e) {
    // The time was over, or the line broke, within the answer.
    throw e instanceof DOMException ? new CallFailed({ kind: 'offline' }) : e;
  }
}

export async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path.startsWith('/') ? path : `${API}/${path}`, {
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT),
      ...init,
      headers: { accept: 'application/json', 'accept-language': spoken(), ...(init.headers as Record<string, string> | undefined) },
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
export const layers = <T>(): Promise<T[]> => all('layers');
/** @param T a style of a layer; the box is the city's: west, south, east, north */
export const map = <T>(theme: string): Promise<{ box: [number, number, number, number] | null; basemap: string | null; styles: Record<string, T> }> => call(`map?theme=${theme}`);
export const profiles = <T>(): Promise<T[]> => all('profiles');
export const quantities = <T>(): Promise<T[]> => all('quantities');
/** The features of a layer that are valid now; those of before and of later are no part of the map. */
export async function layer(name: string): Promise<FeatureCollection> {
  const all = await call<FeatureCollection>(`layers/${encodeURIComponent(name)}/features?properties=name,kind,class,responsible,valid_from,valid_to`);
  return { ...all, features: all.features.filter(({ properties }) => isValid(properties ?? {}, new Date())) };
}

/** Whether something holds at a moment: from `valid_from` on and until before `valid_to`, each a date or a time. */
export function isValid({ valid_from: from, valid_to: to }: Record<string, unknown>, at: Date): boolean {
  const moment = (text: unknown): number => (typeof text === 'string' ? new Date(text.length === 10 ? `${text}T00:00` : text).getTime() : NaN);
  return !(moment(from) > at.getTime()) && !(moment(to) <= at.getTime());
}
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

/** @param key the same for each try of the same wish: it is done once, however often it is sent */
export function openTicket(wish: NewTicket, key: string): Promise<Ticket> {
  return call('tickets', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(wish),
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

/** @param feature layer/id */
export async function featureHistory(feature: string): Promise<FeatureStep[]> {
  const at = feature.indexOf('/');
  return (await call<Page<FeatureStep>>(`layers/${encodeURIComponent(feature.slice(0, at))}/features/${encodeURIComponent(feature.slice(at + 1))}/history`)).items;
}

export const layerDetail = (name: string): Promise<LayerDetail> => call(`layers/${encodeURIComponent(name)}`);

/** Features of all layers, the best first. */
export function search(query: string, signal: AbortSignal): Promise<SearchResult> {
  return call(`search?limit=20&q=${encodeURIComponent(query)}`, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]) });
}

export const quarantine = (): Promise<Quarantined[]> => all('quarantine?limit=200');
export const replay = (id: string): Promise<Quarantined> => call(`quarantine/${encodeURIComponent(id)}/replay`, { method: 'POST' });
export const rules = async (): Promise<RuleLine[]> => (await call<Page<RuleLine>>('rules')).items;
export const schedules = async (): Promise<Schedule[]> => (await call<Page<Schedule>>('schedules')).items;
export const services = async (): Promise<Service[]> => (await call<Page<Service>>('services')).items;
export const assignees = async (): Promise<Assignee[]> => (await call<Page<Assignee>>('assignees')).items;

const json = (method: string, body: unknown): RequestInit => ({ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const gateways = (): Promise<Gateway[]> => all('gateways?limit=1000');
export const createGateway = (id: string, title: string): Promise<GatewayToken> => call('gateways', json('POST', { id, title }));
export const renewGatewayToken = (id: string): Promise<GatewayToken> => call(`gateways/${encodeURIComponent(id)}/token`, { method: 'POST' });

/** The newest commands of a device. */
export async function commands(device: string): Promise<Command[]> {
  return (await call<Page<Command>>(`devices/${encodeURIComponent(device)}/commands?limit=20`)).items;
}

export async function offeredCommands(device: string): Promise<OfferedCommand[]> {
  return (await call<Page<OfferedCommand>>(`devices/${encodeURIComponent(device)}/offered-commands`)).items;
}

export function giveCommand(device: string, wish: { command: string; parameters: Record<string, Scalar> }): Promise<Command> {
  return call(`devices/${encodeURIComponent(device)}/commands`, json('POST', wish));
}

export function cancelCommand(device: string, id: string): Promise<Command> {
  return call(`devices/${encodeURIComponent(device)}/commands/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

/** @param from and to in milliseconds */
export async function kpis(from: number, to: number): Promise<Kpi[]> {
  const asked = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  return (await call<Page<Kpi>>(`kpis?${asked.toString()}`)).items;
}

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
