// outbox: what this reader has written and the server has not yet acknowledged. A message is
// kept in the browser, under its own key, before it is first sent, so that a reload, a crash
// or a week offline changes nothing; it is sent until the server says that it has it. The key
// makes a second sending harmless, which is why any tab may send what any other has written.
//
// Letters are sent one at a time, oldest first: { key, room, text, at, reply_to?, files?: [key of
// an upload], failed?: code, file?: the name of the one that failed }. A letter goes when its files
// are with the server; until then the others go before it, so that nobody waits for a film.
// `sent` holds those acknowledged but not yet come round in the log, so that nothing flickers.

import { Backoff } from '../base/pause.js';
import { Emitter } from '../base/emitter.js';
import { newKey } from '../base/key.js';
import { exclusively } from '../base/lock.js';
import * as prefs from '../base/prefs.js';

export class Outbox extends Emitter {
    #api;
    #uploads;
    #prefix;
    #letters = new Map();
    #sent = new Map();
    #backoff = new Backoff();
    #timer = 0;
    #draining = false;
    #lastAt = 0;
    #stop = new AbortController();

    constructor(api, me, uploads) {
        super();
        this.#api = api;
        this.#uploads = uploads;
        this.#prefix = `outbox.${me.id}.`;
        this.#read();
    }

    start() {
        const { signal } = this.#stop;
        addEventListener('online', () => this.hurry(), { signal });
        prefs.onChange((name) => this.#changed(name), signal);
        this.#uploads.on('change', (key) => this.#carried(key), signal);
        for (const letter of this.#letters.values()) this.#bereft(letter);
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

    /** The keys of all uploads that a letter names. */
    files() {
        return [...this.#letters.values()].flatMap(({ files = [] }) => files);
    }

    write(room, text, { reply_to, files } = {}) {
        this.#lastAt = Math.max(Date.now(), this.#lastAt + 1);
        const letter = { key: newKey(), room, text, at: this.#lastAt, reply_to };
        if (files?.length) letter.files = files;
        this.#keep(letter);
        const failed = files?.find((file) => this.#uploads.state(file) === 'failed');
        if (failed) this.#spoilt(letter, failed);
        if (files?.length) this.#uploads.hurry(); // one may have been there for too long
        this.#drain();
    }

    retry(key) {
        const letter = this.#letters.get(key);
        if (!letter) return;
        this.#keep({ ...letter, failed: undefined, file: undefined, renewed: undefined });
        for (const file of letter.files ?? []) {
            if (this.#uploads.state(file) === 'failed') this.#uploads.retry(file);
        }
        this.#uploads.hurry();
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

    /** A file has gone a step further: its letter may go, or never will by itself. */
    #carried(file) {
        const letter = [...this.#letters.values()].find(({ files }) => files?.includes(file));
        if (!letter) return;
        if (letter.unkept) this.#keep(letter);
        const state = this.#uploads.state(file);
        if (state === 'failed' && !letter.failed) this.#spoilt(letter, file);
        if (state === 'done') this.#drain();
    }

    /** The browser has let go of a file over the night. */
    #bereft(letter) {
        const gone = letter.files?.some((file) => this.#uploads.state(file) === 'gone');
        if (gone && !letter.failed) this.#keep({ ...letter, failed: 'file_lost' });
    }

    #spoilt(letter, file) {
        const { name, failed } = this.#uploads.get(file);
        this.#keep({ ...letter, failed, file: name });
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
            .filter((letter) => !letter.failed && this.#isComplete(letter))
            .sort((a, b) => a.at - b.at)[0];
    }

    #isComplete({ files = [] }) {
        return files.every((file) => this.#uploads.state(file) === 'done');
    }

    /** Answers how long to wait before the next try, 0 to go on at once. */
    async #send(letter) {
        this.#read();
        if (!this.#letters.has(letter.key)) return 0;
        try {
            const { key, room, text, reply_to } = letter;
            const files = letter.files?.map((file) => this.#uploads.get(file).id);
            const { message } = await this.#api.post(room, { text, key, reply_to, files });
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
        if (this.#lostFiles(letter, problem)) return 0;
        const field = problem.errors[0]?.field;
        this.#keep({ ...letter, failed: field === 'reply_to' ? 'reply_gone' : problem.code });
        this.emit('refused', letter);
        return 0;
    }

    /** The server has let go of a file: all go there once more, and the one that can't says so. */
    #lostFiles(letter, problem) {
        if (letter.renewed || !problem.errors.some(({ field }) => field === 'files')) return false;
        this.#keep({ ...letter, renewed: true });
        for (const file of letter.files) this.#uploads.retry(file);
        return true;
    }

    #keep(letter) {
        const { unkept, ...lasting } = letter;
        const kept = this.#isLasting(letter) && prefs.save(this.#prefix + letter.key, lasting);
        this.#letters.set(letter.key, { ...letter, unkept: !kept });
        this.emit('change');
    }

    /** With a file that would not survive a reload, the letter had better not either. */
    #isLasting({ files = [] }) {
        return files.every((file) => this.#uploads.lasts(file));
    }

    #forget(key) {
        for (const file of this.#letters.get(key)?.files ?? []) this.#uploads.remove(file);
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
