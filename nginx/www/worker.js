// worker: keeps a copy of the page's own files, so that it opens without a network and shows
// what waits in it to be sent. The network always comes first: a copy is only for when there
// is none. Nothing that anybody wrote passes through here: /api, /ws, /events, /health are let by.

importScripts('worker_push.js');

const SHELF = 'stonechat-page';
const PATIENCE_MS = 6000;
const LIVE = /^\/(?:api\/v|ws$|events$|health$)/;

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('message', ({ data }) => keepAll(data));

addEventListener('fetch', (event) => {
    const { request } = event;
    const url = new URL(request.url);
    const ours =
        request.method === 'GET' && url.origin === location.origin && !LIVE.test(url.pathname);
    if (ours) event.respondWith(fresh(request).catch(() => copy(request)));
});

async function fresh(request) {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.status >= 500) throw new Error(response.statusText);
    if (response.ok) await keep(request, response.clone());
    return response;
}

async function copy(request) {
    const shelf = await caches.open(SHELF);
    const kept = await shelf.match(request, { ignoreSearch: true, ignoreVary: true });
    return kept ?? fetch(request);
}

async function keep(request, response) {
    const shelf = await caches.open(SHELF);
    await shelf.put(request, response);
}

/** What the first visit loaded before this worker was there. */
async function keepAll(addresses) {
    const shelf = await caches.open(SHELF);
    for (const address of addresses) {
        if (!(await shelf.match(address))) await shelf.add(address).catch(() => {});
    }
}
