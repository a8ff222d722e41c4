// toasts: short words that come by themselves: notices from outside programs, and answers to
// what the reader did. They go after a while, but not under the pointer or the focus. Whoever has
// something to say and no page at hand says it by toast(), on the page that is there.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';

const STAY_MS = { notice: 15000, done: 5000, bad: 8000 };
const ICONS = { notice: 'megaphone', done: 'check', bad: 'warning' };
const MOST = 4;

let shown = null;

export const toast = (kind, text) => shown?.show(kind, text);

export class Toasts {
    node = h('section.toasts', { 'aria-label': t('notices'), 'aria-live': 'polite' });

    constructor() {
        shown = this;
    }

    show(kind, text, title) {
        const toast = h(
            `div.toast.${kind}`,
            { role: kind === 'bad' ? 'alert' : null },
            icon(ICONS[kind]),
            h('div.toast-text', null, title && h('strong', null, title), h('p', null, text)),
            h(
                'button.quiet.square',
                { type: 'button', 'aria-label': t('close'), onclick: () => toast.remove() },
                icon('close'),
            ),
        );
        this.node.append(toast);
        while (this.node.childElementCount > MOST) this.node.firstElementChild.remove();
        this.#expire(toast, STAY_MS[kind]);
    }

    /** A notice is whatever JSON object somebody has published: its words if it has any. */
    notice({ data, room }, rooms) {
        const title = word(data.title) ?? rooms.get(room)?.title ?? t('notice');
        const text = word(data.text) ?? word(data.message) ?? JSON.stringify(data);
        this.show('notice', text, title);
    }

    #expire(toast, ms) {
        setTimeout(() => {
            if (toast.matches(':hover, :focus-within')) this.#expire(toast, 2000);
            else toast.remove();
        }, ms);
    }
}

const word = (value) => (typeof value === 'string' && value.trim() ? value : undefined);
