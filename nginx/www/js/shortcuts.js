// shortcuts: what the keyboard does everywhere on the page, one row each; from these rows come
// what is done (shell.js), the hints of the palette and the list that `?` shows, with what other
// parts do (view/shortcut_list.js). No key is taken that a browser or an input method has a use for,
// and none at all while a dialog, a menu or a card is open: Escape closes that.
//
// A row: { keys: [chord, …], action, words }. `action` is a method of shell.js's actions. A chord:
// modifiers and event.key, joined by +; Mod is Command on a Mac and Ctrl elsewhere. A chord without
// Mod or Alt, but for Escape, counts only outside of fields.

export const SHORTCUTS = [
    { keys: ['Mod+K'], action: 'palette', words: 'keys.palette' },
    { keys: ['/'], action: 'search', words: 'keys.search' },
    { keys: ['Alt+ArrowUp'], action: 'previousRoom', words: 'keys.previous' },
    { keys: ['Alt+ArrowDown'], action: 'nextRoom', words: 'keys.next' },
    { keys: ['Alt+Shift+ArrowUp'], action: 'previousUnread', words: 'keys.previous_unread' },
    { keys: ['Alt+Shift+ArrowDown'], action: 'nextUnread', words: 'keys.next_unread' },
    { keys: ['Escape'], action: 'dismiss', words: 'keys.dismiss' },
    { keys: ['?', 'Mod+/'], action: 'shortcuts', words: 'keys.shortcuts' },
];

const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);
const CAPS = APPLE
    ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' }
    : { Mod: 'Ctrl', Alt: 'Alt', Shift: 'Shift' };
const SIGNS = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', ContextMenu: '☰' };

/** What stands on the keys of a chord: ['Ctrl', 'K']. */
export function caps(chord) {
    const keys = chord.length > 1 ? chord.split('+') : [chord.toUpperCase()];
    return keys.map((key) => CAPS[key] ?? SIGNS[key] ?? key);
}

/** The first chord of an action, or nothing where it has none. */
export function chordFor(action) {
    return SHORTCUTS.find((row) => row.action === action)?.keys[0];
}

/** Does what was pressed. Whoever is nearer and has used the key has prevented its default. */
export function press(event, actions) {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (document.querySelector('dialog[open], :popover-open')) return;
    const chord = chordOf(event);
    const row = SHORTCUTS.find(({ keys }) => keys.includes(chord));
    if (!row || (bare(chord) && writing(event.target))) return;
    event.preventDefault();
    actions[row.action]();
}

function chordOf(event) {
    const key = keyOf(event);
    const signed = key.length === 1 && !/[A-Z]/.test(key); // Shift is how one comes by a sign
    return [
        (APPLE ? event.metaKey : event.ctrlKey) && 'Mod',
        (APPLE ? event.ctrlKey : event.metaKey) && 'Other',
        event.altKey && 'Alt',
        event.shiftKey && !signed && 'Shift',
        key,
    ]
        .filter(Boolean)
        .join('+');
}

/** On a keyboard for another script the letter's place counts. */
function keyOf({ key, code }) {
    const letter = /^Key([A-Z])$/.exec(code)?.[1];
    if (letter && !/^[\x21-\x7e]$/.test(key)) return letter;
    return key.length === 1 ? key.toUpperCase() : key;
}

const bare = (chord) => !/^(?:Mod|Alt)\+|^Escape$/.test(chord);

function writing(node) {
    return node instanceof Element && (node.isContentEditable || node.matches(FIELDS));
}

const FIELDS = 'textarea, select, input:not([type="radio"], [type="checkbox"], [type="button"])';
