/* page_kept: the page's own files, kept by the service worker: whole, of one version, renewed. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createHash } from 'node:crypto';
import { extname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { after, test } from 'node:test';
import { Reader } from '../support/reader.mjs';
import { openSite } from '../support/site.mjs';
import { modulesLater, startOfPage, www } from '../support/graph.mjs';
import { until } from '../support/wait.mjs';

const TYPES = {
  '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml',
  '.json': 'application/json', '.webmanifest': 'application/manifest+json', '.png': 'image/png',
};

const site = await openSite();
const copy = mkdtempSync(join(tmpdir(), 'stonechat-www-'));
cpSync(www, copy, { recursive: true });

/* The page from a folder of the test's own, which can be changed; all else from the stack. */
const asked = [];
const server = http.createServer((request, answer) => {
  const { pathname } = new URL(request.url, site.stack.url);
  if (/^\/(api\/v|ws|events|health)/.test(pathname)) return pass(request, answer);
  asked.push(pathname);
  const path = join(copy, pathname === '/' ? 'index.html' : pathname);
  let body;
  try {
    body = readFileSync(path);
  } catch {
    return answer.writeHead(404).end();
  }
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  const head = { etag, 'cache-control': 'no-cache', 'content-type': TYPES[extname(path)] };
  if (request.headers['if-none-match'] === etag) return answer.writeHead(304, head).end();
  return answer.writeHead(200, head).end(body);
});

function pass(request, answer) {
  const { hostname, port } = new URL(site.stack.url);
  const { method, url, headers } = request;
  const onward = http.request({ hostname, port, method, path: url, headers }, (reply) => {
    answer.writeHead(reply.statusCode, reply.headers);
    reply.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  request.pipe(onward);
}

await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;
after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(copy, { recursive: true });
  return site.close();
});

const change = (path, from, to) => {
  const text = readFileSync(join(copy, path), 'utf8');
  assert.ok(text.includes(from), `${path} has ${from}`);
  writeFileSync(join(copy, path), text.replace(from, to));
};

/* Has the worker look for a new version now, and resolves when it has been. */
const look = (page) =>
  page.evaluate(async () => navigator.serviceWorker.controller.postMessage('check'));
const keptFiles = (page) =>
  page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('stonechat-set')).sort();
    const requests = names.length ? await (await caches.open(names.at(-1))).keys() : [];
    return requests.map((request) => new URL(request.url).pathname).sort();
  });

test('a_repeat_visit_asks_for_none_of_the_files_and_what_comes_later_is_there_too', async () => {
  const ada = await Reader.open(site.browser, url);
  await ada.kept();
  await look(ada.page);
  const later = [...modulesLater(startOfPage())].map((path) => `/${path}`);
  await until('all that the page may ever fetch', async () => {
    const kept = new Set(await keptFiles(ada.page));
    return later.length > 0 && later.every((path) => kept.has(path));
  });
  asked.length = 0;
  await ada.page.reload();
  await ada.page.locator('.card').waitFor();
  const files = asked.filter((path) => path !== '/worker.js');
  assert.deepEqual(files, []);
  await ada.leave();
});

test('a_new_version_is_fetched_whole_offered_and_never_mixed_with_the_old_one', async () => {
  const ada = await Reader.open(site.browser, url);
  await ada.register();
  await ada.kept();
  const [module, later] = ['js/words/page.js', 'js/view/members.js'];
  const title = () => ada.page.evaluate(async () => (await import('/js/words/page.js')).page.try_now[0]);
  const before = await title();
  await look(ada.page);
  await until('all of it', async () => (await keptFiles(ada.page)).includes(`/${later}`));
  change(module, 'Try now', 'Try at once');
  change(later, '//', '// another\n//');
  assert.equal(await title(), before);
  await until('it looks again', async () => {
    await look(ada.page);
    return (await ada.page.locator('.toast.renewed').count()) === 1;
  }, 90_000);
  const old = await ada.page.evaluate(async (path) => (await fetch(path)).text(), `/${later}`);
  assert.ok(!old.includes('// another'), 'a page that is open goes on with its own version');
  await ada.page.getByRole('button', { name: 'Reload' }).click();
  await until('the new one', async () => (await title().catch(() => '')) === 'Try at once');
  const fresh = await ada.page.evaluate(async (path) => (await fetch(path)).text(), `/${later}`);
  assert.ok(fresh.includes('// another'));
  await ada.leave();
});

test('a_page_opens_at_once_where_the_network_hangs', async () => {
  const ada = await Reader.open(site.browser, url);
  await ada.register();
  await ada.kept();
  const hang = (request, answer) => setTimeout(() => answer.destroy(), 15_000).unref();
  const listeners = server.listeners('request');
  server.removeAllListeners('request').on('request', hang);
  const began = Date.now();
  await ada.page.reload({ waitUntil: 'commit' });
  await ada.page.locator('.rooms a').first().waitFor();
  const took = Date.now() - began;
  server.removeAllListeners('request').on('request', listeners[0]);
  assert.ok(took < 5000, `${took} ms`);
  await ada.leave();
});
