// commands: what the palette can do beside going somewhere, one row each.
//
// A row: { id, words, icon, action, holes?, also?, values?, here? }. `words` is a key of the strings
// and `holes` what is filled into it, `action` a method of shell.js's actions and `values` what it
// is called with; `here`: only where a room is open. A command is found by its words in either
// language, and by those of the keys in `also`.

import { languages, strings, t } from '../base/i18n.js';
import { themes } from '../base/theme.js';

const THEME_ICONS = { auto: 'desktop', light: 'sun', dark: 'moon' };

const panel = (name, icon) => ({
    id: name,
    words: `panel.${name}`,
    icon,
    action: 'panel',
    values: [name],
    here: true,
});

const ROWS = [
    { id: 'create', words: 'new_room', icon: 'plus', action: 'create' },
    { id: 'browse', words: 'browse_rooms', icon: 'compass', action: 'browse' },
    { id: 'search', words: 'search_messages', icon: 'search', action: 'search' },
    panel('members', 'people'),
    panel('pins', 'pin'),
    { id: 'shortcuts', words: 'shortcuts_list', icon: 'keyboard', action: 'shortcuts' },
    { id: 'profile', words: 'profile', icon: 'person', action: 'profile' },
    { id: 'devices', words: 'devices', icon: 'devices', action: 'devices' },
    ...themes.map((name) => ({
        id: `theme ${name}`,
        words: 'show_theme',
        holes: () => ({ name: t(`theme.${name}`) }),
        also: [`theme.${name}`],
        icon: THEME_ICONS[name],
        action: 'theme',
        values: [name],
    })),
    ...languages.map(({ id, label }) => ({
        id: `language ${id}`,
        words: 'show_language',
        holes: () => ({ name: label }),
        icon: 'globe',
        action: 'language',
        values: [id],
    })),
    { id: 'out', words: 'sign_out', icon: 'leave', action: 'signOut' },
];

/** Each: { id, label, names, icon, action, run }. */
export function commands(actions, { inRoom }) {
    return ROWS.filter(({ here }) => !here || inRoom).map((row) => ({
        ...row,
        label: labelOf(row),
        names: [labelOf(row), ...[row.words, ...(row.also ?? [])].flatMap(plain)],
        run: () => actions[row.action](...(row.values ?? [])),
    }));
}

const labelOf = ({ words, holes }) => t(words, holes?.());

/** Its words in every language, without what is to be filled in. */
const plain = (key) => strings[key].map((words) => words.replace(/[:：]?\s*\{\w+\}/g, ''));
