// tab: one page at the switchboard, seen from there: what it has been given of each room, and
// whether it still takes what it is given. A page that is frozen answers nothing; after so many
// frames it gets no more, and is welcomed anew when it wakes, as a slow reader is by the server.
//
// Between the two: { state, retryAt, welcomed, reason } · { frame } · { ask } (for the address) ·
// { refused } · { sign: n } · here to the page; hello · { say } · { address } · { sign: n } ·
// wake · probe · offline · retry · bye from it.

const SIGN_EVERY = 100;
const MOST_UNSIGNED = 2000;
const ANSWER_MS = 2000;

export class Tab {
    heardAt = 0;
    #port;
    #given = new Map();
    #resumed = false;
    #posted = 0;
    #signed = 0;
    #stalled = false;
    #asked = null;

    constructor(port) {
        this.#port = port;
    }

    tell(message) {
        this.#port.postMessage(message);
    }

    /** What it does not name in its `resume` goes on from here. */
    welcome(frame) {
        this.#given = new Map(frame.rooms.map(({ id, seq }) => [id, seq]));
        this.#resumed = false;
        this.#stalled = false;
        this.frame(frame);
    }

    resume(cursors, tails) {
        for (const [room, tail] of tails) {
            const [seq, at] = [cursors[room] ?? this.#given.get(room) ?? tail.seq].flat();
            const missed = tail.after(seq, at);
            if (missed) missed.forEach((entry) => this.frame(entry));
            this.#given.set(room, Math.max(seq, tail.seq));
            if (!missed) this.reset({ type: 'reset', room, seq: tail.seq });
            else if (room in cursors) this.frame({ type: 'caught_up', room, seq: tail.seq });
        }
        this.#resumed = true;
    }

    entry(entry) {
        if (!this.#resumed || entry.seq <= this.#given.get(entry.room)) return;
        this.#given.set(entry.room, entry.seq);
        this.frame(entry);
    }

    reset(frame) {
        this.#given.set(frame.room, frame.seq);
        this.frame(frame);
    }

    frame(frame) {
        if (this.#stalled) return;
        this.tell({ frame });
        this.#posted += 1;
        if (this.#posted % SIGN_EVERY === 0) this.tell({ sign: this.#posted });
        this.#stalled = this.#posted - this.#signed > MOST_UNSIGNED;
    }

    /** It has come so far. True when it had been given up and is to be welcomed. */
    sign(n) {
        this.#signed = n;
        return this.#stalled && this.#posted - n < SIGN_EVERY;
    }

    /** Where the live connection is to be opened, as this page knows it, or null. */
    address() {
        this.tell({ ask: true });
        return new Promise((resolve) => {
            this.#asked = resolve;
            setTimeout(resolve, ANSWER_MS, null);
        });
    }

    answer(address) {
        this.#asked?.(address);
    }
}
