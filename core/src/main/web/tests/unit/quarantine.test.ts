import { afterEach, describe, expect, it, vi } from 'vitest';
import * as api from '../../shared/api';
import type { Quarantined } from '../../shared/api';
import { ALL_TEXTS } from '../../shared/texts';
import '../../map/lists/quarantine-list';
import { asText, bytesOf } from '../../map/parts/bytes';

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

const row = (payload: string, more: Partial<Quarantined> = {}): Quarantined => ({
  id: '7',
  device: 'bin-7',
  door: 'mqtt',
  topic: 'canopy/v1/bin-7/telemetry',
  content_type: 'application/json',
  payload_base64: btoa(payload),
  code: 'undecodable',
  detail: 'not JSON',
  last_received_at: '2026-11-28T05:00:00Z',
  times: 1,
  ...more,
});

describe('what is in quarantine', () => {
  it('says why, what to do, and shows the bytes themselves', async () => {
    vi.spyOn(api, 'quarantine').mockResolvedValue([row('{"fill": '), row('\u0001\u00ff', { id: '6', code: 'empty' })]);
    document.body.append(document.createElement('canopy-quarantine-list'));
    await vi.waitFor(() => expect(document.querySelectorAll('.entries li')).toHaveLength(2));
    const [first, second] = [...document.querySelectorAll('.entries li')].map((one) => one.textContent);
    expect(first).toContain(ALL_TEXTS['remedy_undecodable']?.[0]);
    expect(first).toContain('canopy/v1/bin-7/telemetry');
    expect(first).toContain('{"fill": ');
    expect(second).toContain(ALL_TEXTS['remedy_empty']?.[0]);
    expect(second).toContain('01 ff');
  });

  it('has a remedy for every reason', () => {
    const named = (prefix: string): string[] => Object.keys(ALL_TEXTS).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
    expect(named('remedy_')).toEqual(named('code_'));
  });

  it('cuts a long frame between two characters', () => {
    const bytes = new TextEncoder().encode('Sấu Sấu');
    expect(asText(bytes, 2)).toBe('S');
    expect(asText(bytes, 4)).toBe('Sấ');
    expect(asText(bytesOf(btoa('ab\u0000')), 2)).toBe('ab');
  });
});
