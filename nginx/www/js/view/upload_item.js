// upload_item: one file on its way: what it is, how far it is, why it isn't there, and what can
// be done about it. It stands in the composer before its message is sent, and in the message after.

import { h, show } from '../base/dom.js';
import { sizeOf } from '../base/files.js';
import { icon } from '../base/icons.js';
import { add, has, t } from '../base/i18n.js';
import { style } from '../base/style.js';
import { files } from '../words/files.js';
import { refusals } from '../words/refusals.js';

await style('css/writing.css');

add(files, refusals);

const THUMB_PX = 88;
const MOST_PICTURE_BYTES = 25 * 1024 * 1024;

/** Lives until its file is forgotten or `signal` ends. With `onremove` it may be taken away or
 *  tried again; in a message that is done to the message. */
export function uploadItem(uploads, key, { onremove, signal } = {}) {
    const stop = new AbortController();
    signal?.addEventListener('abort', () => stop.abort());
    const { name, size, type } = uploads.get(key) ?? { name: '', size: 0, type: '' };
    const face = h('span.upload-face', { 'aria-hidden': 'true' }, icon('file'));
    const bar = h('progress', { max: 100, 'aria-label': t('uploading', { name }) });
    const state = h('span.upload-state', { 'aria-live': 'polite' });
    const retry = h(
        'button.link',
        { type: 'button', onclick: () => uploads.retry(key) },
        t('retry'),
    );
    const node = h(
        'li.upload',
        null,
        face,
        h(
            'div.upload-words',
            null,
            h('span.upload-name', { dir: 'auto', title: name }, name),
            state,
            retry,
            bar,
        ),
        onremove && removal(name, () => onremove(key)),
    );
    const draw = (changed) => changed === key && redraw();
    uploads.on('change', draw, stop.signal);
    uploads.on('progress', draw, stop.signal);
    redraw();
    if (type.startsWith('image/') && size <= MOST_PICTURE_BYTES) picture(uploads, key, face);
    return node;

    function redraw() {
        const now = uploads.state(key);
        if (now === 'gone') return stop.abort();
        node.dataset.state = now;
        bar.value = Math.round(uploads.progress(key) * 100);
        show(bar, now === 'waiting' || now === 'sending');
        show(retry, now === 'failed' && Boolean(onremove));
        const words = wordsOf(uploads, key);
        if (state.textContent !== words) state.textContent = words;
    }
}

const removal = (name, onclick) =>
    h(
        'button.quiet.square',
        {
            type: 'button',
            'aria-label': t('remove_file', { name }),
            title: t('remove_file', { name }),
            onclick,
        },
        icon('close'),
    );

function wordsOf(uploads, key) {
    const state = uploads.state(key);
    if (state === 'failed') return why(uploads.get(key));
    const slowed = uploads.isSlowed(key) ? 'slowed' : state;
    return t(`upload_${slowed}`, { size: sizeOf(uploads.get(key).size) });
}

/** Some codes want other words where it is a file that they refuse. */
function why({ failed }) {
    const own = `upload_failed.${failed}`;
    if (has(own)) return t(own);
    return has(`error.${failed}`) ? t(`error.${failed}`, { n: 1 }) : t('error.internal');
}

/** Drawn, and not linked to: the page's policy lets no blob: in. */
async function picture(uploads, key, face) {
    const blob = await uploads.blob(key);
    const bitmap = blob && (await createImageBitmap(blob).catch(() => null));
    if (!bitmap) return;
    const side = Math.min(bitmap.width, bitmap.height);
    const canvas = h('canvas', { width: THUMB_PX, height: THUMB_PX });
    const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
    canvas.getContext('2d').drawImage(bitmap, x, y, side, side, 0, 0, THUMB_PX, THUMB_PX);
    bitmap.close();
    face.replaceChildren(canvas);
}
