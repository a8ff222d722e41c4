/*
 * page: whether the web client stays smooth in a big and busy room, in Chromium.
 *
 *   ./dev bench page [--messages N] [--seconds N] [--speed PX] [--rate N] [--received N] [--json]
 *
 * One reader at 1280 x 800 in a room of `messages`. Three runs in turn: a scroll gesture of the
 * browser's own goes back at `speed` pixels a second, and forward again; `rate` messages a second
 * come into the open room; `received` messages come as fast as they are taken. Frames and tasks are
 * those of Chromium's trace: frames drawn a second; the longest task of the page's main thread, by the
 * clock and by processor time; how many milliseconds of a second that thread works. A frame in which a
 * part of the screen that should show messages shows none is counted as blank. The heap is that after
 * a collection.
 *
 * Chromium draws in software here, and shares the machine with all that it talks to: where other work
 * goes on, only processor time tells anything, and 60 frames a second means that it stays below 16.
 */
import { parseArgs } from 'node:util';
import { number, show } from './table.mjs';
import { signUp, newName } from '../support/client.mjs';
import { fill } from '../support/log.mjs';
import { openSite } from '../support/site.mjs';
import { sleep, until } from '../support/wait.mjs';

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'disabled-by-default-devtools.timeline.frame'];
const BEATS_PER_S = 10;
const HEAP_PIECE = 5000;
const LONG_MS = 50;

const { values: options } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '10' },
    speed: { type: 'string', default: '3000' },
    rate: { type: 'string', default: '1000' },
    received: { type: 'string', default: '50000' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds), messages = Number(options.messages), rate = Number(options.rate);

/* --- what the trace says --- */

/* The main thread of the page: of all of its kind the one that has worked most. */
function tasksOf(events) {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const all = mains.map(({ pid, tid }) =>
    events.filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X' && /RunTask$/.test(event.name)));
  return all.sort((a, b) => cpuOf(b) - cpuOf(a))[0] ?? [];
}

const cpuOf = (tasks) => tasks.reduce((ms, { tdur = 0 }) => ms + tdur / 1000, 0);
const longest = (tasks, key) => Math.max(...tasks.map((task) => (task[key] ?? 0) / 1000));

function figuresOf(events) {
  const drawn = events.filter(({ name }) => name === 'DrawFrame').map(({ ts }) => ts / 1000).sort((a, b) => a - b);
  const ms = drawn.at(-1) - drawn[0];
  const tasks = tasksOf(events);
  return {
    fps: ((drawn.length - 1) * 1000) / ms,
    longest_ms: longest(tasks, 'dur'),
    longest_cpu_ms: longest(tasks, 'tdur'),
    long_tasks: tasks.filter(({ tdur }) => tdur / 1000 > LONG_MS).length,
    cpu_ms_per_s: (cpuOf(tasks) * 1000) / ms,
    cpu_ms_per_frame: cpuOf(tasks) / drawn.length,
  };
}

async function traced(browser, page, action) {
  await page.evaluate(watchBlanks);
  await browser.startTracing(page, { categories: CATEGORIES });
  await action();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  return { ...figuresOf(traceEvents), ...(await page.evaluate(() => window.blanks.end())) };
}

/* In the page: after each frame, does the list reach over the screen, as far as there is any more? */
function watchBlanks() {
  const state = { frames: 0, blank: 0, over: false };
  const look = () => {
    if (state.over) return;
    const frame = document.querySelector('.timeline').getBoundingClientRect();
    const list = document.querySelector('.messages').getBoundingClientRect();
    const top = document.querySelector('.top').getBoundingClientRect();
    state.frames += 1;
    state.blank += list.top > Math.max(frame.top, top.bottom) + 1 || list.bottom < frame.bottom - 60;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.blanks = { end: () => ((state.over = true), { frames: state.frames, blank: state.blank }) };
}

/* --- the three runs --- */

const newest = (page) => page.evaluate(() =>
  Math.max(0, ...[...document.querySelectorAll('.message[data-seq]')].map(({ dataset }) => Number(dataset.seq))));
const oldest = (page) => page.evaluate(() => Number(document.querySelector('.message[data-seq]').dataset.seq));

async function scrolling({ browser, page, cdp }) {
  const px = Number(options.speed) * seconds;
  const gesture = (yDistance) => cdp.send('Input.synthesizeScrollGesture',
    { x: 700, y: 400, yDistance, speed: Number(options.speed), gestureSourceType: 'mouse', preventFling: true });
  const back = await traced(browser, page, () => gesture(px));
  const reached = await oldest(page);
  const forward = await traced(browser, page, () => gesture(-px));
  return [['scrolling back', back, reached], ['scrolling forward', forward, await oldest(page)]];
}

async function receiving({ browser, page, stack, room, author, end }) {
  const last = end + rate * seconds;
  const figures = await traced(browser, page, async () => {
    const began = Date.now();
    for (let beat = 0; beat < seconds * BEATS_PER_S; beat++) {
      await fill(stack, room, author, rate / BEATS_PER_S, { live: true });
      await sleep(Math.max(0, began + ((beat + 1) * 1000) / BEATS_PER_S - Date.now()));
    }
    await until('the last one', async () => (await newest(page)) === last);
  });
  return { last, row: [`receiving ${rate}/s`, figures, last] };
}

async function heapOf(cdp) {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (key) => metrics.find(({ name }) => name === key).value;
  return { mib: of('JSHeapUsedSize') / 2 ** 20, nodes: of('Nodes') };
}

async function heap({ page, cdp, stack, room, author, end }) {
  const rows = [[0, await heapOf(cdp)]];
  for (let done = HEAP_PIECE; done <= Number(options.received); done += HEAP_PIECE) {
    await fill(stack, room, author, HEAP_PIECE, { live: true });
    await until('all of them', async () => (await newest(page)) === end + done, 60_000);
    rows.push([done, await heapOf(cdp)]);
  }
  return rows;
}

/* --- the whole --- */

function report(runs, heaps) {
  show([['', 'frames/s', 'CPU ms/frame', 'CPU ms/s', 'longest task, ms', 'CPU ms', `> ${LONG_MS}`, 'blank frames', 'seq reached'],
    ...runs.map(([name, one, seq]) => [name, number(one.fps, 1), number(one.cpu_ms_per_frame, 1), number(one.cpu_ms_per_s, 0),
      number(one.longest_ms, 1), number(one.longest_cpu_ms, 1), one.long_tasks, `${one.blank} of ${one.frames}`, seq])]);
  console.log();
  show([['messages received', 'JS heap, MiB', 'DOM nodes'], ...heaps.map(([count, { mib, nodes }]) => [count, number(mib, 1), nodes])]);
}

const site = await openSite();
try {
  const { browser, stack } = site;
  const writer = await signUp(stack.url);
  const name = newName();
  const { room: { id: room } } = await writer.must(201, 'POST', '/rooms', { name, kind: 'public' });
  await fill(stack, room, writer.id, messages, { bytes: 60 });
  const reader = await site.reader();
  const { page } = reader;
  const cdp = await reader.context.newCDPSession(page);
  await cdp.send('Performance.enable');
  await reader.joinRoom(name);
  const start = messages + 2; // two have joined
  await until('the end of the room', async () => (await newest(page)) >= messages);
  const all = { browser, page, cdp, stack, room, author: writer.id };
  const runs = await scrolling(all);
  await page.locator('.timeline').evaluate((node) => node.scrollTo(0, node.scrollHeight));
  if (await page.locator('.jump').isVisible()) await page.locator('.jump').click();
  await until('the end again', async () => (await newest(page)) >= messages && !(await page.locator('.jump').isVisible()));
  const { row, last } = await receiving({ ...all, end: start });
  const heaps = await heap({ ...all, end: last });
  await reader.leave();
  if (options.json) console.log(JSON.stringify({ runs: [...runs, row], heaps }));
  else report([...runs, row], heaps);
} finally {
  await site.close();
}
process.exit();
