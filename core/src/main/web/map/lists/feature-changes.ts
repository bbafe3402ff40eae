/** A property that two states of a feature do not have alike. */
export interface Change {
  name: string;
  before: unknown;
  after: unknown;
}

interface State {
  properties?: Record<string, unknown>;
}

/** What two states have otherwise, by name; missing, null and empty text are the same. */
export function changesBetween(before: State, after: State): Change[] {
  const [one, other] = [before.properties ?? {}, after.properties ?? {}];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .sort()
    .filter((name) => (one[name] ?? '') !== (other[name] ?? ''))
    .map((name) => ({ name, before: one[name], after: other[name] }));
}
