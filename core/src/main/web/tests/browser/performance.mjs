// How the operations page feels on a slow machine: a Chromium whose main thread is throttled fourfold, at a service that is at work.
//   CANOPY_URL=http://127.0.0.1:8080 CANOPY_USER=admin CANOPY_PASSWORD=… node tests/browser/performance.mjs
// Prints JSON; ends with 1 where a bound is passed.
import process from 'node:process';
import { drawn, given, logIn, open } from './browser.mjs';

const THROTTLE = 4;
const INTERACTIVE_MS = 3_000;
const FRAME_MS = 16;
const PAN_MS = 10_000;
const OPENINGS = 7;
const WINDOW_MS = 2_000;

const service = given('CANOPY_URL').replace(/\/$/, '');

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Milliseconds from the call to a page whose list can be read, and to one whose map has drawn the sensors and tickets too. */
async function interactive(page) {
  const began = Date.now();
  await page.goto(`${service}/`);
  await page.waitForSelector('canopy-ticket-list li');
  const listed = Date.now() - began;
  await page.waitForFunction(() => Number(document.querySelector('canopy-map')?.dataset.drawn ?? 0) > 1);
  return { listed, whole: Date.now() - began };
}

/** A page of its own, as slow as the whole test, once the browser has done what it does for each new window. */
async function slowPage(context) {
  const page = await context.newPage();
  await page.waitForTimeout(WINDOW_MS);
  await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  return page;
}

/** Opens the page some times, as how long it takes varies by a few tenths of a second; the last one stays open. */
async function openings(context) {
  const listed = [];
  const whole = [];
  let page;
  for (let time = 0; time < OPENINGS; time++) {
    await page?.close();
    page = await slowPage(context);
    const one = await interactive(page);
    listed.push(one.listed);
    whole.push(one.whole);
  }
  return { page, opened: { openings: OPENINGS, listed_ms: percentile(listed, 0.5), interactive_ms: percentile(whole, 0.5), interactive_worst_ms: Math.max(...whole) } };
}

/** Records what the main thread does while the thing is dragged to and fro. The events come as a mouse sends them: the test itself does nothing on the page. */
async function panning(browser, page, thing) {
  const box = await page.locator(thing).boundingBox();
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  const mouse = await page.context().newCDPSession(page);
  const send = (type, at, buttons) => mouse.send('Input.dispatchMouseEvent', { type, ...at, button: 'left', buttons, clickCount: 1 });
  await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel'] });
  await send('mouseMoved', { x, y }, 0);
  await send('mousePressed', { x, y }, 1);
  const sent = [];
  const end = Date.now() + PAN_MS;
  for (let step = 0; Date.now() < end; step++) {
    // As often as a mouse and a screen report, however long the page takes.
    await new Promise((done) => setTimeout(done, 16));
    sent.push(send('mouseMoved', { x: x + 220 * Math.sin(step / 25), y: y + 120 * Math.sin(step / 40) }, 1));
  }
  await Promise.all(sent);
  await send('mouseReleased', { x, y }, 0);
  return JSON.parse((await browser.stopTracing()).toString()).traceEvents;
}

/** The main thread of the page: the renderer that ran the most scripts. */
function mainThread(events) {
  const mains = events.filter((event) => event.name === 'thread_name' && event.args.name === 'CrRendererMain');
  const busy = (main) => events.filter((event) => event.pid === main.pid && event.tid === main.tid).length;
  return mains.sort((a, b) => busy(b) - busy(a))[0];
}

/**
 * The work of the main thread in each frame that it made, in milliseconds: its own time on a processor, and the time that passed, in which it
 * also waits for a core that the drawing in software has.
 */
function frames(events) {
  const main = mainThread(events);
  const own = events.filter((event) => event.pid === main.pid && event.tid === main.tid);
  const starts = own
    .filter((event) => event.name === 'FireAnimationFrame')
    .map((event) => event.ts)
    .sort((a, b) => a - b);
  const tasks = own.filter((event) => event.ph === 'X' && event.name.endsWith('RunTask')).sort((a, b) => a.ts - b.ts);
  const work = [];
  const passed = [];
  let at = tasks.findIndex((task) => task.ts > starts[0]);
  for (let i = 1; i < starts.length; i++) {
    let worked = 0;
    let took = 0;
    // What there was to do since the frame before, and at last the drawing, which began before its start was told.
    for (; at < tasks.length && tasks[at].ts < starts[i]; at++) {
      worked += tasks[at].tdur ?? 0;
      took += tasks[at].dur;
    }
    work.push(worked / 1000);
    passed.push(took / 1000);
  }
  return { work, passed };
}

function figures({ work, passed }) {
  const round = (value) => Math.round(value * 10) / 10;
  return {
    frames: work.length,
    work_p50_ms: round(percentile(work, 0.5)),
    work_p95_ms: round(percentile(work, 0.95)),
    passed_p50_ms: round(percentile(passed, 0.5)),
    passed_p95_ms: round(percentile(passed, 0.95)),
  };
}

/** The least that a page costs here: one coloured surface that follows the mouse. */
const BARE = `<body style="margin:0;overflow:hidden"><div id="bare" style="height:100vh;will-change:transform;background:linear-gradient(#246, #8ac)"></div><script>
  let x, y, asked = false;
  addEventListener('mousemove', (event) => {
    x = event.clientX;
    y = event.clientY;
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => { asked = false; bare.style.transform = 'translate(' + x + 'px,' + y + 'px)'; });
    }
  });
</script>`;

const browser = await open();
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const first = await context.newPage();
  await logIn(first, service);
  await drawn(first);
  await first.close(); // Or its end would be part of what the next one waits for.
  const { page, opened } = await openings(context);
  const map = figures(frames(await panning(browser, page, 'canopy-map')));
  await page.close();
  const bare = await slowPage(context);
  await bare.setContent(BARE);
  const floor = figures(frames(await panning(browser, bare, 'body')));
  const result = { throttle: THROTTLE, ...opened, map, bare_page: floor };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (result.interactive_ms > INTERACTIVE_MS || map.work_p95_ms > FRAME_MS || map.frames < 20) {
    process.exitCode = 1;
  }
} finally {
  await browser.close();
}
