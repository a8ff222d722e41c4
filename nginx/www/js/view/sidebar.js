// sidebar: the rooms of the reader, newest activity first, and at the foot the reader himself.

import { arrange, batched, h } from '../base/dom.js';
import { avatar } from '../base/avatar.js';
import { icon } from '../base/icons.js';
import { language, languages, t } from '../base/i18n.js';
import * as theme from '../base/theme.js';
import { brief } from '../base/time.js';
import { menu } from './menu.js';
import { roomTile } from './room_tile.js';

/** `actions` are what the menu and the buttons do: see shell.js. */
export function sidebar({ client, actions, current, signal }) {
    const list = h('ul.rooms');
    const rows = new Map();
    const draw = batched(() => drawRooms(client, list, rows, current()));
    client.rooms.on('change', draw, signal);
    client.on('room', draw, signal);
    client.on('me', () => foot.replaceChildren(...face(client)), signal);
    drawRooms(client, list, rows, current());

    const foot = h('button.me', { type: 'button', 'aria-label': t('my_menu') }, face(client));
    return h(
        'nav.sidebar',
        { 'aria-label': t('rooms') },
        h(
            'header.brand',
            null,
            h('img', { src: 'stonechat.svg', alt: '', width: 28, height: 28 }),
            h('span.brand-name', null, 'Stonechat'),
            button('search', t('browse_rooms'), actions.browse),
            button('plus', t('new_room'), actions.create),
        ),
        h('div.scroll', null, list),
        h('footer.foot', null, menu(foot, rowsOf(actions), signal)),
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

const THEME_ICONS = { auto: 'desktop', light: 'sun', dark: 'moon' };

function rowsOf(actions) {
    return [
        { label: t('profile'), icon: 'person', action: actions.profile },
        {
            label: t('notifications'),
            icon: 'bell',
            action: () => actions.notifications(),
        },
        { label: t('devices'), icon: 'devices', action: actions.devices },
        null,
        ...languages.map(({ id, label }) => ({
            label,
            icon: 'globe',
            checked: id === language(),
            action: () => actions.language(id),
        })),
        null,
        ...theme.themes.map((name) => ({
            label: t(`theme.${name}`),
            icon: THEME_ICONS[name],
            checked: name === theme.theme(),
            action: () => actions.theme(name),
        })),
        null,
        { label: t('sign_out'), icon: 'leave', danger: true, action: actions.signOut },
    ];
}

function drawRooms(client, list, rows, current) {
    const rooms = client.rooms.list();
    if (!rooms.length && !client.rooms.fresh) {
        arrange(list, skeletons());
        return;
    }
    for (const room of rooms) {
        if (!rows.has(room.id)) rows.set(room.id, rowOf(room));
        rows.get(room.id).draw(room, room.id === current, client.me);
    }
    arrange(
        list,
        rooms.map((room) => rows.get(room.id).node),
    );
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

function rowOf(room) {
    const title = h('span.room-title', { dir: 'auto' });
    const time = h('time.room-time');
    const snippet = h('span.room-snippet', { dir: 'auto' });
    const badge = h('span.badge', { 'aria-hidden': 'true' });
    const link = h(
        'a.room-row',
        { href: `#/${room.id}` },
        roomTile(room),
        h(
            'span.room-words',
            { 'aria-hidden': 'true' },
            h('span.room-line', null, title, time),
            h('span.room-line', null, snippet, badge),
        ),
    );
    const draw = (now, chosen, me) => {
        title.textContent = now.title || now.name;
        time.textContent = now.last ? brief(now.last.at) : '';
        snippet.textContent = snippetOf(now, me);
        badge.textContent = now.unread > 99 ? '99+' : now.unread;
        badge.hidden = now.unread === 0;
        link.classList.toggle('unread', now.unread > 0);
        link.setAttribute('aria-label', labelOf(now));
        if (chosen) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
    };
    return { node: h('li', null, link), draw };
}

function labelOf(room) {
    const title = room.title || room.name;
    return room.unread ? `${title}, ${t('unread', { n: room.unread })}` : title;
}

function snippetOf({ last, seq }, me) {
    if (!last) return seq === null ? '' : t('no_messages_yet');
    const { from, text, deleted, files } = last;
    const who = from.id === me.id ? t('you') : from.display;
    return t('snippet', { who, text: deleted ? t('deleted') : text || files?.[0].name });
}
