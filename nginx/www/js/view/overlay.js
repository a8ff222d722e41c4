// overlay: something small that opens at a button and lies over everything: the menu of a message,
// the emoji. It is put where there is room, on a narrow screen at the bottom, closes on Escape and
// when somebody presses elsewhere, and gives the focus back. The browser's own way of closing
// popovers would take the end of a long press, which opened it, for a press elsewhere.

import { opened, style } from '../base/style.js';
import { landmarkOf } from './popup.js';

await Promise.all([opened(), style('css/message_tools.css')]);

const GAP_PX = 6;

/** Opens `node` at `anchor`; answers { close }. `signal` closes it with the view it belongs to. */
export function openOverlay(node, { anchor, signal, onclose = () => {} }) {
    const before = document.activeElement;
    const row = anchor.closest('li');
    node.classList.add('overlay');
    node.setAttribute('popover', 'manual');
    landmarkOf(anchor).append(node);
    node.showPopover();
    place(node, anchor.getBoundingClientRect());
    const gone = new AbortController();
    const close = () => {
        if (gone.signal.aborted) return;
        gone.abort();
        const focused = document.activeElement;
        const within = node.contains(focused) || focused === document.body;
        node.remove();
        if (within) giveBack(before, row);
        onclose();
    };
    dismissable(node, close, gone.signal);
    signal?.addEventListener('abort', close, { once: true });
    return { close };
}

function dismissable(node, close, signal) {
    const pressed = ({ target }) => node.contains(target) || close();
    const key = (event) => {
        if (event.key !== 'Escape' || event.isComposing) return;
        event.preventDefault();
        event.stopPropagation();
        close();
    };
    document.addEventListener('pointerdown', pressed, { capture: true, signal });
    document.addEventListener('keydown', key, { capture: true, signal });
}

function giveBack(before, row) {
    const to = before?.isConnected && before !== document.body ? before : row;
    to?.focus({ preventScroll: true });
}

/** Below, else above; its end at the anchor's end, but always on the screen. */
function place(node, at) {
    const { offsetWidth: width, offsetHeight: height } = node;
    const below = at.bottom + GAP_PX + height <= innerHeight;
    const y = below ? at.bottom + GAP_PX : at.top - GAP_PX - height;
    const start = getComputedStyle(node).direction === 'rtl' ? at.left : at.right - width;
    node.style.setProperty('--x', `${within(start, innerWidth - width)}px`);
    node.style.setProperty('--y', `${within(y, innerHeight - height)}px`);
}

const within = (value, most) => Math.max(GAP_PX, Math.min(value, most - GAP_PX));
