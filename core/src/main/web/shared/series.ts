/** One line of a chart as the service gives it: `step_s` 0 means that each point is a reading. */
export interface SeriesLine {
  device: string;
  quantity: string;
  unit: string;
  instance: number;
  step_s: number;
  points: [ms: number, min: number, mean: number, max: number, count: number][];
}

export interface Series {
  from: string;
  to: string;
  step_s: number;
  series: SeriesLine[];
}

/** Times in seconds, means, lowest and highest; a null where nothing was heard, so that no line is drawn across a silence. */
export type Columns = [number[], (number | null)[], (number | null)[], (number | null)[]];

/** So many of its usual distances without a point are a silence. */
const GAP = 4;

export function columns(line: SeriesLine): Columns {
  const result: Columns = [[], [], [], []];
  const gap = GAP * usualDistance(line);
  let last: number | null = null;
  for (const [ms, min, mean, max] of line.points) {
    if (last !== null && ms - last > gap) {
      add(result, (last + ms) / 2, null, null, null);
    }
    add(result, ms, mean, min, max);
    last = ms;
  }
  return result;
}

function add([times, means, lows, highs]: Columns, ms: number, mean: number | null, low: number | null, high: number | null): void {
  times.push(ms / 1000);
  means.push(mean);
  lows.push(low);
  highs.push(high);
}

/** Milliseconds between points: the bucket's width, or the middle one of the distances between readings. */
function usualDistance(line: SeriesLine): number {
  if (line.step_s > 0) {
    return line.step_s * 1000;
  }
  const distances = line.points.slice(1).map(([ms], at) => ms - (line.points[at]?.[0] ?? ms));
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? Infinity;
}

/** Lowest, highest and newest, for those who do not see the line. */
export function summary(line: SeriesLine): { low: number; high: number; last: number } | null {
  const newest = line.points.at(-1);
  return newest === undefined
    ? null
    : { low: Math.min(...line.points.map((one) => one[1])), high: Math.max(...line.points.map((one) => one[3])), last: newest[2] };
}

/** The number that a reading was held against: "Fill level (97 %) ≥ 80." → 80. */
export function limitIn(saw: string | undefined): number | null {
  const found = /\)\s*[≥≤<>=]+\s*(-?\d+(?:\.\d+)?)/.exec(saw ?? '')?.[1];
  return found === undefined ? null : Number(found);
}
