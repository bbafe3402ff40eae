import type { Geometry } from 'geojson';
import * as api from '../../shared/api';

/** A feature as it is to be. */
export interface NewState {
  id?: string;
  geometry: Geometry;
  properties: Record<string, unknown>;
}

/** A feature that stands so near that it may be the same. */
export interface Near {
  id: string;
  meters: number;
}

/** Where the edit has been made. */
export interface Saved {
  id: string;
  near: Near[];
}

const JSON_TYPE = { 'content-type': 'application/geo+json' };

function items(layer: string, id?: string): string {
  return `/ogc/collections/${encodeURIComponent(layer)}/items${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;
}

function body({ id, geometry, properties }: NewState): string {
  return JSON.stringify({ type: 'Feature', ...(id === undefined ? {} : { id }), geometry, properties });
}

/** A feature more. Its id is the given one, or one that the service chooses. */
export async function create(layer: string, state: NewState): Promise<Saved> {
  const response = await api.send(items(layer), { method: 'POST', headers: JSON_TYPE, body: body(state) });
  const made = response.headers.get('location')?.split('/').pop();
  return { id: made === undefined ? (state.id ?? '') : decodeURIComponent(made), near: near(response.headers) };
}

/** Another state in the place of the one of this version; refused with 412 when another stands there. */
export async function replace(layer: string, id: string, version: number, state: NewState): Promise<Saved> {
  const headers = { ...JSON_TYPE, 'if-match': `"${version}"` };
  const response = await api.send(items(layer, id), { method: 'PUT', headers, body: body(state) });
  return { id, near: near(response.headers) };
}

/** @param leaving the call is to outlive the page */
export async function remove(layer: string, id: string, version: number, leaving: boolean): Promise<void> {
  await api.send(items(layer, id), { method: 'DELETE', headers: { 'if-match': `"${version}"` }, keepalive: leaving });
}

/** What the service says of a feature that may be the same: its id and how many metres they are apart. */
export function near(headers: Headers): Near[] {
  const [id = '', meters = ''] = (headers.get('possible-duplicate') ?? '').split('; meters=');
  return id === '' ? [] : [{ id: decodeURIComponent(id), meters: Number(meters) }];
}
