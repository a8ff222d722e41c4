// composer_notes: what is said above the box by itself. Who is writing: one line, whose place is always
// there, so that nothing jumps. And to who has been muted in the room, why he can't write there, and
// until when: nobody sends word when a mute begins or ends, so it is looked at when the server has
// refused something, when it is to end, and when the reader comes back to the page.

import { h, show } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { moment } from '../base/time.js';

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

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const AFTER_MS = 500;

/** `onchange(muted)` when it begins or ends. */
export function mutedNote({ client, room, onchange, signal }) {
    const node = h('p.composer-blocked', { role: 'status', hidden: true });
    let muted = false;
    let timer = 0;
    const look = () => muted && client.rooms.refresh().catch(() => {});
    const draw = () => {
        const { muted_until: until } = client.rooms.get(room.id) ?? room;
        const now = until === null || until > Date.now();
        clearTimeout(timer);
        if (now && until)
            timer = setTimeout(look, Math.min(until - Date.now() + AFTER_MS, LONGEST_TIMER_MS));
        const words = now
            ? t(until ? 'muted_until' : 'muted_here', { when: until && moment(until) })
            : '';
        if (node.textContent !== words) node.textContent = words;
        if (now === muted) return;
        muted = now;
        show(node, muted);
        onchange(muted);
    };
    client.rooms.on('change', draw, signal);
    addEventListener('focus', look, { signal });
    signal.addEventListener('abort', () => clearTimeout(timer));
    return { node, draw };
}
