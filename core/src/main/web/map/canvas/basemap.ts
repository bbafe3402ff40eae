import { addProtocol, type LayerSpecification, type SourceSpecification } from 'maplibre-gl';
import type { Protocol } from 'pmtiles';

/** The colours of the street map, quiet enough to carry the layers. */
export interface BasemapColours {
  water: string;
  green: string;
  road: string;
  building: string;
  label: string;
  halo: string;
}

export const BASEMAP = 'basemap';

let protocol: Promise<Protocol> | null = null;

/** The street map as a source of the map. */
export function basemapSource(address: string): SourceSpecification {
  if (protocol === null) {
    // Only where there is a street map it is fetched how to read one.
    const reader = import('pmtiles').then((library) => new library.Protocol({ metadata: true }));
    protocol = reader;
    addProtocol('pmtiles', async (request, abort) => (await reader).tile(request, abort));
  }
  return { type: 'vector', url: `pmtiles://${location.origin}${address}` };
}

/** The street map's layers by the Protomaps schema, without any boundary. */
export function basemapLayers({ water, green, road, building, label, halo }: BasemapColours): LayerSpecification[] {
  const from = (id: string, layer: string) => ({ id: `${BASEMAP}-${id}`, source: BASEMAP, 'source-layer': layer });
  return [
    { ...from('green', 'landuse'), type: 'fill', filter: ['match', ['get', 'kind'], ['park', 'forest', 'wood', 'grass', 'meadow', 'nature_reserve', 'cemetery', 'orchard', 'farmland'], true, false], paint: { 'fill-color': green } },
    { ...from('water', 'water'), type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': water } },
    { ...from('streams', 'water'), type: 'line', filter: ['==', ['geometry-type'], 'LineString'], minzoom: 12, paint: { 'line-color': water, 'line-width': 1.5 } },
    { ...from('buildings', 'buildings'), type: 'fill', minzoom: 14.5, paint: { 'fill-color': building } },
    {
      ...from('roads', 'roads'),
      type: 'line',
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': road, 'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 10, ['match', ['get', 'kind'], ['highway', 'major_road'], 1.2, 0.3], 15, ['match', ['get', 'kind'], ['highway', 'major_road'], 6, 2.5], 18, ['match', ['get', 'kind'], ['highway', 'major_road'], 24, 12]] },
    },
    {
      ...from('road-names', 'roads'),
      type: 'symbol',
      minzoom: 15,
      layout: { 'symbol-placement': 'line', 'text-field': ['coalesce', ['get', 'name:vi'], ['get', 'name']], 'text-font': ['noto-sans-regular'], 'text-size': 11 },
      paint: { 'text-color': label, 'text-halo-color': halo, 'text-halo-width': 1.4 },
    },
  ];
}
