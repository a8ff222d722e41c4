// wire: one connection to the server, a WebSocket. (Where something on the way lets none through there is
// events_wire.js, which has the same face.) It tells its `hands`: alive() for any byte, frame(text),
// closed({ code, reason }), once; after close() nothing more. It doesn't know what a frame means.

export class WebSocketWire {
    way = 'socket';
    #ws;

    constructor(address, hands) {
        this.hands = hands;
        this.#ws = new WebSocket(address, ['stonechat.v1']);
        this.#ws.onmessage = ({ data }) => [this.hands.alive(), this.hands.frame(data)];
        this.#ws.onclose = ({ code, reason }) => this.hands.closed({ code, reason });
    }

    say(frame) {
        if (this.#ws.readyState === WebSocket.OPEN) this.#ws.send(JSON.stringify(frame));
    }

    close() {
        this.#ws.onmessage = this.#ws.onclose = null;
        this.#ws.close();
    }
}
