// The operations page in a real browser against a real service:
//   CANOPY_URL=http://127.0.0.1:8080 CANOPY_USER=admin CANOPY_PASSWORD=… node tests/browser/operations.mjs
import assert from 'node:assert/strict';
import process from 'node:process';
import axe from 'axe-core';
import { api, bin, drawn, freeFeatures, given, line, logIn, open } from './browser.mjs';
import { dispatch } from './dispatch.mjs';
import { gateways } from './gateways.mjs';
import { layers } from './layers.mjs';
import { states } from './states.mjs';

const service = given('CANOPY_URL').replace(/\/$/, '');
const way = await line(service);
const browser = await open();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', colorScheme: 'light' });
const page = await context.newPage();
const run = Date.now().toString(36);
/** What the cases share. While `away` is set, failing calls are what a case wants, and no error. */
const world = { page, service, url: way.url, run, away: false, accessible, fits };
const errors = [];
const foreign = [];
page.on('pageerror', (error) => errors.push(String(error)));
page.on('console', (message) => {
  // Before the log-in the page asks who it is, and 401 is the answer; while the line is cut, calls fail.
  const asked = message.location().url.endsWith('/api/v1/session');
  if (message.type() === 'error' && !asked && !world.away) {
    errors.push(`${message.text()} ${message.location().url}`);
  }
});
page.on('request', (request) => {
  const { protocol, origin } = new URL(request.url());
  if (protocol.startsWith('http') && origin !== way.url) {
    foreign.push(request.url());
  }
});

async function accessible(what) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`), [], what);
}

async function fits(what) {
  const { wide, inner } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, inner: innerWidth }));
  assert.ok(wide <= inner, `${what}: ${wide} px wide on a screen of ${inner}`);
}

const cases = {
  async 'a wrong password is refused in words'() {
    await page.goto(`${way.url}/`);
    await page.fill('input[name=name]', given('CANOPY_USER'));
    await page.fill('input[name=password]', 'not the password');
    world.away = true; // The refusal itself is an error line of the browser.
    await page.click('form button.main');
    await page.waitForSelector('.wrong');
    world.away = false;
    await accessible('log-in');
  },
  async 'log-in leads to map and queue'() {
    await logIn(page, way.url);
    await page.waitForSelector('.dock .row, .dock [data-state=empty]'); // A quiet city has an empty queue.
    await drawn(page);
    await page.waitForSelector('.link[data-link=live]');
    await fits('desktop');
    await accessible('desktop, light');
  },
  async 'a ticket arrives without a reload and leads to its raw frame'() {
    const call = api(page, service);
    const [feature] = await freeFeatures(call);
    await page.evaluate(() => (window.stayed = true));
    const say = await bin(call, service, `test-${run}-a`, feature);
    await say({ fill_level: 97.5, battery: 88 });
    const row = page.locator('.dock .row', { hasText: feature }).first();
    await row.waitFor({ timeout: 15_000 });
    assert.equal(await page.evaluate(() => window.stayed), true, 'the page was loaded again');
    await row.click();
    await page.click('.why');
    await page.waitForSelector('.chain .frame');
    assert.match(await page.textContent('.chain .frame'), /97\.5/);
    assert.match(await page.textContent('.chain'), /waste-overflow/);
    assert.match(page.url(), /ticket=.*trace/);
    await accessible('trace');
    await page.reload();
    await page.waitForSelector('.chain .frame');
  },
  async 'a dispatcher takes a move back, gives a reason, comments, assigns and adds a photo'() {
    const call = api(page, service);
    const [feature] = await freeFeatures(call);
    const { service: kind } = (await call('GET', '/api/v1/tickets?limit=1')).items[0];
    const { id } = await call('POST', '/api/v1/tickets', { service: kind, layer: 'waste_points', feature_id: feature });
    await page.goto(`${way.url}/?ticket=${id}`);
    await page.click('[data-move=in_progress]');
    await page.click('.undo button');
    await page.waitForSelector('.undo', { state: 'detached' });
    await page.click('[data-move=rejected]');
    await page.fill('textarea[name=reason]', 'Trùng với việc khác');
    await accessible('ticket, reason');
    await page.click('.reason button.main');
    await page.waitForSelector('.undo');
    assert.equal((await call('GET', `/api/v1/tickets/${id}`)).status, 'open', 'nothing is done before the time for undo is over');
    await page.click('.undo button');
    await page.fill('input[name=assignee]', 'to-1');
    await page.keyboard.press('Enter');
    await page.locator('.history li', { hasText: 'to-1' }).waitFor();
    await page.selectOption('select[name=priority]', 'urgent');
    await page.fill('textarea[name=comment]', 'Đã gọi tổ trực');
    await page.click('.comment button');
    await page.locator('.history li', { hasText: 'Đã gọi tổ trực' }).waitFor();
    await page.setInputFiles('canopy-ticket-photos input[type=file]', { name: 'a.png', mimeType: 'image/png', buffer: await page.screenshot() });
    await page.click('.photos button');
    await page.waitForFunction(() => document.querySelector('dialog.photo img')?.naturalWidth > 0);
    await accessible('photo');
    await page.keyboard.press('Escape');
    const after = await call('GET', `/api/v1/tickets/${id}`);
    assert.deepEqual([after.priority, after.photos.length], ['urgent', 1]);
    await page.click('[data-move=closed]');
    await page.locator('.state[data-look=over]').waitFor({ timeout: 15_000 });
    assert.equal(await page.locator('[data-move]').count(), 0);
    assert.equal((await call('GET', `/api/v1/tickets/${id}`)).status, 'closed');
  },
  async 'a viewer sees no buttons'() {
    await page.route('**/api/v1/session', (route) => route.fulfill({ json: { name: 'v', role: 'viewer' } }));
    await page.goto(`${way.url}/?filter=all`);
    await page.locator('.dock .row').first().click();
    await page.waitForSelector('.detail .facts');
    assert.equal(await page.locator('.acts, input[type=file]').count(), 0);
    await page.unroute('**/api/v1/session');
    await page.goto(`${way.url}/`);
    await page.waitForSelector('.dock .row');
  },
  async 'a ticket leads to its feature, and both draw what was measured'() {
    const call = api(page, service);
    const about = (await call('GET', '/api/v1/tickets?limit=200')).items.find((one) => one.rule === 'waste-overflow');
    await page.goto(`${way.url}/?ticket=${about.id}`);
    await page.waitForSelector('.detail canopy-chart canvas');
    assert.match(await page.textContent('.detail canopy-chart figcaption'), /80 %/, 'the limit is said');
    await page.click('.detail .link-text');
    await page.waitForSelector('canopy-feature-detail canopy-chart canvas');
    assert.match(page.url(), /feature=waste_points/);
    await page.click('.charts .line button:nth-child(4)');
    await page.waitForSelector('canopy-feature-detail canopy-chart canvas');
    await accessible('feature');
    await page.locator('canopy-feature-detail .row').first().click();
    await page.waitForSelector('.why');
    world.away = true;
    for (const [status, state] of [[403, 'forbidden'], [404, 'empty'], [500, 'failed'], [502, 'offline']]) {
      await page.route('**/features/W001', (route) => route.fulfill({ status, json: { code: 'x', detail: 'y' } }));
      await page.goto(`${way.url}/?feature=waste_points/W001`);
      await page.waitForSelector(`canopy-feature-detail [data-state=${state}]`);
      await page.unroute('**/features/W001');
    }
    world.away = false;
    await page.goto(`${way.url}/`);
    await page.waitForSelector('.dock .row');
  },
  async 'the other lists say what they hold, and why they hold nothing'() {
    const call = api(page, service);
    const say = await bin(call, service, `test-${run}-q`, (await freeFeatures(call))[0]);
    await say({ no_such_quantity: 1 }).catch(() => undefined); // Held back is what this case wants.
    for (const [panel, text] of [['kpis', 'Chỉ tiêu'], ['rules', 'mức đầy ≥ 80'], ['quarantine', 'Đại lượng lạ'], ['health', 'Cơ sở dữ liệu: bình thường']]) {
      await page.goto(`${way.url}/?panel=${panel}`);
      await page.locator('.entries li').first().waitFor();
      assert.match(await page.textContent('body'), new RegExp(text), panel);
      await accessible(panel);
      world.away = true;
      for (const [status, state] of [[403, 'forbidden'], [500, 'failed'], [502, 'offline'], [200, 'empty']]) {
        const path = panel === 'health' ? '**/health/ready' : `**/api/v1/${panel}*`;
        await page.route(path, (route) => route.fulfill({ status, json: status === 200 ? { items: [], parts: [] } : { code: 'x', detail: 'y' } }));
        await page.click('.dock .tools button');
        await page.waitForSelector(`.dock [data-state=${state}]`);
        await page.unroute(path);
      }
      world.away = false;
    }
    await page.click('.panels button:nth-child(4)');
    assert.match(page.url(), /panel=quarantine/);
    await page.locator('.entries button[name=replay]').first().click();
    await page.locator('.entries', { hasText: 'Xử lý lại vẫn bị từ chối' }).waitFor();
    await page.setViewportSize({ width: 320, height: 740 });
    await fits('320 px, quarantine');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${way.url}/`);
    await page.waitForSelector('.dock .row');
  },
  async 'the keys walk the queue'() {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.detail', { state: 'detached' });
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('type')), 'search');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.detail .facts');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog[open]', { state: 'hidden' });
  },
  async 'search ignores diacritics and says when there is nothing'() {
    await page.fill('input[type=search]', 'diem rac');
    await page.waitForSelector('.dock .row');
    await page.fill('input[type=search]', 'qqqq');
    await page.waitForSelector('.dock [data-state=empty]');
    await page.fill('input[type=search]', '');
  },
  async 'devices say when they spoke last'() {
    await page.click('.tabs button:nth-child(2)');
    await page.waitForSelector('.dock .row time');
    await page.locator('.dock .row').first().click();
    await page.waitForSelector('.readings tr');
    await accessible('devices');
    await page.click('.tabs button:nth-child(1)');
  },
  async 'language and theme change the whole page at once'() {
    await page.selectOption('.language', 'en');
    await page.waitForFunction(() => document.documentElement.lang === 'en' && document.body.textContent.includes('Tickets'));
    await page.selectOption('.theme', 'dark');
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
    await drawn(page);
    await accessible('desktop, dark');
    await page.selectOption('.language', 'vi');
    await page.selectOption('.theme', 'light');
  },
  async 'when the server goes away the page says so, and catches up afterwards'() {
    const call = api(page, service);
    const [feature] = await freeFeatures(call);
    const say = await bin(call, service, `test-${run}-b`, feature);
    await page.evaluate(() => (window.stayed = true));
    world.away = true;
    await way.cut();
    await page.waitForSelector('.link[data-link=away]');
    await page.waitForSelector('.banner p');
    await say({ fill_level: 99 });
    await way.mend();
    await page.waitForSelector('.link[data-link=live]', { timeout: 30_000 });
    await page.locator('.dock .row', { hasText: feature }).first().waitFor({ timeout: 15_000 });
    world.away = false;
    assert.equal(await page.evaluate(() => window.stayed), true, 'the page was loaded again');
  },
  async 'a phone shows it all'() {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${way.url}/`);
    await page.waitForSelector('.dock .row');
    await fits('phone, queue');
    await accessible('phone');
    await page.locator('.dock .row').first().click();
    await page.waitForSelector('.detail .facts');
    await fits('phone, ticket');
    await page.click('.why');
    await page.waitForSelector('.chain li');
    await fits('phone, trace');
  },
  async 'what may not be seen, and what fails, is said'() {
    world.away = true;
    for (const [status, state] of [[403, 'forbidden'], [500, 'failed']]) {
      await page.route('**/api/v1/tickets?*', (route) => route.fulfill({ status, json: { code: 'x', detail: 'y' } }));
      await page.goto(`${way.url}/`);
      await page.waitForSelector(`.dock [data-state=${state}]`);
      await page.unroute('**/api/v1/tickets?*');
    }
    world.away = false;
  },
  ...dispatch(world),
  ...layers(world),
  ...gateways(world),
  ...states(world),
  async 'nobody else was asked for anything, and nothing went wrong in silence'() {
    assert.deepEqual(foreign, []);
    assert.deepEqual(errors, []);
  },
};

let bad = 0;
/** Besides the way in, only the cases whose name has this in it. */
const only = process.argv[2] ?? '';
for (const [name, one] of Object.entries(cases).filter(([name]) => name.includes(only) || name.includes('log-in'))) {
  try {
    await one();
    process.stdout.write(`ok   ${name}\n`);
  } catch (error) {
    bad++;
    process.stdout.write(`FAIL ${name}\n${error.stack}\n`);
    world.away = false;
  }
}
await browser.close();
await way.cut().catch(() => undefined);
process.exit(bad === 0 ? 0 : 1);
