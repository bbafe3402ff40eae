// Chromium, the real service behind a line that can be cut, and the few steps that tests and pictures share.
import { existsSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import process from 'node:process';
import { chromium } from 'playwright-core';

export const CHROMIUM = process.env.CANOPY_CHROMIUM ?? '/usr/bin/chromium';

export function given(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`set ${name}`);
  }
  return value;
}

export async function open() {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`there is no Chromium at ${CHROMIUM}: install it or set CANOPY_CHROMIUM`);
  }
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
    ],
  });
}

/** A line to the service on a port of its own; `cut` breaks it and refuses, `mend` takes calls again. */
export async function line(url) {
  const { hostname, port } = new URL(url);
  const sockets = new Set();
  const server = createServer((from) => {
    const to = connect(Number(port), hostname);
    for (const [one, other] of [[from, to], [to, from]]) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    from.pipe(to).pipe(from);
  });
  const listen = (at) => new Promise((done, fail) => server.once('error', fail).listen(at, '127.0.0.1', done));
  await listen(0);
  const own = server.address().port;
  return {
    url: `http://127.0.0.1:${own}`,
    cut: () =>
      new Promise((done) => {
        server.close(done);
        sockets.forEach((socket) => socket.destroy());
      }),
    mend: () => listen(own),
  };
}

export async function logIn(page, url) {
  await page.goto(`${url}/`);
  await page.fill('input[name=name]', given('CANOPY_USER'));
  await page.fill('input[name=password]', given('CANOPY_PASSWORD'));
  await page.click('form button.main');
  await page.waitForSelector('.work');
}

/** Waits until the map has drawn what it was given. */
export async function drawn(page) {
  await page.waitForFunction(() => Number(document.querySelector('canopy-map')?.dataset.drawn ?? 0) > 0, undefined, { timeout: 60_000 });
}

/** A call of the API as the one who is logged in on the page, past the line that tests cut. */
export function api(page, url) {
  return async (method, path, body, headers = {}) => {
    const cookie = (await page.context().cookies()).map((one) => `${one.name}=${one.value}`).join('; ');
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', cookie, origin: url, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response.status === 204 ? null : response.json();
  };
}

/** Enrols a bin sensor and lets it speak over HTTP: a real message through the whole line. */
export async function bin(call, url, id, feature) {
  const enrolled = await call('POST', '/api/v1/devices', {
    id,
    profile: 'generic-bin',
    credentials: { kind: 'token' },
    attach: { layer: 'waste_points', feature_id: feature },
  });
  const token = JSON.stringify(enrolled).match(/"token":"([^"]+)"/)[1];
  return (values) =>
    fetch(`${url}/api/v1/telemetry`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ts: Date.now(), values }),
    }).then(async (response) => {
      if (!response.ok) {
        throw new Error(`telemetry: ${response.status} ${await response.text()}`);
      }
    });
}

/** Waste points that no ticket is about, and none will be: nobody else measures there. */
export async function freeFeatures(call) {
  const { features } = await call('GET', '/api/v1/layers/waste_points/features');
  const tickets = (await call('GET', '/api/v1/tickets?limit=200')).items.map((one) => one.feature_id);
  const measured = (await call('GET', '/api/v1/devices?layer=waste_points&limit=1000')).items.map((one) => one.attach?.feature_id);
  const taken = new Set([...tickets, ...measured]);
  return features.map((one) => one.id).filter((id) => !taken.has(id));
}
