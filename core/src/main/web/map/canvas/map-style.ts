import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import { otherLayers, type OtherLayer } from '../parts/catalogue';
import { SCALES, STEPS } from '../parts/quantities';
import { BLIND } from './map-images';

/** What the page hands to the map itself; the city's layers come as tiles. */
export const SOURCES = ['ward_names', 'devices', 'tickets', 'selected'] as const;
export type SourceName = (typeof SOURCES)[number];

export const NO_FEATURES: FeatureCollection = { type: 'FeatureCollection', features: [] };
/** All layers in one source: the map then cuts and masks its tiles once, not once for each layer. */
export const CITY = 'city';
const TILES = '/ogc/tiles/WebMercatorQuad/{z}/{y}/{x}?properties=name,kind,class&collections=wards,zones,roads,trees,waste_points';
/** From this zoom on every tree is a mark of its own, and the tiles of that zoom serve those beyond. */
const WHOLE_FROM = 15;
const LABEL_FONT = ['noto-sans-medium'];

/** A token's colour as the map understands it, in the theme of the moment. */
export function colour(token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${token})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** A size in pixels as this screen needs it. */
function px(size: number): number {
  return size * Number(getComputedStyle(document.documentElement).getPropertyValue('--map-scale') || 1);
}

/** The whole map: wards and the service's own layers, nothing from elsewhere. */
export function mapStyle(data: ReadonlyMap<SourceName, FeatureCollection>, hidden: readonly string[]): StyleSpecification {
  const names = otherLayers().map((one) => `,${one.name}`).join('');
  return {
    version: 8,
    glyphs: `${location.origin}/glyphs/{fontstack}/{range}.pbf`,
    sources: {
      ...Object.fromEntries(SOURCES.map((name) => [name, { type: 'geojson', data: data.get(name) ?? NO_FEATURES }])),
      [CITY]: { type: 'vector', tiles: [`${location.origin}${TILES}${names}`], maxzoom: WHOLE_FROM },
    },
    layers: [...ground(), ...assets(), ...others(), ...marks()].map((one) => ({ ...one, layout: { ...one.layout, visibility: visibility(one.id, hidden) } })),
  };
}

/** Which switch each of the style's layers belongs to; the rest is always there. */
const SWITCHES: Readonly<Record<string, readonly string[]>> = {
  wards: ['wards', 'ward-edges', 'ward-names'],
  zones: ['zones'],
  roads: ['road-edges', 'roads', 'road-names', 'lane-names'],
  trees: ['trees'],
  waste_points: ['waste_points'],
  devices: ['devices', 'devices-blind'],
  tickets: ['tickets'],
};

/** The style's layers that can be switched, by id, with whether each is to be seen. */
export function visibilities(hidden: readonly string[]): [id: string, visibility: 'visible' | 'none'][] {
  return [...Object.values(SWITCHES), ...otherLayers().map(otherIds)].flatMap((ids) => ids.map((id): [string, 'visible' | 'none'] => [id, visibility(id, hidden)]));
}

function visibility(id: string, hidden: readonly string[]): 'visible' | 'none' {
  const away = hidden.some((name) => {
    const other = otherLayers().find((one) => one.name === name);
    return (other === undefined ? (SWITCHES[name] ?? []) : otherIds(other)).includes(id);
  });
  return away ? 'none' : 'visible';
}

/** The style's layers of a pack's layer: one for each kind of geometry that it may hold. */
export function otherIds({ name, kind }: OtherLayer): string[] {
  return (kind === 'any' ? ['polygon', 'line', 'point'] : [kind]).map((one) => `other-${name}-${one}`);
}

/** What the page has no drawing of its own for: marks, lines and areas in one colour. */
function others(): LayerSpecification[] {
  const paint = colour('map-other');
  return otherLayers().flatMap((layer) =>
    otherIds(layer).map((id): LayerSpecification => {
      const from = { id, source: CITY, 'source-layer': layer.name };
      if (id.endsWith('-point')) {
        return {
          ...from,
          type: 'circle',
          filter: ['==', ['geometry-type'], 'Point'],
          paint: {
            'circle-color': paint,
            'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, px(1.6), 14, px(3.2), 17, px(7)],
            'circle-stroke-color': colour('mark-edge'),
            'circle-stroke-width': 1,
          },
        };
      }
      return id.endsWith('-line')
        ? { ...from, type: 'line', filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': paint, 'line-width': px(2) } }
        : { ...from, type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': paint, 'fill-opacity': 0.25, 'fill-outline-color': paint } };
    }),
  );
}

function ground(): LayerSpecification[] {
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': colour('map-ground') } },
    { id: 'wards', type: 'fill', source: CITY, 'source-layer': 'wards', paint: { 'fill-color': colour('map-ward') } },
    {
      id: 'zones',
      type: 'fill',
      source: CITY,
      'source-layer': 'zones',
      paint: {
        'fill-color': ['match', ['get', 'kind'], 'park', colour('map-park'), 'school', colour('map-school'), colour('map-duty')],
        'fill-outline-color': colour('map-zone-edge'),
      },
    },
    {
      id: 'ward-edges',
      type: 'line',
      source: CITY,
      'source-layer': 'wards',
      paint: { 'line-color': colour('map-ward-edge'), 'line-width': 1.4, 'line-dasharray': [4, 2] },
    },
    road('road-edges', colour('map-road-edge'), 2),
    road('roads', colour('map-road'), 0),
  ];
}

function road(id: string, paint: string, wider: number): LayerSpecification {
  return {
    id,
    type: 'line',
    source: CITY,
    'source-layer': 'roads',
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': paint,
      'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 11, 1 + wider, 15, 5 + wider, 18, 22 + wider],
    },
  };
}

function assets(): LayerSpecification[] {
  const edge = colour('mark-edge');
  return [
    {
      id: 'trees',
      type: 'circle',
      source: CITY,
      'source-layer': 'trees',
      paint: {
        'circle-color': colour('map-tree'),
        // Far out a mark stands for several trees, and grows with the square root of their number.
        'circle-radius': [
          'interpolate',
          ['linear'],
          ['zoom'],
          9,
          ['*', px(0.5), ['sqrt', ['min', 60, ['coalesce', ['get', 'count'], 1]]]],
          13.9,
          ['*', px(1.6), ['sqrt', ['min', 4, ['coalesce', ['get', 'count'], 1]]]],
          14,
          px(2.2),
          17,
          px(6),
        ],
        'circle-opacity': 0.85,
      },
    },
    {
      id: 'waste_points',
      type: 'circle',
      source: CITY,
      'source-layer': 'waste_points',
      paint: {
        'circle-color': colour('map-waste'),
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, px(2), 14, px(3.6), 17, px(8)],
        'circle-stroke-color': edge,
        'circle-stroke-width': 1,
      },
    },
    roadNames('road-names', 13.5, ['!=', ['get', 'class'], 'residential']),
    // Lanes are named only where there is room for it.
    roadNames('lane-names', 15.5, ['==', ['get', 'class'], 'residential']),
  ];
}

function roadNames(id: string, minzoom: number, filter: FilterSpecification): LayerSpecification {
  return {
    id,
    type: 'symbol',
    source: CITY,
    'source-layer': 'roads',
    minzoom,
    filter,
    layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': ['noto-sans-regular'], 'text-size': px(11) },
    paint: { 'text-color': colour('map-label'), 'text-halo-color': colour('map-label-halo'), 'text-halo-width': 1.4 },
  };
}

/** Every step of every ramp with its colour, in turn. */
function steps(): string[] {
  const ramps = [...new Set(Object.values(SCALES).map((one) => one.ramp))];
  return ramps.flatMap((ramp) => Array.from({ length: STEPS }, (_, step) => [`${ramp}-${step}`, colour(`ramp-${ramp}-${step}`)]).flat());
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
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, px(1.6), 13, px(3.3), 15.5, px(6.6)],
        'circle-stroke-color': colour('ink'),
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
