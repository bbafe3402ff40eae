// The map's layers: search, a feature's story, edits by others and by oneself.
import assert from 'node:assert/strict';
import { api, drawn } from './browser.mjs';

/** How soon another's edit must be drawn, from its commit on. */
const SOON = 2_000;

export function layers(world) {
  const { page, service, url, accessible, run } = world;
  const call = api(page, service);
  const PLACE = [105.8527, 21.4502];
  const AT = '17/21.4502/105.8527';

  async function tree(id, properties = {}) {
    await call('POST', '/ogc/collections/trees/items', { type: 'Feature', id, geometry: { type: 'Point', coordinates: PLACE }, properties: { species: 'Bàng', height_m: 5, ...properties } });
  }

  const item = (id) => `/ogc/collections/trees/items/${id}`;
  const whole = (id) => call('GET', `/api/v1/layers/trees/features/${id}`);

  return {
    async 'search leads to a feature by arrow keys and Enter'() {
      await tree(`find-${run}`, { species: 'Lộc vừng' });
      await page.goto(`${url}/`);
      await drawn(page);
      await page.keyboard.press('/');
      await page.keyboard.type(`loc vung find-${run}`);
      await page.locator('.hit', { hasText: `find-${run}` }).waitFor();
      await accessible('search');
      await page.fill('canopy-map-search input', `loc vugn find-${run}`);
      await page.locator('.hits .sum', { hasText: 'gần giống' }).waitFor();
      await page.locator('.hit', { hasText: `find-${run}` }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      await page.locator('canopy-feature-detail h2', { hasText: `find-${run}` }).waitFor();
      assert.match(page.url(), new RegExp(`feature=trees/find-${run}`));
    },
    async 'an edit by somebody else is fetched and drawn at once, and the open panel follows'() {
      const id = `seen-${run}`;
      await tree(id);
      await page.goto(`${url}/?feature=trees/${id}&at=${AT}`);
      await drawn(page);
      await page.locator('canopy-feature-history li').first().waitFor();
      const before = await whole(id);
      const fetched = page.waitForResponse((response) => response.url().includes('/ogc/tiles/') && response.status() === 200, { timeout: SOON * 5 });
      const start = Date.now();
      await call('PUT', item(id), { type: 'Feature', geometry: { type: 'Point', coordinates: [PLACE[0] + 0.0001, PLACE[1]] }, properties: { ...before.properties, height_m: 17 } });
      await fetched;
      assert.ok(Date.now() - start < SOON, `the tile came after ${Date.now() - start} ms`);
      await page.locator('canopy-feature-history li', { hasText: '5 → 17' }).waitFor();
      await accessible('feature with edits');
    },
    async 'a dispatcher changes a feature, chooses of two versions, and adds again what was removed meanwhile'() {
      const id = `edit-${run}`;
      await tree(id);
      await page.goto(`${url}/?feature=trees/${id}&at=${AT}`);
      await drawn(page);
      await page.click('canopy-feature-detail button[name=edit]');
      await page.waitForSelector('canopy-feature-editor form');
      await accessible('editor');
      await page.fill('input[name=height_m]', '8.5');
      await page.click('canopy-feature-editor form button.main');
      await page.locator('canopy-feature-history li', { hasText: '8' }).first().waitFor();
      assert.equal((await whole(id)).properties.height_m, 8.5);

      await page.click('canopy-feature-detail button[name=edit]');
      await page.waitForSelector('canopy-feature-editor form');
      await page.fill('input[name=height_m]', '9');
      const now = await whole(id);
      await call('PUT', item(id), { type: 'Feature', geometry: now.geometry, properties: { ...now.properties, height_m: 12, species: 'Sấu' } });
      world.away = true;
      await page.click('canopy-feature-editor form button.main');
      await page.waitForSelector('[data-state=conflict]');
      world.away = false;
      assert.match(await page.textContent('.versions'), /9.*12/s);
      await accessible('conflict');
      await page.click('button[name=mine]');
      await page.waitForSelector('canopy-feature-detail');
      const { height_m, species } = (await whole(id)).properties;
      assert.deepEqual([height_m, species], [9, 'Sấu']);

      await page.click('canopy-feature-detail button[name=edit]');
      await page.waitForSelector('canopy-feature-editor form');
      await page.fill('input[name=height_m]', '10');
      // The open panel asks for what has changed, and is told that it is not there.
      world.away = true;
      await call('DELETE', item(id), undefined, { 'if-match': `"${(await whole(id)).version}"` });
      await page.click('canopy-feature-editor form button.main');
      await page.waitForSelector('[data-state=removed]');
      await page.click('button[name=again]');
      await page.waitForSelector('canopy-feature-detail');
      world.away = false;
      assert.equal((await whole(id)).properties.height_m, 10);
    },
    async 'an area keeps its hole when a corner is dragged, and takes it along when it is moved'() {
      const id = `hole-${run}`;
      const [lon, lat] = PLACE;
      const ring = (size) => [[lon - size, lat - size], [lon + size, lat - size], [lon + size, lat + size], [lon - size, lat + size], [lon - size, lat - size]];
      await call('POST', '/ogc/collections/zones/items', { type: 'Feature', id, geometry: { type: 'Polygon', coordinates: [ring(0.0006), ring(0.0002)] }, properties: {} });
      const shape = async () => (await call('GET', `/api/v1/layers/zones/features/${id}`)).geometry.coordinates;
      const edit = async (from, to, chosen = null) => {
        await page.goto(`${url}/?tool=edit&feature=zones/${id}&at=17.5/${lat}/${lon}`);
        await drawn(page);
        await page.waitForSelector('canopy-feature-editor form');
        await page.waitForTimeout(500); // Terra Draw tells nobody when it has drawn its handles.
        const box = await page.locator('.canvas').boundingBox();
        // Pixels of a degree at this zoom, eastwards; northwards they are more.
        const east = (512 * 2 ** 17.5) / 360;
        const north = east / Math.cos((lat * Math.PI) / 180);
        const at = ([x, y]) => [box.x + box.width / 2 + x * east, box.y + box.height / 2 - y * north];
        if (chosen !== null) {
          await page.mouse.click(...at(chosen));
        }
        await page.mouse.move(...at(from));
        await page.mouse.down();
        await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]), { steps: 4 });
        await page.mouse.move(...at(to), { steps: 4 });
        await page.mouse.up();
        await page.click('canopy-feature-editor form button.main');
        await page.waitForSelector('canopy-feature-detail');
      };
      const near = (a, b) => Math.abs(a - b) < 0.00003;
      const has = (corners, [x, y]) => corners.some(([cx, cy]) => near(cx, lon + x) && near(cy, lat + y));

      await edit([0.0006, 0.0006], [0.0008, 0.0007]);
      const [wider, kept] = await shape();
      assert.ok(has(wider, [0.0008, 0.0007]) && !has(wider, [0.0006, 0.0006]), JSON.stringify(wider));
      assert.ok(kept.length === 5 && has(kept, [0.0002, 0.0002]) && has(kept, [-0.0002, -0.0002]), JSON.stringify(kept));

      await edit([0.0004, 0], [0.0006, 0.0001]);
      const [moved, along] = await shape();
      assert.ok(has(moved, [-0.0004, -0.0005]), JSON.stringify(moved));
      assert.ok(has(along, [0, -0.0001]) && has(along, [0.0004, 0.0003]), JSON.stringify(along));

      await edit([0.0004, 0.0003], [0.0005, 0.0004], [0.0002, 0.0001]);
      const [outside, hole] = await shape();
      assert.deepEqual(outside, moved);
      assert.ok(has(hole, [0.0005, 0.0004]) && has(hole, [0, -0.0001]) && hole.length === 5, JSON.stringify(hole));
    },
    async 'the address follows the wheel and the box'() {
      await page.goto(`${url}/?at=14/21.45020/105.85270`);
      await drawn(page);
      const box = await page.locator('.canvas').boundingBox();
      const at = () => new URL(page.url()).searchParams.get('at');
      const changed = (before) => page.waitForFunction((old) => new URL(location.href).searchParams.get('at') !== old, before);
      const start = at();
      await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.6);
      await page.mouse.wheel(0, -300);
      await changed(start);
      const wheeled = at();
      assert.ok(Number(wheeled.split('/')[0]) > 14, wheeled);
      await page.waitForTimeout(500); // The wheel's zoom runs out.
      const before = at();
      await page.keyboard.down('Shift');
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.8, { steps: 5 });
      await page.mouse.up();
      await page.keyboard.up('Shift');
      await changed(before);
      assert.ok(Number(at().split('/')[0]) > Number(before.split('/')[0]), at());
    },
    async 'features are selected by a condition, counted, listed, and opened'() {
      await tree(`pick-a-${run}`, { species: `Chọn ${run}`, height_m: 4 });
      await tree(`pick-b-${run}`, { species: `Chọn ${run}`, height_m: 14 });
      await page.goto(`${url}/`);
      await page.click('canopy-map-tools button[name=select]');
      await page.waitForSelector('canopy-selection form');
      await page.selectOption('select[name=attribute]', 'species');
      await page.fill('canopy-selection input[name=value]', `Chọn ${run}`);
      await page.click('canopy-selection form button.main');
      await page.locator('canopy-selection .figure', { hasText: '2' }).waitFor();
      await accessible('selection');
      assert.match(decodeURIComponent(page.url()), /cql="species" = /);
      await page.reload();
      await page.waitForFunction((value) => document.querySelector('canopy-selection input[name=value]')?.value === value, `Chọn ${run}`);
      assert.equal(await page.inputValue('canopy-selection select[name=attribute]'), 'species');
      await page.locator('canopy-selection .row', { hasText: `pick-b-${run}` }).click();
      await page.locator('canopy-feature-detail h2', { hasText: `pick-b-${run}` }).waitFor();
    },
    async 'a feature is drawn by a click, and its removal can be taken back'() {
      const id = `new-${run}`;
      await page.goto(`${url}/?tool=add&layer=trees&at=${AT}`);
      await drawn(page);
      await page.waitForSelector('canopy-feature-editor form');
      const box = await page.locator('.canvas').boundingBox();
      await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.7);
      await page.mouse.click(box.x + box.width * 0.7, box.y + box.height * 0.7);
      await page.fill('input[name="@id"]', id);
      await page.fill('input[name=species]', 'Sấu');
      await page.click('canopy-feature-editor form button.main');
      await page.locator('canopy-feature-detail h2', { hasText: id }).waitFor();
      assert.equal((await whole(id)).properties.species, 'Sấu');
      await page.click('canopy-feature-detail button[name=remove]');
      await page.click('.undo button');
      assert.equal((await whole(id)).id, id);
    },
  };
}
