// renewed: the server has a newer page than this one. It is the reader who says when to go over
// to it: whatever is half written is not to be swept away.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, t } from '../base/i18n.js';
import { link } from '../words/link.js';

add(link);

export function offerNew() {
    if (document.querySelector('.toast.renewed')) return;
    const toast = h(
        'div.toast.done.renewed',
        { role: 'status' },
        icon('check'),
        h(
            'div.toast-text',
            null,
            h('p', null, t('renewed')),
            h('button.link', { type: 'button', onclick: () => location.reload() }, t('reload')),
        ),
        h(
            'button.quiet.square',
            { type: 'button', 'aria-label': t('close'), onclick: () => toast.remove() },
            icon('close'),
        ),
    );
    const place = document.querySelector('.toasts');
    if (place) place.append(toast);
    else document.body.append(h('section.toasts', { 'aria-label': t('notices') }, toast));
}
