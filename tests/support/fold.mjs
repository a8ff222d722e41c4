/*
 * fold: a room's log, entry by entry, into what its history shows: the contract's rules, written
 * once more and without a look at how the server does it. For tests that compare the two, and for
 * whoever writes a client.
 */
const RULES = {
  message(messages, { type, ...message }) {
    messages.set(message.seq, message);
  },
  edited(messages, { target, text, mentions, at }) {
    const message = messages.get(target);
    if (!message || message.deleted || text === undefined) return;
    Object.assign(message, { text, edited_at: at });
    delete message.mentions;
    if (mentions) message.mentions = mentions;
  },
  deleted(messages, { target }) {
    const message = messages.get(target);
    if (!message) return;
    const { seq, n, at, room, from } = message;
    messages.set(target, { seq, n, at, room, from, deleted: true });
  },
  reaction(messages, { target, from, emoji, op }) {
    const message = messages.get(target);
    if (!message || message.deleted) return;
    const uses = (message.uses ??= new Map()); // emoji -> who, in the order of first use
    const who = uses.get(emoji) ?? new Set();
    if (op === 'add') uses.set(emoji, who.add(from.id));
    else if (who.delete(from.id) && !who.size) uses.delete(emoji);
  },
  pinned(messages, { target, op }) {
    const message = messages.get(target);
    if (!message || message.deleted) return;
    if (op === 'add') message.pinned = true;
    else delete message.pinned;
  },
};

export class Fold {
  messages = new Map();
  seq = 0;

  /* An entry of any type, once; what is not after the last one is passed over. */
  take(entry) {
    if (entry.seq <= this.seq) return;
    this.seq = entry.seq;
    RULES[entry.type]?.(this.messages, structuredClone(entry));
  }

  /* What GET /rooms/{room}/messages shows `user`, oldest first. */
  history(user) {
    return [...this.messages.values()].map(({ uses, ...message }) => {
      if (!uses?.size) return message;
      const reactions = [...uses].map(([emoji, who]) => ({ emoji, count: who.size, mine: who.has(user) }));
      return { ...message, reactions };
    });
  }
}
