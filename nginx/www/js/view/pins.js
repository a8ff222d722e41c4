// pins: the messages of this room that somebody has pinned, the newest pin first. Whatever is
// pinned, unpinned, edited or deleted meanwhile has them asked for again.

import { batched, h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import { opened, style } from '../base/style.js';
import { find } from '../words/find.js';
import { listedMessage } from './listed_message.js';

await Promise.all([opened(), style('css/find.css')]);

add(find);

const CHANGES = ['pinned', 'deleted', 'edited'];
const BESIDE = matchMedia('(min-width: 1041px)');

export function open(parts) {
    const pins = new Pins(parts);
    pins.load();
    return { title: t('panel.pins'), node: pins.node, focus: () => pins.focus() };
}

class Pins {
    #parts;
    #asked = 0;
    #list = h('ol.found-list');
    #note = h('p.found-note', { role: 'status' }, t('loading'));

    constructor(parts) {
        this.#parts = parts;
        const { client, room, signal } = parts;
        this.node = h(
            'div.find-panel',
            { tabindex: '-1' },
            h('div.find-results', null, this.#list, h('div.found-end', null, this.#note)),
        );
        const again = batched(() => signal.aborted || this.load());
        const mine = (entry) => entry.room === room.id && CHANGES.includes(entry.type) && again();
        client.on('entry', mine, signal);
        client.rooms.on('reset', (id) => id === room.id && again(), signal);
    }

    focus() {
        this.node.focus();
    }

    /** Only the answer to the last question counts. */
    async load() {
        const mine = ++this.#asked;
        const { client, room, signal } = this.#parts;
        try {
            const { messages } = await client.api.pins(room.id);
            if (mine === this.#asked && !signal.aborted) this.#draw(messages);
        } catch (problem) {
            if (mine === this.#asked) this.#note.replaceChildren(explain(problem));
        }
    }

    #draw(messages) {
        const held = document.activeElement?.closest('.found-row');
        const at = [...this.#list.children].indexOf(held);
        this.#list.replaceChildren(...messages.map((message) => this.#row(message)));
        this.#note.replaceChildren(
            ...(messages.length ? [t('pins_count', { n: messages.length })] : nothing()),
        );
        if (at >= 0) this.#keepFocus(at);
    }

    /** The row that had the focus may be the one that is gone. */
    #keepFocus(at) {
        const rows = this.#list.children;
        const row = rows[Math.min(at, rows.length - 1)];
        (row?.querySelector('a') ?? this.node).focus();
    }

    #row(message) {
        return listedMessage(message, {
            go: (pinned) => this.#go(pinned),
            beside: this.#mayUnpin() && this.#unpinButton(message),
        });
    }

    /** Every member may, unless muted. */
    #mayUnpin() {
        const room = this.#parts.client.rooms.get(this.#parts.room.id);
        return Boolean(room) && room.muted_until === undefined;
    }

    #unpinButton(message) {
        const label = `${t('unpin')}: ${message.from.display}`;
        const button = h(
            'button.quiet.square',
            {
                type: 'button',
                title: t('unpin'),
                'aria-label': label,
                onclick: () => this.#unpin(message, button),
            },
            icon('close'),
        );
        return button;
    }

    async #unpin({ seq }, button) {
        const { client, room } = this.#parts;
        button.disabled = true;
        try {
            await client.api.unpin(room.id, seq);
            await this.load();
        } catch (problem) {
            button.disabled = false;
            this.#note.replaceChildren(explain(problem));
        }
    }

    #go({ room, seq }) {
        if (!BESIDE.matches) this.#parts.panel.close();
        this.#parts.actions.jump(room, seq);
    }
}

const nothing = () => [
    h('strong', null, t('pins_empty')),
    h('span', null, t('pins_empty_hint')),
];
