// room_head: what a room is, above it: its name, how many are in it and here, its topic; of a
// direct room the other one and whether he is here. And the buttons and the menu that lead on.

import { arrange, batched, h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { menuLater } from './doors.js';
import { roomMark } from './face.js';

const PANELS = [
    ['search', 'search'],
    ['pins', 'pin'],
    ['members', 'people'],
];
/** Where there is no room for these buttons they are rows of the menu: see room_menu.js. */
const IN_MENU = ['search', 'pins'];

export function roomHead({ client, room, panel, actions, signal }) {
    const mark = h('span.room-mark');
    const words = h('div.head-words');
    const now = () => client.rooms.get(room.id) ?? room;
    const draw = () =>
        signal.aborted || drawHead({ client, room: now(), mark, words, panel, actions });
    const later = batched(draw);
    client.rooms.on('change', later, signal);
    client.people.on('change', (id) => (id === null || id === room.id) && later(), signal);
    draw();
    return h(
        'header.head',
        null,
        h('a.quiet.square.back', { href: '#/', 'aria-label': t('back_to_rooms') }, icon('back')),
        mark,
        words,
        PANELS.map(([name, picture]) => panelButton(panel, name, picture)),
        menuLater(moreButton(), async () => {
            const { openRoomMenu } = await import('./room_menu.js');
            return (anchor) => openRoomMenu(anchor, { client, room: now(), panel, actions, signal });
        }),
    );
}

/** Its name and what it is about alone, for whoever puts something else around them. */
export function headWords({ client, room, signal }) {
    const words = h('div.head-words');
    const draw = () => {
        const { title, name, topic, kind } = client.rooms.get(room.id) ?? room;
        const about = topic || t(kind === 'private' ? 'private_room' : 'public_room');
        words.replaceChildren(
            h('h1', { dir: 'auto', tabindex: '-1' }, title || name),
            h('p', { dir: 'auto' }, about),
        );
    };
    client.rooms.on('change', batched(draw), signal);
    draw();
    return words;
}

const panelButton = (panel, name, picture) =>
    h(
        `button.quiet.square${IN_MENU.includes(name) ? '.roomy' : ''}`,
        {
            type: 'button',
            'aria-label': t(`panel.${name}`),
            title: t(`panel.${name}`),
            onclick: () => panel.toggle(name),
        },
        icon(picture),
    );

const moreButton = () =>
    h(
        'button.quiet.square',
        { type: 'button', 'aria-label': t('room_menu'), title: t('room_menu') },
        icon('more'),
    );

/** Only where something is another now: the focus may stand on the name or on the line below. */
function drawHead({ client, room, mark, words, panel, actions }) {
    const online = room.peer ? client.people.online(room.peer.id) : undefined;
    const count = client.people.count(room.id);
    const { title, name, topic, kind, peer } = room;
    const look = JSON.stringify([title, name, topic, kind, peer, online, count]);
    if (words.dataset.look === look) return;
    words.dataset.look = look;
    mark.replaceChildren(roomMark(room, online));
    const heading = words.querySelector('h1') ?? h('h1', { dir: 'auto', tabindex: '-1' });
    heading.textContent = title || name;
    const about =
        peer === undefined ? aboutRoom(room, count, panel) : aboutPeer(peer, online, actions);
    const focused = document.activeElement?.matches('.head-link');
    arrange(words, [heading, about]);
    if (focused) about.querySelector('.head-link')?.focus();
}

function aboutPeer(peer, online, actions) {
    if (!peer) return h('p.head-about', null, t('account_gone'));
    const state = online === undefined ? '' : ` · ${t(online ? 'online' : 'offline')}`;
    const card = h(
        'button.head-link',
        { type: 'button', onclick: () => actions.person(peer, card) },
        `@${peer.name}${state}`,
    );
    return h('p.head-about', null, card);
}

function aboutRoom(room, count, panel) {
    const topic = room.topic || t(room.kind === 'private' ? 'private_room' : 'public_room');
    const size =
        count &&
        h(
            'button.head-link',
            { type: 'button', title: t('panel.members'), onclick: () => panel.toggle('members') },
            sizeOf(count),
        );
    const about = h('span.head-topic', { dir: 'auto', title: room.topic }, topic);
    return h('p.head-about', null, size, about);
}

function sizeOf({ members, online, whole }) {
    const size = t('members_count', { n: whole ? members : `${members}+` });
    return `${size} · ${t('online_count', { n: online })}`;
}
