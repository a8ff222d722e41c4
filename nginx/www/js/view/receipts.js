// receipts: who has read the reader's newest message, in rooms so small that it matters. The marks
// come with the members and are moved on by the others' `read`; since those may be lost on the
// way, the members are asked for again with every new connection. Fetched with the first message of
// the reader's own.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';

const SMALL = 20;
const PAUSE_MS = 300;

export class Receipts {
    #client;
    #room;
    #changed;
    #signal;
    /** By user, of the others; null while unknown, or where they are too many. */
    #marks = null;
    #timer = 0;

    constructor(client, room, changed, signal) {
        this.#client = client;
        this.#room = room;
        this.#changed = changed;
        this.#signal = signal;
        client.on('read', (frame) => this.#read(frame), signal);
        client.on('link', ({ state }) => state === 'live' && this.#load(), signal);
        client.on('member', (frame) => frame.room === room && this.#soon(), signal);
        if (client.link.state === 'live') this.#load();
    }

    /** What stands below the newest message if that is the reader's own; see timeline_rows.js. */
    of(log) {
        const newest = log.messages.at(-1);
        const own = newest?.from.id === this.#client.me.id && !newest.deleted;
        if (!this.#marks?.size || !own || log.newer) return null;
        const n = [...this.#marks.values()].filter((seq) => seq >= newest.seq).length;
        if (!n) return null;
        const words = this.#words(n);
        return { seq: newest.seq, look: words, words };
    }

    nodeOf({ key, words }) {
        return h('li.receipt', { 'data-key': key }, icon('check'), h('span', null, words));
    }

    #words(n) {
        if (this.#client.rooms.get(this.#room)?.kind === 'direct') return t('seen');
        return n > 1 && n === this.#marks.size ? t('read_by_all') : t('read_by', { n });
    }

    async #load() {
        try {
            const { members, next } = await this.#client.api.members(this.#room, { limit: SMALL });
            const others = members.filter(({ user }) => user.id !== this.#client.me.id);
            this.#marks = next ? null : new Map(others.map(({ user, read }) => [user.id, read]));
        } catch {
            this.#marks = null;
        }
        if (!this.#signal.aborted) this.#changed();
    }

    #read({ room, user, seq }) {
        if (room !== this.#room || !this.#marks || seq <= this.#marks.get(user.id)) return;
        this.#marks.set(user.id, seq);
        this.#changed();
    }

    /** Those who come and go often do so together. */
    #soon() {
        if (!this.#marks) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#signal.aborted || this.#load(), PAUSE_MS);
    }
}
