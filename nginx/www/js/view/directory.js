// directory: all public rooms, to search and to join.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import { nameFrom } from '../model/room_name.js';
import { rooms } from '../words/rooms.js';
import { openDialog } from './dialog.js';
import { roomTile } from './face.js';

add(rooms);

const PAUSE_MS = 200;
const PAGE = 50;

/** `onroom(id)` opens a room that the reader is in; `oncreate(title)` offers to make one. */
export function openDirectory(parts) {
    new Directory(parts).find();
}

class Directory {
    #client;
    #onroom;
    #oncreate;
    #dialog;
    #timer = 0;
    #asked = 0;
    #search = h('input', {
        type: 'search',
        autofocus: true,
        maxlength: 64,
        autocomplete: 'off',
        placeholder: t('search_rooms'),
        'aria-label': t('search_rooms'),
        oninput: () => this.#typed(),
    });
    #results = h('ul.listing.tall', null, skeletons());
    #status = h('p.sr-only', { role: 'status' });

    constructor({ client, signal, onroom, oncreate }) {
        this.#client = client;
        this.#onroom = onroom;
        this.#oncreate = oncreate;
        this.#dialog = openDialog(
            { title: t('browse_rooms'), signal, wide: true },
            h('div.control.search', null, icon('search'), this.#search),
            this.#status,
            this.#results,
        );
    }

    #typed() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.find(), PAUSE_MS);
    }

    /** Only the answer to the last question counts. */
    async find(cursor) {
        const mine = ++this.#asked;
        const q = nameFrom(this.#search.value);
        try {
            const query = { limit: PAGE, ...(q && { q }), ...(cursor && { cursor }) };
            const { rooms, next } = await this.#client.api.directory(query);
            if (mine === this.#asked) this.#draw(rooms, next, Boolean(cursor));
        } catch (problem) {
            if (mine === this.#asked)
                this.#results.replaceChildren(h('li.nothing', null, explain(problem)));
        }
    }

    #draw(rooms, next, further) {
        this.#results.querySelector('.more')?.remove();
        if (!further) this.#results.replaceChildren();
        this.#results.append(...rooms.map((room) => this.#row(room)));
        if (next) this.#results.append(more(() => this.find(next)));
        if (!this.#results.childElementCount) this.#results.append(nothing(() => this.#create()));
        this.#say(
            t('rooms_found', { n: this.#results.querySelectorAll('.listing-row').length }),
            false,
        );
    }

    #row(room) {
        const inside = Boolean(this.#client.rooms.get(room.id)?.known);
        const [label, kind] = inside ? [t('open'), 'plain'] : [t('join'), 'primary'];
        const title = room.title || room.name;
        const button = h(
            `button.${kind}.small`,
            {
                type: 'button',
                'aria-label': `${label} ${title}`,
                onclick: () => this.#choose(room, inside, button),
            },
            label,
        );
        return h(
            'li.listing-row',
            null,
            roomTile(room),
            h(
                'div.listing-words',
                null,
                h('strong', { dir: 'auto' }, title),
                h('small', { dir: 'auto', title: room.topic }, about(room)),
            ),
            button,
        );
    }

    async #choose(room, inside, button) {
        button.setAttribute('aria-busy', 'true');
        try {
            if (!inside) await this.#client.api.join(room.id);
            await this.#client.rooms.refresh();
            this.#dialog.close();
            this.#onroom(room.id);
        } catch (problem) {
            button.removeAttribute('aria-busy');
            this.#say(explain(problem), true);
        }
    }

    #create() {
        this.#dialog.close();
        this.#oncreate(this.#search.value.trim());
    }

    #say(words, visible) {
        this.#status.className = visible ? 'alert' : 'sr-only';
        this.#status.textContent = words;
    }
}

/** How many are in it says more than any topic; both say most. */
function about({ members, n, topic }) {
    const size =
        members === undefined ? t('messages_count', { n }) : t('members_count', { n: members });
    return topic ? `${size} · ${topic}` : size;
}

const skeletons = () =>
    Array.from({ length: 3 }, () =>
        h(
            'li.listing-row.skeleton',
            { 'aria-hidden': 'true' },
            h('span.tile'),
            h('div.listing-words', null, h('span.bone.short'), h('span.bone.middle')),
        ),
    );

const more = (action) =>
    h(
        'li.more',
        null,
        h('button.plain.small', { type: 'button', onclick: action }, t('show_more')),
    );

const nothing = (create) =>
    h(
        'li.nothing',
        null,
        h('p', null, t('nothing_found')),
        h('button.plain.small', { type: 'button', onclick: create }, t('new_room')),
    );
