// face: the small pictures that stand for somebody or something. Somebody without a picture: initials on
// a colour that follows from the id, so that it is the same on every screen and does not change with
// the name. A room: its hue, and whether it is private; a direct room: the face of the other one, with
// a dot that says whether he is here. Where nobody knows, no dot.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';

const HUES = [18, 42, 75, 110, 145, 175, 205, 235, 265, 290, 320, 345];

export function hue(id) {
    let hash = 7;
    for (const char of id) hash = (hash * 31 + char.codePointAt(0)) >>> 0;
    return HUES[hash % HUES.length];
}

/** "Maya Lindqvist" ML, "maya" M, and of a Chinese name the given name's last character. */
export function initials(name) {
    const words = name
        .trim()
        .split(/[\s._-]+/u)
        .filter(Boolean);
    if (!words.length) return '?';
    if (/^\p{Script=Han}{2,4}$/u.test(words[0])) return [...words[0]].at(-1);
    const first = [...words[0]][0];
    const last = words.length > 1 ? [...words.at(-1)][0] : '';
    return (first + last).toLocaleUpperCase();
}

export function avatar({ id, display, name }, size = '') {
    const face = h(
        `span.avatar${size && `.${size}`}`,
        { 'aria-hidden': 'true' },
        initials(display || name || '?'),
    );
    face.style.setProperty('--hue', hue(id));
    return face;
}

export function roomTile(room) {
    const tile = h(
        'span.tile',
        { 'aria-hidden': 'true' },
        icon(room.kind === 'public' ? 'hash' : 'lock'),
    );
    tile.style.setProperty('--hue', hue(room.id));
    return tile;
}

/** `online`: is the other one of a direct room here? */
export function roomMark(room, online) {
    if (room.kind !== 'direct') return roomTile(room);
    return face(room.peer ?? { id: room.id, display: room.title }, online);
}

export function face(user, online, size) {
    const node = h('span.face', null, avatar(user, size));
    if (online === undefined) return node;
    const words = t(online ? 'online' : 'offline');
    const dot = h(`span.dot${online ? '.here' : ''}`, null, h('span.sr-only', null, words));
    node.append(dot);
    return node;
}
