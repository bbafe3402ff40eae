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
  const page = await context.newPage();
  const slow = await context.newCDPSession(page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  const opened = await interactive(page);
  const map = figures(frames(await panning(browser, page, 'canopy-map')));
  await page.close();
  const bare = await context.newPage();
  await bare.setContent(BARE);
  await (await context.newCDPSession(bare)).send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  const floor = figures(frames(await panning(browser, bare, 'body')));
  const result = { throttle: THROTTLE, ...opened, map, bare_page: floor };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (result.interactive_ms > INTERACTIVE_MS || map.work_p95_ms > FRAME_MS || map.frames < 20) {
    process.exitCode = 1;
  }
} finally {
  await browser.close();
}
