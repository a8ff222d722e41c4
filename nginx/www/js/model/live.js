// live: the live connection as a page has it: in common with the reader's other pages where the
// browser has SharedWorker, else, or when that fails, one of its own. (A browser without it is
// one of a phone, which shows one page and freezes the others.) It also tells the connection what
// only a page can see: the network, the reader's coming back, and that the page is put away. What a
// connection of one's own takes is fetched by whoever needs one: the shared worker, or else this.

import { Emitter } from '../base/emitter.js';
import { eventually } from '../base/pause.js';

/** Another number whenever what the two say to each other changes. */
const PROTOCOL = 1;

const HELLO_MS = 4000;
const PROBE_MS = 4000;

export class Live extends Emitter {
    #parts;
    #socket = null;
    #started = false;
    #stop = new AbortController();

    /** `user`: whose it is; the rest is what Socket takes. */
    constructor(parts) {
        super();
        this.#parts = parts;
        const socket = shared(parts);
        if (socket) this.#take(socket);
        else this.#alone();
    }

    get state() {
        return this.#socket?.state ?? 'idle';
    }

    get retryAt() {
        return this.#socket?.retryAt ?? 0;
    }

    get welcomed() {
        return this.#socket?.welcomed ?? false;
    }

    start() {
        this.#started = true;
        const { signal } = this.#stop;
        const wake = () => this.#socket?.wake();
        addEventListener('online', wake, { signal });
        addEventListener('offline', () => this.#socket?.offline(), { signal });
        addEventListener('pageshow', wake, { signal });
        addEventListener('pagehide', () => this.#socket?.rest(), { signal });
        const seen = () => !document.hidden && wake();
        document.addEventListener('visibilitychange', seen, { signal });
        this.#socket?.start();
    }

    end(reason) {
        this.#stop.abort();
        this.#socket?.end(reason);
    }

    retryNow() {
        this.#socket?.retryNow();
    }

    say(frame) {
        this.#socket?.say(frame);
    }

    #take(socket) {
        this.#socket = socket;
        for (const type of ['frame', 'state', 'refused']) {
            socket.on(type, (value) => socket === this.#socket && this.emit(type, value));
        }
        socket.on('failed', () => this.#alone());
    }

    async #alone() {
        this.#socket = null;
        const part = await eventually(() => import('./socket.js'), this.#stop.signal);
        if (!part) return;
        this.#take(new part.Socket(this.#parts));
        if (this.#started) this.#socket.start();
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

/** The connection that this page has in common with the reader's others, with the face of a Socket. All
 *  that is heard and said goes through the switchboard in a SharedWorker; this page stands in it as
 *  one of many, with cursors of its own. When the worker can't be had, or falls silent, it says
 *  `failed` and is done. */
class SharedSocket extends Emitter {
    state = 'idle';
    retryAt = 0;
    welcomed = false;

    #address;
    #resume;
    #port;
    #deadline = 0;
    #resting = false;

    /** Begins to load the worker. Throws where there can be none. */
    constructor({ user, address, resume }) {
        super();
        this.#address = address;
        this.#resume = resume;
        const script = new URL('../live_worker.js', import.meta.url);
        const name = `stonechat ${PROTOCOL} ${user}`;
        const worker = new SharedWorker(script, { type: 'module', name });
        worker.onerror = () => this.#fail();
        this.#port = worker.port;
        this.#port.onmessage = ({ data }) => this.#heard(data);
    }

    start() {
        this.#post({ hello: true });
        this.#expect(HELLO_MS);
        this.#to({ state: 'connecting' });
    }

    end(reason = '') {
        if (this.state === 'ended') return;
        this.#leave();
        this.#to({ state: 'ended', reason });
    }

    retryNow() {
        this.#post({ retry: true });
    }

    say(frame) {
        if (this.state === 'live') this.#post({ say: frame });
    }

    wake() {
        if (this.state === 'idle' || this.state === 'ended') return;
        if (this.#resting) {
            this.#resting = false;
            this.start();
        } else this.#probe();
    }

    /** The switchboard is told, and has to answer. */
    #probe() {
        this.#post({ wake: true, probe: true });
        this.#expect(PROBE_MS);
    }

    offline() {
        this.#post({ offline: true });
    }

    rest() {
        if (this.state === 'idle' || this.state === 'ended') return;
        this.#resting = true;
        clearTimeout(this.#deadline);
        this.#post({ bye: true });
        this.#to({ state: 'waiting' });
    }

    #post(message) {
        this.#port.postMessage(message);
    }

    #expect(ms) {
        clearTimeout(this.#deadline);
        this.#deadline = setTimeout(() => this.#fail(), ms);
    }

    #heard(message) {
        clearTimeout(this.#deadline);
        if (this.state === 'idle' || this.state === 'ended' || this.#resting) return;
        if (message.frame) this.#frame(message.frame);
        else if (message.sign) this.#post({ sign: message.sign });
        else if (message.ask) this.#answer();
        else if (message.refused) this.emit('refused');
        else if (message.state) this.#state(message);
    }

    #state(message) {
        if (message.state === 'ended') this.end(message.reason);
        else if (message.state !== 'live') this.#to(message);
    }

    /** Live for this page is what it has been welcomed to. */
    #frame(frame) {
        if (frame.type !== 'welcome') {
            this.emit('frame', frame);
            return;
        }
        const resume = this.#resume(frame);
        if (this.state === 'ended') return;
        this.#post({ say: resume });
        this.#to({ state: 'live', welcomed: true });
    }

    async #answer() {
        this.#post({ address: await this.#address().catch(() => null) });
    }

    #fail() {
        if (this.state === 'ended') return;
        this.#leave();
        this.state = 'ended';
        this.emit('failed');
    }

    #leave() {
        clearTimeout(this.#deadline);
        this.#post({ bye: true });
        this.#port.onmessage = null;
        this.#port.close();
    }

    #to({ state, retryAt = 0, welcomed = this.welcomed, reason = '' }) {
        Object.assign(this, { state, retryAt, welcomed });
        this.emit('state', { state, reason });
    }
}
