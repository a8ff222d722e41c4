// face: somebody's avatar with a dot that says whether he is here. Where nobody knows, no dot.

import { avatar } from '../base/avatar.js';
import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';

export function face(user, online, size) {
    const node = h('span.face', null, avatar(user, size));
    if (online === undefined) return node;
    const words = t(online ? 'online' : 'offline');
    const dot = h(`span.dot${online ? '.here' : ''}`, null, h('span.sr-only', null, words));
    node.append(dot);
    return node;
}
