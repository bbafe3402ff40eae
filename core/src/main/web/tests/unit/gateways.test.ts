import { describe, expect, it } from 'vitest';
import { asked, isOpen, said } from '../../map/lists/command-list';
import { standing, startCommand } from '../../map/lists/gateway-list';

describe('gateways', () => {
  it('stand as the last that is known of them', () => {
    expect(standing({ disabled: true, enrolled: true, online: true })).toBe('gateway_disabled');
    expect(standing({ disabled: false, enrolled: false })).toBe('gateway_waits');
    expect(standing({ disabled: false, enrolled: true })).toBe('gateway_enrolled');
    expect(standing({ disabled: false, enrolled: true, online: true })).toBe('gateway_online');
    expect(standing({ disabled: false, enrolled: true, online: false })).toBe('gateway_offline');
  });

  it('are started with the address of this service', () => {
    expect(startCommand('https://canopy.example', 'tok')).toBe('java -jar canopy-gateway.jar --service https://canopy.example --enrol=tok');
  });
});

describe('commands', () => {
  it('take what was typed as what the parameter is', () => {
    expect(asked('20', 0)).toBe(20);
    expect(asked('true', false)).toBe(true);
    expect(asked('20', 'text')).toBe('20');
    expect(asked('20', undefined)).toBe('20');
  });

  it('say what follows them in words', () => {
    expect(said(false)).toMatch(/^(tắt|off)$/);
    expect(said('slow')).toBe('slow');
    expect(said(2.5)).toBe('2.5');
    expect(said({ 0: 1 })).toBe('{"0":1}');
    expect(said(undefined)).toBe('');
  });

  it('are open until there is a final word', () => {
    expect((['queued', 'sent', 'waiting', 'done', 'failed', 'expired', 'cancelled'] as const).filter((state) => isOpen({ state }))).toEqual(['queued', 'sent', 'waiting']);
  });
});
