// references: what messages point at and do not hold: the message that one answers, and the person
// whose @name is in it. Each is looked up where it is held already, and else asked of the server
// once; until it has answered there is nothing to show. `change` says that there is more now.

import { Emitter } from '../base/emitter.js';
import { changed } from './change.js';

const RETRY_MS = 5000;

export class References extends Emitter {
    #api;
    #history;
    #held = new Map();

    constructor(api, rooms, history) {
        super();
        this.#api = api;
        this.#history = history;
        rooms.on('gone', (id) => this.#forget(id));
        rooms.on('reset', (id) => this.#forget(id));
    }

    end() {
        this.#held.clear();
    }

    /** The message `seq` of `room`: undefined while it is fetched, null where there is none. */
    message(room, seq) {
        const live = this.#history.log(room).get(seq);
        if (live) return live;
        return this.#once(`${room}/${seq}`, async () => {
            return (await this.#api.message(room, seq)).message;
        });
    }

    /** Likewise the person `id`. */
    person(id) {
        return this.#once(`@${id}`, async () => (await this.#api.user(id)).user);
    }

    /** What has just become of a message that is held here. */
    entry({ room, target, ...entry }) {
        const name = `${room}/${target}`;
        const message = target && this.#held.get(name);
        if (message) this.#held.set(name, changed(message, entry));
    }

    #once(name, ask) {
        if (!this.#held.has(name)) {
            this.#held.set(name, undefined);
            this.#ask(name, ask);
        }
        return this.#held.get(name);
    }

    async #ask(name, ask) {
        try {
            this.#held.set(name, await ask());
        } catch (problem) {
            if (problem.passing) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
            if (problem.passing) this.#held.delete(name);
            else this.#held.set(name, null);
        }
        this.emit('change');
    }

    #forget(room) {
        for (const name of this.#held.keys()) {
            if (name.startsWith(`${room}/`)) this.#held.delete(name);
        }
    }
}
