// people: who is in the rooms that were looked at, and which of them are here now. A room's
// members are fetched once, page by page, when somebody asks for them first, and kept up from
// then on by the entries and passing events of the live connection.
//
// A member: { user: {id, name, display}, role, online, read, muted_until? }, as the server says.
// `change` names the room whose members are others now, or null where it may be any.

import { Emitter } from '../base/emitter.js';

const PAGE = 200;
const MOST = 2000;

export class People extends Emitter {
    #api;
    #rooms = new Map();

    constructor(api, rooms) {
        super();
        this.#api = api;
        rooms.on('gone', (id) => this.#rooms.delete(id));
        rooms.on('reset', (id) => this.#stale(id));
    }

    end() {
        this.#rooms.clear();
    }

    /** All of a room's members, or the first MOST of them, as an array. Throws a Problem. */
    async members(room) {
        if (!this.#rooms.has(room)) this.#rooms.set(room, this.#load(room));
        try {
            return [...(await this.#rooms.get(room)).values()];
        } catch (problem) {
            this.#rooms.delete(room);
            throw problem;
        }
    }

    async #load(room) {
        const members = new Map();
        let cursor = null;
        do {
            const query = { limit: PAGE, ...(cursor && { cursor }) };
            const page = await this.#api.members(room, query);
            for (const member of page.members) members.set(member.user.id, member);
            cursor = page.next;
        } while (cursor && members.size < MOST);
        return members;
    }

    /** An entry `member`: whoever came or went is fetched with the rest when next asked for. */
    entry({ room }) {
        this.#stale(room);
    }

    #stale(room) {
        if (this.#rooms.delete(room)) this.emit('change', room);
    }

    /** The frame `presence` of one user, in whatever rooms he is. */
    async present({ user, online }) {
        if (!user) return;
        for (const members of this.#rooms.values()) {
            const member = (await members.catch(() => null))?.get(user);
            if (member) member.online = online;
        }
        this.emit('change', null);
    }
}
