// people: who is in the rooms that were looked at, and which of them are here now. A room's
// members are fetched when somebody asks for them first, some pages at once and the rest when
// asked for, and kept up from then on by the entries and passing events of the live connection.
// It knows rooms by their ids only, and nothing of who may do what: see may.js.
//
// A member: { user: {id, name, display}, role, online, read, muted_until? }, as the server says.
// `change` names the room whose members are others now, or null where it may be any.

import { Emitter } from '../base/emitter.js';
import { Roster } from './roster.js';

const AGAIN_MS = 2000;
/** Of how many people that the reader writes to it is asked whether they are here. */
const PEERS = 20;

export class People extends Emitter {
    #api;
    #rosters = new Map();
    #online = new Map();
    #due = new Set();
    #timers = {};
    #asked = new Set();

    constructor(api, rooms) {
        super();
        this.#api = api;
        rooms.on('gone', (id) => this.#rosters.delete(id));
        rooms.on('reset', (id) => this.#soon(id));
        rooms.on('resumed', () => this.#soon(...this.#rosters.keys()));
        rooms.on('change', () => this.#once('peers', () => this.#askPeers(rooms)));
    }

    end() {
        for (const timer of Object.values(this.#timers)) clearTimeout(timer);
        this.#timers = null;
        this.#rosters.clear();
    }

    /** A room's members, the first some hundred of a large one, as an array. Throws a Problem. */
    async members(room) {
        const roster = this.#roster(room);
        try {
            await roster.load();
        } catch (problem) {
            if (!roster.loaded) this.#rosters.delete(room);
            throw problem;
        }
        return roster.list();
    }

    /** The next ones, after which `members` gives more. Throws a Problem. */
    async more(room) {
        await this.#rosters.get(room)?.more();
    }

    /** What is known by now: { members, online, whole }, or null. `online` of all of them. */
    count(room) {
        const roster = this.#rosters.get(room);
        return roster?.loaded ? roster.count() : null;
    }

    /** One member, if he is held. */
    member(room, user) {
        return this.#rosters.get(room)?.members.get(user) ?? null;
    }

    /** Is that one here now? undefined where nobody has said so yet. */
    online(user) {
        return this.#online.get(user);
    }

    /** Mutes are told to nobody: who has set one, or lifted it (undefined), says so. */
    muted(room, user, until) {
        const member = this.member(room, user);
        if (!member) return;
        if (until === undefined) delete member.muted_until;
        else member.muted_until = until;
        this.emit('change', room);
    }

    /** An entry `member` of the log. */
    entry(entry) {
        const roster = this.#rosters.get(entry.room);
        if (!roster) return;
        const { from, op, user } = entry;
        const online = this.#online.get(user.id) ?? (from.id === user.id ? true : undefined);
        roster.entry(entry, online ?? false);
        if (op === 'joined' && online === undefined && roster.heard) this.#soon(entry.room);
        this.emit('change', entry.room);
    }

    /** The frame `presence`: of one user, in whatever rooms he is, or how many of a large room. */
    present({ user, room, online }) {
        if (user) this.#said(user.id, online);
        else this.#rosters.get(room)?.counted(online);
        this.emit('change', user ? null : room);
    }

    #said(id, online) {
        this.#online.set(id, online);
        for (const { members } of this.#rosters.values()) {
            const member = members.get(id);
            if (member) member.online = online;
        }
    }

    #roster(room) {
        if (!this.#rosters.has(room)) {
            const roster = new Roster(this.#api, room, (members) => {
                for (const { user, online } of members) this.#online.set(user.id, online);
                this.emit('change', room);
            });
            this.#rosters.set(room, roster);
        }
        return this.#rosters.get(room);
    }

    /** What passed by while there was no connection, or is not told, is asked for: room after room,
     *  and however much happens, every two seconds at most. */
    #soon(...ids) {
        for (const id of ids) this.#due.add(id);
        this.#once('renewal', async () => {
            for (const id of this.#due) {
                this.#due.delete(id);
                await this.#rosters
                    .get(id)
                    ?.renew()
                    .catch(() => {});
            }
        });
    }

    /** Whether the others of the newest direct rooms are here; from then on that is told. */
    async #askPeers(rooms) {
        const peers = rooms.fresh ? rooms.list().filter(({ peer }) => peer) : [];
        for (const { id, peer } of peers.slice(0, PEERS)) {
            if (this.#online.has(peer.id) || this.#asked.has(peer.id)) continue;
            this.#asked.add(peer.id);
            await this.members(id).catch(() => this.#asked.delete(peer.id));
        }
    }

    /** `action` after a pause, once for all who ask for it until it is done. Not all at the same
     *  moment: when a server comes back, so does everybody. */
    #once(name, action) {
        if (!this.#timers || this.#timers[name]) return;
        const run = async () => {
            await action();
            if (this.#timers) this.#timers[name] = null;
        };
        this.#timers[name] = setTimeout(run, AGAIN_MS * (0.5 + Math.random()));
    }
}
