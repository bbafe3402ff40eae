// What a dispatcher does: opens tickets by hand, merges, assigns, chooses layers and periods.
import assert from 'node:assert/strict';
import process from 'node:process';
import { api, drawn, freeFeatures } from './browser.mjs';

export function dispatch(world) {
  const { page, service, url, accessible, fits } = world;
  const call = (...args) => api(page, service)(...args);
  const shownTicket = async () => {
    await page.waitForURL(/ticket=/);
    return call('GET', `/api/v1/tickets/${new URL(page.url()).searchParams.get('ticket')}`);
  };
  /** A place of its own for each call, so that no two tickets are about the same. */
  let places = 0;
  const place = () => [105.8 + Math.round((Date.now() % 4_000) + places++ * 5) / 1e5, 21.44];
  const openAt = async (kind) => (await call('POST', '/api/v1/tickets', { service: kind, position: place() })).id;

  return {
    async 'a ticket is opened by keyboard at the middle of the map, once, though the answer is lost'() {
      await page.setViewportSize({ width: 1440, height: 900 });
      const [lon, lat] = place();
      await page.goto(`${url}/?at=19.00/${lat.toFixed(5)}/${lon.toFixed(5)}`);
      await page.waitForSelector('.dock .row');
      await page.waitForSelector('canopy-map[data-drawn]');
      await page.keyboard.press('n');
      await page.waitForSelector('.here:focus');
      await accessible('new ticket, place');
      await page.keyboard.press('Enter');
      await page.waitForSelector('select[name=service]:focus');
      await page.selectOption('select[name=service]', 'tree-hazard');
      await page.selectOption('canopy-new-ticket select[name=priority]', 'high');
      await page.fill('textarea[name=note]', 'Cành gãy chắn lối đi');
      await accessible('new ticket');
      world.away = true;
      await page.route('**/api/v1/tickets', async (route) => {
        await route.fetch();
        await route.abort();
      });
      await page.click('canopy-new-ticket button.main');
      await page.waitForSelector('canopy-new-ticket [data-state=offline]');
      await page.unroute('**/api/v1/tickets');
      world.away = false;
      await page.click('canopy-new-ticket [data-state=offline] button');
      const ticket = await shownTicket();
      assert.deepEqual([ticket.service, ticket.priority, ticket.layer], ['tree-hazard', 'high', '@place']);
      assert.match(JSON.stringify(ticket.events), /Cành gãy chắn lối đi/);
      await page.locator(`.dock .row[data-ticket="${ticket.id}"][aria-current=true]`).waitFor();
    },
    async 'a feature leads to a ticket about it, with the services of its layer first'() {
      const [feature] = await freeFeatures(call);
      await page.goto(`${url}/?feature=waste_points/${feature}`);
      await page.click('.create');
      await page.waitForSelector('select[name=service]');
      const first = await page.locator('select[name=service] > option:nth-child(2)').getAttribute('value');
      assert.match(first, /^waste-/);
      await page.selectOption('select[name=service]', 'waste-fire');
      await page.click('canopy-new-ticket button.main');
      const ticket = await shownTicket();
      assert.deepEqual([ticket.layer, ticket.feature_id, ticket.service], ['waste_points', feature, 'waste-fire']);
      await page.goto(`${url}/?new=waste_points/${feature}`);
      await page.selectOption('select[name=service]', 'waste-fire');
      await page.locator('canopy-new-ticket .link-text').click();
      assert.equal((await shownTicket()).id, ticket.id, 'the one that is open already is named');
    },
    async 'a right click, a finger that rests, or the button and a click, choose the place'() {
      await page.goto(`${url}/`);
      await drawn(page);
      const { x, y, width, height } = await page.locator('.stage').boundingBox();
      await page.mouse.click(x + width - 80, y + height / 2, { button: 'right' });
      await page.waitForURL(/new=\d+\.\d+,\d+\.\d+/);
      await page.click('canopy-new-ticket .head button');
      // The map takes the panel's room: a finger that rests while it does would be one that moves.
      await page.waitForSelector('canopy-new-ticket', { state: 'detached' });
      await page.waitForFunction((before) => Math.abs(document.querySelector('.maplibregl-canvas').clientWidth - before) < 2, width);
      await drawn(page);
      const cdp = await page.context().newCDPSession(page);
      const touch = (type, touchPoints) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints });
      await touch('touchStart', [{ x: x + width / 2, y: y + height / 2 }]);
      await page.waitForURL(/new=/);
      await touch('touchEnd', []);
      await page.waitForSelector('select[name=service]');
      await page.click('canopy-new-ticket .head button');
      await page.click('.stage .new');
      await page.waitForURL(/new=pick/);
      await page.mouse.click(x + width / 2, y + height - 120);
      await page.waitForURL(/new=(?!pick)/);
      await page.waitForSelector('select[name=service]');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.waitForSelector('.detail', { state: 'detached' });
    },
    async 'a drag moves the picture, then the map to where it was put, and is no click'() {
      await page.goto(`${url}/?at=13/21.475/105.84`);
      await drawn(page);
      const { x, y, width, height } = await page.locator('.stage').boundingBox();
      const middle = { x: x + width / 2, y: y + height / 2 };
      const shift = () => page.evaluate(() => new DOMMatrix(getComputedStyle(document.querySelector('.maplibregl-canvas')).transform).e);
      await page.mouse.move(middle.x, middle.y);
      await page.mouse.down();
      await page.mouse.move(middle.x + 120, middle.y, { steps: 4 });
      await page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('.maplibregl-canvas')).transform).e === 120);
      assert.match(page.url(), /at=13\/21\.475\/105\.84$/, 'the map itself waits');
      // Further than it is drawn: it is drawn anew on the way.
      await page.mouse.move(middle.x + 300, middle.y, { steps: 3 });
      await page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('.maplibregl-canvas')).transform).e < 120);
      await page.mouse.up();
      await page.waitForURL((now) => !now.searchParams.get('at').endsWith('105.84'));
      const [zoom, latitude, longitude] = new URL(page.url()).searchParams.get('at').split('/').map(Number);
      assert.ok(Math.abs(longitude - (105.84 - (300 * 360) / (512 * 2 ** zoom))) < 2e-5, `${longitude} is 300 pixels west of 105.84`);
      assert.ok(Math.abs(latitude - 21.475) < 2e-5);
      assert.equal(await shift(), 0);
      assert.equal(await page.locator('.detail').count(), 0, 'nothing was opened');
      await page.waitForFunction(() => document.querySelector('.canvas.beyond') === null);
    },
    async 'a ticket is merged into one near by, and each leads to the other'() {
      const [one, two] = [await openAt('road-washing'), await openAt('road-washing')];
      await page.goto(`${url}/?ticket=${one}`);
      await page.click('[data-move=merged]');
      await page.waitForSelector('input[name=target]:focus');
      await page.fill('input[name=target]', two.toLowerCase());
      await page.locator('.targets .row').first().click();
      await accessible('merge');
      await page.click('canopy-merge button.main');
      await page.waitForSelector('.undo');
      await page.locator('.merged .link-text').click({ timeout: 20_000 });
      await page.waitForURL(new RegExp(`ticket=${two}`));
      await page.locator('.history li', { hasText: 'Nhận gộp' }).waitFor();
      await page.locator('.merged .link-text').click();
      await page.waitForURL(new RegExp(`ticket=${one}`));
      assert.equal((await call('GET', `/api/v1/tickets/${one}`)).merged_into, two);
    },
    async 'people and teams are offered, and oneself with one click'() {
      const id = await openAt('road-washing');
      await page.goto(`${url}/?ticket=${id}`);
      // Teams come with the map, people with a call of their own.
      await page.waitForFunction((user) => document.querySelectorAll('#assignees option').length > 2 && document.querySelector(`#assignees option[value="${user}"]`) !== null, process.env.CANOPY_USER);
      const offered = await page.locator('#assignees option').evaluateAll((all) => all.map((one) => one.value));
      assert.equal(offered[0], process.env.CANOPY_USER);
      assert.ok(offered.includes('Đội cây xanh'), offered.join());
      await page.locator('.assign .quiet').click();
      await page.locator('.facts dd', { hasText: 'Administrator' }).waitFor();
      assert.equal((await call('GET', `/api/v1/tickets/${id}`)).assignee, process.env.CANOPY_USER);
      assert.equal(await page.locator('canopy-ticket-detail').getByText('Mức ưu tiên').count(), 1, 'priority stands there once');
      const order = await page.evaluate(() => {
        const at = (selector) => document.querySelector(selector).getBoundingClientRect().top;
        return at('.detail .facts') < at('.detail canopy-ticket-acts');
      });
      assert.ok(order, 'facts stand before the buttons');
    },
    async 'layers are switched off and on, and the address keeps it'() {
      await page.goto(`${url}/?hide=devices,tickets`);
      await drawn(page);
      await page.uncheck('.legend input[name=trees]');
      await page.waitForFunction(() => document.querySelector('canopy-map').dataset.drawn === '0');
      assert.match(page.url(), /hide=trees,devices,tickets/);
      await page.reload();
      await page.waitForSelector('canopy-map[data-drawn="0"]');
      await page.check('.legend input[name=devices]');
      await drawn(page);
      await page.waitForSelector('.legend .ramp');
      await accessible('legend');
    },
    async 'a period holds for the figures and for the tickets behind them'() {
      await page.goto(`${url}/?panel=kpis`);
      await page.waitForSelector('.entries li');
      const answered = page.waitForResponse((response) => response.url().includes('/api/v1/kpis?'));
      await page.click('.dock [role=group] button:has-text("7 ngày qua")');
      const { items } = await (await answered).json();
      const { from, to } = items[0].period;
      assert.equal(Date.parse(to) - Date.parse(from), 7 * 86_400_000);
      assert.match(page.url(), /days=7/);
      await page.waitForSelector('.entries li .link-text');
      await page.locator('.entries .link-text').first().click();
      await page.waitForSelector('.only');
      const asked = new URL(page.url()).searchParams;
      const behind = await call('GET', `/api/v1/tickets?limit=200&opened_from=${asked.get('from')}&opened_to=${asked.get('to')}${asked.has('service') ? `&service=${asked.get('service')}` : ''}`);
      assert.equal(await page.locator('.dock .row').count(), behind.items.length);
      await accessible('tickets of a period');
      await page.click('.only button');
      await page.waitForSelector('.only', { state: 'detached' });
    },
    async 'on a phone the bar takes two rows, and its menu leads everywhere'() {
      for (const [width, height] of [[360, 740], [320, 640]]) {
        await page.setViewportSize({ width, height });
        await page.goto(`${url}/`);
        await page.waitForSelector('.dock .row');
        const rows = await page.evaluate(() => new Set([...document.querySelectorAll('.bar > *')].filter((one) => one.offsetHeight > 0).map((one) => Math.round(one.getBoundingClientRect().bottom / 40))).size);
        assert.ok(rows <= 2, `${rows} rows at ${width} px`);
        await fits(`${width} px`);
        await page.click('.bar .menu');
        await accessible(`menu, ${width} px`);
        await page.click('.more .panels button:nth-child(2)');
        await page.waitForSelector('.entries .days li');
        await page.waitForSelector('.more', { state: 'hidden' });
        await fits(`${width} px, schedules`);
        await page.goto(`${url}/?new=105.84000,21.47000`);
        await page.waitForSelector('select[name=service]');
        await fits(`${width} px, new ticket`);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(`${url}/`);
      await page.waitForSelector('.dock .row');
    },
  };
}
