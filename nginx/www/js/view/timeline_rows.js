// timeline_rows: what a timeline consists of, computed from the log and the outbox and nothing
// else: day lines, the line above what is new, messages, and at the end what is not sent yet.
//
// A row: { key, look, kind: day | unread | message, … }. Rows with equal key and look are drawn
// alike, so a node that is there already can stay.

import { dayKey } from '../base/time.js';

const GROUP_MS = 5 * 60 * 1000;

/** `newAfter`: the seq after which messages are new to the reader, or null for no such line;
 *  `lookOf(message)`: what else makes a message look otherwise than before. */
export function timelineRows({ log, letters, me, newAfter, lookOf = () => '' }) {
    const rows = [];
    let before = null;
    let marked = newAfter === null;
    for (const message of [...log.messages, ...unsent(log, letters, me)]) {
        const day = !before || dayKey(before.at) !== dayKey(message.at);
        if (day) rows.push(dayRow(message.at));
        const fresh = !marked && isNew(message, newAfter, me);
        if (fresh) rows.push({ key: 'unread', look: '', kind: 'unread' });
        marked ||= fresh;
        rows.push(messageRow(message, day || fresh || !grouped(before, message), lookOf));
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

const draftOf = ({ room, at, text, key, reply_to }, me) => ({ room, at, text, key, reply_to, from: me });

function dayRow(at) {
    const key = `day ${dayKey(at)}`;
    return { key, look: dayKey(Date.now()), kind: 'day', at };
}

function isNew(message, newAfter, me) {
    return !message.letter && message.from.id !== me.id && message.seq > newAfter;
}

function grouped(before, message) {
    return before.from.id === message.from.id && message.at - before.at < GROUP_MS;
}

function messageRow(message, lead, lookOf) {
    const { letter } = message;
    const key = letter ? `letter ${letter.key}` : `message ${message.seq}`;
    const state = [message.key, lead, stateOf(letter), message.edited_at, message.deleted];
    const look = [...state, lookOf(message)].join();
    return { key, look, kind: 'message', message, lead, letter };
}

function stateOf(letter) {
    if (!letter || letter.sent) return '';
    return letter.failed ?? (letter.unkept ? 'unkept' : 'pending');
}
