// prefs: what this browser remembers for its reader: language, theme, who was signed in, and
// the list of rooms for a start without a network. Storage may be full or forbidden; then
// everything works as on a first visit.

const PREFIX = 'stonechat.';

let shelf = () => localStorage;

/** For as long as the tab lives, and for nobody else: for a chat within another site's page. */
export function onlyThisTab() {
    shelf = () => sessionStorage;
}

export function load(name) {
    try {
        return JSON.parse(shelf().getItem(PREFIX + name));
    } catch {
        return null;
    }
}

/** Answers whether it is really kept. */
export function save(name, value) {
    try {
        if (value === null) shelf().removeItem(PREFIX + name);
        else shelf().setItem(PREFIX + name, JSON.stringify(value));
        return true;
    } catch {
        return false;
    }
}

export function names(prefix) {
    try {
        return Object.keys(shelf())
            .filter((name) => name.startsWith(PREFIX + prefix))
            .map((name) => name.slice(PREFIX.length));
    } catch {
        return [];
    }
}

/** Calls `listener(name)` when another tab has changed something; null when it cleared all. */
export function onChange(listener, signal) {
    addEventListener(
        'storage',
        (event) => {
            if (event.key === null) listener(null);
            else if (event.key.startsWith(PREFIX)) listener(event.key.slice(PREFIX.length));
        },
        { signal },
    );
}

/** The rooms that were opened in this browser, the last one first: ids, no names. */
const MOST_VISITS = 20;

export function visited(room) {
    const before = visits().filter((id) => id !== room);
    save('visits', [room, ...before].slice(0, MOST_VISITS));
}

export function visits() {
    const kept = load('visits');
    return Array.isArray(kept) ? kept : [];
}
