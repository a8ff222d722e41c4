// room_tile: the small square that stands for a room: its hue, and whether it is private; or for a
// direct room the face of the other one.

import { h } from '../base/dom.js';
import { hue } from '../base/avatar.js';
import { icon } from '../base/icons.js';
import { face } from './face.js';

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
