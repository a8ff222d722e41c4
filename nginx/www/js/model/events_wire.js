// events_wire: one connection to the server where something on the way lets no WebSocket through: the same
// frames as a stream of events (GET /events), which can only be listened to. Its face is that of wire.js.
// Fetched when it is first needed.

const ID_BYTES = 4000;

export class EventsWire {
    way = 'events';
    #stop = new AbortController();

    /** `held`: the cursors, by room; here they are told with the request. */
    constructor(address, hands, held) {
        this.hands = hands;
        this.#read(eventsOf(address, held));
    }

    /** Nothing can be said this way; what could is lost without harm. */
    say() {}

    close() {
        this.#stop.abort();
    }

    async #read(address) {
        const { signal } = this.#stop;
        let end = { code: 1006, reason: '' };
        try {
            const response = await fetch(address, { cache: 'no-store', signal });
            if (response.ok) end = (await this.#listen(response.body)) ?? end;
        } catch {
            // The network's own words say no more than that it is over.
        }
        if (!signal.aborted) this.hands.closed(end);
    }

    /** Answers with what the server has called the end, if it has. */
    async #listen(body) {
        const reader = body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = '';
        for (;;) {
            const { value, done } = await reader.read();
            if (done || this.#stop.signal.aborted) return null;
            this.hands.alive();
            const events = (rest + value).split('\n\n');
            rest = events.pop();
            const end = this.#hand(events.map(parsed));
            if (end) return end;
        }
    }

    #hand(events) {
        for (const { event, data } of events) {
            if (this.#stop.signal.aborted) return null;
            if (event === 'close') return JSON.parse(data);
            if (data) this.hands.frame(data);
        }
        return null;
    }
}

function parsed(text) {
    const fields = {};
    for (const line of text.split('\n')) {
        const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
        if (name) fields[name] = value;
    }
    return fields;
}

/** The address of the events beside that of the WebSocket. */
function eventsOf(address, held) {
    const url = new URL(address);
    url.protocol = url.protocol.replace('ws', 'http');
    url.pathname = url.pathname.replace(/ws$/, 'events');
    let id = '';
    for (const [room, cursor] of Object.entries(held)) {
        const [seq, at = 0] = [cursor].flat();
        const place = `${id && ','}${room}.${seq}.${at}`;
        if (id.length + place.length > ID_BYTES) break;
        id += place;
    }
    if (id) url.searchParams.set('last_event_id', id);
    return url;
}
