import type { Texts } from '../../shared/model';
import { ours, word } from '../../shared/texts';
import { MAP_LAYERS } from '../view';

/** A layer of the service. */
export interface KnownLayer {
  name: string;
  kind: 'point' | 'line' | 'polygon' | 'any';
  title: Texts;
}

/** Before the service has said which layers there are, these are asked for. */
const USUAL: readonly string[] = ['wards', 'zones', 'roads', 'trees', 'waste_points'];

let all: readonly KnownLayer[] = [];
/** Those that the page has no name of its own for. */
let others: readonly KnownLayer[] = [];

/** Takes in which layers there are; says whether others than before are among them. */
export function learnLayers(layers: readonly KnownLayer[]): boolean {
  const known: readonly string[] = MAP_LAYERS;
  const before = JSON.stringify(others);
  all = layers;
  others = layers.filter((one) => !known.includes(one.name));
  return JSON.stringify(others) !== before;
}

export function otherLayers(): readonly KnownLayer[] {
  return others;
}

/** The names of all layers. */
export function allLayers(): readonly string[] {
  return all.length === 0 ? USUAL : all.map((one) => one.name);
}

export function kindOf(layer: string): KnownLayer['kind'] {
  return all.find((one) => one.name === layer)?.kind ?? 'any';
}

export function layerName(name: string): string {
  const other = others.find((one) => one.name === name);
  return other === undefined ? word('layer', name) : ours(other.title, name);
}

/** What so many features of a layer are called, after their number: trees, or tree where it is one. */
export function layerUnit(name: string, count: number): string {
  const other = others.find((one) => one.name === name);
  if (other !== undefined) {
    return inSentence(ours(other.title, name));
  }
  return count === 1 ? word('counted_one', name) : word('counted', name);
}

/** A title within a sentence: in small letters, but for one that begins with several capitals. */
function inSentence(title: string): string {
  return /^\p{Lu}(?!\p{Lu})/u.test(title) ? title.charAt(0).toLocaleLowerCase() + title.slice(1) : title;
}

/** A type of device. */
export interface KnownProfile {
  id: string;
  title: Texts;
}

let profiles: ReadonlyMap<string, Texts> = new Map();

/** Takes in which types of devices there are. */
export function learnProfiles(known: readonly KnownProfile[]): void {
  profiles = new Map(known.map((one) => [one.id, one.title]));
}

/** What a type of device is called; its id until the service has said it. */
export function profileName(id: string): string {
  return ours(profiles.get(id), id);
}
