// How the operations page feels on a slow machine: a Chromium whose main thread is throttled fourfold, at a service that is at work.
//   CANOPY_URL=http://127.0.0.1:8080 CANOPY_USER=admin CANOPY_PASSWORD=… node tests/browser/performance.mjs
// Prints JSON; ends with 1 where a bound is passed.
import process from 'node:process';
import { drawn, given, logIn, open } from './browser.mjs';

const THROTTLE = 4;
const INTERACTIVE_MS = 3_000;
const FRAME_MS = 16;
const PAN_MS = 10_000;

const service = given('CANOPY_URL').replace(/\/$/, '');

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Milliseconds from the call to a page whose list can be read and whose map has drawn what the service knows. */
async function interactive(page) {
  const began = Date.now();
  await page.goto(`${service}/`);
  await page.waitForSelector('canopy-ticket-list [role=option], canopy-ticket-list li, canopy-ticket-list button');
  const listed = Date.now() - began;
  await drawn(page);
  return { listed_ms: listed, interactive_ms: Date.now() - began };
}

/** Records what the main thread does while the map is dragged to and fro. */
async function panning(browser, page) {
  const box = await page.locator('canopy-map').boundingBox();
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel'] });
  await page.mouse.move(x, y);
  await page.mouse.down();
  const end = Date.now() + PAN_MS;
  for (let step = 0; Date.now() < end; step++) {
    // As often as a mouse and a screen report.
    await page.waitForTimeout(16);
    await page.mouse.move(x + 220 * Math.sin(step / 25), y + 120 * Math.sin(step / 40));
  }
  await page.mouse.up();
  return JSON.parse((await browser.stopTracing()).toString()).traceEvents;
}

/** The main thread of the page: the renderer that ran the most scripts. */
function mainThread(events) {
  const mains = events.filter((event) => event.name === 'thread_name' && event.args.name === 'CrRendererMain');
  const busy = (main) => events.filter((event) => event.pid === main.pid && event.tid === main.tid).length;
  return mains.sort((a, b) => busy(b) - busy(a))[0];
}

/** The work of the main thread in each frame that it made, in milliseconds. */
function frames(events) {
  const main = mainThread(events);
  const own = events.filter((event) => event.pid === main.pid && event.tid === main.tid);
  const starts = own
    .filter((event) => event.name === 'FireAnimationFrame')
    .map((event) => event.ts)
    .sort((a, b) => a - b);
  const tasks = own.filter((event) => event.ph === 'X' && event.name.endsWith('RunTask')).sort((a, b) => a.ts - b.ts);
  const work = [];
  let at = 0;
  for (let i = 0; i + 1 < starts.length; i++) {
    while (at < tasks.length && tasks[at].ts + tasks[at].dur < starts[i]) {
      at++;
    }
    let sum = 0;
    for (let t = at; t < tasks.length && tasks[t].ts < starts[i + 1]; t++) {
      const from = Math.max(tasks[t].ts, starts[i]);
      const to = Math.min(tasks[t].ts + tasks[t].dur, starts[i + 1]);
      sum += Math.max(0, to - from);
    }
    work.push(sum / 1000);
  }
  return work;
}

const browser = await open();
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await logIn(page, service);
  await drawn(page);
  const slow = await context.newCDPSession(page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  const opened = await interactive(page);
  const work = frames(await panning(browser, page));
  const result = {
    throttle: THROTTLE,
    ...opened,
    frames: work.length,
    frame_p50_ms: Math.round(percentile(work, 0.5) * 10) / 10,
    frame_p95_ms: Math.round(percentile(work, 0.95) * 10) / 10,
    frame_max_ms: Math.round(Math.max(...work) * 10) / 10,
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (result.interactive_ms > INTERACTIVE_MS || result.frame_p95_ms > FRAME_MS || work.length < 20) {
    process.exitCode = 1;
  }
} finally {
  await browser.close();
}
