// message_tools: the deeds as buttons: a few on the message itself, under the pointer or the
// focus, and all of them in the menu, which begins with the emoji that this reader uses most.

import { h } from '../base/dom.js';
import { recent, USUAL } from '../base/emoji.js';
import { icon } from '../base/icons.js';
import { add, t } from '../base/i18n.js';
import { style } from '../base/style.js';
import { reactionsOf } from '../model/change.js';
import { message } from '../words/message.js';
import { DEEDS, deedsFor, perform, react } from './message_deeds.js';
import { openOverlay } from './overlay.js';

await style('css/message_tools.css');

add(message);

const AT_HAND = ['react', 'reply', 'edit'];
const QUICK = 6;

/** Its buttons bear data-deed, which message_hands.js hears. Nobody has to be told of them. */
export function toolsNode(context) {
    const names = deedsFor(context).filter((name) => AT_HAND.includes(name));
    return h(
        'div.message-tools',
        { role: 'toolbar', 'aria-label': t('do_tools'), 'aria-live': 'off' },
        names.map((name) => tool(name, DEEDS[name].icon)),
        deedsFor(context).length > 0 && tool('menu', 'more', { 'aria-haspopup': 'menu' }),
    );
}

const tool = (name, picture, more = {}) =>
    h(
        'button.quiet.square',
        {
            type: 'button',
            'data-deed': name,
            'aria-label': t(`do_${name}`),
            title: t(`do_${name}`),
            ...more,
        },
        icon(picture),
    );

export function openMenu(context) {
    const names = deedsFor(context);
    if (!names.length) return;
    const node = h('div.menu', { role: 'menu', 'aria-label': t('do_tools') });
    const choose = (action) => () => {
        popup.close();
        action();
    };
    const quick = names.includes('react') && quickRow(context, choose);
    const rows = names.map((name) => item(name, choose(() => perform(name, context))));
    node.append(...[quick, ...rows].filter(Boolean));
    node.addEventListener('keydown', (event) => move(event, node));
    const button = context.row.querySelector('[data-deed="menu"]');
    const popup = openOverlay(node, { anchor: button ?? context.row, signal: context.signal });
    node.querySelector('button').focus();
}

function item(name, onclick) {
    const { icon: picture, danger, key } = DEEDS[name];
    return h(
        `button${danger ? '.dangerous' : ''}`,
        { type: 'button', role: 'menuitem', tabindex: '-1', 'aria-keyshortcuts': key, onclick },
        icon(picture),
        h('span', null, t(`do_${name}`)),
        h('kbd', { 'aria-hidden': 'true' }, key),
    );
}

function quickRow(context, choose) {
    const own = reactionsOf(context.message).filter(({ mine }) => mine);
    const mine = new Set(own.map(({ emoji }) => emoji));
    const emoji = [...new Set([...recent(), ...USUAL])].slice(0, QUICK);
    return h(
        'div.menu-quick',
        { role: 'group', 'aria-label': t('do_react') },
        emoji.map((one) =>
            h(
                'button',
                {
                    type: 'button',
                    role: 'menuitemcheckbox',
                    tabindex: '-1',
                    'aria-checked': String(mine.has(one)),
                    onclick: choose(() => react(context, one, mine.has(one) ? 'remove' : 'add')),
                },
                one,
            ),
        ),
    );
}

const ACROSS = { ArrowRight: 1, ArrowLeft: -1 };
const DOWN = { ArrowDown: 1, ArrowUp: -1 };

function move(event, node) {
    const to = target(event.key, [...node.querySelectorAll('button')]);
    if (!to) return;
    event.preventDefault();
    to.focus();
}

/** Left and right along the emoji; up and down along the rows, of which those are the first. */
function target(key, items) {
    if (key === 'Home' || key === 'End') return items.at(key === 'Home' ? 0 : -1);
    const here = document.activeElement;
    const quick = items.filter((item) => item.parentElement.matches('.menu-quick'));
    if (key in ACROSS) return quick.includes(here) && step(quick, here, ACROSS[key]);
    const rows = items.filter((item) => !quick.includes(item) || item === quick[0]);
    const row = quick.includes(here) ? quick[0] : here;
    return key in DOWN && step(rows, row, DOWN[key]);
}

const step = (items, from, by) => items[(items.indexOf(from) + by + items.length) % items.length];
