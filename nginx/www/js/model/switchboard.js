// switchboard: many pages of one reader, one live connection. It holds the Socket and speaks to
// each page as the server would: `welcome`, then `resume` with that page's own cursors, then the
// entries of each room in order, none missing, none twice. What a page has missed comes from the
// tails of the rooms; where they do not reach, `reset` lets it ask REST. It lives in a
// SharedWorker (live_worker.js), knows no credentials (a page is asked for the address), and
// keeps nothing: with the last page's going the connection ends.

import { Socket } from './socket.js';
import { Tab } from './tab.js';
import { Tail } from './tail.js';

const FRAME_BYTES = 4000;

/** What has a place in a room's log. */
const LOGGED = new Set(['message', 'edited', 'deleted', 'reaction', 'pinned', 'member', 'room']);

export class Switchboard {
    #tabs = new Set();
    #tails = new Map();
    #welcome = null;
    #socket = null;

    /** `port`: the other end of one page's MessagePort. */
    attach(port) {
        const tab = new Tab(port);
        port.onmessage = ({ data }) => {
            tab.heardAt = Date.now();
            for (const [word, value] of Object.entries(data)) this.#words[word]?.(tab, value);
        };
    }

    #words = {
        hello: (tab) => this.#hello(tab),
        say: (tab, frame) => {
            if (frame.type === 'resume') tab.resume(frame.cursors, this.#tails);
            else this.#socket?.say(frame);
        },
        address: (tab, address) => tab.answer(address),
        sign: (tab, n) => tab.sign(n) && this.#greet(tab),
        wake: () => this.#socket?.wake(),
        probe: (tab) => tab.tell({ here: true }),
        offline: () => this.#socket?.offline(),
        retry: () => this.#socket?.retryNow(),
        bye: (tab) => this.#bye(tab),
    };

    #hello(tab) {
        this.#tabs.add(tab);
        if (this.#socket) {
            this.#tell(tab);
            if (this.#socket.state === 'live') this.#greet(tab);
            else this.#socket.retryNow();
        } else this.#start();
    }

    #bye(tab) {
        this.#tabs.delete(tab);
        if (!this.#tabs.size) this.#forget();
    }

    #start() {
        const socket = new Socket({
            address: () => this.#address(),
            held: () => this.#held(),
            resume: (welcome) => this.#welcomed(welcome),
        });
        this.#socket = socket;
        socket.on('frame', (frame) => this.#frame(frame));
        socket.on('state', (change) => socket === this.#socket && this.#state(change));
        socket.on('refused', () => this.#all((tab) => tab.tell({ refused: true })));
        socket.start();
    }

    /** Nobody is left, or the session has ended: whoever comes next begins anew. */
    #forget() {
        const socket = this.#socket;
        this.#socket = this.#welcome = null;
        this.#tails.clear();
        socket?.end();
    }

    #state({ state, reason }) {
        this.#all((tab) => this.#tell(tab, reason));
        if (state === 'live') this.#all((tab) => this.#greet(tab));
        if (state !== 'ended') return;
        this.#tabs.clear();
        this.#forget();
    }

    #tell(tab, reason = '') {
        const { state, retryAt, welcomed } = this.#socket;
        tab.tell({ state, retryAt, welcomed, reason });
    }

    #greet(tab) {
        const rooms = [...this.#tails].map(([id, { seq }]) => ({ id, seq }));
        tab.welcome({ ...this.#welcome, rooms });
    }

    #all(action) {
        for (const tab of this.#tabs) action(tab);
    }

    /** Of the page that was heard last: it is the least likely to be asleep. */
    async #address() {
        for (const tab of [...this.#tabs].sort((a, b) => b.heardAt - a.heardAt)) {
            const address = await tab.address();
            if (address) return address;
        }
        throw new Error('no page knows the way');
    }

    #held() {
        return Object.fromEntries([...this.#tails].map(([id, { cursor }]) => [id, cursor]));
    }

    /** The frames that follow `welcome`; rooms that are new here begin where it says. */
    #welcomed(welcome) {
        const frames = resumes(this.#held());
        const ends = new Map(welcome.rooms.map(({ id, seq }) => [id, seq]));
        for (const id of this.#tails.keys()) if (!ends.has(id)) this.#tails.delete(id);
        for (const [id, seq] of ends) {
            if (!this.#tails.has(id)) this.#tails.set(id, new Tail(seq));
        }
        this.#welcome = welcome;
        return frames;
    }

    #frame(frame) {
        if (LOGGED.has(frame.type)) this.#entry(frame);
        else if (frame.type in this.#rows) this.#rows[frame.type](frame);
        else this.#all((tab) => tab.frame(frame));
    }

    #entry(entry) {
        if (!this.#tails.has(entry.room)) this.#tails.set(entry.room, new Tail(entry.seq - 1));
        if (this.#tails.get(entry.room).push(entry)) this.#all((tab) => tab.entry(entry));
    }

    /** Frames that move the tails, and those that are answers to nobody but this. */
    #rows = {
        joined: (frame) => {
            if (!this.#tails.has(frame.room)) this.#tails.set(frame.room, new Tail(frame.seq - 1));
            this.#all((tab) => tab.frame(frame));
        },
        left: (frame) => {
            this.#tails.delete(frame.room);
            this.#all((tab) => tab.frame(frame));
        },
        reset: (frame) => {
            this.#tails.set(frame.room, new Tail(frame.seq));
            this.#all((tab) => tab.reset(frame));
        },
        caught_up() {},
        pong() {},
        error() {},
    };
}

/** As many frames as it takes: the server reads 4 KiB at once. */
function resumes(held) {
    const frames = [{ type: 'resume', cursors: {} }];
    let bytes = 64;
    for (const [id, cursor] of Object.entries(held)) {
        bytes += id.length + JSON.stringify(cursor).length + 4;
        if (bytes > FRAME_BYTES) {
            frames.push({ type: 'resume', cursors: {} });
            bytes = 128;
        }
        frames.at(-1).cursors[id] = cursor;
    }
    return frames;
}
