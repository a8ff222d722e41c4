// composer_bar: what stands above the box while it is more than a new message: whom it answers,
// or that a message is being changed. One line of that message, and a way out.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, t } from '../base/i18n.js';
import { style } from '../base/style.js';
import { plain } from '../base/text.js';
import { writing } from '../words/writing.js';

await style('css/writing.css');

add(writing);

const MOST_LETTERS = 160;

const KINDS = {
    reply: { icon: 'reply', title: ({ from }) => t('replying_to', { who: from.display }) },
    edit: { icon: 'pencil', title: () => t('editing') },
};

export class ComposerBar {
    node = h('div.composer-bar', { hidden: true });

    #alert = h('p.composer-alert', { role: 'alert', hidden: true });
    #onend;

    /** Stands in `place`; `onend()` is what the way out does. */
    constructor(place, onend) {
        this.#onend = onend;
        place.replaceWith(this.node);
    }

    open(kind, message) {
        const row = KINDS[kind];
        this.say('');
        this.node.dataset.kind = kind;
        this.node.replaceChildren(
            icon(row.icon),
            h(
                'div.composer-bar-words',
                { id: 'composer-bar' },
                h('strong', { dir: 'auto' }, row.title(message)),
                h('span.quoted', { dir: 'auto' }, quoted(message)),
            ),
            h(
                'button.quiet.square',
                {
                    type: 'button',
                    'aria-label': t(`cancel_${kind}`),
                    title: t(`cancel_${kind}`),
                    onclick: () => this.#onend(),
                },
                icon('close'),
            ),
            this.#alert,
        );
        show(this.node, true);
    }

    /** What has gone wrong, or nothing any more. */
    say(words) {
        this.#alert.textContent = words;
        show(this.#alert, Boolean(words));
    }

    close() {
        show(this.node, false);
        this.node.replaceChildren();
    }
}

function quoted({ text, files }) {
    const line = (text && plain(text)) || files?.map(({ name }) => name).join(', ') || '';
    return line.slice(0, MOST_LETTERS);
}
