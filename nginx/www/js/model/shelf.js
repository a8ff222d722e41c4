// shelf: the newest messages of the rooms that were opened, kept in this browser, so that the next
// start shows them at once and without a network. It is a copy and never the truth: what the
// server says replaces it. Bounded in rooms, messages and days; one reader's only; nothing of a
// guest's, nothing where the reader does not want it (the preference `keep`), and nothing that
// stays when he signs out. Where there is no IndexedDB all of it does nothing.

import * as prefs from '../base/prefs.js';

const DATABASE = 'stonechat';
const ROOMS = 40;
const MESSAGES = 50;
const DAYS = 30;
const DAY_MS = 86400000;
const PAUSE_MS = 1000;

export class Shelf {
    #me;
    #database;
    #waiting = new Map();
    #timer = 0;
    #over = false;

    constructor(me) {
        this.#me = me;
        this.#database = opened().catch(() => null);
        if (this.#wanted) this.#tidy();
        else this.erase();
    }

    get #wanted() {
        return this.#me.role !== 'guest' && prefs.load('keep') !== false;
    }

    /** A room's page as the server gave it, or null. */
    async page(room) {
        if (!this.#wanted) return null;
        const row = await this.#do('readonly', (rows) => rows.get(room));
        return row?.user === this.#me.id ? row.page : null;
    }

    /** `log` has changed: its end is kept a moment later, if it is the room's. */
    note(room, log) {
        if (this.#over || !this.#wanted || !log.loaded || log.kept || log.newer) return;
        this.#waiting.set(room, log);
        this.#timer ||= setTimeout(() => this.#keep(), PAUSE_MS);
    }

    drop(room) {
        this.#waiting.delete(room);
        return this.#do('readwrite', (rows) => rows.delete(room));
    }

    /** All of it, whosever it is. */
    erase() {
        this.#waiting.clear();
        return this.#do('readwrite', (rows) => rows.clear());
    }

    end() {
        this.#over = true;
        clearTimeout(this.#timer);
        this.#waiting.clear();
    }

    #keep() {
        this.#timer = 0;
        const kept = [...this.#waiting].filter(([, log]) => log.loaded && !log.newer);
        this.#waiting.clear();
        if (!this.#wanted) return null;
        return this.#do('readwrite', (rows) => {
            for (const [room, log] of kept) {
                rows.put({ room, user: this.#me.id, at: Date.now(), page: pageOf(log) });
            }
        });
    }

    /** What is somebody else's, too old or too much goes. */
    async #tidy() {
        const rows = (await this.#do('readonly', (store) => store.getAll())) ?? [];
        const own = rows
            .filter(({ user, at }) => user === this.#me.id && at > Date.now() - DAYS * DAY_MS)
            .sort((a, b) => b.at - a.at)
            .slice(0, ROOMS);
        const stay = new Set(own.map(({ room }) => room));
        const go = rows.filter(({ room }) => !stay.has(room));
        if (!go.length) return;
        await this.#do('readwrite', (store) => go.forEach(({ room }) => store.delete(room)));
    }

    /** One transaction; null where that fails, as with a full disk. */
    async #do(mode, action) {
        const database = await this.#database;
        if (!database) return null;
        try {
            const transaction = database.transaction('pages', mode);
            const request = action(transaction.objectStore('pages'));
            await new Promise((resolve, reject) => {
                transaction.oncomplete = resolve;
                transaction.onabort = () => reject(transaction.error);
            });
            return request?.result ?? null;
        } catch {
            return null;
        }
    }
}

function pageOf(log) {
    const messages = log.messages.slice(-MESSAGES);
    const cut = messages.length < log.messages.length;
    const first = cut ? messages[0].seq : log.first;
    return { messages, first, last: log.last, more: cut || log.older };
}

function opened() {
    return new Promise((resolve, reject) => {
        const request = indexedDB.open(DATABASE, 1);
        request.onupgradeneeded = () =>
            request.result.createObjectStore('pages', { keyPath: 'room' });
        request.onsuccess = () => resolve(request.result);
        request.onerror = request.onblocked = () => reject(request.error);
    });
}
