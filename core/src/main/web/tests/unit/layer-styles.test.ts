import { describe, expect, it } from 'vitest';
import type { LayerSpecification } from 'maplibre-gl';
import { drawnBy, drawnLayers, type LayerStyle } from '../../map/canvas/layer-styles';

function style(...layers: object[]): LayerStyle {
  return { layers: layers as LayerSpecification[], legend: [] };
}

const STYLES = new Map([
  ['trees', style({ id: 'trees', type: 'circle', paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, ['*', 0.5, ['get', 'count']], 14, 2] } })],
  ['lamps', style({ id: 'lamps-point', type: 'circle', paint: { 'circle-radius': 3 } })],
  ['wards', style({ id: 'wards', type: 'fill' }, { id: 'wards-edges', type: 'line', paint: { 'line-width': 1 } })],
  ['roads', style({ id: 'roads', type: 'line' }, { id: 'roads-names', type: 'symbol', filter: ['==', ['get', 'class'], 'lane'], layout: { 'text-size': 11 } })],
]);

describe('the styles of all layers in one map', () => {
  it('lie as areas, lines, marks, names, and each in the order of the map', () => {
    expect(drawnLayers(STYLES, 'city', 1).map((one) => one.id)).toEqual(['wards', 'wards-edges', 'roads', 'lamps-point', 'trees', 'roads-names']);
    expect(drawnLayers(STYLES, 'city', 1).every((one) => 'source' in one && one.source === 'city')).toBe(true);
  });

  it('have larger marks and names on a wall, and lines as they were', () => {
    const [, edges, , lamps, trees, names] = drawnLayers(STYLES, 'city', 2);
    expect(edges?.paint).toEqual({ 'line-width': 1 });
    expect(lamps?.paint).toEqual({ 'circle-radius': 6 });
    expect(trees?.paint).toEqual({ 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, ['*', 2, ['*', 0.5, ['get', 'count']]], 14, 4] });
    expect(names?.layout).toEqual({ 'text-size': 22 });
  });

  it('say which properties the tiles must hold', () => {
    expect(drawnBy(STYLES)).toEqual(['class', 'name']);
  });
});
