// room_log: the stretch of one room's log that this page holds: all messages from `first` to
// `last`, without a hole, in order of seq. `older` and `newer` say whether the room has more
// on that side. An entry that does not join on is not taken: it only makes `newer` true, and
// whoever fills the log asks for what lies between. So a gap can be shown to nobody.
//
// It is bounded by WINDOW: what is added on one side drops messages on the other. While its reader
// reads back (`following` is false) nothing that comes may drop what he looks at.

import { changed, folded } from './change.js';

export const WINDOW = 600;
const SPARE = 100;

export class RoomLog {
    messages = [];
    first = 0;
    last = 0;
    older = false;
    newer = false;
    loaded = false;
    /** Only a copy of the last visit's, which the server has not seen yet. */
    kept = false;
    following = true;

    #keys = new Set();

    /** Starts anew with the newest page, or one around some place. `end`: how far the room is
     *  known to go. */
    open(page, end) {
        const { first, last, more, more_after: after = false } = page;
        const messages = folded(page);
        this.messages = [...messages];
        Object.assign(this, { first: first || 1, last, older: more, loaded: true, kept: false });
        this.newer = after || last < end;
        this.#keys = new Set(messages.map(keyOf));
    }

    /** The page before `first`; drops what is too far below to be looked at. */
    prepend(page) {
        const { first, more } = page;
        const news = folded(page).filter((message) => message.seq < this.first);
        this.messages.unshift(...news);
        news.forEach((message) => this.#keys.add(keyOf(message)));
        if (first) this.first = Math.min(this.first, first);
        this.older = more;
        this.#trimNewest();
    }

    /** The page after `last`. */
    append(page, end) {
        const { last, more } = page;
        for (const message of folded(page)) {
            if (message.seq > this.last) this.#push(message);
        }
        if (last > this.last) this.last = last;
        this.newer = more || this.last < end;
        this.#trimOldest();
    }

    /** An entry of any type that has just come; only messages are kept. What it does to one of
     *  those is done wherever it stands itself: pages show what was so when they were fetched. */
    live(entry) {
        if (entry.target) this.amend(entry.target, (message) => changed(message, entry));
        if (entry.seq <= this.last) return;
        if (this.newer || this.#full() || entry.seq !== this.last + 1) {
            this.newer = true;
            return;
        }
        this.last = entry.seq;
        if (entry.type === 'message') this.#push(entry);
        if (this.messages.length > WINDOW + SPARE) this.#trimOldest();
    }

    #full() {
        return !this.following && this.messages.length >= WINDOW + SPARE;
    }

    /** The message `seq`, if it is held. */
    get(seq) {
        return this.messages[this.#indexOf(seq)];
    }

    /** Is everything held that the room has at `seq`? */
    spans(seq) {
        return this.loaded && seq >= this.first && seq <= this.last;
    }

    /** Is everything held that the room has right after `seq`? */
    joins(seq) {
        if (!this.loaded) return false;
        if (seq < this.first) return !this.older || seq + 1 === this.first;
        return seq < this.last || !this.newer;
    }

    /** How many messages of others stand after `seq`, up to and with `last`; null where that
     *  can't be told, because not all of them are held. */
    heard(seq, last, me) {
        if (!this.joins(seq)) return null;
        const counts = ({ seq: at, from, deleted }) =>
            at > seq && at <= last && from.id !== me && !deleted;
        return this.messages.filter(counts).length;
    }

    /** Puts `change(message)` in the place of the message `seq`, if it is held. */
    amend(seq, change) {
        const at = this.#indexOf(seq);
        if (at >= 0) this.messages[at] = change(this.messages[at]);
    }

    /** Is the message sent under this key by this user among those held? */
    holds(user, key) {
        return this.#keys.has(`${user} ${key}`);
    }

    #indexOf(seq) {
        let [low, high] = [0, this.messages.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.messages[middle].seq < seq) low = middle + 1;
            else high = middle;
        }
        return this.messages[low]?.seq === seq ? low : -1;
    }

    #push(message) {
        this.messages.push(message);
        this.#keys.add(keyOf(message));
    }

    #trimNewest() {
        const dropped = this.messages.splice(WINDOW);
        if (!dropped.length) return;
        this.last = dropped[0].seq - 1;
        this.newer = true;
        dropped.forEach((message) => this.#keys.delete(keyOf(message)));
    }

    #trimOldest() {
        const dropped = this.messages.splice(0, Math.max(0, this.messages.length - WINDOW));
        if (!dropped.length) return;
        this.first = dropped.at(-1).seq + 1;
        this.older = true;
        dropped.forEach((message) => this.#keys.delete(keyOf(message)));
    }
}

const keyOf = (message) => `${message.from.id} ${message.key}`;
