import type { Geometry } from 'geojson';

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
  /** Where it was somebody who can log in. */
  actor_name?: string;
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
  /** With the status `merged`: the ticket that goes on. */
  merged_into?: string;
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
  /** Who has it; not there: nobody. */
  assignee?: string;
  merged_into?: string;
  witnesses: Witness[];
  photos?: Photo[];
  events?: TicketEvent[];
  /** Only of a ticket that was read alone, as its history is. */
  merged_from?: string[];
}

/** A ticket that a person opens: about a feature, or a bare place. */
export interface NewTicket {
  service: string;
  layer?: string;
  feature_id?: string;
  /** Longitude, latitude. */
  position?: [number, number];
  note?: string;
  priority?: string;
}

/** Somebody whom a ticket can be given to. */
export interface Assignee {
  name: string;
  display_name: string;
}

/** What a ticket may call for. */
export interface Service {
  id: string;
  title: Texts;
  target_s: number;
  priority: string;
  pack: string;
}

export interface Schedule {
  id: string;
  title: Texts;
  layer: string;
  kind: string;
  /** Days such as 2026-01-31. */
  next: string[];
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

/** An edge gateway with how it stands. */
export interface Gateway {
  id: string;
  title: string;
  disabled: boolean;
  enrolled: boolean;
  certificate_ends_at?: string;
  online?: boolean;
  last_heard_at?: string;
  waiting?: number;
  stores: readonly { store: string; seq: number; updated_at: string }[];
  config_version: number;
  config_acknowledged?: number;
  /** The bytes of what it is not told, as there is more than can be sent. */
  config_too_large?: number;
  devices: number;
}

/** A one-time token; the service tells it once. */
export interface GatewayToken {
  token: string;
  token_expires_at: string;
}

/** What a parameter or a resource can be. */
export type Scalar = number | string | boolean;

export type CommandState = 'queued' | 'sent' | 'waiting' | 'done' | 'failed' | 'expired' | 'cancelled';

/** What a device was asked to do. */
export interface Command {
  id: string;
  device: string;
  command: string;
  parameters: Record<string, Scalar>;
  created_by: string;
  created_by_name?: string;
  created_at: string;
  expires_at: string;
  state: CommandState;
  detail: string;
  value?: Scalar;
  /** What it is for a device that speaks LwM2M; `then` is written by the gateway so long (ISO 8601) after the reply. */
  lwm2m?: { then?: { value: Scalar | Record<string, Scalar>; after: string } };
  /** What became of that. */
  followed?: { state: 'waiting' | 'done' | 'failed' | 'replaced'; detail: string; at: string };
  sent_at?: string;
  replied_at?: string;
}

/** What a device can be asked to do. */
export interface OfferedCommand {
  name: string;
  title: { vi: string; en: string };
  parameters: readonly { name: string; title: { vi: string; en: string }; min?: number; max?: number; default?: Scalar }[];
}

export interface Device {
  enrolled_at?: string;
  last_seen_at?: string;
  battery?: number;
  reports_every_s?: number;
  id: string;
  profile: string;
  gateway?: string;
  needs_credential?: boolean;
  online?: boolean | null;
  attach?: { layer: string; feature_id: string } | null;
  position?: [number, number] | null;
  /** Where the feature is that it is bound to. */
  place?: [number, number] | null;
}

export interface Attribute {
  name: string;
  type: string;
  title: Texts;
  /** What the codes that it may hold are called. */
  values?: Partial<Record<string, Texts>>;
}

/** A feature with all that the service knows of it. */
export interface WholeFeature {
  layer: string;
  id: string;
  geometry: Geometry;
  properties: Record<string, unknown>;
  version: number;
  accuracy_m: number | null;
  source: string | null;
  surveyed_on: string | null;
  updated_at: string | null;
  ward: string | null;
  attributes: Attribute[];
  devices: { id: string; profile: string; title: Texts; last_seen_at?: string | null }[];
  state: Value[];
  tickets: Ticket[];
}

/** A feature that a search has found. */
export interface Hit {
  layer: string;
  id: string;
  name?: string;
  position: [number, number];
  bbox?: [number, number, number, number];
  /** What the words are about. */
  matched: { property: string; value: string; title?: Texts }[];
}

export interface SearchResult {
  count: number;
  items: Hit[];
  /** None was found as it was written; these are nearly so. */
  nearly?: boolean;
}

/** A state in the life of a feature, with who made it. */
export interface FeatureStep {
  version: number;
  removed: boolean;
  at: string | null;
  actor: string | null;
  actor_name?: string;
  geometry?: Geometry;
  properties?: Record<string, unknown>;
}

/** A layer with what its features may say. */
export interface LayerDetail {
  name: string;
  kind: 'point' | 'line' | 'polygon' | 'any';
  title: Texts;
  features: number;
  attributes: Attribute[];
}

export interface Quarantined {
  id: string;
  device: string | null;
  door: string;
  topic: string | null;
  content_type?: string;
  payload_base64: string;
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
  /** The layer that it looks at; not there for rules about devices. */
  layer?: string;
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
