// change: what a later entry of the log makes of a message, the same wherever it is held: in a
// room's log, as the last words in the list of rooms, or quoted by an answer. It is the page's
// side of what the server folds into its history, so the two must agree to the letter.
//
// `folded`: the entry up to which a message shows what became of it. A page says so of all of its
// messages, an entry of the one that it changes; what is not newer changes nothing. So it does not
// matter which of page and entry came first, and no reaction is counted twice.
//
// `wishes`: { emoji: 'add' | 'remove' } of this reader that no entry has confirmed yet.

const CHANGES = {
    edited: (message, { text, at, mentions }) => {
        if (text === undefined || at <= message.edited_at) return message;
        const { mentions: before, ...rest } = message;
        return { ...rest, text, edited_at: at, ...(mentions && { mentions }) };
    },
    deleted: ({ seq, n, at, room, from }) => ({ seq, n, at, room, from, deleted: true }),
    reaction: (message, { emoji, op, mine }) => {
        const reactions = counted(message.reactions ?? [], emoji, op, mine);
        return mine ? unwished({ ...message, reactions }, emoji) : { ...message, reactions };
    },
    pinned: ({ pinned, ...message }, { op }) => {
        return op === 'add' ? { ...message, pinned: true } : message;
    },
};

/** `message` after `entry`, whose target it is; of a reaction, `mine` says whose it is. */
export function changed(message, entry) {
    const change = CHANGES[entry.type];
    if (!change || message.deleted || entry.seq <= (message.folded ?? message.seq)) return message;
    return { ...change(message, entry), folded: entry.seq };
}

/** The messages of a page of history, each with how far it is folded. */
export function folded({ messages, seq }) {
    return seq ? messages.map((message) => ({ ...message, folded: seq })) : messages;
}

/** In the order of first use: an emoji that all have taken back starts anew at the end. */
function counted(rows, emoji, op, mine) {
    const by = op === 'add' ? 1 : -1;
    if (!rows.some((row) => row.emoji === emoji)) {
        return by > 0 ? [...rows, { emoji, count: 1, mine: Boolean(mine) }] : rows;
    }
    return rows
        .map((row) => {
            if (row.emoji !== emoji) return row;
            return { ...row, count: row.count + by, mine: mine ? by > 0 : row.mine };
        })
        .filter(({ count }) => count > 0);
}

/** Shown at once, and until the log says so or the request is refused. */
export function wished(message, emoji, op) {
    return { ...message, wishes: { ...message.wishes, [emoji]: op } };
}

export function unwished({ wishes, ...message }, emoji) {
    const { [emoji]: done, ...rest } = wishes ?? {};
    return Object.keys(rest).length ? { ...message, wishes: rest } : message;
}

/** What is to be seen under a message: its reactions, and what this reader wishes them to be. */
export function reactionsOf({ reactions = [], wishes = {} }) {
    return Object.entries(wishes).reduce((rows, [emoji, op]) => {
        const mine = rows.find((row) => row.emoji === emoji)?.mine ?? false;
        return mine === (op === 'add') ? rows : counted(rows, emoji, op, true);
    }, reactions);
}
