/*
 * visit: one visit to the page, measured: what came over the wire, and when it could be used.
 *
 *   const { bytes, requests, urls, paint_ms, usable_ms } = await measureVisit(reader, { fresh, slow });
 *
 * `reader` is signed in. `fresh`: in a profile that has nothing of the page but the session. `slow`:
 * under slow 4G as Lighthouse has it (150 ms round trip, 1.6 Mbit/s down, 750 kbit/s up) and a CPU
 * four times as slow. Counted is until the page is usable and then two seconds have brought nothing new.
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
const QUIET_MS = 2000;

/* Somebody who is signed in at a site as it is deployed, behind TLS and HTTP/2. */
export async function deployedReader(stack) {
  const front = await furnish(stack);
  front.start();
  const browser = await launchBrowser([`--host-resolver-rules=MAP ${HOST} 127.0.0.1`, '--ignore-certificate-errors']);
  const reader = await until('nginx', () =>
    Reader.open(browser, front.url, { ignoreHTTPSErrors: true }).catch(() => null));
  await reader.register();
  await reader.live();
  return {
    reader,
    async close() {
      await browser.close();
      await front.stop();
    },
  };
}

/* What the network has brought to this page, heads included. */
async function wireOf(cdp) {
  const bytes = new Map();
  const urls = new Map();
  const wire = { at: Date.now(), bytes: 0, urls: [] };
  await cdp.send('Network.enable');
  cdp.on('Network.responseReceived', ({ requestId, response }) => {
    const local = response.fromDiskCache || response.fromServiceWorker || response.url.startsWith('data:');
    if (!local) urls.set(requestId, response.url);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!urls.has(requestId)) return;
    bytes.set(requestId, encodedDataLength);
    wire.at = Date.now();
    wire.bytes = [...bytes.values()].reduce((sum, n) => sum + n, 0);
    wire.urls = [...bytes.keys()].map((id) => new URL(urls.get(id)).pathname);
  });
  return wire;
}

async function profile(reader, fresh) {
  if (!fresh) return reader.context;
  const context = await reader.context.browser().newContext({ viewport: { width: 1280, height: 800 }, ignoreHTTPSErrors: true });
  await context.addCookies(await reader.context.cookies());
  return context;
}

export async function measureVisit(reader, { fresh = false, slow = false } = {}) {
  const context = await profile(reader, fresh);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  if (slow) {
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', SLOW_4G);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  }
  const wire = await wireOf(cdp);
  await page.goto(reader.url, { waitUntil: 'commit' });
  const usable_ms = await usable(page);
  const paint_ms = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  await until('the network rests', () => Date.now() - wire.at > QUIET_MS, 60_000);
  if (fresh) await context.close();
  else await page.close();
  return { bytes: wire.bytes, requests: wire.urls.length, urls: wire.urls, paint_ms, usable_ms };
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
