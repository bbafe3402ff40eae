// Gateways are made here, and devices are asked to do something.
import assert from 'node:assert/strict';
import { api } from './browser.mjs';

export function gateways(world) {
  const { page, service, url, accessible, run } = world;

  return {
    async 'a gateway is made, and its token with the command is shown'() {
      await page.goto(`${url}/?panel=gateways`);
      await page.waitForSelector('.dock [data-state=empty], .dock .entries li');
      await page.click('.dock summary');
      await page.fill('.dock input[name=id]', `gw-${run}`);
      await page.fill('.dock input[name=title]', 'Phường Bách Quang');
      await accessible('gateways');
      await page.click('.dock .acts button.main');
      await page.waitForSelector('.dock .told code');
      assert.match(await page.textContent('.dock .told'), new RegExp(`gw-${run}.*--service .* --enrol=[A-Za-z0-9_-]{32}`, 's'));
      assert.match(await page.textContent('.dock .entries'), /Phường Bách Quang.*chưa đăng ký/s);
      await accessible('a gateway with its token');
    },
    async 'a device is asked to do something, which can be taken back'() {
      const call = api(page, service);
      const device = (await call('GET', '/api/v1/devices?limit=1')).items[0].id;
      await page.goto(`${url}/?panel=devices&device=${device}`);
      await page.fill('canopy-commands input[name=command]', 'blink');
      await page.click('canopy-commands .acts button.main');
      const row = page.locator('canopy-commands .entries li').first();
      await row.waitFor();
      assert.match(await row.textContent(), /blink · chờ gửi/);
      await accessible('commands');
      await row.locator('button').click();
      await page.waitForFunction(() => /blink · đã thu hồi/.test(document.querySelector('canopy-commands .entries li')?.textContent ?? ''));
    },
  };
}
