// history: the logs of the rooms that were opened, and the requests that fill them. Every
// entry of the live connection passes through here; whatever does not join on is fetched.
// `change` names the room whose log is another now; `trouble` one whose request failed.

import { Emitter } from '../base/emitter.js';
import { RoomLog } from './room_log.js';

const PAGE = 50;
const MORE = 100;
const RETRY_MS = 3000;

export class History extends Emitter {
    #api;
    #rooms;
    #shelf;
    #logs = new Map();
    #busy = new Map();
    #stale = new Set();

    constructor(api, rooms, shelf) {
        super();
        this.#api = api;
        this.#rooms = rooms;
        this.#shelf = shelf;
        rooms.on('gone', (id) => this.#logs.delete(id));
        rooms.on('reset', (id) => this.#reset(id));
    }

    end() {
        this.#logs.clear();
    }

    log(id) {
        if (!this.#logs.has(id)) this.#logs.set(id, new RoomLog());
        return this.#logs.get(id);
    }

    /** Only a log that somebody has opened is kept up; the others are fetched when opened. */
    entry(entry) {
        const log = this.#logs.get(entry.room);
        if (!log?.loaded) return;
        log.live(entry);
        this.emit('change', entry.room);
    }

    /** Another look of one message for this reader alone, as while a reaction is under way. */
    amend(id, seq, change) {
        this.#logs.get(id)?.amend(seq, change);
        this.emit('change', id);
    }

    /** Makes sure that the newest messages are held; `anew` even where others are. */
    async newest(id, anew = false) {
        const log = this.log(id);
        if (!log.loaded) this.#showKept(id);
        while (anew && this.#busy.has(id)) await this.#busy.get(id);
        if (log.loaded && !log.kept && !anew) return log.newer ? this.newer(id) : undefined;
        return this.#once(id, 'newest', async () => {
            const page = await this.#api.messages(id, { limit: PAGE });
            log.open(page, this.#end(id));
        });
    }

    /** Of the last visit, until the server has answered. */
    async #showKept(id) {
        const page = await this.#shelf?.page(id);
        const log = this.log(id);
        if (!page || log.loaded) return;
        log.open(page, this.#end(id));
        log.kept = true;
        this.emit('change', id);
    }

    async older(id) {
        const log = this.log(id);
        if (!log.loaded || !log.older) return;
        await this.#once(id, 'older', async () => {
            const page = await this.#api.messages(id, { before: log.first, limit: MORE });
            log.prepend(page);
        });
    }

    async newer(id) {
        const log = this.log(id);
        if (!log.loaded || !log.newer) return;
        await this.#once(id, 'newer', async () => {
            const page = await this.#api.messages(id, { after: log.last, limit: MORE });
            log.append(page, this.#end(id));
        });
    }

    /** Holds what stands around `seq` instead of what is held. With `only` just if the room has a
     *  message of that number. Answers whether it is done; throws the Problem of a request that
     *  failed. */
    async around(id, seq, only = false) {
        while (this.#busy.has(id)) await this.#busy.get(id);
        let done = false;
        let failed = null;
        const load = async () => {
            const page = await this.#api.messages(id, { around: Math.max(1, seq), limit: MORE });
            done = page.messages.some((message) => !only || message.seq === seq);
            if (done) this.log(id).open(page, this.#end(id));
        };
        await this.#once(id, 'around', load, (problem) => {
            failed = problem;
        });
        if (failed) throw failed;
        return done;
    }

    #end(id) {
        return this.#rooms.get(id)?.seq ?? 0;
    }

    /** What is held may never have been: it is replaced as soon as no other page is awaited. */
    #reset(id) {
        if (!this.#logs.has(id)) return;
        this.#stale.add(id);
        this.#renew(id);
    }

    #renew(id) {
        if (this.#busy.has(id) || !this.#logs.has(id)) return;
        if (this.#stale.delete(id)) this.newest(id, true);
    }

    /** One page of a room at a time. `failed`: somebody waits to hear of it, and tries no more. */
    async #once(id, direction, load, failed = null) {
        if (this.#busy.has(id)) return this.#busy.get(id);
        const work = this.#load(id, direction, load, failed);
        this.#busy.set(id, work);
        this.emit('change', id);
        await work;
        this.#busy.delete(id);
        this.emit('change', id);
        this.#renew(id);
    }

    async #load(id, direction, load, failed) {
        try {
            await load();
        } catch (problem) {
            if (failed) {
                failed(problem);
                return;
            }
            this.emit('trouble', { id, direction, problem });
            await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
            if (direction === 'newest' && problem.passing) this.#stale.add(id);
        }
    }
}
