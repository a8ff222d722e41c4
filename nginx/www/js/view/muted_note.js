// muted_note: says to who has been muted in a room why he can't write there, and until when.
// Nobody sends word when a mute begins or ends: it is looked at when the server has refused
// something, when it is to end, and when the reader comes back to the page.

import { h, show } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { moment } from '../base/time.js';

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
