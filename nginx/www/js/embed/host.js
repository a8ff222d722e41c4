// host: the page around the frame, as far as the chat knows it: what it wishes, what it says
// later on, and what it is told. Which sites may be around the frame the browser has seen to
// before (frame-ancestors); here is seen to that nobody but that page is listened to. Its first
// word brings a MessagePort, and all else goes through that: no other window can speak there.
//
// It is told how much is unread, who wrote and who is signed in. What was written, and the
// session, stay here.

import { Emitter } from '../base/emitter.js';

const SAYS = ['identify', 'look', 'shown'];

export class Host extends Emitter {
    #port;

    /** `wishes`: { room, rooms, floats, shown, wanted, token, asks, lang, theme, style }. */
    constructor(wishes, port) {
        super();
        this.wishes = wishes;
        this.#port = port;
        port.onmessage = ({ data }) => SAYS.includes(data?.type) && this.emit(data.type, data);
    }

    say(type, fields = {}) {
        this.#port.postMessage({ type, ...fields });
    }
}

/** Says to the page around that the frame is there, and resolves to it once it has answered. */
export function meet() {
    return new Promise((resolve) => {
        const listening = new AbortController();
        const heard = (event) => {
            if (!isHello(event)) return;
            listening.abort();
            resolve(new Host(wishesOf(event.data), event.ports[0]));
        };
        addEventListener('message', heard, { signal: listening.signal });
        parent.postMessage('stonechat:ready', '*'); // nothing that anybody mustn't know
    });
}

/** Of the very page around; and a page without an origin (a sandboxed one) is nobody's. */
const isHello = ({ source, origin, data, ports }) =>
    source === parent &&
    origin !== 'null' &&
    data?.type === 'stonechat:hello' &&
    ports.length === 1;

const text = (value) => (typeof value === 'string' ? value : '');

function wishesOf({ room, rooms, floats, shown, wanted, token, asks, lang, theme, style }) {
    return {
        room: text(room).trim(),
        rooms: rooms === true,
        floats: floats === true,
        shown: shown === true,
        wanted: wanted === true, // somebody has opened it, and goes on in here
        token: text(token) || null,
        asks: asks === true,
        lang: text(lang),
        theme: text(theme),
        style: style ?? {},
    };
}
