import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import { SCALES, STEPS } from '../parts/quantities';
import { BASEMAP, basemapLayers, basemapSource } from './basemap';
import { drawnBy, drawnLayers, theme, type LayerStyle } from './layer-styles';
import { BLIND } from './map-images';

/** What the page hands to the map itself; the city's layers come as tiles. */
export const SOURCES = ['ward_names', 'devices', 'tickets', 'selected', 'chosen', 'refused'] as const;
export type SourceName = (typeof SOURCES)[number];

export const NO_FEATURES: FeatureCollection = { type: 'FeatureCollection', features: [] };
/** All layers in one source: the map then cuts and masks its tiles once, not once for each layer. */
export const CITY = 'city';
/** From this zoom on every tree is a mark of its own, and the tiles of that zoom serve those beyond. */
export const WHOLE_FROM = 15;
const LABEL_FONT = ['noto-sans-medium'];

/** What the tokens are in a theme; each is found out once, as the whole page is laid out for it. */
const colours = new Map<string, string>();

/** A token's colour as the map understands it, in the theme of the moment. */
export function colour(token: string): string {
  const key = `${theme()} ${token}`;
  let found = colours.get(key);
  if (found === undefined) {
    const probe = document.createElement('span');
    probe.style.color = `var(--${token})`;
    document.body.append(probe);
    found = getComputedStyle(probe).color;
    probe.remove();
    colours.set(key, found);
  }
  return found;
}

/** How much larger marks and names are on this screen. */
function scale(): number {
  return Number(getComputedStyle(document.documentElement).getPropertyValue('--map-scale') || 1);
}

function px(size: number): number {
  return size * scale();
}

/** The whole map: the service's own layers as it says that they look, and the page's marks above them. */
export function mapStyle(data: ReadonlyMap<SourceName, FeatureCollection>, styles: ReadonlyMap<string, LayerStyle>, hidden: readonly string[], basemap: string | null = null): StyleSpecification {
  const city = drawnLayers(styles, CITY, scale());
  return {
    version: 8,
    glyphs: `${location.origin}/glyphs/{fontstack}/{range}.pbf`,
    sources: {
      ...Object.fromEntries(SOURCES.map((name) => [name, { type: 'geojson', data: data.get(name) ?? NO_FEATURES }])),
      ...(basemap === null ? {} : { [BASEMAP]: basemapSource(basemap) }),
      ...(styles.size === 0 ? {} : { [CITY]: { type: 'vector', tiles: [tiles(styles)], maxzoom: WHOLE_FROM } as const }),
    },
    layers: [ground(), ...(basemap === null ? [] : streets(city)), ...city, ...marks()].map((one) => ({ ...one, layout: { ...one.layout, visibility: visibility(one.id, styles, hidden) } })),
  };
}

function tiles(styles: ReadonlyMap<string, LayerStyle>): string {
  return `${location.origin}/ogc/tiles/WebMercatorQuad/{z}/{y}/{x}?properties=${drawnBy(styles).join(',')}&collections=${[...styles.keys()].sort().join(',')}`;
}

/** Which of the page's own layers each switch is for. */
const SWITCHES: Readonly<Record<string, readonly string[]>> = { wards: ['ward-names'], devices: ['devices', 'devices-blind'], tickets: ['tickets'] };

function switched(name: string, styles: ReadonlyMap<string, LayerStyle>): string[] {
  return [...(styles.get(name)?.layers.map((one) => one.id) ?? []), ...(SWITCHES[name] ?? [])];
}

/** The map's layers that can be switched, by id, with whether each is to be seen. */
export function visibilities(styles: ReadonlyMap<string, LayerStyle>, hidden: readonly string[]): [id: string, visibility: 'visible' | 'none'][] {
  const names = new Set([...styles.keys(), ...Object.keys(SWITCHES)]);
  return [...names].flatMap((name) => switched(name, styles).map((id): [string, 'visible' | 'none'] => [id, hidden.includes(name) ? 'none' : 'visible']));
}

function visibility(id: string, styles: ReadonlyMap<string, LayerStyle>, hidden: readonly string[]): 'visible' | 'none' {
  return hidden.some((name) => switched(name, styles).includes(id)) ? 'none' : 'visible';
}

/** The street map, for which wards are no surface but an outline. */
function streets(city: LayerSpecification[]): LayerSpecification[] {
  const wards = city.findIndex((one) => one.id === 'wards');
  if (wards >= 0) {
    city.splice(wards, 1);
  }
  return basemapLayers({
    water: colour('map-water'),
    green: colour('map-green'),
    road: colour('map-street'),
    building: colour('map-building'),
    label: colour('map-label'),
    halo: colour('map-label-halo'),
  });
}

function ground(): LayerSpecification {
  return { id: 'ground', type: 'background', paint: { 'background-color': colour('map-ground') } };
}

/** Every step of every ramp with its colour, in turn. */
function steps(): string[] {
  const ramps = [...new Set(Object.values(SCALES).map((one) => one.ramp))];
  return ramps.flatMap((ramp) => Array.from({ length: STEPS }, (_, step) => [`${ramp}-${step}`, colour(`ramp-${ramp}-${step}`)]).flat());
}

/** How large a sensor is at a zoom, and one with an old value. */
function radii(zoom: number, size: number): unknown[] {
  return [zoom, ['case', ['has', 'old'], px(size * 0.65), px(size)]];
}

/** Features of any shape, marked out from all others: as an outline and as rings. */
function above(source: SourceName, paint: string): LayerSpecification[] {
  return [
    { id: `${source}-lines`, type: 'line', source, filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': paint, 'line-width': px(3) } },
    {
      id: `${source}-points`,
      type: 'circle',
      source,
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-color': paint,
        'circle-opacity': 0.25,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, px(2.5), 14, px(5), 17, px(10)],
        'circle-stroke-color': paint,
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, 1, 15, 2],
      },
    },
  ];
}

function marks(): LayerSpecification[] {
  const size: LayerSpecification['layout'] & object = { 'icon-allow-overlap': true, 'icon-ignore-placement': true };
  return [
    {
      id: 'devices',
      // Circles, not images: those are placed anew in every frame in which the map moves.
      type: 'circle',
      source: 'devices',
      filter: ['!=', ['get', 'step'], BLIND],
      paint: {
        'circle-color': ['match', ['get', 'step'], ...steps(), colour('blind')] as unknown as ExpressionSpecification,
        // An old value is a smaller mark with a fainter rim: not as if it were of now.
        'circle-radius': ['interpolate', ['linear'], ['zoom'], ...radii(11, 1.6), ...radii(13, 3.3), ...radii(15.5, 6.6)] as unknown as ExpressionSpecification,
        'circle-stroke-color': ['case', ['has', 'old'], colour('blind'), colour('ink')],
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, px(0.3), 13, px(0.6), 15.5, px(1.2)],
      },
    },
    {
      id: 'devices-blind',
      type: 'symbol',
      source: 'devices',
      filter: ['==', ['get', 'step'], BLIND],
      layout: { ...size, 'icon-image': BLIND, 'icon-size': ['interpolate', ['linear'], ['zoom'], 11, px(0.24), 13, px(0.5), 15.5, px(1)] },
    },
    {
      id: 'ward-names',
      type: 'symbol',
      source: 'ward_names',
      maxzoom: 15,
      layout: { 'text-field': ['get', 'name'], 'text-font': LABEL_FONT, 'text-size': px(13), 'text-max-width': 8 },
      paint: { 'text-color': colour('map-label'), 'text-halo-color': colour('map-label-halo'), 'text-halo-width': 1.6 },
    },
    ...above('chosen', colour('accent')),
    ...above('refused', colour('overdue-mark')),
    {
      id: 'selected',
      type: 'circle',
      source: 'selected',
      paint: {
        'circle-radius': px(19),
        'circle-color': colour('accent'),
        'circle-opacity': 0.22,
        'circle-stroke-color': colour('accent'),
        'circle-stroke-width': 3,
      },
    },
    {
      id: 'tickets',
      type: 'symbol',
      source: 'tickets',
      layout: { ...size, 'icon-image': ['get', 'image'], 'icon-size': px(1), 'symbol-sort-key': ['get', 'rank'] },
    },
  ] as LayerSpecification[];
}
