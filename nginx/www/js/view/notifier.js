// notifier: makes known that a message has come which nobody looks at: a notification of the
// system's, a sound, a dot on the tab's picture and a number on the app's. Of several tabs one
// does it, and none where the room is in front in any of them. What may be said is the server's
// (`notify` of a room, quiet hours); whether this device says it, its own.

import * as prefs from '../base/prefs.js';
import { add, t } from '../base/i18n.js';
import { playTone } from '../base/tone.js';
import { keep } from '../model/push.js';
import { isQuiet } from '../model/quiet.js';
import { notify } from '../words/notify.js';

add(notify);

const FRESH_MS = 5 * 60_000;
const CLAIM_MS = 300;
const HOLD_MS = 5000;
const TEXT_CHARS = 120;

/** Of a message by somebody else: does the reader want to hear of it? */
export function wants(room, message, me) {
    if (!room || message.from.id === me.id) return false;
    if (room.notify === 'nothing') return false;
    return room.notify === 'all' || Boolean(message.mentions?.includes(me.id));
}

export class Notifier {
    #client;
    #room = null;
    #wishes = null;
    #seen = new Map();
    #clear = new Set();
    #channel = globalThis.BroadcastChannel && new BroadcastChannel('stonechat.seen');

    /** `meanwhile`: the messages that have come before this was fetched. */
    constructor({ client, room, meanwhile = [], signal }) {
        this.#client = client;
        this.#room = room;
        client.on('room', (id) => this.#entered(id), signal);
        client.on('message', (message) => this.#message(message), signal);
        client.on('wishes', (wishes) => (this.#wishes = wishes), signal);
        client.rooms.on('change', () => this.#changed(), signal);
        this.#channel?.addEventListener('message', ({ data }) => this.#saw(data), { signal });
        signal.addEventListener('abort', () => this.#channel?.close());
        this.#start(meanwhile);
    }

    async #start(meanwhile) {
        this.#changed();
        keep(this.#client);
        try {
            this.#wishes = (await this.#client.api.notifications()).notifications;
        } catch {
            // Then there are none until somebody sets them.
        }
        meanwhile.forEach((message) => this.#message(message));
    }

    #entered(id) {
        this.#room = id;
    }

    #isInFront(room) {
        return room === this.#room && document.visibilityState === 'visible' && document.hasFocus();
    }

    async #message(message) {
        const room = this.#client.rooms.get(message.room);
        if (!wants(room, message, this.#client.me) || Date.now() - message.at > FRESH_MS) return;
        if (this.#isInFront(message.room)) {
            this.#channel?.postMessage({ room: message.room, seq: message.seq });
            return;
        }
        if (isQuiet(this.#wishes)) return;
        await new Promise((resolve) => setTimeout(resolve, CLAIM_MS));
        if ((this.#seen.get(message.room) ?? 0) >= message.seq || room.read >= message.seq) return;
        claim(`stonechat.notify.${message.room}.${message.seq}`, () => this.#tell(room, message));
    }

    #saw({ room, seq }) {
        this.#seen.set(room, Math.max(seq, this.#seen.get(room) ?? 0));
    }

    async #tell(room, message) {
        if (prefs.load('sound') !== false) playTone();
        if (prefs.load('notify') !== true || globalThis.Notification?.permission !== 'granted')
            return;
        display(room, message, this.#wishes?.text !== false);
    }

    /** What has been read, here or elsewhere, is no news, whoever made it known; and how much
     *  is left. */
    #changed() {
        const { rooms } = this.#client;
        if (!rooms.fresh) return;
        const read = new Set();
        for (const { id, unread } of rooms.list()) {
            if (unread > 0) this.#clear.delete(id);
            else if (!this.#clear.has(id)) read.add(id);
        }
        for (const id of read) this.#clear.add(id);
        if (read.size) closeAll(read);
        const unread = rooms.unread();
        paint(unread > 0);
        const mark = unread ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
        mark?.catch(() => {});
    }
}

const PREFIX = 'room:';
/** Those of this page alone, where there is no worker to keep them. */
const own = new Map();

async function closeAll(rooms) {
    for (const id of rooms) own.get(id)?.close();
    const worker = await navigator.serviceWorker?.getRegistration();
    for (const one of (await worker?.getNotifications()) ?? []) {
        if (rooms.has(one.tag.slice(PREFIX.length))) one.close();
    }
}

/** Runs `action` in one tab only; where tabs can't agree the tag keeps doubles off the screen. */
function claim(name, action) {
    if (!navigator.locks) {
        action();
        return;
    }
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return null;
        action();
        return new Promise((resolve) => setTimeout(resolve, HOLD_MS));
    });
}

/** Through the worker, where there is one: so it takes the place of a push of the same room. */
async function display(room, message, showsText) {
    const { from, text, files } = message;
    const said = text ? [...text].slice(0, TEXT_CHARS).join('') : files && t('notify.file');
    const who = from.role === 'bot' ? `🤖 ${from.display}` : from.display; // as in worker_push.js
    const title = room.kind === 'direct' ? who : `${who} · ${room.title}`;
    const address = `#/${room.id}/${message.seq}`;
    const options = {
        tag: PREFIX + room.id,
        body: showsText ? (said ?? '') : '',
        icon: 'stonechat.svg',
        silent: true,
        data: { address },
    };
    const worker = await navigator.serviceWorker?.getRegistration();
    if (worker?.active) {
        await worker.showNotification(title, options);
        return;
    }
    const shown = new Notification(title, options);
    own.set(room.id, shown);
    shown.addEventListener('click', () => {
        window.focus();
        location.hash = address;
        shown.close();
    });
}

function paint(hasNews) {
    const link = document.querySelector('link[rel="icon"]');
    const picture = hasNews ? 'stonechat-news.svg' : 'stonechat.svg';
    if (link && link.getAttribute('href') !== picture) link.setAttribute('href', picture);
}
