// message: one row of the timeline as elements. Names and text go in as text; see text.js.

import { avatar } from '../base/avatar.js';
import { h } from '../base/dom.js';
import { fileAnchor, picture } from '../base/files.js';
import { icon } from '../base/icons.js';
import { has, t } from '../base/i18n.js';
import { linked } from '../base/text.js';
import { clock, day, full } from '../base/time.js';

const ONLY_EMOJI =
    /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*\s*){1,3}$/u;

const KINDS = {
    day: (row) => h('li.day-line', null, h('span', null, day(row.at))),
    unread: () => h('li.new-line', null, h('span', null, t('new_line'))),
    message: messageRow,
};

/** `actions`: { retry(key), discard(key) } for what could not be sent. */
export function rowNode(row, actions) {
    const node = KINDS[row.kind](row, actions);
    node.dataset.key = row.key;
    return node;
}

function messageRow({ message, lead, letter }, actions) {
    const waiting = letter && !letter.sent;
    const node = h(
        'li.message',
        null,
        h('div.gutter', null, lead ? avatar(message.from) : stamp(message)),
        h(
            'div.content',
            null,
            lead ? byline(message) : h('span.sr-only', null, `${message.from.display}: `),
            body(message),
            attached(message),
            waiting && (letter.failed ? failure(letter, actions) : pending()),
        ),
    );
    node.classList.toggle('lead', lead);
    node.classList.toggle('pending', Boolean(waiting && !letter.failed));
    node.classList.toggle('failed', Boolean(letter?.failed));
    if (message.seq) node.dataset.seq = message.seq;
    return node;
}

function byline(message) {
    return h(
        'div.byline',
        null,
        h('strong.author', { dir: 'auto', title: `@${message.from.name}` }, message.from.display),
        stamp(message),
    );
}

function stamp({ at }) {
    return h('time.stamp', { datetime: new Date(at).toISOString(), title: full(at) }, clock(at));
}

function body({ text, deleted }) {
    if (deleted) return h('p.text.deleted', null, t('deleted'));
    if (text === '') return null;
    const node = h('p.text', { dir: 'auto' }, linked(text));
    node.classList.toggle('jumbo', ONLY_EMOJI.test(text));
    return node;
}

/** Files, each a link; what the server says is a picture is shown. Only addresses of its own. */
function attached({ files = [], deleted }) {
    const own = deleted ? [] : files.filter(({ url }) => url.startsWith('/api/v1/files/'));
    return own.length > 0 && h('div.files', null, own.map(fileLink));
}

function fileLink(file) {
    const { url, name, width, height } = file;
    const shown = width
        ? picture({ src: url, alt: name, width, height, loading: 'lazy', decoding: 'async' })
        : name;
    return fileAnchor({ href: url, title: name, target: '_blank', rel: 'noopener' }, shown);
}

const pending = () => h('p.letter-state', null, icon('clock'), h('span', null, t('pending')));

function failure({ key, failed }, { retry, discard }) {
    const why = has(`error.${failed}`) ? t(`error.${failed}`, { n: 1 }) : t('error.internal');
    return h(
        'p.letter-state.bad',
        null,
        icon('warning'),
        h('span', null, t('not_sent', { why })),
        h('button.link', { type: 'button', onclick: () => retry(key) }, t('retry')),
        h('button.link', { type: 'button', onclick: () => discard(key) }, t('discard')),
    );
}
