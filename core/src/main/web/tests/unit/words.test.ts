import { afterEach, describe, expect, it } from 'vitest';
import { fold, matches, milliseconds, span, untilDue, withUnit } from '../../shared/format';
import { ALL_TEXTS, speak } from '../../shared/texts';
import { readView, writeView } from '../../map/view';

afterEach(() => speak('vi'));

describe('words', () => {
  it('says time as people do', () => {
    speak('vi');
    expect(span(200 * 60_000)).toBe('3 giờ 20 phút');
    expect(untilDue('2026-11-23T05:00:00Z', Date.parse('2026-11-23T05:40:00Z'))).toBe('trễ 40 phút');
    speak('en');
    expect(span(26 * 3_600_000)).toBe('1 d 2 h');
  });

  it('reads how long something takes, as machines write it', () => {
    expect(milliseconds('PT20M')).toBe(1_200_000);
    expect(milliseconds('PT1H0.5S')).toBe(3_600_500);
    expect(milliseconds('PT24H')).toBe(86_400_000);
    expect(milliseconds('P1D')).toBeNaN();
    expect(milliseconds('20')).toBeNaN();
  });

  it('finds without diacritics', () => {
    expect(fold('Điểm rác Cây xanh')).toBe('diem rac cay xanh');
    expect(matches('xanh cay', 'Cây xanh phường Sông Công')).toBe(true);
    expect(matches('do', 'Cây xanh')).toBe(false);
  });

  it('writes decimals and units of the language', () => {
    speak('vi');
    expect(withUnit(23.14, 'Cel')).toBe('23,1 °C');
    expect(withUnit(14, 'h')).toBe('14 giờ');
    speak('en');
    expect(withUnit(0.256, 'm')).toBe('0.26 m');
  });

  it('has every text in both languages with the same blanks', () => {
    for (const [key, [vi, en]] of Object.entries(ALL_TEXTS)) {
      expect(vi, key).not.toBe('');
      expect([...en.matchAll(/\{\w+\}/g)].map(String).sort(), key).toEqual([...vi.matchAll(/\{\w+\}/g)].map(String).sort());
    }
  });

  it('keeps the whole view in the address', () => {
    const address = '/?filter=all&q=r%C3%A1c&ticket=T-1&trace&at=13.20/21.47000/105.84000';
    expect(writeView(readView(address.slice(1)))).toBe(address);
    const all = '/?panel=kpis&new=trees/T%201&hide=roads,trees&days=7&service=a,b&from=2026-01-01T00:00:00Z&to=2026-01-08T00:00:00Z';
    expect(writeView(readView(all.slice(1)))).toBe(all);
    expect(readView('?new=105.8,21.5').create).toEqual({ lon: 105.8, lat: 21.5 });
    expect(readView('?new=nothing&days=8&from=x&to=y&hide=Moon!')).toMatchObject({ create: null, days: 30, rows: null, hidden: [] });
    expect(readView('?at=99/x/1&filter=nonsense')).toMatchObject({ place: null, filter: 'live' });
  });
});
