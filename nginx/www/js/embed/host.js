// host: the page around the frame, as far as the chat knows it: what it wishes, what it says
// later on, and what it is told. Which sites may be around the frame the browser has seen to
// before (frame-ancestors); here is seen to that nobody but that page is listened to. Its first
// word brings a MessagePort, and all else goes through that: no other window can speak there.
//
// It is told how much is unread, who wrote and who is signed in. What was written, and the
// session, stay here.
//
// The focus is the page's to give. Where somebody has opened the chat, the page holds it until
// there is something here to type in, and gives with it what was typed meanwhile.

import { Emitter } from '../base/emitter.js';

// By type: what is taken of it, whatever else may be in it.
const SAYS = new Map(
    Object.entries({
        identify: ({ token }) => ({ token: text(token) || null }),
        look: ({ lang, theme, style }) => lookOf(lang, theme, style),
        shown: ({ shown }) => ({ shown: shown === true }),
        typed: (typed) => ({ text: text(typed.text) }),
    }),
);
/** Longer than anything that it has to say; a token is the longest. */
const TEXT_CHARS = 16384;
/** How long after the focus what was typed before it may come. */
const LATE_MS = 1000;

export class Host extends Emitter {
    #port;
    #isHere = false;
    #take = () => {};
    #asked = false;
    #early = '';
    #mark = null;

    /** `wishes`: { room, rooms, floats, shown, wanted, token, asks, lang, theme, style }. */
    constructor(wishes, port) {
        super();
        this.wishes = wishes;
        this.#port = port;
        port.onmessage = ({ data }) => this.#heard(data);
        this.on('shown', ({ shown }) => this.#shown(shown));
        this.on('typed', (typed) => this.#typed(typed.text));
        addEventListener('focus', () => this.#came());
        addEventListener('keydown', ({ key }) => isPrinted(key) && this.#came(), true);
        addEventListener('blur', () => this.#left());
    }

    #heard(data) {
        const takes = SAYS.get(data?.type);
        if (takes) this.emit(data.type, takes(data));
    }

    /** There is something to give the focus to, which `take()` does: now, if it is here; once it
     *  has come, if somebody has just opened the chat; else not, since nobody asked for it. */
    focus(take) {
        this.#take = take;
        if (this.#isHere) take();
        else if (this.wishes.wanted) this.#ask();
    }

    #ask() {
        this.#asked = true;
        this.say('focus');
    }

    #shown(shown) {
        Object.assign(this.wishes, { shown, wanted: shown });
        this.#asked = false;
        this.#early = '';
        if (!shown) this.#left();
    }

    /** A key can be here before it is said that the focus is. */
    #came() {
        this.#isHere = true;
        if (!this.wishes.wanted) return;
        this.wishes.wanted = this.#asked = false;
        this.#take();
        this.#mark = markOf(document.activeElement);
        this.#typed(this.#early);
    }

    #left() {
        this.#isHere = false;
        this.#mark = null;
    }

    /** Before the focus was here, whatever has been typed since: the two come by ways of their
     *  own, and a key that is pressed as the focus moves goes by either. */
    #typed(words) {
        if (this.#asked) this.#early += words;
        if (!words || !this.#mark || performance.now() > this.#mark.until) return;
        const { field, at } = this.#mark;
        field.setRangeText(words, at, at, at === field.selectionEnd ? 'end' : 'preserve');
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        this.#mark.at += words.length;
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

const isPrinted = (key) => [...key].length === 1;

/** Where what was typed early goes to, and until when. */
function markOf(field) {
    if (!field.matches('input, textarea')) return null;
    return { field, at: field.selectionEnd, until: performance.now() + LATE_MS };
}

const text = (value) => (typeof value === 'string' ? value.slice(0, TEXT_CHARS) : '');

function wishesOf({ room, rooms, floats, shown, wanted, token, asks, lang, theme, style }) {
    return {
        room: text(room).trim(),
        rooms: rooms === true,
        floats: floats === true,
        shown: shown === true,
        wanted: wanted === true, // somebody has opened it, and goes on in here
        token: text(token) || null,
        asks: asks === true,
        ...lookOf(lang, theme, style),
    };
}

const lookOf = (lang, theme, style) => ({
    lang: text(lang),
    theme: text(theme),
    style: style ?? {},
});
