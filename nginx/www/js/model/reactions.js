// reactions: this reader's own, on their way. What is wished shows at once; the requests of one
// emoji at one message go one after another, and only the last wish counts, so that whoever
// clicks ten times gets what the tenth click meant. The log's entry ends the wish (change.js).

import { unwished, wished } from './change.js';

/** An entry that does not come by then was of no difference: it was so before. */
const ENTRY_MS = 5000;

export class Reactions {
    #api;
    #history;
    #wanted = new Map();

    constructor(api, history) {
        this.#api = api;
        this.#history = history;
    }

    /** `op`: add or remove. Throws the Problem of a refusal, and then it looks as before. */
    async wish({ room, seq }, emoji, op) {
        const name = `${room}/${seq}/${emoji}`;
        this.#history.amend(room, seq, (message) => wished(message, emoji, op));
        const busy = this.#wanted.has(name);
        this.#wanted.set(name, op);
        if (busy) return;
        const end = () => this.#end(room, seq, emoji, name);
        try {
            await this.#settle({ room, seq }, emoji, name);
            setTimeout(end, ENTRY_MS);
        } catch (problem) {
            this.#wanted.delete(name);
            end();
            throw problem;
        }
    }

    async #settle({ room, seq }, emoji, name) {
        let done = null;
        while (this.#wanted.get(name) !== done) {
            done = this.#wanted.get(name);
            if (done === 'add') await this.#api.react(room, seq, emoji);
            else await this.#api.unreact(room, seq, emoji);
        }
        this.#wanted.delete(name);
    }

    /** Unless it is wished anew meanwhile. */
    #end(room, seq, emoji, name) {
        if (this.#wanted.has(name)) return;
        this.#history.amend(room, seq, (message) => unwished(message, emoji));
    }
}
