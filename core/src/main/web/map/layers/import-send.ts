import type { FeatureCollection, Geometry } from 'geojson';
import { spoken } from '../../shared/texts';

/** Where a place is not known there is no geometry. */
export type Refused = FeatureCollection<Geometry | null>;

/** What a person says about a file; empty text for what is not said. */
export interface ImportWish {
  layer: string;
  crs: string;
  mapping: string;
  id: string;
  map: string;
  accuracy: string;
  source: string;
  surveyed: string;
  x: string;
  y: string;
  wkt: string;
  table: string;
  encoding: string;
  acceptValid: boolean;
}

export interface Duplicate {
  id: string;
  other: string;
  standing: boolean;
  meters: number;
}

/** An attribute of the file, and a value that it has there. */
export interface FileColumn {
  name: string;
  example: string;
}

/** What the service found in a file. */
export interface ImportReport {
  layer: string;
  dry_run: boolean;
  taken: boolean;
  features: number;
  refused: number;
  numbered: boolean;
  columns: FileColumn[];
  /** West, south, east, north of what can be taken; empty where there is nothing. */
  box: number[];
  duplicates: { count: number; items: Duplicate[] };
  refused_features: Refused;
}

export type Sent =
  | { kind: 'report'; report: ImportReport }
  | { kind: 'problem'; detail: string }
  | { kind: 'forbidden' | 'logged_out' | 'offline' | 'stopped' };

/** How far it has come: a share of the bytes, then nothing but patience. */
export type Step = { sent: number } | 'reading';

export const MAX_BYTES = 256 * 1024 * 1024;

export function address(wish: ImportWish, filename: string, dryRun: boolean): string {
  const asked = new URLSearchParams({ filename, dry_run: String(dryRun) });
  const said: readonly (readonly [string, string])[] = [
    ['crs', wish.crs],
    ['mapping', wish.mapping],
    ['id', wish.id],
    ['map', wish.map],
    ['accuracy', wish.accuracy.replace(',', '.')],
    ['source', wish.source],
    ['surveyed', wish.surveyed],
    ['x', wish.x],
    ['y', wish.y],
    ['wkt', wish.wkt],
    ['table', wish.table],
    ['encoding', wish.encoding],
    ['accept_valid', wish.acceptValid ? 'true' : ''],
  ];
  said.filter(([, value]) => value.trim() !== '').forEach(([name, value]) => asked.set(name, value.trim()));
  return `/api/v1/layers/${encodeURIComponent(wish.layer)}/imports?${asked.toString()}`;
}

/** What an answer of the service means. */
export function understood(status: number, text: string): Sent {
  if (status === 401) {
    return { kind: 'logged_out' };
  }
  if (status === 403) {
    return { kind: 'forbidden' };
  }
  try {
    const body = JSON.parse(text) as Partial<ImportReport> & { detail?: string };
    if (body.refused_features !== undefined) {
      return { kind: 'report', report: body as ImportReport };
    }
    return { kind: 'problem', detail: body.detail ?? `HTTP ${status}` };
  } catch {
    return status === 0 || status === 502 || status === 504 ? { kind: 'offline' } : { kind: 'problem', detail: `HTTP ${status}` };
  }
}

/** Sends a file and tells how far it has come; `fetch` cannot tell that. A signal stops it. */
export function send(path: string, file: Blob, tell: (step: Step) => void, signal: AbortSignal): Promise<Sent> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('accept-language', spoken());
    request.upload.addEventListener('progress', (e) => tell({ sent: e.total > 0 ? e.loaded / e.total : 0 }));
    request.upload.addEventListener('load', () => tell('reading'));
    request.addEventListener('load', () => resolve(understood(request.status, request.responseText)));
    request.addEventListener('error', () => resolve({ kind: 'offline' }));
    request.addEventListener('abort', () => resolve({ kind: 'stopped' }));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
