// shared_socket: the live connection that this page has in common with the reader's others, with
// the face of a Socket. All that is heard and said goes through the switchboard in a
// SharedWorker; this page stands in it as one of many, with cursors of its own. When the worker
// can't be had, or falls silent, it says `failed` and is done: see live.js.

import { Emitter } from '../base/emitter.js';

/** Another number whenever what the two say to each other changes. */
const PROTOCOL = 1;

const HELLO_MS = 4000;
const PROBE_MS = 4000;

export class SharedSocket extends Emitter {
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
