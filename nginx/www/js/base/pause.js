// pause: how long to wait. Before the next try: full jitter, anything between a moment and a ceiling
// that doubles, so that ten thousand readers do not come back in step. And until a page that has just
// opened has nothing more to do: what nobody waits for is fetched then, so that nothing of it competes
// with what is on the screen.

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

/** Resolves `ms` after all that the page itself names is there. */
export async function lull(ms) {
    if (document.readyState !== 'complete')
        await new Promise((resolve) => addEventListener('load', resolve, { once: true }));
    await new Promise((resolve) => setTimeout(resolve, ms));
}
