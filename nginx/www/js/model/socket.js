// socket: one live connection, kept up. It opens, says `resume` once after `welcome`, asks
// with a ping whether the other side is still there, and comes back with growing, jittered
// pauses. It hands every frame to `frame` and each change of its state to `state`; it knows
// nothing of rooms but that somebody can tell it the cursors, and nothing of a page: whoever
// sees the network come and go, or the reader come back, calls wake(), offline() and rest().
//
// States, in the order of life: idle, connecting, live, waiting (until `retryAt`), ended.

import { Backoff } from '../base/pause.js';
import { Emitter } from '../base/emitter.js';
import { Detour } from './detour.js';
import { WebSocketWire } from './wire.js';

const WELCOME_MS = 10000;
const PONG_MS = 8000;
const PROBE_MS = 4000;
const OFFLINE_MS = 30000;
const HEARTBEAT_S = 25;
const SILENCE_BEATS = 2.5;
const WAY_BACK_MS = 120000;

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

    #parts;
    #wire = null;
    #spare = null;
    #detour = new Detour();
    #backoff = new Backoff();
    #timers = {};
    #heartbeatMs = HEARTBEAT_S * 1000;
    #heardAt = 0;
    #pings = 0;
    #attempts = 0;

    /** `address()` resolves to where to go, anew for each try; `held()` tells the cursors, by room;
     *  `resume(welcome)` answers with the frames to say after it; `wayBackMs`: how long to listen
     *  to events until a WebSocket is tried again. */
    constructor({ address, held, resume, wayBackMs = WAY_BACK_MS }) {
        super();
        this.#parts = { address, held, resume, wayBackMs };
    }

    start() {
        this.#open();
    }

    /** For good: a signed-out reader must not come back by himself. */
    end(reason = '') {
        this.#drop();
        this.#to('ended', { reason });
    }

    retryNow() {
        if (this.state === 'waiting') this.#open();
    }

    /** Only what may be lost: while there is no connection it is. */
    say(frame) {
        if (this.state === 'live') this.#wire.say(frame);
    }

    /** The page is looked at again, or the network is back: find out now, not at the next beat. */
    wake() {
        if (this.state === 'waiting') this.#open();
        else if (this.state === 'live') this.#probe();
    }

    /** No network, as far as the browser knows. It may be wrong, so there is a try now and then. */
    offline() {
        if (this.state === 'idle' || this.state === 'ended') return;
        this.#drop();
        this.#wait(OFFLINE_MS);
    }

    /** Until wake(): nobody is there for whom it would be. */
    rest() {
        if (this.state === 'idle' || this.state === 'ended') return;
        this.#drop();
        this.#to('waiting');
    }

    async #open() {
        this.#drop();
        this.#to('connecting');
        this.#arm('deadline', WELCOME_MS, () => this.#lost());
        const attempt = ++this.#attempts;
        try {
            const address = await this.#parts.address();
            const wire = await this.#dial(address);
            if (attempt === this.#attempts) this.#wire = wire();
        } catch {
            if (attempt === this.#attempts) this.#lost();
        }
    }

    /** What opens it, by the way that is to be tried now. */
    async #dial(address) {
        const hands = this.#hands();
        if (this.#detour.way === 'socket') return () => new WebSocketWire(address, hands);
        const { EventsWire } = await import('./events_wire.js');
        return () => new EventsWire(address, hands, this.#parts.held());
    }

    #hands() {
        return {
            alive: () => this.#alive(),
            frame: (text) => this.#heard(text),
            closed: (end) => this.#closed(end),
        };
    }

    #alive() {
        this.#heardAt = Date.now();
        if (this.state === 'live') this.#clear('deadline');
    }

    #heard(text) {
        let frame;
        try {
            frame = JSON.parse(text);
        } catch {
            return;
        }
        if (frame.type === 'welcome') this.#welcome(frame);
        else this.emit('frame', frame);
    }

    #welcome(frame) {
        if (frame.heartbeat > 0) this.#heartbeatMs = frame.heartbeat * 1000;
        const frames = this.#parts.resume(frame);
        if (this.state === 'ended') return;
        for (const each of [frames].flat()) this.#wire.say(each);
        this.welcomed = true;
        this.#detour.welcomed(this.#wire.way);
        this.#clear('deadline');
        this.#arm('settle', 5000, () => this.#backoff.reset());
        this.#beat();
        if (this.#wire.way === 'events') this.#wayBack();
        this.#to('live');
    }

    #beat() {
        this.#arm('beat', this.#heartbeatMs, () => {
            this.#probe(PONG_MS);
            this.#beat();
        });
    }

    /** Any byte that arrives in time will do for an answer; who can't ask counts the silence. */
    #probe(deadlineMs = PROBE_MS) {
        if (this.#wire.way === 'socket') {
            this.#wire.say({ type: 'ping', id: String(++this.#pings) });
            this.#arm('deadline', deadlineMs, () => this.#lost());
        } else if (Date.now() - this.#heardAt > this.#heartbeatMs * SILENCE_BEATS) this.#lost();
    }

    /** A WebSocket is tried beside the events, and takes their place when it is welcomed. */
    #wayBack() {
        this.#arm('way back', this.#parts.wayBackMs, async () => {
            const attempt = this.#attempts;
            const address = await this.#parts.address().catch(() => null);
            if (attempt !== this.#attempts) return;
            if (address) this.#try(address);
            this.#wayBack();
        });
    }

    #try(address) {
        this.#spare?.close();
        const spare = new WebSocketWire(address, {
            alive() {},
            frame: (text) => this.#swap(spare, text),
            closed() {},
        });
        this.#spare = spare;
    }

    #swap(spare, text) {
        this.#spare = null;
        this.#drop();
        this.#wire = spare;
        spare.hands = this.#hands();
        this.#alive();
        this.#heard(text);
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
        if (refused && this.#wire) this.#detour.refused(this.#wire.way);
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
        this.#spare?.close();
        this.#wire?.close();
        this.#spare = this.#wire = null;
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
