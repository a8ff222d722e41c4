// palette_rows: what the palette lists for what was typed, in groups that each come in one order:
// what this page knows itself stands first and at once, what the server is asked for below it, so
// that no answer ever moves the row that is about to be chosen.
//
// A group: { words, rows }. A row: { id, label, about?, face, chord?, run }; `face` is what stands
// before it: { icon }, { person } or { room }.

import { add, t } from '../base/i18n.js';
import { bestRank } from '../base/match.js';
import { visits } from '../base/prefs.js';
import { chordFor } from '../shortcuts.js';
import { find } from '../words/find.js';
import { rooms } from '../words/rooms.js';
import { commands } from './commands.js';

add(find, rooms);

const MOST_HERE = 9;
const MOST_RECENT = 7;
const MOST_ASKED = 6;

/** What is there before any answer. `q` '' lists where one has been lately. */
export function known(q, parts) {
    const rooms = parts.client.rooms.list().map((room) => roomRow(room, parts));
    const rows = commands(parts.actions, { inRoom: Boolean(parts.current) }).map(commandRow);
    if (!q) return [recent(rooms, parts), { words: 'palette_commands', rows }];
    return [{ words: 'palette_here', rows: best(q, [...rooms, ...rows]) }];
}

function best(q, rows) {
    return rows
        .map((row, place) => ({ row, place, rank: bestRank(q, row.names) }))
        .filter(({ rank }) => rank < Infinity)
        .sort((a, b) => a.rank - b.rank || a.place - b.place)
        .slice(0, MOST_HERE)
        .map(({ row }) => row);
}

/** The room before this one first: Enter goes back and forth between two. */
function recent(rooms, { current }) {
    const lately = visits();
    const place = ({ room }) => (lately.includes(room) ? lately.indexOf(room) : lately.length);
    const rows = rooms
        .filter(({ room }) => room !== current)
        .sort((a, b) => place(a) - place(b))
        .slice(0, MOST_RECENT);
    return { words: 'palette_recent', rows };
}

function roomRow(room, { actions }) {
    const direct = room.kind === 'direct';
    return {
        id: `room ${room.id}`,
        room: room.id,
        label: room.title || room.name,
        names: [room.title, room.name, room.peer?.name],
        about: direct && room.peer ? `@${room.peer.name}` : t(direct ? 'row_direct' : 'row_room'),
        unread: room.unread,
        face: direct && room.peer ? { person: room.peer } : { room },
        run: () => actions.go(room.id),
    };
}

function commandRow({ id, label, names, icon, action, run }) {
    const chord = chordFor(action);
    const about = t('row_command');
    return { id: `command ${id}`, label, names, about, face: { icon }, chord, run };
}

/** What the server knows of besides: people, and rooms that can be joined. Never throws. */
export async function asked(q, parts) {
    const { api } = parts.client;
    const [people, rooms] = await Promise.all([
        api.users({ q, limit: MOST_ASKED }).then(({ users }) => users, nobody),
        api.directory({ q, limit: MOST_ASKED }).then(({ rooms }) => rooms, nobody),
    ]);
    return [
        { words: 'palette_people', rows: strangers(people, parts) },
        { words: 'palette_public', rows: elsewhere(rooms, parts) },
    ].filter(({ rows }) => rows.length);
}

const nobody = () => [];

/** Who is talked with already stands among the rooms. */
function strangers(people, { client, actions }) {
    const met = new Set(client.rooms.list().map(({ peer }) => peer?.id));
    return people
        .filter(({ id }) => id !== client.me.id && !met.has(id))
        .map((person) => ({
            id: `person ${person.id}`,
            label: person.display,
            about: `@${person.name}`,
            face: { person },
            run: () => actions.direct(person),
        }));
}

function elsewhere(rooms, { client, actions }) {
    return rooms
        .filter(({ id }) => !client.rooms.get(id)?.known)
        .map((room) => ({
            id: `join ${room.id}`,
            label: room.title || room.name,
            about: t('join'),
            face: { room },
            run: () => actions.join(room.id),
        }));
}

export function searchRow(q, { actions }) {
    return {
        id: 'search',
        label: t('search_for', { q }),
        face: { icon: 'search' },
        chord: chordFor('search'),
        run: () => actions.search(q),
    };
}
