// feed: what comes over the live connection, handed to whom it concerns, one row a type.
// Types without a row are of a later version and are let pass.

const entry = ({ client, rooms, history, references, outbox, me }, frame) => {
    const news = rooms.entry(frame);
    history.entry(frame);
    references.entry(frame);
    if (news) client.emit('entry', frame);
    if (frame.type === 'message' && frame.from.id === me.id) outbox.seen(frame.key);
    return news;
};

/** Passes by: whoever shows it listens to the client. */
const told = ({ client }, frame) => client.emit(frame.type, frame);

const ROWS = {
    message: entry,
    edited: entry,
    deleted: entry,
    reaction: (models, frame) => entry(models, { ...frame, mine: frame.from.id === models.me.id }),
    pinned: entry,
    member: (models, frame) =>
        entry(models, frame) && [models.people.entry(frame), told(models, frame)],
    room: entry,
    joined: ({ rooms }, frame) => rooms.joined(frame),
    left: ({ rooms }, frame) => rooms.left(frame),
    reset: ({ rooms }, frame) => rooms.reset(frame),
    read: ({ rooms, me, client }, frame) => {
        if (frame.user.id === me.id) rooms.readUpTo(frame.room, frame.seq);
        else client.emit('read', frame);
    },
    presence: (models, frame) => [models.people.present(frame), told(models, frame)],
    typing: told,
    mention: told,
    notice: told,
};

export function deliver(models, frame) {
    return ROWS[frame.type]?.(models, frame);
}
