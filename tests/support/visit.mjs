/*
 * visit: one visit to the page, measured: what came over the wire, and when it could be used.
 *
 *   const { bytes, requests, paths, page, paint_ms, usable_ms } = await measureVisit(site, { fresh, slow });
 *
 * `site` is a deployedSite() with somebody who is signed in. `fresh`: in a profile that has nothing of the page
 * but the session. `slow`: under slow 4G as Lighthouse has it (150 ms round trip, 1.6 Mbit/s down, 750 kbit/s
 * up) and a CPU four times as slow.
 *
 * Bytes and requests are those that nginx has sent, heads included, to the page and to its workers (of which
 * DevTools tells nothing), until the page is usable and then four seconds have brought nothing new. `page`: the
 * same as DevTools count it, without the workers.
 */
import { launchBrowser } from './browser.mjs';
import { furnish, HOST } from './deployed.mjs';
import { Reader } from './reader.mjs';
import { until } from './wait.mjs';

/* DevTools applies latency to each request; Lighthouse's factor for that is 3.75 and 0.9. */
export const SLOW_4G = {
  offline: false,
  latency: 150 * 3.75,
  downloadThroughput: (1.6 * 1024 * 1024 * 0.9) / 8,
  uploadThroughput: (750 * 1024 * 0.9) / 8,
};
const QUIET_MS = 4000;

/* A site as it is deployed, behind TLS and HTTP/2, and somebody who is signed in there: { front, reader }. */
export async function deployedSite(stack) {
  const front = await furnish(stack);
  front.start();
  const browser = await launchBrowser([
    `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
    `--ignore-certificate-errors-spki-list=${front.pin}`,
  ]);
  const reader = await until('nginx', () => Reader.open(browser, front.url).catch(() => null));
  await reader.register();
  await reader.live();
  for (const text of ['Good morning', 'Is anybody here?', 'There will be']) await reader.say(text);
  return {
    front,
    reader,
    async close() {
      await browser.close();
      await front.stop();
    },
  };
}

/* What DevTools say that the network has brought to a page. */
async function pageWire(cdp) {
  const urls = new Map();
  const wire = { bytes: 0, requests: 0 };
  await cdp.send('Network.enable');
  cdp.on('Network.responseReceived', ({ requestId, response }) => {
    const local = response.fromDiskCache || response.fromServiceWorker || response.url.startsWith('data:');
    if (!local) urls.set(requestId, response.url);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!urls.has(requestId)) return;
    wire.bytes += encodedDataLength;
    wire.requests += 1;
  });
  return wire;
}

async function profile(reader, fresh) {
  if (!fresh) return reader.context;
  const context = await reader.context.browser().newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies(await reader.context.cookies());
  return context;
}

/* Nothing is sent any more; what has been sent since the `from`th. */
async function rest(front, from) {
  let [seen, at] = [front.wire().length, Date.now()];
  await until('the network rests', () => {
    const now = front.wire().length;
    if (now !== seen) [seen, at] = [now, Date.now()];
    return Date.now() - at > QUIET_MS;
  }, 120_000);
  return front.wire().slice(from);
}

export async function measureVisit({ front, reader }, { fresh = false, slow = false } = {}) {
  await reader.page.goto('about:blank'); // whose page asks for nothing meanwhile
  await rest(front, 0);
  const from = front.wire().length;
  const context = await profile(reader, fresh);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  if (slow) {
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', SLOW_4G);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  }
  const ofPage = await pageWire(cdp);
  await page.goto(reader.url, { waitUntil: 'commit' });
  const usable_ms = await usable(page);
  const paint_ms = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  const sent = await rest(front, from);
  if (fresh) await context.close();
  else await page.close();
  return {
    bytes: sent.reduce((sum, { bytes }) => sum + bytes, 0),
    requests: sent.length,
    paths: sent.map(({ path }) => path),
    page: ofPage,
    paint_ms,
    usable_ms,
  };
}

/* A room is open, its messages (or that there are none) are shown, and it can be written in. */
function usable(page) {
  return page.waitForFunction(
    () => {
      const shown = document.querySelector('.top:not([data-look="loading"])');
      return document.querySelector('#composer') && shown && performance.now();
    },
    null,
    { timeout: 180_000, polling: 20 },
  ).then((handle) => handle.jsonValue());
}
