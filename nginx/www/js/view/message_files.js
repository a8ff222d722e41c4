// message_files: what was sent with a message. What the server says is a picture is shown, in the
// space that it will need, so that nothing moves when it comes; all else is a card with what kind
// of thing it is, its name and its size. Only addresses of the site itself are ever used.

import { h } from '../base/dom.js';
import { fileAnchor, picture as image, sizeOf } from '../base/files.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';

const OWN = '/api/v1/files/';
const WIDE_PX = 360;
const HIGH_PX = 320;

/** The first row that fits says how a file looks. */
const KINDS = [
    [/^image\//, 'file'],
    [/^video\//, 'film'],
    [/^audio\//, 'music'],
    [/^text\/|pdf|document|msword|sheet|excel|presentation|json|xml/, 'sheet'],
    [/./, 'file'],
];

export function attached({ files = [], deleted }) {
    const own = deleted ? [] : files.filter(({ url }) => url.startsWith(OWN));
    if (!own.length) return null;
    return h('div.files', null, own.map((file) => (file.width ? picture(file) : card(file))));
}

/** The pictures of `messages` in their order: [{ url, name, width, height }]. */
export function picturesOf(messages) {
    return messages
        .filter(({ deleted }) => !deleted)
        .flatMap(({ files = [] }) => files)
        .filter(({ url, width }) => width && url.startsWith(OWN));
}

function picture({ url, name, width, height }) {
    const scale = Math.min(1, WIDE_PX / width, HIGH_PX / height);
    const size = { width: Math.round(width * scale) || 1, height: Math.round(height * scale) || 1 };
    return h(
        'a.file.picture',
        {
            href: url,
            title: name,
            target: '_blank',
            rel: 'noopener',
            'data-picture': url,
            'aria-label': t('picture_open', { name }),
        },
        image({ src: url, alt: name, ...size, loading: 'lazy', decoding: 'async' }),
    );
}

function card({ url, name, type, size }) {
    return fileAnchor(
        'a.file.file-card',
        { href: url, title: name, download: name, target: '_blank', rel: 'noopener' },
        h('span.tile.plain-tile', null, icon(KINDS.find(([kind]) => kind.test(type || '?'))[1])),
        h(
            'span.file-words',
            null,
            h('strong.file-name', { dir: 'auto' }, name),
            h('small', null, sizeOf(size)),
        ),
        icon('download'),
    );
}
