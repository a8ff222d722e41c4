// search: one question put to the server, in one room or in all, and what has come of it so far.
// The server looks through a bounded stretch at a time, so a page may hold nothing and still not be
// the last: then the next is asked for at once, but not for ever. `change` when any of this is new:
//
//     state     idle | looking | more | paused | done | refused
//               more: there are further ones; paused: nothing found in what was looked through
//     messages  newest first
//     empty     pages in a row, up to now, that held nothing
//     problem   why it was refused

import { Emitter } from '../base/emitter.js';

const PAGE = 20;
const MOST_EMPTY = 8;

export class Search extends Emitter {
    state = 'idle';
    messages = [];
    empty = 0;
    problem = null;

    #api;
    #room;
    #q;
    #next = null;
    #ended = false;

    /** `room` null: in all rooms of the reader. */
    constructor(api, q, room = null) {
        super();
        this.#api = api;
        this.#room = room;
        this.#q = q;
    }

    /** Nobody waits for it any more. */
    end() {
        this.#ended = true;
    }

    /** The first page, or the next one. */
    async further() {
        if (this.state === 'looking' || this.state === 'done') return;
        this.#become('looking');
        try {
            this.#become(await this.#look());
        } catch (problem) {
            this.problem = problem;
            this.#become('refused');
        }
    }

    async #look() {
        for (this.empty = 0; this.empty < MOST_EMPTY && !this.#ended; this.empty++) {
            if (this.empty) this.emit('change');
            const { messages, next } = await this.#ask();
            this.#next = next;
            this.messages.push(...messages);
            if (!next) return 'done';
            if (messages.length) return 'more';
        }
        return this.messages.length ? 'more' : 'paused';
    }

    #ask() {
        const query = { q: this.#q, limit: PAGE };
        if (this.#room === null)
            return this.#api.search({ ...query, ...(this.#next && { cursor: this.#next }) });
        return this.#api.searchRoom(this.#room, {
            ...query,
            ...(this.#next && { before: this.#next }),
        });
    }

    #become(state) {
        if (this.#ended) return;
        this.state = state;
        this.emit('change');
    }
}
