// The pictures of docs/tour.md, of a running demo: CANOPY_URL, CANOPY_USER, CANOPY_PASSWORD, then `npm run pictures [FOLDER]`.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { api, drawn, given, logIn, open } from './browser.mjs';

const folder = process.argv[2] ?? resolve(import.meta.dirname, '../../../../../../docs/pictures');
const url = given('CANOPY_URL').replace(/\/$/, '');
const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  wall: { viewport: { width: 3840, height: 2160 } },
};

mkdirSync(folder, { recursive: true });
const browser = await open();

/** Logs in on a screen of this size, in this theme and language, and hands over what opens an address and takes its picture. */
async function screen(size, theme, language, show) {
  const context = await browser.newContext({ ...SIZES[size], colorScheme: theme, reducedMotion: 'reduce' });
  await context.addInitScript((chosen) => localStorage.setItem('canopy.language', chosen), language);
  const page = await context.newPage();
  await logIn(page, url);
  const take = async (name, address, wait, act = async () => undefined) => {
    await page.goto(url + address);
    await drawn(page);
    await page.waitForSelector(wait);
    await act(page);
    await page.waitForTimeout(2_000);
    await page.screenshot({ path: join(folder, `${name}.png`) });
  };
  await show(take, api(page, url));
  await context.close();
}

/** A ticket of a waste point that a sensor and a citizen have spoken of; else any with a history. */
async function telling(call) {
  const { items } = await call('GET', '/api/v1/tickets?limit=1000');
  const seen = items.filter((one) => one.layer === 'waste_points' && one.rule === 'waste-overflow');
  return seen.find((one) => one.witnesses.some((witness) => witness.kind === 'citizen')) ?? seen[0] ?? items[0];
}

await screen('desktop', 'light', 'en', async (take, call) => {
  const ticket = await telling(call);
  await take('map', '/', '.dock .row');
  await take('ticket', `/?ticket=${ticket.id}`, '.detail .facts');
  await take('trace', `/?ticket=${ticket.id}&trace`, '.chain li');
  await take('feature', `/?feature=waste_points/${ticket.feature_id}`, 'canopy-charts canvas');
  await take('figures', '/?panel=kpis', '.dock .figure, .dock .kpi, .dock li');
  await take('rules', '/?panel=rules', '.dock li');
  await take('select', `/?tool=select&layer=trees&cql=${encodeURIComponent(`"species" = 'Bàng' AND "street" LIKE '%Bà Triệu%'`)}`, 'canopy-selection .figure');
  const { items } = await call('GET', '/api/v1/search?q=T00013&limit=1');
  const [lon, lat] = items[0].position;
  await take('edit', `/?tool=edit&feature=trees/${items[0].id}&at=17/${lat}/${lon}`, 'canopy-feature-editor form');
  await take('search', '/', '.dock .row', async (page) => {
    await page.fill('canopy-map-search input', 'nguyen trai');
    await page.waitForSelector('.hit');
  });
  await take('gateways', '/?panel=gateways', '.dock .facts');
  await call('POST', '/api/v1/devices/demo-valve-1/commands', { command: 'open_valve' });
  await take('valve', '/?panel=devices&device=demo-valve-1', 'canopy-commands li', (page) => page.locator('canopy-commands').scrollIntoViewIfNeeded());
  await take('new', `/?new=waste_points/${ticket.feature_id}`, 'select[name=service]');
});
await screen('desktop', 'dark', 'vi', async (take) => {
  await take('street-dark', '/?at=15.2/21.452/105.8465', '.dock .row');
});
await screen('phone', 'light', 'vi', async (take, call) => {
  await take('phone-map', '/', '.dock .row');
  await take('phone-ticket', `/?ticket=${(await telling(call)).id}`, '.detail .facts');
});
await screen('wall', 'light', 'vi', async (take) => {
  await take('wall', '/?panel=kpis', '.dock li');
});
await browser.close();
