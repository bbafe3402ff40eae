import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import '../../map/layers/import-panel';
import { address, understood, type ImportReport, type ImportWish } from '../../map/layers/import-send';
import { IMPORT_TEXTS, refusal, say, which } from '../../map/layers/import-texts';
import { speak } from '../../shared/texts';

const WISH: ImportWish = { layer: 'trees', crs: ' EPSG:9213 ', mapping: '', id: 'mã', map: '', accuracy: '0,5', source: '', surveyed: '', x: '', y: 'bắc', wkt: '', table: '', encoding: '', acceptValid: true };

function report(change: Partial<ImportReport>): ImportReport {
  return {
    layer: 'trees',
    dry_run: true,
    taken: false,
    features: 2,
    refused: 1,
    numbered: false,
    columns: [],
    box: [],
    duplicates: { count: 1, items: [{ id: 'a', other: 'b', standing: true, meters: 1.25 }] },
    refused_features: {
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          geometry: { type: 'Point', coordinates: [21, 105] },
          properties: { feature: 'feature 3', code: 'swapped_axes', detail: 'it lies at [21, 105]', remedy: 'Swap the axes.' },
        },
        { type: 'Feature', geometry: null, properties: { feature: 'feature 4', code: 'no_geometry', detail: '', remedy: '' } },
      ],
    },
    ...change,
  };
}

describe('the address of an import', () => {
  it('has what was said and nothing else', () => {
    const url = new URL(address(WISH, 'cây #1.gpkg', true), 'http://x');
    expect(url.pathname).toBe('/api/v1/layers/trees/imports');
    expect(Object.fromEntries(url.searchParams)).toEqual({ filename: 'cây #1.gpkg', dry_run: 'true', crs: 'EPSG:9213', id: 'mã', accuracy: '0.5', y: 'bắc', accept_valid: 'true' });
  });
});

describe('an answer', () => {
  it('is a report also where nothing was taken', () => {
    expect(understood(422, JSON.stringify({ ...report({}), code: 'refused_features' })).kind).toBe('report');
    expect(understood(422, '{"detail":"a.gpkg is no GeoPackage."}')).toEqual({ kind: 'problem', detail: 'a.gpkg is no GeoPackage.' });
    expect(understood(401, '').kind).toBe('logged_out');
    expect(understood(403, '').kind).toBe('forbidden');
    expect(understood(502, '<html>').kind).toBe('offline');
    expect(understood(500, '<html>')).toEqual({ kind: 'problem', detail: 'HTTP 500' });
  });
});

describe('the texts of imports', () => {
  it('are there in both languages with the same values to fill in', () => {
    for (const [key, [vi, en]] of Object.entries(IMPORT_TEXTS)) {
      const values = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((one) => one[0]).sort();
      expect(vi.length * en.length, key).toBeGreaterThan(0);
      expect(values(vi), key).toEqual(values(en));
    }
  });

  it('say a refusal in the language of the page', () => {
    speak('vi');
    expect(refusal('swapped_axes', 'd', 'Swap the axes.')).toEqual({ cause: 'Đảo kinh độ và vĩ độ', detail: 'd', remedy: 'Hãy đổi chỗ: kinh độ hoặc hướng đông trước, vĩ độ hoặc hướng bắc sau.' });
    expect([which('feature 3 (id C)'), which('feature 2 (line 5)'), which('the file')]).toEqual(['Đối tượng 3 (mã C)', 'Đối tượng 2 (dòng 5)', 'Cả tệp']);
    speak('en');
    expect(which('feature 3 (id C)')).toBe('feature 3 (id C)');
    expect(refusal('swapped_axes', 'd', 'Swap the axes.')).toEqual({ cause: 'swapped axes', detail: 'd', remedy: 'Swap the axes.' });
    expect(say('could', { n: 2, refused: 1 })).toBe('Can be taken: 2. Refused: 1.');
  });
});

/** Answers as the service would, one after the other; remembers what was asked. */
class Wire {
  static answers: { status: number; text: string }[] = [];
  static asked: string[] = [];
  upload = new EventTarget();
  status = 0;
  responseText = '';
  #listeners = new EventTarget();
  open(_method: string, path: string): void {
    Wire.asked.push(path);
  }
  setRequestHeader(): void {
    // Nothing hangs on it here.
  }
  addEventListener(name: string, listener: () => void): void {
    this.#listeners.addEventListener(name, listener);
  }
  abort(): void {
    this.#listeners.dispatchEvent(new Event('abort'));
  }
  send(): void {
    const answer = Wire.answers.shift();
    if (answer !== undefined) {
      this.status = answer.status;
      this.responseText = answer.text;
      this.#listeners.dispatchEvent(new Event('load'));
    }
  }
}

describe('the panel', () => {
  let panel: HTMLElement & { readonly updateComplete: Promise<boolean> };

  beforeEach(async () => {
    speak('en');
    Wire.answers = [];
    Wire.asked = [];
    vi.stubGlobal('XMLHttpRequest', Wire);
    vi.stubGlobal('fetch', (path: string) =>
      Promise.resolve(
        Response.json(
          path.endsWith('mappings')
            ? { items: [{ id: 'inventory', layer: 'trees', title: { en: 'Inventory' } }, { id: 'osm', layer: 'roads', title: { en: 'Roads' } }] }
            : path.endsWith('layers/trees')
              ? { name: 'trees', attributes: [{ name: 'species', type: 'text', title: { en: 'Species' } }, { name: 'diameter_cm', type: 'number', title: { en: 'Trunk diameter (cm)' } }] }
              : { items: [{ name: 'trees', title: { en: 'Trees' } }, { name: 'roads', title: { en: 'Roads' } }] },
        ),
      ),
    );
    panel = document.createElement('canopy-import-panel') as typeof panel;
    document.body.append(panel);
    await settled();
  });

  afterEach(() => {
    panel.remove();
    vi.unstubAllGlobals();
  });

  async function settled(): Promise<void> {
    for (let i = 0; i < 5; i++) {
      await Promise.resolve();
      await panel.updateComplete;
    }
    await new Promise((done) => setTimeout(done));
    await panel.updateComplete;
  }

  function button(name: string): HTMLButtonElement {
    const found = panel.querySelector<HTMLButtonElement>(`button[name=${name}]`);
    if (found === null) {
      throw new Error(`no button ${name}`);
    }
    return found;
  }

  async function choose(file: File): Promise<void> {
    const input = panel.querySelector<HTMLInputElement>('input[name=file]');
    Object.defineProperty(input, 'files', { value: [file], configurable: true });
    input?.dispatchEvent(new Event('change'));
    await settled();
  }

  it('offers the mappings of the chosen layer', () => {
    const options = [...panel.querySelectorAll('select[name=mapping] option')].map((one) => one.getAttribute('value'));
    expect(options).toEqual(['', 'inventory']);
  });

  it('takes nothing in that was not tried as it stands', async () => {
    await choose(new File(['x'], 'a.csv'));
    expect(button('take').disabled).toBe(true);
    Wire.answers = [{ status: 200, text: JSON.stringify(report({ refused: 0, refused_features: { type: 'FeatureCollection', features: [] } })) }];
    button('try').click();
    await settled();
    expect(button('take').disabled).toBe(false);
    const crs = panel.querySelector<HTMLInputElement>('input[name=crs]');
    if (crs !== null) {
      crs.value = 'EPSG:3405';
      crs.dispatchEvent(new Event('input'));
    }
    await settled();
    expect(button('take').disabled).toBe(true);
    expect(panel.textContent).toContain('a may be b of the layer, 1.3 m apart');
  });

  it('matches the attributes of the file with those of the layer, by what the file was found to say', async () => {
    await choose(new File(['x'], 'a.csv'));
    const looked: unknown[] = [];
    document.body.addEventListener('canopy-look', (e) => looked.push((e as CustomEvent).detail));
    const columns = [
      { name: 'ma', example: 'H1' },
      { name: 'loai', example: 'Sấu' },
      { name: 'chu_vi', example: '31' },
      { name: 'a,b', example: '' },
    ];
    const found = JSON.stringify(report({ columns, box: [105.8, 21.4, 105.9, 21.5] }));
    Wire.answers = [
      { status: 200, text: found },
      { status: 200, text: found },
    ];
    button('try').click();
    await settled();
    button('look-all').click();
    expect(looked).toEqual([[105.8, 21.4, 105.9, 21.5]]);
    expect(panel.textContent).toContain('To take those that can be, tick');
    const pick = async (name: string, value: string): Promise<void> => {
      const select = panel.querySelector<HTMLSelectElement>(`select[name=${name}]`);
      expect([...(select?.options ?? [])].map((one) => one.value)).toContain(value);
      if (select !== null) {
        select.value = value;
        select.dispatchEvent(new Event('change'));
      }
      await settled();
    };
    expect(panel.querySelector('select[name=column-species]')?.textContent).not.toContain('a,b');
    await pick('column-id', 'ma');
    await pick('column-species', 'loai');
    await pick('column-diameter_cm', 'chu_vi');
    await pick('turned-diameter_cm', 'girth');
    expect(button('take').disabled).toBe(true);
    button('try').click();
    await settled();
    const asked = new URL(Wire.asked[1] ?? '', 'http://x').searchParams;
    expect([asked.get('id'), asked.get('map')]).toEqual(['ma', 'species=loai,diameter_cm=chu_vi:girth']);
  });

  it('lists what was refused, hands it to the map, and takes the others when that is wanted', async () => {
    await choose(new File(['x'], 'a.csv'));
    const drawn: unknown[] = [];
    document.body.addEventListener('canopy-draw', (e) => drawn.push((e as CustomEvent).detail));
    const accept = panel.querySelector<HTMLInputElement>('input[name=accept_valid]');
    accept?.click();
    await settled();
    Wire.answers = [
      { status: 200, text: JSON.stringify(report({})) },
      { status: 200, text: JSON.stringify(report({ dry_run: false, taken: true })) },
    ];
    button('try').click();
    await settled();
    expect(panel.textContent).toContain('feature 3');
    expect(panel.textContent).toContain('Swap the axes.');
    expect(panel.textContent).not.toContain('To take those that can be, tick');
    button('draw').click();
    expect(drawn).toHaveLength(1);
    expect((drawn[0] as GeoJSON.FeatureCollection).features).toHaveLength(1);
    button('take').click();
    await settled();
    expect(Wire.asked[1]).toContain('dry_run=false');
    expect(panel.textContent).toContain('Taken: 2. Refused: 1.');
    expect(button('take').disabled).toBe(true);
  });

  it('says what is wrong with a file that cannot be used', async () => {
    button('try').click();
    await settled();
    expect(panel.textContent).toContain('Choose a file.');
    await choose(new File(['x'], 'a.gpkg'));
    Wire.answers = [{ status: 422, text: '{"detail":"a.gpkg is no GeoPackage."}' }];
    button('try').click();
    await settled();
    expect(panel.querySelector('[role=alert]')?.textContent).toBe('a.gpkg is no GeoPackage.');
  });
});
