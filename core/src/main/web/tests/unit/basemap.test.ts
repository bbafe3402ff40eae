import { describe, expect, it } from 'vitest';
import { PMTiles, type Source } from 'pmtiles';
import { basemapLayers } from '../../map/canvas/basemap';
import { BOX, streetArchive, tileAt, ZOOMS } from './street-archive';

const { bytes, count } = streetArchive();
const asked: number[] = [];

/** What the service does: parts of the archive, and no more of it than is asked for. */
const source: Source = {
  getKey: () => 'streets',
  getBytes: (offset, length) => {
    asked.push(length);
    return Promise.resolve({ data: new Uint8Array(bytes.subarray(offset, offset + length)).buffer });
  },
};

describe('a street map in an archive', () => {
  const archive = new PMTiles(source);

  it('is read in parts, through the leaves of its directory, at each zoom', async () => {
    expect(count).toBeGreaterThan(100);
    const known = await archive.getHeader();
    expect([known.minZoom, known.maxZoom, known.numAddressedTiles]).toEqual([...ZOOMS, count]);
    for (let zoom = ZOOMS[0]; zoom <= ZOOMS[1]; zoom++) {
      const [x, y] = tileAt([105.851, 21.461], zoom);
      const tile = await archive.getZxy(zoom, Math.floor(x), Math.floor(y));
      expect(new TextDecoder().decode(tile?.data)).toContain('roads');
    }
    const [x, y] = tileAt([BOX[0] - 1, BOX[1]], ZOOMS[1]);
    expect(await archive.getZxy(ZOOMS[1], Math.floor(x), Math.floor(y))).toBeUndefined();
    expect(Math.max(...asked)).toBeLessThan(bytes.length / 4);
  });

  it('holds every layer that the page draws of it', async () => {
    const { vector_layers: held } = (await archive.getMetadata()) as { vector_layers: { id: string }[] };
    const drawn = basemapLayers({ water: '#00f', green: '#0f0', road: '#fff', building: '#ccc', label: '#333', halo: '#fff' });
    const names = new Set(held.map((one) => one.id));
    expect(drawn.filter((one) => !('source-layer' in one) || !names.has(one['source-layer'] ?? ''))).toEqual([]);
  });
});
