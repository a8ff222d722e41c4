// conversation: one room, open: its head, its messages, where to write, and
// the panel beside them.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { Composer } from './composer.js';
import { menu } from './menu.js';
import { Panel } from './panel.js';
import { roomTile } from './room_tile.js';
import { Timeline } from './timeline.js';

export function conversation({ client, room, bar, actions, signal }) {
    const timeline = new Timeline(client, room, signal);
    const composer = new Composer({
        me: client.me,
        room,
        onsend: (text) => {
            client.outbox.write(room.id, text);
            timeline.wrote();
        },
    });
    const panel = new Panel({ client, room, actions, signal });
    const head = h('div.head-words');
    const draw = () => head.replaceChildren(...words(client.rooms.get(room.id) ?? room));
    client.rooms.on('change', draw, signal);
    draw();
    const nodes = [
        h(
            'header.head',
            null,
            h(
                'a.quiet.square.back',
                { href: '#/', 'aria-label': t('back_to_rooms') },
                icon('back'),
            ),
            roomTile(room),
            head,
            HEAD_BUTTONS.map(([name, picture]) => panelButton(panel, name, picture)),
            roomMenu(room, actions, signal),
        ),
        bar,
        h('div.room-body', null, h('div.room-main', null, timeline.node, composer.node), panel.node),
    ];
    return {
        nodes,
        focus: () => composer.focus(),
        jump: (seq) => timeline.jump?.(seq),
        panel: (name, what) => panel.toggle(name, what),
    };
}

const HEAD_BUTTONS = [
    ['search', 'search'],
    ['pins', 'pin'],
    ['members', 'people'],
];

const panelButton = (panel, name, picture) =>
    h(
        'button.quiet.square',
        {
            type: 'button',
            'aria-label': t(`panel.${name}`),
            title: t(`panel.${name}`),
            onclick: () => panel.toggle(name),
        },
        icon(picture),
    );

function words(room) {
    return [
        h('h1', { dir: 'auto', tabindex: '-1' }, room.title || room.name),
        h(
            'p',
            { dir: 'auto' },
            room.topic || t(room.kind === 'private' ? 'private_room' : 'public_room'),
        ),
    ];
}

function roomMenu(room, actions, signal) {
    const more = h(
        'button.quiet.square',
        { type: 'button', 'aria-label': t('room_menu'), title: t('room_menu') },
        icon('more'),
    );
    const rows = [
        { label: t('notifications'), icon: 'bell', action: () => actions.notifications(room) },
        { label: t('leave_room'), icon: 'leave', danger: true, action: () => actions.leave(room) },
    ];
    return menu(more, rows, signal);
}

export function nowhere({ bar, actions }) {
    return {
        nodes: [
            bar,
            h(
                'div.nowhere',
                null,
                h('img', { src: 'stonechat.svg', alt: '', width: 112, height: 112 }),
                h('h1', null, t('nowhere_title')),
                h('p', null, t('nowhere_text')),
                h(
                    'div.actions',
                    null,
                    h(
                        'button.plain',
                        { type: 'button', onclick: actions.browse },
                        t('browse_rooms'),
                    ),
                    h('button.primary', { type: 'button', onclick: actions.create }, t('new_room')),
                ),
            ),
        ],
        focus: () => {},
    };
}
