import { beforeEach, describe, expect, it } from 'vitest';
import { speak } from '../../shared/texts';
import { mapStyle, visibilities } from '../../map/canvas/map-style';
import { layerName, layerUnit, learnLayers, learnProfiles, otherLayers, profileName } from '../../map/parts/catalogue';
import { learnQuantities, quantityName, SCALES } from '../../map/parts/quantities';
import { readView, writeView } from '../../map/view';

const LAMPS = { name: 'street_lamps', kind: 'point', title: { vi: 'Đèn đường', en: 'Street lamps' } } as const;
const TREES = { name: 'trees', kind: 'point', title: { vi: 'Cây', en: 'Trees' } } as const;

describe('what a pack brings that the page does not know', () => {
  beforeEach(() => {
    speak('en');
    learnLayers([]);
  });

  it('is a layer with its own name, drawn and switched like the others', () => {
    expect(learnLayers([TREES, LAMPS])).toBe(true);
    expect(learnLayers([TREES, LAMPS])).toBe(false);
    expect(otherLayers()).toEqual([LAMPS]);
    expect(layerName('street_lamps')).toBe('Street lamps');
    const styles = new Map([['street_lamps', { layers: [{ id: 'street_lamps-point', type: 'circle', source: 'x', 'source-layer': 'street_lamps' } as const], legend: [] }]]);
    const style = mapStyle(new Map(), styles, ['street_lamps']);
    const drawn = style.layers.find((one) => one.id === 'street_lamps-point');
    expect(drawn).toMatchObject({ type: 'circle', 'source-layer': 'street_lamps', layout: { visibility: 'none' } });
    expect(JSON.stringify(style.sources)).toContain('collections=street_lamps');
    expect(visibilities(styles, [])).toContainEqual(['street_lamps-point', 'visible']);
  });

  it('is counted in its own words, one or many', () => {
    learnLayers([TREES, LAMPS]);
    expect([94, 1, 0].map((count) => layerUnit('trees', count))).toEqual(['trees', 'tree', 'trees']);
    expect(layerUnit('street_lamps', 94)).toBe('street lamps');
    speak('vi');
    expect([94, 1].map((count) => layerUnit('trees', count))).toEqual(['cây', 'cây']);
    expect(layerUnit('street_lamps', 94)).toBe('đèn đường');
    expect(layerUnit('waste_points', 2)).toBe('điểm rác');
  });

  it('is a type of device with its own name, and its id until that is known', () => {
    expect(profileName('lamp-node')).toBe('lamp-node');
    learnProfiles([{ id: 'lamp-node', title: { vi: 'Nút đèn', en: 'Lamp node' } }]);
    expect(profileName('lamp-node')).toBe('Lamp node');
    speak('vi');
    expect(profileName('lamp-node')).toBe('Nút đèn');
    expect(profileName('another')).toBe('another');
  });

  it('is switched off in the address, behind the layers that are always there', () => {
    const view = readView('?hide=street_lamps,tickets,trees,<b>');
    expect(view.hidden).toEqual(['trees', 'tickets', 'street_lamps']);
    expect(writeView(view)).toBe('/?hide=trees,tickets,street_lamps');
  });

  it('is a quantity with its name and a ramp over all that it may be', () => {
    const told = [
      { name: 'lamp_power', unit: 'W', min: 0, max: 2000, title: { vi: 'Công suất đèn', en: 'Lamp power' } },
      { name: 'tilt', unit: 'deg', min: -90, max: 90, title: { vi: 'Nghiêng', en: 'Lean' } },
    ];
    expect(learnQuantities(told)).toBe(true);
    expect(learnQuantities(told)).toBe(false);
    expect(quantityName('lamp_power', 'en')).toBe('Lamp power');
    expect(SCALES['lamp_power']).toMatchObject({ low: 0, high: 2000, unit: 'W' });
    expect(quantityName('tilt', 'en')).toBe('Tilt');
  });
});
