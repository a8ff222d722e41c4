// message_hands: what hands do to messages, heard for the whole list at once, so that rows may
// come and go: clicks on what a row shows, the pointer or the focus on it, a long press, keys.
// What then happens is in modules that are fetched when they are first needed; and which keys
// there are is said by KEYS here and by the deeds themselves, for whoever lists them.

import { reactionsOf } from '../model/change.js';
import { later } from './doors.js';

const PRESS_MS = 500;
const PRESS_PX = 10;

const LATER = {
    deeds: () => import('./message_deeds.js'),
    files: () => import('./message_files.js'),
    tools: () => import('./message_tools.js'),
    viewer: () => import('./viewer.js'),
};

/** Keys on the list of messages; those of deeds are in message_deeds.js. */
export const KEYS = [
    { key: 'ArrowUp', words: 'key_up', act: (hands, row) => hands.step(row, -1) },
    { key: 'ArrowDown', words: 'key_down', act: (hands, row) => hands.step(row, 1) },
    { key: 'Enter', words: 'key_menu', act: (hands, row) => row && hands.menu(row) },
    { key: 'ContextMenu', words: 'key_menu', act: (hands, row) => row && hands.menu(row) },
    { key: 'Escape', words: 'key_back', act: () => document.getElementById('composer')?.focus() },
];

/** What of a row can be clicked: the first that is at or around the place. */
const CLICKS = {
    '[data-emoji]': (hands, node, row) => hands.toggle(row, node.dataset.emoji),
    '[data-deed]': (hands, node, row) => hands.deed(row, node.dataset.deed, node),
    '[data-jump]': ({ actions, room }, node) => actions.jump(room.id, Number(node.dataset.jump)),
    '[data-user]': (hands, node) => hands.person(node.dataset.user, node),
    '[data-author]': (hands, node, row) => hands.person(hands.messageOf(row).from.id, node, row),
    '[data-copy]': (hands, node) => hands.copyCode(node),
    '[data-unfold]': (hands, node) => hands.unfold(node.dataset.unfold),
    '[data-picture]': (hands, node) => hands.view(node.dataset.picture),
};

/** `view`: { list, scroller, redraw }; `parts`: { client, room, actions, signal, opened }. */
export function handle(view, parts) {
    const hands = new Hands(view, parts);
    const { list, scroller } = view;
    const on = (node, type, listener) => node.addEventListener(type, listener);
    on(list, 'click', (event) => hands.clicked(event));
    on(list, 'pointerover', (event) => event.pointerType === 'mouse' && hands.tools(event.target));
    on(list, 'focusin', (event) => hands.tools(event.target));
    on(list, 'pointerdown', (event) => event.pointerType === 'touch' && hands.pressed(event));
    on(list, 'contextmenu', (event) => event.pointerType === 'touch' && event.preventDefault());
    on(scroller, 'keydown', (event) => hands.key(event));
    return hands;
}

class Hands {
    #view;
    #tools = null;

    constructor(view, parts) {
        this.#view = view;
        Object.assign(this, parts);
    }

    messageOf(row) {
        return this.client.history.log(this.room.id).get(Number(row.dataset.seq));
    }

    clicked(event) {
        const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
        for (const [place, act] of Object.entries(CLICKS)) {
            const node = plain && event.target.closest(place);
            if (!node || node.disabled) continue;
            event.preventDefault();
            act(this, node, node.closest('li.message'));
            return;
        }
    }

    key(event) {
        if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
        const row = event.target.closest('li.message');
        const onRow = row === event.target;
        const known = KEYS.find(({ key }) => key === event.key);
        const arrows = event.key.startsWith('Arrow') || event.key === 'Escape';
        if (known && (onRow || arrows)) {
            event.preventDefault();
            known.act(this, row);
        } else if (onRow && event.key.length <= 6) {
            this.#deedByKey(row, event.key);
        }
    }

    /** The row above or below; at first the last one that is to be seen. */
    step(row, by) {
        const rows = [...this.#view.list.querySelectorAll(':scope > li.message')];
        const bottom = this.#view.scroller.getBoundingClientRect().bottom;
        const seen = rows.findLast((one) => one.getBoundingClientRect().top < bottom);
        const to = row ? rows[rows.indexOf(row) + by] : seen;
        to?.focus();
    }

    /** The buttons that stand on the row under the pointer or the focus; without a network there may
     *  be none to be had. */
    async tools(target) {
        const row = target.closest?.('li.message');
        if (!row || row === this.#tools?.parentElement) return;
        if (!this.messageOf(row) || row.matches('.gone')) return;
        const part = await LATER.tools().catch(() => null); // nobody has asked for anything
        const message = this.messageOf(row);
        const stands = row.isConnected && !row.matches('.gone');
        const here = stands && (row.matches(':hover') || row.matches(':focus-within'));
        if (!part || !message || !here || this.signal.aborted) return;
        this.#tools?.remove();
        this.#tools = part.toolsNode(this.#context(row, message));
        row.append(this.#tools);
        this.#tools.style.setProperty('--hidden', `${this.#hidden()}px`);
    }

    /** How much of a row's buttons is above what is to be seen: they are moved down by that. */
    #hidden() {
        const { top } = this.#view.scroller.getBoundingClientRect();
        return Math.max(0, top + 2 - this.#tools.getBoundingClientRect().top);
    }

    async menu(row) {
        const message = this.messageOf(row);
        if (!message) return;
        const part = await later(LATER.tools);
        part?.openMenu(this.#context(row, message));
    }

    async deed(row, name, anchor) {
        if (name === 'menu') return this.menu(row);
        const part = await later(LATER.deeds);
        const message = this.messageOf(row);
        if (message) part?.perform(name, { ...this.#context(row, message), anchor });
    }

    async toggle(row, emoji) {
        const message = this.messageOf(row);
        const mine = reactionsOf(message).some((one) => one.emoji === emoji && one.mine);
        const part = await later(LATER.deeds);
        part?.react(this.#context(row, message), emoji, mine ? 'remove' : 'add');
    }

    /** Whoever has no account any more, or never had one, has no card. */
    async person(id, anchor) {
        const held = this.client.references.person(id);
        const user = held ?? (await this.client.api.user(id).catch(() => null))?.user;
        if (user) this.actions.person?.(user, anchor);
    }

    async copyCode(button) {
        const part = await later(LATER.deeds);
        const text = button.parentElement.querySelector('code').textContent;
        await part?.copyFor(this, text);
    }

    unfold(key) {
        this.opened.add(key);
        this.#view.redraw();
    }

    async view(url) {
        const [viewer, files] = [await later(LATER.viewer), await later(LATER.files)];
        if (!viewer || !files) return;
        const pictures = files.picturesOf(this.client.history.log(this.room.id).messages);
        viewer.openViewer({ pictures, url, signal: this.signal });
    }

    /** A finger that rests on a message opens its menu; one that moves is scrolling. */
    pressed({ target, clientX, clientY }) {
        const row = target.closest('li.message');
        if (!row) return;
        const stop = new AbortController();
        const { signal } = stop;
        const timer = setTimeout(() => {
            stop.abort();
            swallowRelease();
            this.menu(row);
        }, PRESS_MS);
        signal.addEventListener('abort', () => clearTimeout(timer));
        const moved = ({ clientX: x, clientY: y }) =>
            Math.hypot(x - clientX, y - clientY) > PRESS_PX && stop.abort();
        addEventListener('pointermove', moved, { signal });
        for (const type of ['pointerup', 'pointercancel', 'scroll']) {
            addEventListener(type, () => stop.abort(), { signal, capture: true });
        }
    }

    async #deedByKey(row, key) {
        const part = await later(LATER.deeds);
        const message = this.messageOf(row);
        if (!part || !message) return;
        const context = this.#context(row, message);
        const name = part.deedOfKey(key, context);
        if (name) part.perform(name, context);
    }

    #context(row, message) {
        const { client, actions, signal } = this;
        const room = client.rooms.get(this.room.id) ?? this.room;
        return { client, room, message, actions, signal, row, anchor: row };
    }
}

/** The finger that has opened a menu is lifted over it: that must not be a click on it. */
function swallowRelease() {
    const swallow = (event) => event.cancelable && event.preventDefault();
    addEventListener('touchend', swallow, { capture: true, once: true, passive: false });
}
