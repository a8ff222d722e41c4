// popup: something small that opens at a button: a menu, or a card. The browser's own popover closes
// it on Escape and on a click elsewhere, and lifts it above whatever it opens in; this puts it where
// there is room and gives the focus back.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { opened } from '../base/style.js';

await opened();

const EDGE_PX = 8;

/** Opens `node` at `anchor`, inside `host`, where it is looked for; answers { close, closed }. */
export function popup(anchor, node, { host = landmarkOf(anchor), signal } = {}) {
    const over = new AbortController();
    node.popover = 'auto';
    node.classList.add('popup');
    const close = () => node.isConnected && node.hidePopover();
    node.addEventListener('toggle', ({ newState }) => {
        anchor.setAttribute('aria-expanded', String(newState === 'open'));
        if (newState === 'open') return;
        if (node.contains(document.activeElement) || document.activeElement === document.body)
            anchor.focus();
        node.remove();
        over.abort();
    });
    node.addEventListener('keydown', (event) => leaves(event, node) && close());
    signal?.addEventListener('abort', close, { once: true });
    addEventListener('resize', () => place(anchor, node), { signal: over.signal });
    const grown = new ResizeObserver(() => place(anchor, node));
    over.signal.addEventListener('abort', () => grown.disconnect());
    host.append(node);
    node.showPopover();
    place(anchor, node);
    grown.observe(node);
    return { close, closed: over.signal };
}

/** Where whoever goes from landmark to landmark finds it. */
export const landmarkOf = (anchor) => anchor.closest('dialog, main, nav') ?? document.body;

/** Tab beyond either end goes back to the anchor, and so does Escape, which is nobody else's then. */
function leaves(event, node) {
    if (event.key === 'Escape' && !event.isComposing) {
        event.preventDefault();
        return true;
    }
    const stops = [...node.querySelectorAll('button, a[href], input')];
    const end = stops.at(event.shiftKey ? 0 : -1);
    const over = event.key === 'Tab' && (!end || document.activeElement === end);
    if (over) event.preventDefault();
    return over;
}

/** Below the anchor, or above it where there is more room; along its line from where it begins, or
 *  up to where it ends. Never over the edge of the window. */
function place(anchor, node) {
    const at = anchor.getBoundingClientRect();
    const box = node.getBoundingClientRect();
    const below = at.bottom + EDGE_PX;
    const above = at.top - box.height - EDGE_PX;
    const top = below + box.height <= innerHeight || above < EDGE_PX ? below : above;
    const rtl = getComputedStyle(anchor).direction === 'rtl';
    const sides = [at.left, at.right - box.width];
    const [first, second] = rtl ? sides.reverse() : sides;
    const fits = first >= EDGE_PX && first + box.width <= innerWidth - EDGE_PX;
    const put = (name, value, most) =>
        node.style.setProperty(name, `${Math.max(EDGE_PX, Math.min(value, most - EDGE_PX))}px`);
    put('top', top, innerHeight - box.height);
    put('left', fits ? first : second, innerWidth - box.width);
}

/** Opens a menu at a button, as in menu.js: { label, icon, action, danger? }, or null for a line
 *  between groups. */
export function openMenu(anchor, rows, parts) {
    const list = h('div.menu', { role: 'menu', 'aria-label': anchor.getAttribute('aria-label') });
    list.append(...rows.map((row) => item(row, () => opened.close())));
    const items = [...list.querySelectorAll('button')];
    list.addEventListener('keydown', (event) => step(event, items, () => opened.close()));
    const opened = popup(anchor, list, parts);
    items[0]?.focus();
}

function item(row, close) {
    if (!row) return h('hr');
    const onclick = () => {
        close();
        row.action();
    };
    return h(
        `button${row.danger ? '.dangerous' : ''}`,
        { type: 'button', role: 'menuitem', tabindex: '-1', onclick },
        icon(row.icon),
        h('span', null, row.label),
    );
}

const STEPS = {
    ArrowDown: (at, n) => (at + 1) % n,
    ArrowUp: (at, n) => (at - 1 + n) % n,
    Home: () => 0,
    End: (_, n) => n - 1,
};

function step(event, items, close) {
    if (event.key === 'Tab') close();
    const next = STEPS[event.key]?.(items.indexOf(document.activeElement), items.length);
    if (next === undefined) return;
    event.preventDefault();
    items[next].focus();
}
