// pause: how long to wait. Before the next try: full jitter, anything between a moment and a ceiling
// that doubles, so that ten thousand readers do not come back in step. And until a page that has just
// opened has nothing more to do: what nobody waits for is fetched then, so that nothing of it competes
// with what is on the screen.
//
// A module that could not be fetched can be imported again: browsers have forgotten failures since
// HTML says so (whatwg/html#10327; Chromium 156 was seen to, for what a module imports as well).
// An older one remembers until the page is reloaded.

const FIRST_MS = 1000;
const CAP_MS = 30000;
const FLOOR_MS = 200;

export class Backoff {
    #tries = 0;

    get tries() {
        return this.#tries;
    }

    reset() {
        this.#tries = 0;
    }

    next(random = Math.random) {
        const ceiling = Math.min(CAP_MS, FIRST_MS * 2 ** this.#tries);
        this.#tries = Math.min(this.#tries + 1, 16);
        return Math.round(FLOOR_MS + random() * (ceiling - FLOOR_MS));
    }
}

/** What `load()` resolves to, tried until it does, also when the network comes back: a part that
 *  nobody has asked for, and that the page is not whole without. Null if `signal` aborts. */
export async function eventually(load, signal) {
    const backoff = new Backoff();
    while (!signal?.aborted) {
        const had = await load().catch(() => null);
        if (had) return signal?.aborted ? null : had;
        await new Promise((resolve) => {
            addEventListener('online', resolve, { once: true });
            setTimeout(resolve, backoff.next());
        });
    }
    return null;
}

/** Resolves `ms` after all that the page itself names is there. */
export async function lull(ms) {
    if (document.readyState !== 'complete')
        await new Promise((resolve) => addEventListener('load', resolve, { once: true }));
    await new Promise((resolve) => setTimeout(resolve, ms));
}
