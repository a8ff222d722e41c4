// live: the live connection as a page has it: in common with the reader's other pages where the
// browser has SharedWorker, else, or when that fails, one of its own. (A browser without it is
// one of a phone, which shows one page and freezes the others.) It also tells the connection what
// only a page can see: the network, the reader's coming back, and that the page is put away.

import { Emitter } from '../base/emitter.js';
import { SharedSocket } from './shared_socket.js';
import { Socket } from './socket.js';

export class Live extends Emitter {
    #parts;
    #socket;
    #started = false;
    #stop = new AbortController();

    /** `user`: whose it is; the rest is what Socket takes. */
    constructor(parts) {
        super();
        this.#parts = parts;
        this.#take(shared(parts) ?? new Socket(parts));
    }

    get state() {
        return this.#socket.state;
    }

    get retryAt() {
        return this.#socket.retryAt;
    }

    get welcomed() {
        return this.#socket.welcomed;
    }

    start() {
        this.#started = true;
        const { signal } = this.#stop;
        const wake = () => this.#socket.wake();
        addEventListener('online', wake, { signal });
        addEventListener('offline', () => this.#socket.offline(), { signal });
        addEventListener('pageshow', wake, { signal });
        addEventListener('pagehide', () => this.#socket.rest(), { signal });
        const seen = () => !document.hidden && wake();
        document.addEventListener('visibilitychange', seen, { signal });
        this.#socket.start();
    }

    end(reason) {
        this.#stop.abort();
        this.#socket.end(reason);
    }

    retryNow() {
        this.#socket.retryNow();
    }

    say(frame) {
        this.#socket.say(frame);
    }

    #take(socket) {
        this.#socket = socket;
        for (const type of ['frame', 'state', 'refused']) {
            socket.on(type, (value) => socket === this.#socket && this.emit(type, value));
        }
        socket.on('failed', () => this.#alone());
    }

    #alone() {
        this.#take(new Socket(this.#parts));
        if (this.#started && !this.#stop.signal.aborted) this.#socket.start();
    }
}

/** Null where pages can't have anything in common. */
function shared(parts) {
    try {
        return new SharedSocket(parts);
    } catch {
        return null;
    }
}
