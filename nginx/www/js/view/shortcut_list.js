// shortcut_list: the rows of shortcuts.js, to be read. Fetched when it is first opened.

import { h } from '../base/dom.js';
import { add, t } from '../base/i18n.js';
import { opened, style } from '../base/style.js';
import { caps, GROUPS, SHORTCUTS } from '../shortcuts.js';
import { find } from '../words/find.js';
import { openDialog } from './dialog.js';

await Promise.all([opened(), style('css/find.css')]);

add(find);

export function openShortcuts({ signal }) {
    openDialog({ title: t('shortcuts_list'), signal, wide: true }, GROUPS.map(section));
}

function section(group) {
    const rows = SHORTCUTS.filter((row) => row.group === group);
    return h('section', null, h('h3', null, t(group)), h('dl.shortcuts', null, rows.map(row)));
}

const row = ({ keys, words }) =>
    h('div', null, h('dt', null, t(words)), h('dd', null, keys.map(chord)));

const chord = (one, i) => [
    i > 0 && h('small', null, t('keys.or')),
    h('span.keys', null, caps(one).map((cap) => h('kbd', null, cap))),
];
