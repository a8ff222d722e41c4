// client: one signed-in reader: the models, wired together, and the order in which they start.
// First the rooms by REST, so that each has a cursor, and only then the live connection, which
// goes on from those cursors: nothing can fall between the two. `link` is what the page says
// about the connection: { state: connecting | live | waiting, retryAt }.

import { Backoff } from '../base/pause.js';
import { Emitter } from '../base/emitter.js';
import * as prefs from '../base/prefs.js';
import { Drafts } from './drafts.js';
import { History } from './history.js';
import { Live } from './live.js';
import { Outbox } from './outbox.js';
import { People } from './people.js';
import { Reader } from './reader.js';
import { References } from './references.js';
import { Rooms } from './rooms.js';
import { Shelf } from './shelf.js';
import { Typing } from './typing.js';
import { Uploads } from './uploads.js';

const MEMORY_MS = 500;

export class Client extends Emitter {
    link = { state: 'connecting', retryAt: 0 };
    /** Why the session ends, where it is the reader who ends it: see part(). */
    parting = null;

    #backoff = new Backoff();
    #timer = 0;
    #memory = 0;
    #stop = new AbortController();

    constructor(api, me, remembered) {
        super();
        Object.assign(this, { api, me });
        this.rooms = new Rooms(api, me, remembered);
        this.shelf = new Shelf(me);
        this.history = new History(api, this.rooms, this.shelf);
        this.references = new References(api, this.rooms, this.history);
        this.uploads = new Uploads(api, me);
        this.outbox = new Outbox(api, me, this.uploads);
        this.drafts = new Drafts(me);
        this.typing = new Typing(this);
        this.people = new People(api, this.rooms);
        this.reader = new Reader(api, this.rooms);
        this.socket = new Live({
            user: me.id,
            address: () => api.liveAddress(),
            held: () => this.rooms.held(),
            resume: (welcome) => this.#welcomed(welcome),
        });
        this.#wire();
    }

    start() {
        const { signal } = this.#stop;
        addEventListener('online', () => this.retryNow(), { signal });
        this.outbox.start();
        this.drafts.start();
        this.uploads.start([...this.outbox.files(), ...this.drafts.files()]);
        this.#begin();
    }

    end() {
        this.#stop.abort();
        clearTimeout(this.#timer);
        this.outbox.end();
        this.drafts.end();
        this.uploads.end();
        this.typing.end();
        this.history.end();
        this.references.end();
        this.shelf.end();
        this.people.end();
        this.reader.end();
        this.socket.end();
    }

    /** Does what ends this session. That it is over may come over the live connection before the
     *  answer does: the reason is the reader's own all the same. */
    async part(reason, action) {
        this.parting = reason;
        try {
            await action();
        } catch (problem) {
            this.parting = null;
            throw problem;
        }
        this.emit('ended', reason);
    }

    retryNow() {
        if (this.socket.state !== 'idle') this.socket.retryNow();
        else if (this.link.state === 'waiting') this.#begin();
    }

    /** Says a passing thing over the live connection, if there is one. */
    say(frame) {
        this.socket.say(frame);
    }

    become(user) {
        Object.assign(this.me, user);
        this.emit('me');
        this.#remember();
    }

    #wire() {
        const models = {
            client: this,
            rooms: this.rooms,
            history: this.history,
            references: this.references,
            outbox: this.outbox,
            people: this.people,
            me: this.me,
        };
        this.socket.on('frame', (frame) => this.#deliver(models, frame));
        this.socket.on('state', (change) => this.#linked(change));
        this.socket.on('refused', () => this.api.me().catch(() => {}));
        this.rooms.on('change', () => this.#changed());
        this.rooms.on('gone', (id) => this.shelf.drop(id));
        this.history.on('change', (id) => this.shelf.note(id, this.history.log(id)));
        this.on('ended', (reason) => reason || this.#signedOut());
        this.outbox.on('refused', () => this.rooms.refresh().catch(() => {}));
    }

    /** What is half written is nobody's business any more; what waits to be sent stays. */
    #signedOut() {
        this.drafts.clear();
        this.uploads.clear(this.outbox.files());
    }

    #deliver(models, frame) {
        const news = deliver(models, frame);
        if (frame.type === 'message' && news) this.emit('message', frame);
    }

    async #begin() {
        clearTimeout(this.#timer);
        this.#say({ state: 'connecting', retryAt: 0 });
        try {
            await this.rooms.refresh();
        } catch {
            this.#again();
            return;
        }
        if (!this.#stop.signal.aborted) this.socket.start();
    }

    #again() {
        if (this.#stop.signal.aborted) return;
        const pause = this.#backoff.next();
        this.#timer = setTimeout(() => this.#begin(), pause);
        this.#say({ state: 'waiting', retryAt: Date.now() + pause });
    }

    #welcomed(welcome) {
        if (welcome.user.id !== this.me.id) this.emit('ended', 'other_user');
        else this.become(welcome.user);
        return this.rooms.resume(welcome);
    }

    #linked({ state, reason }) {
        if (state === 'ended') {
            if (reason) this.emit('ended', reason);
            return;
        }
        if (state === 'live') [this.outbox, this.uploads].forEach((one) => one.hurry());
        this.#say({ state, retryAt: this.socket.retryAt });
    }

    #say(link) {
        this.link = link;
        this.emit('link', link);
    }

    /** Rooms change with every message, their names hardly ever. */
    #changed() {
        this.#memory ||= setTimeout(() => {
            this.#memory = 0;
            this.#remember();
        }, MEMORY_MS);
    }

    /** For the next start: names only, no word that anybody wrote. */
    #remember() {
        if (this.#stop.signal.aborted || !this.rooms.fresh) return;
        const rooms = this.rooms.list().map(({ id, name, title, topic, kind, role, peer }) => ({
            id,
            name,
            title,
            topic,
            kind,
            role,
            peer,
        }));
        prefs.save('start', { user: this.me, rooms });
    }
}

// What comes over the live connection, handed to whom it concerns, one row a type. Types without a
// row are of a later version and are let pass.

const entry = ({ client, rooms, history, references, outbox, me }, frame) => {
    const news = rooms.entry(frame);
    history.entry(frame);
    references.entry(frame);
    if (news) client.emit('entry', frame);
    if (frame.type === 'message' && frame.from.id === me.id) outbox.seen(frame.key);
    return news;
};

/** Passes by: whoever shows it listens to the client. */
const told = ({ client }, frame) => client.emit(frame.type, frame);

const ROWS = {
    message: entry,
    edited: entry,
    deleted: entry,
    reaction: (models, frame) => entry(models, { ...frame, mine: frame.from.id === models.me.id }),
    pinned: entry,
    member: (models, frame) =>
        entry(models, frame) && [models.people.entry(frame), told(models, frame)],
    room: entry,
    joined: ({ rooms }, frame) => rooms.joined(frame),
    left: ({ rooms }, frame) => rooms.left(frame),
    reset: ({ rooms }, frame) => rooms.reset(frame),
    read: ({ rooms, me, client }, frame) => {
        if (frame.user.id === me.id) rooms.readUpTo(frame.room, frame.seq);
        else client.emit('read', frame);
    },
    presence: (models, frame) => [models.people.present(frame), told(models, frame)],
    typing: told,
    mention: told,
    notice: told,
};

function deliver(models, frame) {
    return ROWS[frame.type]?.(models, frame);
}
