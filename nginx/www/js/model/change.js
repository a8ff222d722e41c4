// change: what a later entry of the log makes of a message, the same wherever it is held: in a
// room's log or as the last words in the list of rooms. An entry that is older than what the
// message shows already changes nothing, so it does not matter which of page and entry came first.

const CHANGES = {
    edited: (message, { text, at }) => {
        const late = message.deleted || text === undefined || at <= message.edited_at;
        return late ? message : { ...message, text, edited_at: at };
    },
    deleted: ({ seq, n, at, room, from }) => ({ seq, n, at, room, from, deleted: true }),
};

/** `message` after `entry`, whose target it is. */
export function changed(message, entry) {
    return CHANGES[entry.type]?.(message, entry) ?? message;
}
