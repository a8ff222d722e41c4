// tail: the last entries of one room's log that have passed through here, in order of seq and
// without a hole, so that whoever stands a little behind can be brought to the end of it. What
// does not reach back far enough says so; it asks nobody for what is older.

const MOST = 300;

export class Tail {
    #base;
    #baseAt = 0;
    #entries = [];

    /** All up to and with `seq` has been, and is not held. */
    constructor(seq) {
        this.#base = seq;
    }

    get seq() {
        return this.#base + this.#entries.length;
    }

    /** As `resume` names it. */
    get cursor() {
        const at = this.#entries.at(-1)?.at ?? this.#baseAt;
        return at ? [this.seq, at] : this.seq;
    }

    /** False where it has been already. What would leave a hole begins anew. */
    push(entry) {
        if (entry.seq <= this.seq) return false;
        if (entry.seq > this.seq + 1) {
            this.#base = entry.seq - 1;
            this.#baseAt = 0;
            this.#entries = [];
        }
        this.#entries.push(entry);
        if (this.#entries.length > MOST) this.#trim();
        return true;
    }

    /** The entries after `seq`, or null where that is not to be had from here: it lies too far
     *  back, or the entry `seq` was not written at `at`, so the log is another one. */
    after(seq, at = 0) {
        const held = seq - this.#base;
        if (held < 0) return null;
        const own = held === 0 ? this.#baseAt : this.#entries[held - 1]?.at;
        if (at && own && at !== own) return null;
        return this.#entries.slice(held);
    }

    #trim() {
        const { seq, at } = this.#entries.shift();
        this.#base = seq;
        this.#baseAt = at;
    }
}
