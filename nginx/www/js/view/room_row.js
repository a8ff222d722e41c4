// room_row: one row of the list of rooms: what it is called, what was said last, how much of it is
// unread, and of that what mentions the reader; or what the reader has half written there. A direct
// room shows the other one's face.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { brief } from '../base/time.js';
import { roomMark } from './face.js';

const MOST = 99;

/** { node, draw(room, { chosen, me, online, draft }) }; `online` is that of a direct room's other
 *  one, `draft` what is half written, or nothing. */
export function roomRow(id) {
    const title = h('span.room-title', { dir: 'auto' });
    const time = h('time.room-time');
    const snippet = h('span.room-snippet', { dir: 'auto' });
    const mentions = h('span.mention-count', { 'aria-hidden': 'true' });
    const badge = h('span.badge', { 'aria-hidden': 'true' });
    const mark = h('span.room-mark', { 'aria-hidden': 'true' });
    const link = h(
        'a.room-row',
        { href: `#/${id}` },
        mark,
        h(
            'span.room-words',
            { 'aria-hidden': 'true' },
            h('span.room-line', null, title, time),
            h('span.room-line', null, snippet, mentions, badge),
        ),
    );
    const draw = (room, { chosen, me, online, draft }) => {
        const half = draft && !chosen;
        title.textContent = room.title || room.name;
        time.textContent = room.last ? brief(room.last.at) : '';
        snippet.textContent = half ? draftOf(draft) : snippetOf(room, me);
        snippet.classList.toggle('draft', Boolean(half));
        count(badge, room.unread);
        count(mentions, room.mentions, '@');
        redraw(mark, JSON.stringify([room.kind, room.peer, online]), () => roomMark(room, online));
        link.classList.toggle('unread', room.unread > 0);
        link.setAttribute('aria-label', labelOf(room, online, draft));
        if (chosen) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
    };
    return { node: h('li', null, link), draw };
}

function count(badge, n, sign = '') {
    badge.textContent = n > MOST ? `${sign}${MOST}+` : `${sign}${n}`;
    badge.hidden = n === 0;
}

function redraw(node, look, make) {
    if (node.dataset.look === look) return;
    node.dataset.look = look;
    node.replaceChildren(make());
}

function labelOf(room, online, draft) {
    return [
        room.title || room.name,
        online !== undefined && t(online ? 'online' : 'offline'),
        room.unread && t('unread', { n: room.unread }),
        room.mentions && t('mentions_count', { n: room.mentions }),
        draft && t('draft'),
    ]
        .filter(Boolean)
        .join(', ');
}

function draftOf({ text, files, edit }) {
    const words = edit?.text.trim() || text.trim();
    return t('draft_snippet', { text: words || t('draft_files', { n: files.length }) });
}

function snippetOf({ last, seq }, me) {
    if (!last) return seq === null ? '' : t('no_messages_yet');
    const { from, text, deleted, files } = last;
    const who = from.id === me.id ? t('you') : from.display;
    return t('snippet', { who, text: deleted ? t('deleted') : text || files?.[0].name });
}
