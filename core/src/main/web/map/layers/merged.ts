import type { Geometry } from 'geojson';
import { changesBetween } from '../lists/feature-changes';

/** What a feature is, but for its id and version. */
export interface FeatureState {
  geometry: Geometry;
  properties: Record<string, unknown>;
}

/** Whose state of one thing is meant: that of who wants to save, or that which was saved meanwhile. */
export type Whose = 'mine' | 'theirs';

/** Stands for place and shape among the names of attributes, none of which begins so. */
export const GEOMETRY = '@geometry';

/** One thing in which two states of a feature differ that were made of the same one. */
export interface Difference {
  /** The attribute, or {@link GEOMETRY}. */
  name: string;
  mine: unknown;
  theirs: unknown;
  /** Who changed it: where both did, a person has to choose. */
  changed: Whose | 'both';
}

/** In what two states differ, seen from the one that both were made of: first what both changed, for a person has to look at that. */
export function differences(base: FeatureState, mine: FeatureState, theirs: FeatureState): Difference[] {
  const changedIn = (state: FeatureState): Set<string> => new Set([...changesBetween(base, state).map((one) => one.name), ...(sameShape(base, state) ? [] : [GEOMETRY])]);
  const [byMe, byThem] = [changedIn(mine), changedIn(theirs)];
  const whose = (name: string): Difference['changed'] => (!byThem.has(name) ? 'mine' : byMe.has(name) ? 'both' : 'theirs');
  const attributes = changesBetween(theirs, mine).map(({ name, before, after }) => ({ name, mine: after, theirs: before, changed: whose(name) }));
  const found = sameShape(mine, theirs) ? attributes : [...attributes, { name: GEOMETRY, mine: mine.geometry, theirs: theirs.geometry, changed: whose(GEOMETRY) }];
  return [...found.filter((one) => one.changed === 'both'), ...found.filter((one) => one.changed !== 'both')];
}

/** What stays when nobody says otherwise: each change that one of the two made, and of two changes of one thing mine. */
export function likely(one: Difference): Whose {
  return one.changed === 'theirs' ? 'theirs' : 'mine';
}

/** Their state with what was chosen of mine; no choice means the likely one. */
export function merged(found: readonly Difference[], mine: FeatureState, theirs: FeatureState, chosen: ReadonlyMap<string, Whose>): FeatureState {
  const taken = found.filter((one) => (chosen.get(one.name) ?? likely(one)) === 'mine').map((one) => one.name);
  const properties = new Map(Object.entries(theirs.properties));
  for (const name of taken.filter((one) => one !== GEOMETRY)) {
    if (name in mine.properties) {
      properties.set(name, mine.properties[name]);
    } else {
      properties.delete(name);
    }
  }
  return { geometry: taken.includes(GEOMETRY) ? mine.geometry : theirs.geometry, properties: Object.fromEntries(properties) };
}

function sameShape(one: FeatureState, other: FeatureState): boolean {
  return JSON.stringify(one.geometry) === JSON.stringify(other.geometry);
}
