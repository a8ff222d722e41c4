// menu: a button and the list that it opens. Arrow keys move, Enter chooses, Escape and a click
// elsewhere close; the focus goes back to the button.
//
// Rows: { label, icon?, action, danger?, checked? } or null for a line between groups.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';

export function menu(button, rows, signal) {
    const anchor = h('div.menu-anchor', null, button);
    hang(anchor, rows, signal);
    return anchor;
}

/** The same where the button stands in its place already; opened by the next click. */
export function hang(anchor, rows, signal) {
    const button = anchor.firstElementChild;
    const list = h(
        'div.menu',
        { role: 'menu', hidden: true },
        rows.map((row) => item(row, close)),
    );
    const items = () => [...list.querySelectorAll('button')];
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    button.addEventListener('click', () => (list.hidden ? open() : close()));
    list.addEventListener('keydown', (event) => move(event, items(), close));
    document.addEventListener(
        'pointerdown',
        (event) => {
            if (!list.hidden && !list.contains(event.target) && !button.contains(event.target))
                toggle(false);
        },
        { signal },
    );
    anchor.append(list);

    function open() {
        toggle(true);
        items()[0]?.focus();
    }

    function close() {
        toggle(false);
        button.focus();
    }

    function toggle(visible) {
        show(list, visible);
        button.setAttribute('aria-expanded', String(visible));
    }
}

function item(row, close) {
    if (!row) return h('hr');
    const choice = row.checked !== undefined;
    return h(
        `button${row.danger ? '.dangerous' : ''}`,
        {
            type: 'button',
            tabindex: '-1',
            role: choice ? 'menuitemradio' : 'menuitem',
            'aria-checked': choice ? String(row.checked) : null,
            onclick: () => {
                close();
                row.action();
            },
        },
        icon(row.icon ?? 'check'),
        h('span', null, row.label),
        choice && row.checked && row.icon && icon('check'),
    );
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function move(event, items, close) {
    if (event.key === 'Escape' || event.key === 'Tab') {
        event.preventDefault();
        close();
    } else if (event.key in STEPS) {
        event.preventDefault();
        const at = items.indexOf(document.activeElement) + STEPS[event.key];
        items[(at + items.length) % items.length].focus();
    } else if (event.key === 'Home' || event.key === 'End') {
        event.preventDefault();
        items.at(event.key === 'Home' ? 0 : -1).focus();
    }
}
