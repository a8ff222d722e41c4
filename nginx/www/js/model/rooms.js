// rooms: the reader's rooms, each with its cursor (`seq`, `at`: the last log entry that has
// been seen of it) and what is unread of it, and of that what mentions the reader. Rows come from
// GET /rooms; after that the log entries of the live connection move them on. `counted` is the
// seq up to which both have been counted, by the server or by us, so that no message is counted
// by both; null while only the server can tell, because our place in the log was lost.

import { Emitter } from '../base/emitter.js';
import { changed } from './change.js';

const AGAIN_MS = 200;
const FRAME_BYTES = 4000;
/** What a row has only where there is something to say. */
const NOW_AND_THEN = { muted_until: undefined, keep_days: undefined, keep_messages: undefined };

export class Rooms extends Emitter {
    /** Has the server answered at least once? Until then the rows are last visit's. */
    fresh = false;

    #api;
    #me;
    #rooms = new Map();
    #refreshing = null;
    #again = false;

    constructor(api, me, remembered = []) {
        super();
        this.#api = api;
        this.#me = me;
        for (const row of remembered) this.#rooms.set(row.id, blank(row));
    }

    get(id) {
        return this.#rooms.get(id);
    }

    /** Rooms, then direct ones; of each the newest activity first. */
    list() {
        const activity = (room) => room.last?.at ?? room.created_at ?? 0;
        return [...this.#rooms.values()]
            .filter((room) => room.known)
            .sort((a, b) => isDirect(a) - isDirect(b) || activity(b) - activity(a));
    }

    unread() {
        let sum = 0;
        for (const room of this.#rooms.values()) sum += room.unread;
        return sum;
    }

    /** Many callers, one request: whoever comes while one is under way gets the next one. */
    async refresh() {
        this.#again = true;
        this.#refreshing ??= this.#load().finally(() => {
            this.#refreshing = null;
        });
        return this.#refreshing;
    }

    async #load() {
        while (this.#again) {
            this.#again = false;
            const { rooms } = await this.#api.rooms();
            this.#take(rooms);
            if (this.#again) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        }
    }

    #take(rows) {
        const ids = new Set(rows.map((row) => row.id));
        for (const id of this.#rooms.keys()) {
            if (!ids.has(id)) this.#remove(id);
        }
        for (const row of rows) this.#merge(row);
        this.fresh = true;
        this.emit('change');
    }

    #merge(row) {
        const held = this.#rooms.get(row.id);
        const room = held ?? blank(row);
        const { seq, unread, mentions, read, last, ...rest } = row;
        Object.assign(room, NOW_AND_THEN, rest, { known: true });
        if ('peer' in row) room.title = row.peer?.display ?? '…'; // theirs is no name of its own
        if (room.seq === null) room.seq = seq;
        const lost = room.counted === null;
        const untold = !lost && room.read > read;
        if (seq < (lost ? room.seq : room.counted)) this.#again ||= lost;
        else Object.assign(room, { counted: seq, last }, untold ? {} : { unread, mentions });
        room.read = Math.max(room.read, read);
        this.#rooms.set(row.id, room);
    }

    #remove(id) {
        if (this.#rooms.delete(id)) this.emit('gone', id);
    }

    /** The cursor of each room, those first in which something was said last. */
    held() {
        const rooms = this.list().filter((room) => room.seq !== null);
        return Object.fromEntries(rooms.map((room) => [room.id, cursorOf(room)]));
    }

    /** The frame that follows `welcome`: where each room is to go on. */
    resume(welcome) {
        this.emit('resumed');
        const cursors = {};
        const named = this.#byNeed(welcome);
        let bytes = 64;
        for (const [id, cursor] of named) {
            bytes += id.length + JSON.stringify(cursor).length + 4;
            if (bytes > FRAME_BYTES) this.#restart(id, welcome);
            else cursors[id] = cursor;
        }
        this.#compare(welcome);
        return { type: 'resume', cursors };
    }

    /** A client's frame has 4 KiB at most: rooms in which something is missing go first. */
    #byNeed(welcome) {
        const ends = new Map(welcome.rooms.map(({ id, seq }) => [id, seq]));
        return [...this.#rooms.values()]
            .filter((room) => room.seq !== null && ends.has(room.id))
            .sort((a, b) => (ends.get(a.id) === a.seq) - (ends.get(b.id) === b.seq))
            .map((room) => [room.id, cursorOf(room)]);
    }

    #restart(id, welcome) {
        const end = welcome.rooms.find((row) => row.id === id).seq;
        if (end !== this.get(id).seq) this.reset({ room: id, seq: end });
    }

    #compare(welcome) {
        const theirs = new Set(welcome.rooms.map(({ id }) => id));
        const same =
            theirs.size === this.#rooms.size && [...theirs].every((id) => this.#rooms.has(id));
        if (!same) this.#refreshQuietly();
        for (const { id, seq } of welcome.rooms) {
            if (!this.#rooms.has(id)) this.#rooms.set(id, { ...blank({ id }), seq });
        }
    }

    /** One log entry. True when it is news; an entry that was seen already is not. */
    entry(entry) {
        const room = this.get(entry.room);
        if (!room) {
            this.#refreshQuietly();
            return false;
        }
        if (room.seq !== null && entry.seq <= room.seq) return false;
        if (room.seq !== null && entry.seq > room.seq + 1) this.#missed(room);
        Object.assign(room, { seq: entry.seq, at: entry.at });
        if (entry.target && room.last?.seq === entry.target) room.last = changed(room.last, entry);
        this.#byType[entry.type]?.(room, entry);
        this.emit('change');
        return true;
    }

    /** What an entry says of the room itself, one row a type. */
    #byType = {
        message: (room, entry) => this.#message(room, entry),
        edited: (room, entry) => this.#edited(room, entry),
        deleted: (room, entry) => this.#deleted(room, entry),
        member: (room, entry) => this.#member(room, entry),
        room: (room, entry) => this.#change(room, entry),
    };

    #missed(room) {
        room.counted = null;
        this.#refreshQuietly();
    }

    #message(room, entry) {
        if (room.counted === null || entry.seq <= room.counted) return;
        room.counted = entry.seq;
        room.n = entry.n;
        room.last = entry;
        const own = entry.from.id === this.#me.id;
        if (own && room.unread === 0) room.read = Math.max(room.read, entry.seq);
        if (!own) room.unread += 1;
        if (entry.mentions?.includes(this.#me.id)) room.mentions += 1;
    }

    /** A mention may have come with the new text, or gone with the old one. */
    #edited(room, { target, mentions }) {
        const mine = room.mentions > 0 || mentions?.includes(this.#me.id);
        if (mine && target > room.read) this.#missed(room);
    }

    /** Only the server knows whose it was, so whether it was unread. */
    #deleted(room, { target }) {
        if (target > room.read) this.#missed(room);
    }

    #member(room, { user, role }) {
        if (role && user.id === this.#me.id) room.role = role;
    }

    #change(room, { name, title, topic, kind, keep_days, keep_messages }) {
        const fields = { name, title, topic, kind, keep_days, keep_messages };
        for (const [field, value] of Object.entries(fields)) {
            if (value !== undefined) room[field] = value;
        }
    }

    joined({ room: id, seq }) {
        if (!this.get(id)) this.#rooms.set(id, { ...blank({ id }), seq: seq - 1 });
        this.#refreshQuietly();
    }

    left({ room: id }) {
        this.#remove(id);
        this.emit('change');
    }

    /** Our place in this log is lost: it goes on after `seq`, and the row is asked for again. */
    reset({ room: id, seq }) {
        const room = this.get(id);
        if (!room) return;
        Object.assign(room, { seq, at: null, counted: null });
        this.emit('reset', id);
        this.#refreshQuietly();
    }

    /** Forward only; by this reader here or on another device. `heard`: how many messages of
     *  others that is, where it is known. */
    readUpTo(id, seq, heard = null) {
        const room = this.get(id);
        if (!room || seq <= room.read) return;
        room.read = seq;
        if (seq >= (room.last?.seq ?? 0)) Object.assign(room, { unread: 0, mentions: 0 });
        else if (heard !== null && !room.mentions) room.unread = Math.max(0, room.unread - heard);
        else this.#missed(room);
        this.emit('change');
    }

    #refreshQuietly() {
        this.refresh().catch(() => {});
    }
}

const isDirect = ({ kind }) => kind === 'direct';
const cursorOf = ({ seq, at }) => (at ? [seq, at] : seq);

function blank(row) {
    return {
        title: '',
        name: '',
        topic: '',
        kind: 'public',
        role: 'member',
        known: Boolean(row.title || row.name),
        n: 0,
        read: 0,
        unread: 0,
        mentions: 0,
        last: null,
        ...row,
        seq: null,
        at: null,
        counted: 0,
    };
}
