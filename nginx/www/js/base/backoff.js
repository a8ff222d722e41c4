// backoff: how long to wait before the next try. Full jitter: anything between a moment and a
// ceiling that doubles, so that ten thousand readers do not come back in step.

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
