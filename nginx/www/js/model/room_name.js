// room_name: the name under which the server keeps a room, made from what its founder typed.
// A title may be anything; a name is of letters and digits with single joiners between them
// (include/stonechat/text.h), and the directory is searched by names.

import { newKey } from '../base/key.js';

const MOST = 32;
const EDGES = /^[._-]+|[._-]+$/g;

/** "Coffee & cake" coffee-cake; '' where there is nothing that a name could be made of. */
export function nameFrom(title) {
    const joined = title
        .normalize('NFC')
        .replace(/[^\p{L}\p{M}\p{Nd}._-]+/gu, '-')
        .replace(/[._-]{2,}/g, '-')
        .replace(EDGES, '');
    return [...joined].slice(0, MOST).join('').replace(EDGES, '');
}

/** For a title of nothing but pictures. */
export function anyName() {
    return `room-${newKey().replace(/[_-]/g, '').slice(0, 8)}`;
}
