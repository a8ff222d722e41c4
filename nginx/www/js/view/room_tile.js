// room_tile: the small square that stands for a room: its hue, and whether it is private.

import { h } from '../base/dom.js';
import { hue } from '../base/avatar.js';
import { icon } from '../base/icons.js';

export function roomTile(room) {
    const tile = h(
        'span.tile',
        { 'aria-hidden': 'true' },
        icon(room.kind === 'private' ? 'lock' : 'hash'),
    );
    tile.style.setProperty('--hue', hue(room.id));
    return tile;
}
