// feed: what comes over the live connection, handed to whom it concerns, one row a type.
// Types without a row are of a later version and are let pass.

const entry = ({ rooms, history, outbox, me }, frame) => {
    const news = rooms.entry(frame);
    history.entry(frame);
    if (frame.type === 'message' && frame.from.id === me.id) outbox.seen(frame.key);
    return news;
};

const ROWS = {
    message: entry,
    edited: entry,
    deleted: entry,
    reaction: entry,
    pinned: entry,
    member: entry,
    room: entry,
    joined: ({ rooms }, frame) => rooms.joined(frame),
    left: ({ rooms }, frame) => rooms.left(frame),
    reset: ({ rooms }, frame) => rooms.reset(frame),
    read: ({ rooms, me }, { room, user, seq }) => user === me.id && rooms.readUpTo(room, seq),
    notice: ({ client }, frame) => client.emit('notice', frame),
};

export function deliver(models, frame) {
    return ROWS[frame.type]?.(models, frame);
}
