// timeline_rows: what a timeline consists of, computed from the log and the outbox and nothing
// else: day lines, the line above what is new, messages, who has read them, and at the end what
// is not sent yet.
//
// A row: { key, look, kind: day | unread | message | receipt, … }. Rows with equal key and look
// are drawn alike, so a node that is there already can stay. A message that has changed is another
// object (see change.js), so which object it is says how it looks, but for what stands elsewhere.

import { dayKey } from '../base/time.js';

const GROUP_MS = 5 * 60 * 1000;

/** `newAfter`: the seq after which messages are new to the reader, or null for no such line; nor is
 *  there one where what comes right after it isn't held.
 *  `receipt`: { seq, look, … }, which stands below that message, or null; `lookOf(message)`: what
 *  else makes a message look otherwise than before. */
export function timelineRows({ log, letters, me, newAfter, receipt = null, lookOf = () => '' }) {
    const rows = [];
    let before = null;
    let marked = newAfter === null || !log.joins(newAfter);
    for (const message of [...log.messages, ...unsent(log, letters, me)]) {
        const day = !before || factsOf(before).day !== factsOf(message).day;
        if (day) rows.push(dayRow(message.at));
        const fresh = !marked && isNew(message, newAfter, me);
        if (fresh) rows.push({ key: 'unread', look: '', kind: 'unread' });
        marked ||= fresh;
        const lead = day || fresh || !grouped(before, message);
        rows.push(messageRow(message, lead, lookOf(message)));
        if (receipt && message.seq === receipt.seq) rows.push(receiptRow(receipt));
        before = message;
    }
    return rows;
}

/** Letters as messages; those that have come round in the log meanwhile are left out. */
function unsent(log, letters, me) {
    return letters
        .filter((letter) => !log.holds(me.id, letter.key))
        .filter((letter) => !(letter.sent && letter.sent.seq <= log.last))
        .map((letter) => ({ ...(letter.sent ?? draftOf(letter, me)), letter }));
}

const draftOf = ({ room, at, text, key, reply_to }, me) => ({
    room,
    at,
    text,
    key,
    reply_to,
    from: me,
});

const facts = new WeakMap();
let count = 0;

/** What a room of many messages is not to work out again with each that comes. */
function factsOf(message) {
    const known = facts.get(message);
    if (known) return known;
    const fresh = { day: dayKey(message.at), look: ++count, rows: {} };
    facts.set(message, fresh);
    return fresh;
}

function dayRow(at) {
    const key = `day ${dayKey(at)}`;
    return { key, look: dayKey(Date.now()), kind: 'day', at };
}

const receiptRow = (receipt) => ({ key: 'receipt', kind: 'receipt', ...receipt });

function isNew(message, newAfter, me) {
    return !message.letter && message.from.id !== me.id && message.seq > newAfter;
}

function grouped(before, message) {
    return before.from.id === message.from.id && message.at - before.at < GROUP_MS;
}

function messageRow(message, lead, more) {
    const { letter } = message;
    if (letter) return letterRow(message, lead, more);
    const { rows, look } = factsOf(message);
    rows[lead] ??= {
        key: `message ${message.seq}`,
        look: `${look} ${lead}`,
        kind: 'message',
        message,
        lead,
    };
    return more ? { ...rows[lead], look: `${rows[lead].look} ${more}` } : rows[lead];
}

/** A letter is made into a message anew each time; only what becomes of it changes it. */
function letterRow(message, lead, more) {
    const { letter } = message;
    const look = [message.key, lead, stateOf(letter), more].join();
    return { key: `letter ${letter.key}`, look, kind: 'message', message, lead, letter };
}

function stateOf(letter) {
    if (letter.sent) return '';
    return letter.failed ?? (letter.unkept ? 'unkept' : 'pending');
}
