// Pictures of the page for the docs: CANOPY_URL, CANOPY_USER, CANOPY_PASSWORD, then `npm run pictures [FOLDER]`.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { drawn, given, logIn, open } from './browser.mjs';

const folder = process.argv[2] ?? resolve(import.meta.dirname, '../../../../../../docs/pictures');
const url = given('CANOPY_URL').replace(/\/$/, '');
mkdirSync(folder, { recursive: true });
const browser = await open();
for (const [size, viewport] of [['desktop', { width: 1440, height: 900 }], ['phone', { width: 360, height: 740 }]]) {
  for (const theme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce', hasTouch: size === 'phone', isMobile: size === 'phone' });
    const page = await context.newPage();
    const take = (name) => page.screenshot({ path: join(folder, `${name}-${size}-${theme}.png`) });
    await page.goto(`${url}/`);
    await page.waitForSelector('form.card');
    if (theme === 'light') {
      await take('log-in');
    }
    await logIn(page, url);
    await page.waitForSelector('.dock .row');
    await drawn(page);
    await page.waitForTimeout(2_000);
    await take('map');
    await page.locator('.dock .row').first().click();
    await page.waitForSelector('.detail .facts');
    await page.waitForTimeout(3_000);
    await take('ticket');
    await page.click('.why');
    await page.waitForSelector('.chain li');
    await take('trace');
    await page.click('.head .quiet');
    await page.click('.head .quiet');
    await page.click('.tabs button:nth-child(2)');
    await page.waitForSelector('.dock .row time');
    await page.locator('.dock .row').first().click();
    await page.waitForSelector('.readings tr');
    await page.waitForTimeout(2_000);
    await take('devices');
    await context.close();
  }
}
await browser.close();
