// lock: one tab at a time, where the browser has locks. Without them every tab goes ahead, and
// what they do must be harmless when done twice.

/** Waits its turn, then answers what `action` answers. */
export function exclusively(name, action) {
    if (!navigator.locks) return action();
    return navigator.locks.request(`stonechat.${name}`, action);
}

/** Answers false at once where another tab is at it. */
export function unlessElsewhere(name, action) {
    if (!navigator.locks) return action();
    const taken = (lock) => (lock ? action() : false);
    return navigator.locks.request(`stonechat.${name}`, { ifAvailable: true }, taken);
}
