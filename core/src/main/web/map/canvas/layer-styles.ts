import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Texts } from '../../shared/model';
import { inMapOrder } from '../view';

/** One line of a layer's legend. */
export interface Sign {
  title: Texts;
  symbol: 'fill' | 'line' | 'circle';
  color: string;
  outline?: string;
}

/** How a layer is drawn, as the service says it. */
export interface LayerStyle {
  layers: LayerSpecification[];
  legend: Sign[];
}

export type StyleTheme = 'light' | 'dark';

/** What is needed of a style document of the service; the tiles come with those of all other layers. */
export function layerStyle(document: StyleSpecification): LayerStyle {
  const metadata = document.metadata as { 'canopy:legend'?: Sign[] } | undefined;
  return { layers: document.layers, legend: metadata?.['canopy:legend'] ?? [] };
}

/** The theme that the page is in. */
export function theme(): StyleTheme {
  const chosen = document.documentElement.dataset['theme'];
  const dark = chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  return dark ? 'dark' : 'light';
}

/** From the ground up: areas, lines, marks, names. */
const HEIGHTS: readonly LayerSpecification['type'][] = ['fill', 'line', 'circle', 'symbol'];
/** What is larger on a screen that is read from further away. */
const SIZES = ['circle-radius', 'text-size', 'icon-size'];

/** The layers of all styles in one map: areas below lines below marks below names, and each in the map's order. */
export function drawnLayers(styles: ReadonlyMap<string, LayerStyle>, source: string, scale: number): LayerSpecification[] {
  const all = mapOrder([...styles.keys()]).flatMap((name) => styles.get(name)?.layers ?? []);
  return HEIGHTS.flatMap((type) => all.filter((one) => one.type === type)).map((one) => ({ ...scaled(one, scale), source }) as LayerSpecification);
}

/** What the page does not know by itself lies above roads and below trees. */
function mapOrder(names: string[]): string[] {
  const known = inMapOrder(names);
  const below = ['wards', 'zones', 'roads'];
  const above = ['trees', 'waste_points'];
  return [...known.filter((one) => below.includes(one)), ...known.filter((one) => !below.includes(one) && !above.includes(one)), ...known.filter((one) => above.includes(one))];
}

function scaled(layer: LayerSpecification, scale: number): LayerSpecification {
  if (scale === 1) {
    return layer;
  }
  const larger = (part: object | undefined): object =>
    Object.fromEntries(Object.entries(part ?? {}).map(([name, value]) => [name, SIZES.includes(name) ? times(value, scale) : (value as unknown)]));
  return { ...layer, paint: larger(layer.paint), layout: larger(layer.layout) };
}

/** A size or an expression of one, multiplied. Only the outermost expression may ask for the zoom, so its answers are. */
function times(size: unknown, scale: number): unknown {
  if (typeof size === 'number') {
    return size * scale;
  }
  if (Array.isArray(size) && size[0] === 'interpolate') {
    return size.map((one: unknown, at) => (at > 3 && at % 2 === 0 ? times(one, scale) : one));
  }
  return ['*', scale, size];
}

/** The properties by which the styles draw: no others need to be in the tiles. */
export function drawnBy(styles: ReadonlyMap<string, LayerStyle>): string[] {
  const found = new Set<string>(['name']);
  const look = (part: unknown): void => {
    if (Array.isArray(part)) {
      if (part[0] === 'get' && typeof part[1] === 'string') {
        found.add(part[1]);
      }
      part.forEach(look);
    } else if (typeof part === 'object' && part !== null) {
      Object.values(part).forEach(look);
    }
  };
  styles.forEach((one) => look(one.layers));
  found.delete('count'); // The server's own, of marks that stand for several.
  return [...found].sort();
}
