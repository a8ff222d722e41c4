// outbox: what this reader has written and the server has not yet acknowledged. A message is
// kept in the browser, under its own key, before it is first sent, so that a reload, a crash
// or a week offline changes nothing; it is sent until the server says that it has it. The key
// makes a second sending harmless, which is why any tab may send what any other has written.
//
// Letters are sent one at a time, oldest first: { key, room, text, at, failed?: code }.
// `sent` holds those acknowledged but not yet come round in the log, so that nothing flickers.

import { Backoff } from '../base/backoff.js';
import { Emitter } from '../base/emitter.js';
import { newKey } from '../base/key.js';
import * as prefs from '../base/prefs.js';

export class Outbox extends Emitter {
    #api;
    #prefix;
    #letters = new Map();
    #sent = new Map();
    #backoff = new Backoff();
    #timer = 0;
    #draining = false;
    #lastAt = 0;
    #stop = new AbortController();

    constructor(api, me) {
        super();
        this.#api = api;
        this.#prefix = `outbox.${me.id}.`;
        this.#read();
    }

    start() {
        const { signal } = this.#stop;
        addEventListener('online', () => this.hurry(), { signal });
        prefs.onChange((name) => this.#changed(name), signal);
        this.#drain();
    }

    end() {
        this.#stop.abort();
        clearTimeout(this.#timer);
    }

    /** Everything of a room that is not in its log yet, in the order in which it was written. */
    of(room) {
        return [...this.#sent.values(), ...this.#letters.values()]
            .filter((letter) => letter.room === room)
            .sort((a, b) => a.at - b.at);
    }

    /** How many are still only here. */
    get size() {
        return this.#letters.size;
    }

    write(room, text) {
        this.#lastAt = Math.max(Date.now(), this.#lastAt + 1);
        const letter = { key: newKey(), room, text, at: this.#lastAt };
        this.#keep(letter);
        this.#drain();
    }

    retry(key) {
        const letter = this.#letters.get(key);
        if (!letter) return;
        this.#keep({ ...letter, failed: undefined });
        this.hurry();
    }

    discard(key) {
        this.#forget(key);
        this.emit('change');
    }

    /** The log has this message now: by our own sending or by another tab's. */
    seen(key) {
        const known = this.#letters.has(key) || this.#sent.has(key);
        if (!known) return;
        this.#forget(key);
        this.emit('change');
    }

    /** The way seems to be free again: don't wait for the pause to end. */
    hurry() {
        this.#backoff.reset();
        clearTimeout(this.#timer);
        this.#drain();
    }

    async #drain() {
        if (this.#draining) return;
        this.#draining = true;
        clearTimeout(this.#timer);
        let pause = 0;
        while (!pause && !this.#stop.signal.aborted) {
            const letter = this.#next();
            if (!letter) break;
            pause = await exclusively(this.#prefix, () => this.#send(letter));
        }
        this.#draining = false;
        if (pause) this.#timer = setTimeout(() => this.#drain(), pause);
    }

    #next() {
        return [...this.#letters.values()]
            .filter((letter) => !letter.failed)
            .sort((a, b) => a.at - b.at)[0];
    }

    /** Answers how long to wait before the next try, 0 to go on at once. */
    async #send(letter) {
        this.#read();
        if (!this.#letters.has(letter.key)) return 0;
        try {
            const { key, room, text } = letter;
            const { message } = await this.#api.post(room, { text, key });
            this.#acknowledged(letter, message);
            return 0;
        } catch (problem) {
            return this.#refused(letter, problem);
        }
    }

    #acknowledged(letter, message) {
        this.#backoff.reset();
        this.#forget(letter.key);
        this.#sent.set(letter.key, { ...letter, sent: message });
        this.emit('sent', message);
        this.emit('change');
    }

    #refused(letter, problem) {
        if (problem.passing) return Math.max(problem.retryMs, this.#backoff.next());
        if (problem.status === 401) {
            this.end();
            return 0;
        }
        this.#keep({ ...letter, failed: problem.code });
        return 0;
    }

    #keep(letter) {
        const kept = prefs.save(this.#prefix + letter.key, letter);
        this.#letters.set(letter.key, { ...letter, unkept: !kept });
        this.emit('change');
    }

    #forget(key) {
        this.#letters.delete(key);
        this.#sent.delete(key);
        prefs.save(this.#prefix + key, null);
    }

    #changed(name) {
        if (name !== null && !name.startsWith(this.#prefix)) return;
        this.#read();
        this.#drain();
        this.emit('change');
    }

    /** What storage holds is what there is, except where storage could not take it. */
    #read() {
        const stored = new Map();
        for (const name of prefs.names(this.#prefix)) {
            const letter = prefs.load(name);
            if (letter?.key) stored.set(letter.key, letter);
        }
        for (const [key, letter] of this.#letters) {
            if (letter.unkept && !stored.has(key)) stored.set(key, letter);
        }
        this.#letters = stored;
    }
}

/** One tab at a time, where the browser has locks and lends them (to a frame in another site's
 *  page it may not); without them the keys suffice. */
function exclusively(name, action) {
    if (!navigator.locks) return action();
    return navigator.locks
        .request(`stonechat.${name}`, action)
        .catch((refusal) => (refusal.name === 'SecurityError' ? action() : Promise.reject(refusal)));
}
