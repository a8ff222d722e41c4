// uploads: files on their way to the server, from the moment somebody chooses them until the
// message that bears them is sent. Their bytes are kept in the browser meanwhile (bytes.js) and
// a row about each in its storage, so that a reload, a restart or a lost connection only means
// to try again; any tab may go on with what another has begun. It knows nothing of messages.
//
// A row: { key, room, name, size, type, at, id?, sent_at?, failed? }: `id` is the server's, once
// it has the file. `change` names the key of a row that is another now, `progress` one that moves.

import { Backoff, eventually } from '../base/pause.js';
import { Emitter } from '../base/emitter.js';
import { newKey } from '../base/key.js';
import { unlessElsewhere } from '../base/lock.js';
import * as prefs from '../base/prefs.js';

const bytes = () => import('../base/bytes.js'); // fetched with the first file

const LANES = 2;
const LOOK_AGAIN_MS = 2000;
const MOST_KEPT_BYTES = 256 * 1024 * 1024;
const FRESH_MS = 50 * 60 * 1000; // the server lets go of what is not sent within the hour
const STRAY_MS = 24 * 60 * 60 * 1000;

export class Uploads extends Emitter {
    #api;
    #me;
    #prefix;
    #rows = new Map();
    #lasting = new Set();
    #files = new Map();
    #running = new Map();
    #progress = new Map();
    #pauses = new Map();
    #slowed = new Set();
    #backoff = new Backoff();
    #timer = 0;
    #swept = false;
    #stop = new AbortController();

    constructor(api, me) {
        super();
        this.#api = api;
        this.#me = me.id;
        this.#prefix = `upload.${me.id}.`;
        for (const name of prefs.names(this.#prefix)) this.#read(name);
    }

    /** `used`: the keys that a letter or a draft still names; other old ones are let go of. */
    start(used) {
        const { signal } = this.#stop;
        addEventListener('online', () => this.hurry(), { signal });
        prefs.onChange((name) => this.#changed(name), signal);
        this.#sweep(new Set(used));
        this.#pump();
    }

    end() {
        this.#stop.abort();
        clearTimeout(this.#timer);
        for (const running of this.#running.values()) running.abort();
    }

    get(key) {
        return this.#rows.get(key);
    }

    /** waiting | sending | done | failed, or gone where nothing is known of it. */
    state(key) {
        const row = this.#rows.get(key);
        if (!row) return 'gone';
        if (row.failed) return 'failed';
        if (isFresh(row)) return 'done';
        return this.#running.has(key) ? 'sending' : 'waiting';
    }

    /** 0 to 1. */
    progress(key) {
        return this.state(key) === 'done' ? 1 : (this.#progress.get(key) ?? 0);
    }

    /** Does it wait because there were too many in too short a time? */
    isSlowed(key) {
        return this.#slowed.has(key) && this.state(key) === 'waiting';
    }

    /** Would it survive a reload? */
    lasts(key) {
        return this.#lasting.has(key);
    }

    /** The bytes, to show them; null where this browser has not got them any more. */
    async blob(key) {
        if (this.#files.has(key)) return this.#files.get(key);
        const store = await eventually(bytes, this.#stop.signal);
        return (await store?.get(this.#bytesOf(key)).catch(() => null)) ?? null;
    }

    add(room, file) {
        const { name, size, type } = file;
        const row = { key: newKey(), room, name: name || 'file', size, type, at: Date.now() };
        this.#files.set(row.key, file);
        this.#put(row);
        this.#keep(row.key, file);
        this.#pump();
        return row.key;
    }

    remove(key) {
        this.#drop(key);
        prefs.save(this.#prefix + key, null);
        this.#dropBytes(key);
        this.#pump();
    }

    /** Once more, from the beginning: it has failed, or the server has let go of it. */
    retry(key) {
        const row = this.#rows.get(key);
        if (!row) return;
        this.#put({ ...row, failed: undefined, id: undefined });
        this.hurry();
    }

    /** The way seems to be free again. */
    hurry() {
        this.#backoff.reset();
        this.#pauses.clear();
        this.#pump();
    }

    /** All but these: the account signs out. */
    clear(used) {
        for (const key of [...this.#rows.keys()]) if (!used.includes(key)) this.remove(key);
    }

    async #keep(key, file) {
        const sizes = [...this.#rows.values()].map(({ size }) => size);
        if (sizes.reduce((sum, size) => sum + size, 0) > MOST_KEPT_BYTES) return;
        try {
            const { put } = await bytes();
            await put(this.#bytesOf(key), file);
        } catch {
            return; // it lasts as long as this page does
        }
        const row = this.#rows.get(key);
        if (!row) this.#dropBytes(key);
        else if (prefs.save(this.#prefix + key, row)) this.#lasting.add(key);
        this.emit('change', key);
        this.#sweepBytes().catch(() => {});
    }

    #dropBytes(key) {
        bytes()
            .then(({ drop }) => drop(this.#bytesOf(key)))
            .catch(() => {});
    }

    #put(row) {
        this.#rows.set(row.key, row);
        if (this.#lasting.has(row.key)) prefs.save(this.#prefix + row.key, row);
        this.emit('change', row.key);
    }

    #drop(key) {
        this.#running.get(key)?.abort();
        for (const all of [this.#rows, this.#files, this.#lasting, this.#pauses, this.#slowed])
            all.delete(key);
        this.emit('change', key);
    }

    #read(name) {
        const row = prefs.load(name);
        if (!row?.key) return;
        this.#rows.set(row.key, row);
        this.#lasting.add(row.key);
    }

    /** Another tab has changed a row, or has cleared all. */
    #changed(name) {
        const names = name === null ? [...this.#lasting].map((key) => this.#prefix + key) : [name];
        for (const one of names.filter((any) => any.startsWith(this.#prefix))) {
            const key = one.slice(this.#prefix.length);
            if (prefs.load(one)) this.#read(one);
            else if (this.#lasting.has(key)) this.#drop(key);
            this.emit('change', key);
        }
        this.#pump();
    }

    /** As many at once as there are lanes, oldest first. */
    #pump() {
        if (this.#stop.signal.aborted) return;
        clearTimeout(this.#timer);
        const now = Date.now();
        const open = [...this.#rows.values()].filter((row) => this.state(row.key) === 'waiting');
        const due = open.filter(({ key }) => (this.#pauses.get(key) ?? 0) <= now);
        for (const { key } of due.slice(0, LANES - this.#running.size)) this.#run(key);
        const next = Math.min(
            ...open.map(({ key }) => this.#pauses.get(key)).filter((at) => at > now),
        );
        if (next < Infinity) this.#timer = setTimeout(() => this.#pump(), next - now);
    }

    async #run(key) {
        const running = new AbortController();
        this.#running.set(key, running);
        this.#slowed.delete(key);
        this.emit('change', key);
        let pause = LOOK_AGAIN_MS;
        await unlessElsewhere(this.#prefix + key, async () => {
            pause = await this.#carry(key, running.signal);
        });
        this.#running.delete(key);
        this.#progress.delete(key);
        if (pause) this.#pauses.set(key, Date.now() + pause);
        this.emit('change', key);
        this.#pump();
    }

    /** Answers how long to wait before the next try, 0 when there is nothing more to do. */
    async #carry(key, signal) {
        if (this.#lasting.has(key)) this.#read(this.#prefix + key);
        const row = this.#rows.get(key);
        if (!row || isFresh(row)) return 0;
        const blob = await this.#readable(key);
        if (signal.aborted) return 0;
        if (!blob) return this.#failed(row, 'file_lost');
        try {
            const { file } = await this.#api.upload(row.room, row.name, blob, {
                signal,
                onprogress: (progress) => this.#moved(key, progress),
            });
            this.#arrived(row, file);
            return 0;
        } catch (problem) {
            return signal.aborted ? 0 : this.#refused(row, problem);
        }
    }

    /** What was chosen may have been moved or changed on the disk since; our copy has not. */
    async #readable(key) {
        const blob = await this.blob(key);
        const whole = await blob
            ?.slice(0, 1)
            .arrayBuffer()
            .catch(() => null);
        if (whole) return blob;
        this.#files.delete(key);
        return this.blob(key);
    }

    #moved(key, progress) {
        this.#progress.set(key, progress);
        this.emit('progress', key);
    }

    #arrived(row, { id }) {
        this.#backoff.reset();
        if (this.#rows.has(row.key)) this.#put({ ...row, id, sent_at: Date.now() });
    }

    #refused(row, problem) {
        if (problem.status === 429) this.#slowed.add(row.key);
        if (problem.passing) return Math.max(problem.retryMs, this.#backoff.next());
        if (problem.status === 401) this.end();
        else this.#failed(row, problem.code);
        return 0;
    }

    #failed(row, failed) {
        if (this.#rows.has(row.key)) this.#put({ ...row, failed });
        return 0;
    }

    /** Rows that nobody names any more: their tab was closed at the wrong moment. */
    #sweep(used) {
        const old = Date.now() - STRAY_MS;
        for (const { key, at } of [...this.#rows.values()]) {
            if (!used.has(key) && at < old) this.remove(key);
        }
    }

    /** The same with bytes that no row names. */
    async #sweepBytes() {
        if (this.#swept) return;
        this.#swept = true;
        const { keys, drop } = await bytes();
        for (const name of await keys()) {
            const [user, key] = name.split(' ');
            const known = this.#rows.has(key) || prefs.load(this.#prefix + key);
            if (user === this.#me && !known) await drop(name);
        }
    }

    #bytesOf(key) {
        return `${this.#me} ${key}`;
    }
}

function isFresh({ id, sent_at }) {
    return Boolean(id) && Date.now() - sent_at < FRESH_MS;
}
