import type { Texts } from '../../shared/model';
import { ours, word } from '../../shared/texts';
import { MAP_LAYERS } from '../view';

/** A layer that a pack brings and that the page has no drawing of its own for. */
export interface OtherLayer {
  name: string;
  kind: 'point' | 'line' | 'polygon' | 'any';
  title: Texts;
}

let others: readonly OtherLayer[] = [];

/** Takes in which layers there are; says whether others than before are among them. */
export function learnLayers(layers: readonly OtherLayer[]): boolean {
  const known: readonly string[] = MAP_LAYERS;
  const before = JSON.stringify(others);
  others = layers.filter((one) => !known.includes(one.name));
  return JSON.stringify(others) !== before;
}

export function otherLayers(): readonly OtherLayer[] {
  return others;
}

export function layerName(name: string): string {
  const other = others.find((one) => one.name === name);
  return other === undefined ? word('layer', name) : ours(other.title, name);
}
