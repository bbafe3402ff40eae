// A street map in the form that a city hands over: a PMTiles archive (version 3) of vector tiles by the Protomaps schema, of generated streets.
import { gzipSync } from 'node:zlib';
import { zxyToTileId } from 'pmtiles';

type At = readonly [lon: number, lat: number];

interface Made {
  layer: 'water' | 'landuse' | 'roads' | 'buildings' | 'places';
  shape: 'point' | 'line' | 'polygon';
  corners: At[];
  tags: Record<string, string>;
  minZoom: number;
}

/** West, south, east, north. */
export const BOX = [105.8, 21.42, 105.9, 21.5] as const;
export const ZOOMS: readonly [least: number, most: number] = [10, 15];
const EXTENT = 4096;
/** Entries in each leaf of the directory: few, so that there are several. */
const LEAF = 64;
const STEP = 0.002;
/** The schema names what lies here; a street of one block and a road across the city are both of it. */
const LAYERS = ['earth', 'water', 'landuse', 'roads', 'buildings', 'places'];

function rectangle([lon, lat]: At, width: number, height: number): At[] {
  return [[lon, lat], [lon, lat + height], [lon + width, lat + height], [lon + width, lat], [lon, lat]];
}

/** Streets in blocks, a main road at each fifth, a river across, a park at some corners, and houses. */
function city(): Made[] {
  const made: Made[] = [];
  const [west, south, east, north] = BOX;
  const [columns, rows] = [Math.round((east - west) / STEP), Math.round((north - south) / STEP)];
  for (let x = 0; x < columns; x++) {
    for (let y = 0; y < rows; y++) {
      const [lon, lat] = [west + x * STEP, south + y * STEP];
      const road = (to: At, line: number, way: string): void => {
        const main = line % 5 === 0;
        made.push({ layer: 'roads', shape: 'line', corners: [[lon, lat], to], tags: { kind: main ? 'major_road' : 'minor_road', name: `${main ? 'Đường' : 'Phố'} ${way} ${line + 1}` }, minZoom: main ? 10 : 13 });
      };
      road([lon + STEP, lat], y, 'Nguyễn Huệ');
      road([lon, lat + STEP], x, 'Bà Triệu');
      if (x % 9 === 4 && y % 7 === 3) {
        made.push({ layer: 'landuse', shape: 'polygon', corners: rectangle([lon, lat], STEP, STEP), tags: { kind: 'park' }, minZoom: 11 });
      } else {
        for (const [dx, dy] of [[0.0003, 0.0003], [0.0011, 0.0003], [0.0003, 0.0011], [0.0011, 0.0011]] as const) {
          made.push({ layer: 'buildings', shape: 'polygon', corners: rectangle([lon + dx, lat + dy], 0.0005, 0.0006), tags: { kind: 'building' }, minZoom: 14 });
        }
      }
    }
    const bank = (at: number): At => [west + at * STEP, 21.46 + 0.004 * Math.sin(at / 6)];
    const [[lon, lat], [next, up]] = [bank(x), bank(x + 1)];
    made.push({ layer: 'water', shape: 'polygon', corners: [[lon, lat], [lon, lat + 0.002], [next, up + 0.002], [next, up], [lon, lat]], tags: { kind: 'river' }, minZoom: 10 });
  }
  made.push({ layer: 'places', shape: 'point', corners: [[105.85, 21.47]], tags: { kind: 'locality', name: 'Sông Công' }, minZoom: 10 });
  return made;
}

/** Where a place lies at a zoom, in tiles from the world's upper left corner. */
export function tileAt([lon, lat]: At, zoom: number): [x: number, y: number] {
  const up = Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  return [((lon + 180) / 360) * 2 ** zoom, ((1 - up / Math.PI) / 2) * 2 ** zoom];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + 128);
  }
  return [...bytes, rest];
}

function field(number: number, value: number | readonly number[] | string): number[] {
  if (typeof value === 'number') {
    return [...varint(number * 8), ...varint(value)];
  }
  const bytes = typeof value === 'string' ? [...new TextEncoder().encode(value)] : value;
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}

function zigzag(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}

/** The commands of a vector tile: move, line to the rest, close. */
function commands({ shape, corners }: Made, zoom: number, x: number, y: number): number[] {
  const open = shape === 'polygon' ? corners.slice(0, -1) : corners;
  let [lastX, lastY] = [0, 0];
  const steps = open.map((corner) => {
    const [tileX, tileY] = tileAt(corner, zoom);
    const [nextX, nextY] = [Math.round((tileX - x) * EXTENT), Math.round((tileY - y) * EXTENT)];
    const step = [zigzag(nextX - lastX), zigzag(nextY - lastY)];
    [lastX, lastY] = [nextX, nextY];
    return step;
  });
  const [first = [], ...rest] = steps;
  return [9, ...first, ...(rest.length === 0 ? [] : [rest.length * 8 + 2, ...rest.flat()]), ...(shape === 'polygon' ? [15] : [])];
}

function layerOf(name: string, features: readonly Made[], zoom: number, x: number, y: number): number[] {
  const keys: string[] = [];
  const values: string[] = [];
  const place = (list: string[], one: string): number => (list.includes(one) ? list.indexOf(one) : list.push(one) - 1);
  const body = features.flatMap((one) => {
    const tags = Object.entries(one.tags).flatMap(([key, value]) => [place(keys, key), place(values, value)]);
    const type = { point: 1, line: 2, polygon: 3 }[one.shape];
    return field(2, [...field(2, tags.flatMap(varint)), ...field(3, type), ...field(4, commands(one, zoom, x, y).flatMap(varint))]);
  });
  return field(3, [...field(15, 2), ...field(1, name), ...body, ...keys.flatMap((one) => field(3, one)), ...values.flatMap((one) => field(4, field(1, one))), ...field(5, EXTENT)]);
}

/** The tiles by their number in the archive, those with nothing on them left out. */
function tiles(): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  const all = city();
  for (let zoom = ZOOMS[0]; zoom <= ZOOMS[1]; zoom++) {
    const [[left, bottom], [right, top]] = [tileAt([BOX[0], BOX[1]], zoom), tileAt([BOX[2], BOX[3]], zoom)];
    const shown = all
      .filter((one) => one.minZoom <= zoom)
      .map((one) => ({ one, at: one.corners.map((corner) => tileAt(corner, zoom)) }))
      .map(({ one, at }) => ({ one, x: at.map((each) => each[0]), y: at.map((each) => each[1]) }))
      .map(({ one, x, y }) => ({ one, west: Math.min(...x), east: Math.max(...x), north: Math.min(...y), south: Math.max(...y) }));
    for (let x = Math.floor(left); x <= Math.floor(right); x++) {
      for (let y = Math.floor(top); y <= Math.floor(bottom); y++) {
        const inside = shown.filter(({ west, east, north, south }) => east >= x && west <= x + 1 && south >= y && north <= y + 1).map(({ one }) => one);
        const parts = LAYERS.map((name) => ({ name, features: inside.filter((one) => one.layer === name) })).filter(({ features }) => features.length > 0);
        if (parts.length > 0) {
          found.set(zxyToTileId(zoom, x, y), gzipSync(Buffer.from(parts.flatMap(({ name, features }) => layerOf(name, features, zoom, x, y)))));
        }
      }
    }
  }
  return new Map([...found].sort(([one], [other]) => one - other));
}

interface Entry {
  id: number;
  run: number;
  length: number;
  offset: number;
}

function directory(entries: readonly Entry[]): Buffer {
  const column = (value: (entry: Entry, at: number) => number): number[] => entries.flatMap((entry, at) => varint(value(entry, at)));
  const ids = column(({ id }, at) => id - (entries[at - 1]?.id ?? 0));
  return gzipSync(Buffer.from([...varint(entries.length), ...ids, ...column(({ run }) => run), ...column(({ length }) => length), ...column(({ offset }) => offset + 1)]));
}

/** The whole archive: header, root of the directory, metadata, leaves, tiles. */
export function streetArchive(): { bytes: Buffer; count: number } {
  const made = tiles();
  const entries: Entry[] = [];
  let length = 0;
  for (const [id, tile] of made) {
    entries.push({ id, run: 1, length: tile.length, offset: length });
    length += tile.length;
  }
  const leaves: Buffer[] = [];
  const branches: Entry[] = [];
  for (let at = 0, offset = 0; at < entries.length; at += LEAF) {
    const leaf = directory(entries.slice(at, at + LEAF));
    branches.push({ id: entries[at]?.id ?? 0, run: 0, length: leaf.length, offset });
    leaves.push(leaf);
    offset += leaf.length;
  }
  const root = directory(branches);
  const said = { name: 'Generated streets', attribution: '<a href="https://example.org">Generated streets</a>', vector_layers: LAYERS.map((id) => ({ id, fields: { kind: 'String', name: 'String' } })) };
  const metadata = gzipSync(JSON.stringify(said));
  const leaf = Buffer.concat(leaves);
  const data = Buffer.concat([...made.values()]);
  return { bytes: Buffer.concat([header(root.length, metadata.length, leaf.length, data.length, made.size), root, metadata, leaf, data]), count: made.size };
}

function header(root: number, metadata: number, leaves: number, data: number, count: number): Buffer {
  const bytes = Buffer.alloc(127);
  bytes.write('PMTiles', 0, 'latin1');
  bytes.writeUInt8(3, 7);
  const [atMetadata, atLeaves, atData] = [127 + root, 127 + root + metadata, 127 + root + metadata + leaves];
  [127, root, atMetadata, metadata, atLeaves, leaves, atData, data, count, count, count].forEach((value, at) => bytes.writeBigUInt64LE(BigInt(value), 8 + at * 8));
  // In the order of their numbers; directory and tiles in gzip; vector tiles.
  [1, 2, 2, 1, ...ZOOMS].forEach((value, at) => bytes.writeUInt8(value, 96 + at));
  BOX.forEach((degrees, at) => bytes.writeInt32LE(Math.round(degrees * 1e7), 102 + at * 4));
  bytes.writeUInt8(12, 118);
  bytes.writeInt32LE(Math.round(105.85e7), 119);
  bytes.writeInt32LE(Math.round(21.46e7), 123);
  return bytes;
}
