// shortcut_list: what the keyboard does, to be read: everywhere (shortcuts.js), in the box, and on a
// message, as those say whose keys these are. Fetched when it is first opened.

import { h } from '../base/dom.js';
import { add, t } from '../base/i18n.js';
import { opened, style } from '../base/style.js';
import { caps, SHORTCUTS } from '../shortcuts.js';
import { find } from '../words/find.js';
import { openDialog } from './dialog.js';
import { KEYS as DEEDS } from './message_deeds.js';
import { KEYS as HANDS } from './message_hands.js';

await Promise.all([opened(), style('css/find.css')]);

add(find);

/** What composer.js and formatting.js hear. */
const WRITING = [
    { keys: ['Enter'], words: 'keys.send' },
    { keys: ['Shift+Enter'], words: 'keys.newline' },
    { keys: ['Mod+B'], words: 'keys.bold' },
    { keys: ['Mod+I'], words: 'keys.italic' },
    { keys: ['Mod+E'], words: 'keys.code' },
    { keys: ['ArrowUp'], words: 'keys.edit_last' },
];

const GROUPS = {
    'keys.go': SHORTCUTS,
    'keys.write': WRITING,
    'keys.message': rowsOf([...HANDS, ...DEEDS]),
};

export function openShortcuts({ signal }) {
    const sections = Object.entries(GROUPS).map(section);
    const dialog = openDialog({ title: t('shortcuts_list'), signal, wide: true }, sections);
    dialog.querySelector('.dialog-body').tabIndex = 0; // to be scrolled: nothing in it takes the focus
}

/** Several keys that do the same are one row. */
function rowsOf(all) {
    const same = new Map();
    for (const { key, words } of all) same.set(words, [...(same.get(words) ?? []), key]);
    return [...same].map(([words, keys]) => ({ words, keys }));
}

const section = ([group, rows]) =>
    h('section', null, h('h3', null, t(group)), h('dl.shortcuts', null, rows.map(row)));

const row = ({ keys, words }) =>
    h('div', null, h('dt', null, t(words)), h('dd', null, keys.map(chord)));

const chord = (one, i) => [
    i > 0 && h('small', null, t('keys.or')),
    h('span.keys', null, caps(one).map((cap) => h('kbd', null, cap))),
];
