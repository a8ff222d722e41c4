// lock: one tab at a time, where the browser has locks and lends them (to a frame in another site's
// page it may not). Without them every tab goes ahead, and what they do must be harmless when done
// twice.

/** Waits its turn, then answers what `action` answers. */
export function exclusively(name, action) {
    return request(name, {}, action);
}

/** Answers false at once where another tab is at it. */
export function unlessElsewhere(name, action) {
    return request(name, { ifAvailable: true }, (lock) => (lock ? action() : false), action);
}

async function request(name, options, taken, denied = taken) {
    if (!navigator.locks) return denied();
    try {
        return await navigator.locks.request(`stonechat.${name}`, options, taken);
    } catch (refusal) {
        if (refusal.name !== 'SecurityError') throw refusal;
        return denied();
    }
}
