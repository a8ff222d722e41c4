// drafts: what is half written, one for each room, kept over reloads and restarts and known to
// every tab; gone when its message is sent or its writer signs out. Only so many are kept, the
// newest; where the browser keeps nothing, they last as long as the page.
//
// A draft: { text, reply?: message, files: [key of an upload], edit?: { message, text }, at }: `edit`
// is what is being made of an older message. `change` names the room whose draft is another now;
// `elsewhere` too, where another tab has changed it.

import { Emitter } from '../base/emitter.js';
import * as prefs from '../base/prefs.js';

const MOST = 100;
const MOST_LETTERS = 20000;

export class Drafts extends Emitter {
    #prefix;
    #drafts = new Map();
    #stop = new AbortController();

    constructor(me) {
        super();
        this.#prefix = `draft.${me.id}.`;
        for (const name of prefs.names(this.#prefix)) this.#read(name);
    }

    start() {
        prefs.onChange((name) => this.#changed(name), this.#stop.signal);
    }

    end() {
        this.#stop.abort();
    }

    of(room) {
        return this.#drafts.get(room) ?? null;
    }

    /** The keys of all uploads that a draft names. */
    files() {
        return [...this.#drafts.values()].flatMap(({ files }) => files);
    }

    /** An empty one is none. */
    keep(room, { text, reply, files, edit }) {
        const none = !text.trim() && !reply && !files.length && !edit;
        if (none && !this.#drafts.has(room)) return;
        if (none) this.#forget(room);
        else
            this.#put(room, {
                text: text.slice(0, MOST_LETTERS),
                reply,
                files,
                edit,
                at: Date.now(),
            });
        this.emit('change', room);
    }

    clear() {
        for (const room of [...this.#drafts.keys()]) this.#forget(room);
    }

    #put(room, draft) {
        this.#drafts.set(room, draft);
        prefs.save(this.#prefix + room, draft);
        const oldest = [...this.#drafts].sort(([, a], [, b]) => b.at - a.at).slice(MOST);
        for (const [other] of oldest) this.#forget(other);
    }

    #forget(room) {
        this.#drafts.delete(room);
        prefs.save(this.#prefix + room, null);
    }

    #read(name) {
        const draft = prefs.load(name);
        const room = name.slice(this.#prefix.length);
        if (typeof draft?.text === 'string' && Array.isArray(draft.files))
            this.#drafts.set(room, draft);
        else this.#drafts.delete(room);
        return room;
    }

    #changed(name) {
        if (!name?.startsWith(this.#prefix)) return;
        const room = this.#read(name);
        this.emit('change', room);
        this.emit('elsewhere', room);
    }
}
