// listed_message: a message as a row of a list beside the conversation: who, when and what, on one
// link that leads to where it stands. In the panel of what was found and in that of the pins.

import { avatar } from './face.js';
import { h } from '../base/dom.js';
import { add, t } from '../base/i18n.js';
import { carried, clipped, marked } from '../base/marked.js';
import { plain } from '../base/text.js';
import { full, moment } from '../base/time.js';
import { find } from '../words/find.js';
import { botMark } from './message.js';

add(find);

/** `go(message)` opens it; `where`: its room, if that is to be said; `beside`: more controls. */
export function listedMessage(message, { go, where, beside }) {
    const { room, seq, from } = message;
    const link = h(
        'a.found',
        {
            href: `#/${room}/${seq}`,
            'data-key': `${room} ${seq}`,
            onclick: (event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                go(message);
            },
        },
        avatar(from),
        h(
            'span.found-words',
            null,
            where && h('span.found-where', { dir: 'auto' }, where),
            h('strong', { dir: 'auto' }, from.display),
            ' ',
            botMark(from),
            ' ',
            stamp(message),
            h('span.found-text', { dir: 'auto' }, said(message)),
        ),
    );
    return h('li.found-row', null, link, beside);
}

const stamp = ({ at }) =>
    h('time', { datetime: new Date(at).toISOString(), title: full(at) }, moment(at));

function said({ text, deleted, files, highlights = [] }) {
    if (deleted) return t('deleted');
    if (!text) return t('a_file', { name: files?.[0]?.name ?? '' });
    const words = plain(text);
    const stretches = carried(text, highlights, words);
    const { text: part, ranges } = stretches ? clipped(words, stretches) : clipped(text, highlights);
    return marked(part, ranges);
}
