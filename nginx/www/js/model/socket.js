// socket: one live connection, kept up. It opens, says `resume` once after `welcome`, asks
// with a ping whether the other side is still there, and comes back with growing, jittered
// pauses. It hands every frame to `frame` and each change of its state to `state`; it knows
// nothing of rooms but that somebody can tell it the cursors.
//
// States, in the order of life: idle, connecting, live, waiting (until `retryAt`), ended.

import { Backoff } from '../base/backoff.js';
import { Emitter } from '../base/emitter.js';

const WELCOME_MS = 10000;
const PONG_MS = 8000;
const PROBE_MS = 4000;
const HEARTBEAT_S = 25;

// What a close code asks for; codes without a row are retried with the usual pauses.
const CLOSES = {
    4401: { end: 'signed_out' },
    4403: { end: 'forbidden' },
    4429: { atLeastMs: 10000 },
    1008: { atLeastMs: 10000 },
    1001: { hinted: true },
    1012: { hinted: true },
};

export class Socket extends Emitter {
    state = 'idle';
    retryAt = 0;
    /** Has there ever been a welcome? The first connecting is no reason to alarm anybody. */
    welcomed = false;

    #address;
    #resume;
    #ws = null;
    #backoff = new Backoff();
    #timers = {};
    #heartbeatMs = HEARTBEAT_S * 1000;
    #pings = 0;
    #attempts = 0;
    #stop = new AbortController();

    /** `address()` resolves to where to go, anew for each try; `resume(welcome)` answers with the
     *  frame to say after it. */
    constructor(address, resume) {
        super();
        this.#address = address;
        this.#resume = resume;
    }

    start() {
        const { signal } = this.#stop;
        addEventListener('online', () => this.#wake(), { signal });
        addEventListener('offline', () => this.#lost(), { signal });
        addEventListener('pageshow', () => this.#wake(), { signal });
        document.addEventListener('visibilitychange', () => !document.hidden && this.#wake(), {
            signal,
        });
        this.#open();
    }

    /** For good: a signed-out reader must not come back by himself. */
    end(reason = '') {
        this.#stop.abort();
        this.#drop();
        this.#to('ended', { reason });
    }

    retryNow() {
        if (this.state === 'waiting') this.#open();
    }

    /** Only what may be lost: while there is no connection it is. */
    say(frame) {
        if (this.state === 'live') this.#say(frame);
    }

    async #open() {
        this.#drop();
        this.#to('connecting');
        this.#arm('deadline', WELCOME_MS, () => this.#lost());
        const attempt = ++this.#attempts;
        try {
            const address = await this.#address();
            if (attempt === this.#attempts) this.#dial(address);
        } catch {
            if (attempt === this.#attempts) this.#lost();
        }
    }

    #dial(address) {
        const ws = new WebSocket(address, ['stonechat.v1']);
        this.#ws = ws;
        ws.onmessage = (event) => this.#heard(event.data);
        ws.onclose = (event) => this.#closed(event);
    }

    #heard(data) {
        let frame;
        try {
            frame = JSON.parse(data);
        } catch {
            return;
        }
        if (this.state === 'live') this.#clear('deadline');
        if (frame.type === 'welcome') this.#welcome(frame);
        else this.emit('frame', frame);
    }

    #welcome(frame) {
        if (frame.heartbeat > 0) this.#heartbeatMs = frame.heartbeat * 1000;
        const resume = this.#resume(frame);
        if (this.state === 'ended') return;
        this.#say(resume);
        this.welcomed = true;
        this.#clear('deadline');
        this.#arm('settle', 5000, () => this.#backoff.reset());
        this.#beat();
        this.#to('live');
    }

    #beat() {
        this.#arm('beat', this.#heartbeatMs, () => {
            this.#ping(PONG_MS);
            this.#beat();
        });
    }

    /** Any frame that arrives in time will do for an answer. */
    #ping(deadlineMs) {
        this.#say({ type: 'ping', id: String(++this.#pings) });
        this.#arm('deadline', deadlineMs, () => this.#lost());
    }

    #say(frame) {
        if (this.#ws?.readyState === WebSocket.OPEN) this.#ws.send(JSON.stringify(frame));
    }

    /** The tab is looked at again, or the network is back: find out now, not at the next beat. */
    #wake() {
        if (this.state === 'live') this.#ping(PROBE_MS);
        else if (this.state === 'waiting') this.#open();
    }

    /** A dead link may never say so: it is dropped here, without waiting for its close. */
    #lost() {
        this.#closed({ code: 1006, reason: '' });
    }

    #closed({ code, reason }) {
        if (this.state === 'ended') return;
        const row = CLOSES[code] ?? {};
        if (row.end) {
            this.end(row.end);
            return;
        }
        const refused = this.state === 'connecting';
        this.#drop();
        this.#wait(this.#pause(row, reason));
        if (refused) this.emit('refused');
    }

    #pause({ hinted, atLeastMs = 0 }, reason) {
        const hint = hinted && hintOf(reason);
        if (hint) return Math.round(Math.random() * hint);
        return atLeastMs + this.#backoff.next();
    }

    #wait(ms) {
        this.#arm('retry', ms, () => this.#open());
        this.#to('waiting', { retryAt: Date.now() + ms });
    }

    #drop() {
        this.#attempts += 1;
        for (const name of Object.keys(this.#timers)) this.#clear(name);
        if (!this.#ws) return;
        this.#ws.onmessage = this.#ws.onclose = null;
        this.#ws.close();
        this.#ws = null;
    }

    #arm(name, ms, action) {
        this.#clear(name);
        this.#timers[name] = setTimeout(action, ms);
    }

    #clear(name) {
        clearTimeout(this.#timers[name]);
    }

    #to(state, { retryAt = 0, reason = '' } = {}) {
        this.state = state;
        this.retryAt = retryAt;
        this.emit('state', { state, reason });
    }
}

function hintOf(reason) {
    try {
        const ms = JSON.parse(reason).retry_ms;
        return ms > 0 ? Math.min(ms, 60000) : 0;
    } catch {
        return 0;
    }
}
