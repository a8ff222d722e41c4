// offline: asks the browser to keep the page itself (worker.js), where it may: on https and on
// localhost. What this visit has loaded so far is named to the worker, which came too late for it.

const LIVE = /^\/(?:api\/v|ws$|health$)/;

export async function keepPage() {
    if (!navigator.serviceWorker) return;
    try {
        await navigator.serviceWorker.register('worker.js');
        const { active } = await navigator.serviceWorker.ready;
        active.postMessage(loaded());
    } catch {
        // A browser that keeps nothing has a page all the same.
    }
}

function loaded() {
    const own = performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name))
        .filter((url) => url.origin === location.origin && !LIVE.test(url.pathname));
    return [...new Set([location.pathname, ...own.map((url) => url.href)])];
}
