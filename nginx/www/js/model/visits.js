// visits: the rooms that were opened in this browser, the last one first: ids, no names.

import * as prefs from '../base/prefs.js';

const MOST = 20;

export function visited(room) {
    const before = visits().filter((id) => id !== room);
    prefs.save('visits', [room, ...before].slice(0, MOST));
}

export function visits() {
    const kept = prefs.load('visits');
    return Array.isArray(kept) ? kept : [];
}
