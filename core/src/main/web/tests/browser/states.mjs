// Every list and panel in each of the states that it can be in: on its way, forbidden, failed, offline, empty.
import { api } from './browser.mjs';

const NOWHERE = '0'.repeat(26);

/** What is looked at, under which address, which call is answered otherwise, where it shows, and what is empty. */
function panels(ticket, device) {
  const list = { items: [] };
  return [
    // Searched for what is nowhere: a ticket that arrives meanwhile must not fill the list.
    ['tickets', '/?q=nowhere-at-all', '**/api/v1/tickets?*', '.dock', list],
    ['devices', '/?panel=devices', '**/api/v1/devices?*', '.dock', list],
    ['figures', '/?panel=kpis', '**/api/v1/kpis?*', '.dock', list],
    ['schedules', '/?panel=schedules', '**/api/v1/schedules', '.dock', list],
    ['rules', '/?panel=rules', '**/api/v1/rules', '.dock', list],
    ['quarantine', '/?panel=quarantine', '**/api/v1/quarantine?*', '.dock', list],
    ['health', '/?panel=health', '**/health/ready', '.dock', { parts: [] }],
    ['gateways', '/?panel=gateways', '**/api/v1/gateways?*', '.dock', list],
    ['commands', `/?panel=devices&device=${device}`, '**/commands?*', 'canopy-commands', list],
    ['ticket', `/?ticket=${NOWHERE}`, `**/api/v1/tickets/${NOWHERE}`, 'canopy-ticket-detail', 404],
    ['trace', `/?ticket=${ticket}&trace`, '**/trace', 'canopy-ticket-trace', { witnesses: [] }],
    ['feature', '/?feature=waste_points/W001', '**/features/W001', 'canopy-feature-detail', 404],
    ['charts', '/?feature=waste_points/W001', '**/series?*', 'canopy-charts', { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', series: [] }],
    ['readings', `/?panel=devices&device=${device}`, '**/readings?*', 'canopy-device-detail .past', list],
    ['device', '/?panel=devices&device=nobody', '**/api/v1/devices?*', 'canopy-device-detail', list],
    ['new ticket', '/?new=105.84000,21.47000', '**/api/v1/services', 'canopy-new-ticket', list],
  ];
}

/** Parts that have no empty state: their calls bring names and values for something that is there without them. */
function additions(ticket) {
  return [
    ['values', '/', '**/api/v1/state?*', 'canopy-layer-panel'],
    ['layer', '/', '**/layers/zones/features?*', 'canopy-layer-panel'],
    ['names', `/?ticket=${ticket}`, '**/api/v1/assignees', 'canopy-assign'],
  ];
}

const REFUSED = [[403, 'forbidden'], [500, 'failed'], [502, 'offline']];

export function states(world) {
  const { page, service, url, accessible } = world;

  async function answered(path, answer, then) {
    await page.route(path, answer);
    await then();
    await page.unroute(path, answer);
  }

  async function drawn(address, path, selector, answer, what) {
    await answered(path, answer, async () => {
      await page.goto(`${url}${address}`);
      await page.waitForSelector(selector, { timeout: 15_000 }).catch((error) => {
        throw new Error(`${what}: ${error.message}`);
      });
    });
  }

  const refusal = (status, body = { code: 'x', detail: 'y' }) => (route) => route.fulfill({ status, json: body });

  async function firstIds() {
    const call = api(page, service);
    const ticket = (await call('GET', '/api/v1/tickets?limit=200&status=open,assigned,in_progress')).items.find((one) => one.rule !== null);
    const device = (await call('GET', '/api/v1/devices?limit=1')).items[0];
    return [ticket.id, device.id];
  }

  return {
    async 'every panel says that it is loading, forbidden, failed, offline or empty'() {
      const [ticket, device] = await firstIds();
      world.away = true;
      // A hundred page loads: the map behind the panels is small and has no tiles, which is most of the work.
      const bare = (route) => route.fulfill({ status: 204 });
      await page.route('**/tiles/**', bare);
      await page.setViewportSize({ width: 1280, height: 480 });
      for (const [what, address, path, root, empty] of panels(ticket, device)) {
        let go = () => undefined;
        const held = new Promise((done) => (go = done));
        await drawn(address, path, `${root} [data-state=loading]`, (route) => held.then(() => route.continue()).catch(() => undefined), `${what}, loading`);
        go();
        for (const [status, state] of REFUSED) {
          await drawn(address, path, `${root} [data-state=${state}]`, refusal(status), `${what}, ${state}`);
        }
        await accessible(`${what}, offline`);
        await drawn(address, path, `${root} [data-state=empty]`, typeof empty === 'number' ? refusal(empty) : refusal(200, empty), `${what}, empty`);
      }
      for (const [what, address, path, root] of additions(ticket)) {
        for (const [status, state] of REFUSED) {
          await drawn(address, path, `${root} [data-state=${state}]`, refusal(status), `${what}, ${state}`);
        }
      }
      await page.unroute('**/tiles/**', bare);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(`${url}/`);
      await page.waitForSelector('.dock .row');
      world.away = false;
    },
    async 'a panel that failed is there after another try'() {
      world.away = true;
      await drawn('/?panel=schedules', '**/api/v1/schedules', '.dock [data-state=failed]', refusal(500), 'schedules');
      world.away = false;
      await page.click('.dock [data-state=failed] button');
      await page.waitForSelector('.entries .days li');
      await page.goto(`${url}/`);
      await page.waitForSelector('.dock .row');
    },
  };
}
