// sidebar: the reader's rooms, below them the people that he writes to, of each the newest activity
// first, and at the foot the reader himself. What a row looks like: see room_row.js.

import { arrange, batched, h } from '../base/dom.js';
import { avatar } from './face.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { menuLater } from './doors.js';
import { roomRow } from './room_row.js';

/** `actions` are what the menu and the buttons do: see shell.js. */
export function sidebar({ client, actions, current, signal }) {
    const lists = new Lists(client, current);
    const draw = batched(() => lists.draw());
    client.rooms.on('change', draw, signal);
    client.people.on('change', draw, signal);
    client.on('room', draw, signal);
    client.drafts.on('change', (id) => id === current() || draw(), signal);
    client.on('me', () => foot.replaceChildren(...face(client)), signal);
    lists.draw();

    const myMenu = async () => {
        const { openMyMenu } = await import('./my_menu.js');
        return openMyMenu({ actions, me: client.me, signal });
    };
    const foot = h('button.me', { type: 'button', title: t('my_menu') }, face(client));
    return h(
        'div.sidebar',
        { role: 'navigation', 'aria-label': t('rooms') },
        h(
            'div.brand',
            null,
            h('img', { src: 'stonechat.svg', alt: '', width: 28, height: 28 }),
            h('span.brand-name', null, 'Stonechat'),
            button('compass', t('browse_rooms'), actions.browse),
            button('plus', t('new_room'), actions.create),
        ),
        h(
            'div.scroll',
            null,
            lists.rooms,
            h(
                'div.rooms-head',
                null,
                h('h2', null, t('direct_rooms')),
                button('plus', t('new_message'), () => actions.write()),
            ),
            lists.direct,
        ),
        h('div.foot', null, menuLater(foot, myMenu)),
    );
}

const button = (name, label, action) =>
    h(
        'button.quiet.square',
        {
            type: 'button',
            'aria-label': label,
            title: label,
            onclick: action,
        },
        icon(name),
    );

const face = ({ me }) => [
    avatar(me),
    h('span.me-names', null, h('strong', null, me.display), h('small', null, `@${me.name}`)),
    icon('more'),
];

class Lists {
    rooms = h('ul.rooms');
    direct = h('ul.rooms.direct', { 'aria-label': t('direct_rooms') });

    #client;
    #current;
    #rows = new Map();

    constructor(client, current) {
        this.#client = client;
        this.#current = current;
    }

    draw() {
        const { rooms, people, drafts, me } = this.#client;
        const list = rooms.list();
        if (!list.length && !rooms.fresh) {
            arrange(this.rooms, skeletons());
            return;
        }
        for (const room of list) {
            const online = room.peer ? people.online(room.peer.id) : undefined;
            this.#row(room.id).draw(room, {
                chosen: room.id === this.#current(),
                me,
                online,
                draft: drafts.of(room.id),
            });
        }
        const nodes = (wanted) =>
            list
                .filter(({ kind }) => (kind === 'direct') === wanted)
                .map(({ id }) => this.#row(id).node);
        arrange(this.rooms, nodes(false));
        arrange(this.direct, nodes(true));
        this.#forget(list);
    }

    #row(id) {
        if (!this.#rows.has(id)) this.#rows.set(id, roomRow(id));
        return this.#rows.get(id);
    }

    #forget(list) {
        if (this.#rows.size === list.length) return;
        const ids = new Set(list.map(({ id }) => id));
        for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);
    }
}

function skeletons() {
    return Array.from({ length: 4 }, () =>
        h(
            'li.room-row.skeleton',
            { 'aria-hidden': 'true' },
            h('span.tile'),
            h('span.room-words', null, h('span.bone'), h('span.bone.short')),
        ),
    );
}
