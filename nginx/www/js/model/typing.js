// typing: who is writing at this moment, and the word that the reader is. It is a passing thing,
// nowhere kept: each `typing` frame is good for some seconds, or until the message is there.
// `change` names the room.

import { Emitter } from '../base/emitter.js';

const GOOD_MS = 6000;
const SAY_MS = 3000;

export class Typing extends Emitter {
    #client;
    #rooms = new Map();
    #said = new Map();

    constructor(client) {
        super();
        this.#client = client;
        client.on('typing', (frame) => this.#heard(frame));
        client.on('message', ({ room, from }) => this.#over(room, from.id));
    }

    end() {
        for (const writers of this.#rooms.values()) {
            for (const { timer } of writers.values()) clearTimeout(timer);
        }
        this.#rooms.clear();
    }

    /** Those who write in `room`, who began first first: { id, name, display }. */
    of(room) {
        return [...(this.#rooms.get(room)?.values() ?? [])].map(({ user }) => user);
    }

    /** The reader has `text` in the box of `room`. Said every few seconds; a command is not. */
    writes(room, text) {
        const now = Date.now();
        if (!text.trim() || text.startsWith('/')) return;
        if (now - (this.#said.get(room) ?? 0) < SAY_MS) return;
        this.#said.set(room, now);
        this.#client.say({ type: 'typing', room });
    }

    /** It is sent: the next letter is worth saying at once. */
    wrote(room) {
        this.#said.delete(room);
    }

    #heard({ room, user }) {
        if (!user?.id || user.id === this.#client.me.id) return;
        if (!this.#rooms.has(room)) this.#rooms.set(room, new Map());
        const writers = this.#rooms.get(room);
        clearTimeout(writers.get(user.id)?.timer);
        const timer = setTimeout(() => this.#over(room, user.id), GOOD_MS);
        writers.set(user.id, { user, timer });
        this.emit('change', room);
    }

    #over(room, id) {
        const writer = this.#rooms.get(room)?.get(id);
        if (!writer) return;
        clearTimeout(writer.timer);
        this.#rooms.get(room).delete(id);
        this.emit('change', room);
    }
}
