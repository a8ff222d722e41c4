// typing_line: one line that says who is writing. Its place is always there, so nothing jumps.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';

const WORDS = [
    () => '',
    ([a]) => t('typing_one', { a: a.display }),
    ([a, b]) => t('typing_two', { a: a.display, b: b.display }),
    () => t('typing_several'),
];

export function typingLine({ typing }, room, signal) {
    const words = h('span', { dir: 'auto' });
    const node = h(
        'p.typing-line',
        null,
        h('span.dots', { 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
        words,
    );
    const draw = (changed) => {
        if (changed !== room.id) return;
        const writers = typing.of(room.id);
        words.textContent = WORDS[Math.min(writers.length, WORDS.length - 1)](writers);
        node.classList.toggle('busy', writers.length > 0);
    };
    typing.on('change', draw, signal);
    draw(room.id);
    return node;
}
