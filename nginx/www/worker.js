// worker: keeps the page itself, so that it opens at once and without a network. What it keeps is
// a set: all files of one version, fetched together. A page is served from the set that it began
// with, so no module ever meets one of another version; what the set does not have (yet) is the
// network's. In a quiet moment the page asks whether the server still has the same files (an
// If-None-Match each); if not, a new set is fetched whole, looked at a second time in case it was
// just being changed, and taken by the next page that opens. Reloading past the worker (Shift)
// goes to the server.
//
// Which files there are is read from themselves: index.html names its own, modules what they
// import. Icons for the system are none of them: it keeps what it needs. Nothing that anybody wrote passes through here: /api, /ws, /events, /health are let by.

importScripts('js/worker_push.js');

const SETS = 'stonechat-set ';
const CLIENTS = 'stonechat-clients';
const INDEX = new URL('./', location).href;
const LIVE = /^\/(?:api\/v|ws$|events$|health$)/;
const AT_ONCE = 8;
const CHECK_EVERY_MS = 15000;

const opened = new Map(); // by name, the sets that were used
const setOf = new Map(); // by client id, the name of the set that it was served from
let checking = null;
let checkedAt = 0;

addEventListener('install', (event) => {
    skipWaiting();
    event.waitUntil(current().then((set) => set ?? keepFirst()));
});
addEventListener('activate', (event) => event.waitUntil(begin()));
addEventListener('message', (event) => event.data === 'check' && event.waitUntil(check()));

addEventListener('fetch', (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== location.origin) return;
    if (LIVE.test(url.pathname)) return;
    if (request.mode !== 'navigate') event.respondWith(part(event));
    else if (addressOf(url) === INDEX) event.respondWith(page(event));
});

const addressOf = (url) => url.href.split(/[?#]/)[0].replace(/\/index\.html$/, '/');

// ------------------------------------------------------------------------------- serving

async function begin() {
    await clients.claim();
    await adopt(await current());
    await tidy();
}

/** A page begins: with the newest set, whatever the network does. */
async function page(event) {
    const set = await current();
    const kept = set && (await (await open(set)).match(INDEX));
    if (!kept) return fetch(event.request);
    event.waitUntil(remember(event.resultingClientId, set));
    return kept;
}

async function part({ request, clientId }) {
    const set = await setFor(request, clientId);
    const kept = set && (await (await open(set)).match(addressOf(new URL(request.url))));
    return kept ?? fetch(request);
}

/** Pages of another kind (the description of the API, an embedded one) are none of this. */
async function setFor({ destination }, id) {
    if (destination === 'sharedworker') return current();
    if (!setOf.has(id)) {
        const client = id && (await clients.get(id));
        const url = client && addressOf(new URL(client.url));
        if (url !== INDEX && client?.type !== 'sharedworker') return null;
        setOf.set(id, (await remembered(id)) ?? (await current()));
    }
    return setOf.get(id);
}

/** Pages that are open and came from no set, as on a first visit, are of this one from now on. */
async function adopt(set) {
    for (const { id, url } of await clients.matchAll({ includeUncontrolled: true })) {
        const known = setOf.has(id) || addressOf(new URL(url)) !== INDEX || (await remembered(id));
        if (!known && set) await remember(id, set);
    }
}

/** Also for a worker that was stopped and started again in between. */
async function remember(id, set) {
    setOf.set(id, set);
    await (await caches.open(CLIENTS)).put(`/${id}`, new Response(set));
}

async function remembered(id) {
    const row = await (await caches.open(CLIENTS)).match(`/${id}`);
    return row?.text();
}

// ---------------------------------------------------------------------------------- sets

/** A page asks for sixty files in a row: what is needed for each is held. */
async function open(set) {
    if (!opened.has(set)) opened.set(set, await caches.open(set));
    return opened.get(set);
}

async function current() {
    const names = (await caches.keys()).filter((name) => name.startsWith(SETS)).sort().reverse();
    for (const name of names) if (await (await caches.open(name)).match(INDEX)) return name;
    return null;
}

/** What the page has just loaded is in the browser's own cache: nothing comes twice. */
async function keepFirst() {
    const files = await crawl('force-cache', { later: false });
    if (files.has(INDEX)) await keep(files);
}

/** The page's own file comes last: a set without it was never finished, and is not taken. */
async function keep(files) {
    const name = SETS + Date.now();
    const cache = await caches.open(name);
    for (const [address, response] of files) {
        if (address !== INDEX) await cache.put(address, response.clone());
    }
    await cache.put(INDEX, files.get(INDEX).clone());
    return name;
}

/** A set goes when it is neither the newest nor that of a page which is open. */
async function tidy() {
    const open = new Set((await clients.matchAll({ includeUncontrolled: true })).map(({ id }) => id));
    const rows = await caches.open(CLIENTS);
    const used = new Set([await current()]);
    for (const request of await rows.keys()) {
        const id = new URL(request.url).pathname.slice(1);
        if (open.has(id)) used.add(await remembered(id));
        else await rows.delete(request);
    }
    for (const name of await caches.keys()) {
        const ours = name.startsWith('stonechat-') && name !== CLIENTS;
        if (!ours || used.has(name)) continue;
        opened.delete(name);
        await caches.delete(name);
    }
}

// ------------------------------------------------------------------------------ renewing

function check() {
    if (checking || Date.now() - checkedAt < CHECK_EVERY_MS) return checking;
    checkedAt = Date.now();
    checking = renew()
        .catch(() => {}) // no network: another time
        .finally(() => {
            checking = null;
        });
    return checking;
}

async function renew() {
    const files = await crawl('no-cache', { later: true });
    const set = await current();
    if (set && (await same(files, set))) return;
    const again = await fetchAll([...files.keys()], 'no-cache');
    for (const [address, response] of files) {
        if (markOf(again.get(address)) !== markOf(response)) return; // it is being changed now
    }
    const changed = set && (await differs(files, set));
    await adopt(set);
    const name = await keep(files);
    if (!changed) await move(set, name);
    await tidy();
    if (!changed) return;
    for (const client of await clients.matchAll()) client.postMessage('renewed');
}

/** The same version, but more of it: pages that have the one may have the other. */
async function move(from, to) {
    for (const { id } of await clients.matchAll({ includeUncontrolled: true })) {
        const set = setOf.get(id) ?? (await remembered(id));
        if (set && set === from) await remember(id, to);
    }
}

async function same(files, set) {
    const cache = await caches.open(set);
    const kept = (await cache.keys()).length;
    return kept === files.size && !(await differs(files, set));
}

/** Is any file another one than the set has of it? More of them are no other version. */
async function differs(files, set) {
    const cache = await caches.open(set);
    for (const request of await cache.keys()) {
        const now = files.get(request.url);
        if (!now || markOf(now) !== markOf(await cache.match(request))) return true;
    }
    return false;
}

/** What tells one version of a file from another, its policy included. */
const markOf = (response) =>
    ['ETag', 'Last-Modified', 'Content-Security-Policy']
        .map((name) => response?.headers.get(name)?.replace(/^W\//, ''))
        .join();

// ------------------------------------------------------------------------------ crawling

const IN_PAGE = /\b(?:href|src)="([^"#:]+\.(?:css|js|svg))"/g;
const IMPORTS = /(?:\bfrom|^import) '(\.[^']+)'/gm;
const NAMES = /'((?:\.{1,2}|css)\/[\w./-]+\.(?:js|css|json))'/g;

/** All files from index.html on; `later`: also those that a page fetches when it needs them. */
async function crawl(cache, { later }) {
    const files = new Map();
    let next = [INDEX];
    while (next.length) {
        const fetched = await fetchAll(next, cache);
        const found = new Set();
        for (const [address, response] of fetched) {
            files.set(address, response);
            const text = await response.clone().text();
            for (const name of namesIn(address, text, later)) found.add(name);
        }
        next = [...found].filter((address) => !files.has(address));
    }
    return files;
}

function namesIn(address, text, later) {
    const isScript = address.endsWith('.js');
    if (!isScript && address !== INDEX) return [];
    const pattern = isScript ? (later ? NAMES : IMPORTS) : IN_PAGE;
    return [...text.matchAll(pattern)]
        .map(([, name]) => new URL(name, name.startsWith('css/') ? INDEX : address))
        .filter(({ origin }) => origin === location.origin)
        .map(addressOf);
}

/** Those that there are; an answer that is neither a file nor "no such file" ends it. */
async function fetchAll(addresses, cache) {
    const files = new Map();
    const left = [...addresses];
    const lane = async () => {
        for (let address = left.shift(); address; address = left.shift()) {
            const response = await fetch(address, { cache });
            if (response.ok) files.set(address, response);
            else if (response.status !== 404) throw new Error(`${address}: ${response.status}`);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return files;
}
