// candidates: who may be meant by what stands behind an @. The people of the room, and where
// anybody may be mentioned, in a public room, those whom the server finds.

import { spelt } from '../base/pinyin.js';

const MOST = 8;

/** The members that `query` may mean, best first. */
export async function membersMeant(client, room, query) {
    const members = await client.people.members(room.id).catch(() => []);
    return meant(
        client,
        members.map(({ user }) => user),
        query,
    );
}

/** The same with those who are not in the room; null where the server is not to be asked. */
export async function anybodyMeant(client, room, query) {
    if (room.kind !== 'public' || !query) return null;
    const [members, found] = await Promise.all([
        client.people.members(room.id).catch(() => []),
        client.api.users({ q: query, limit: MOST }).catch(() => ({ users: [] })),
    ]);
    const users = [...members.map(({ user }) => user), ...found.users];
    return meant(client, [...new Map(users.map((user) => [user.id, user])).values()], query);
}

function meant({ me }, users, query) {
    const typed = folded(query);
    return users
        .filter(({ id }) => id !== me.id)
        .map((user) => ({ user, rank: rankOf(user, typed) }))
        .filter(({ rank }) => rank !== Infinity)
        .sort((a, b) => a.rank - b.rank || a.user.display.localeCompare(b.user.display))
        .slice(0, MOST)
        .map(({ user }) => user);
}

/** From 0, what fits best; Infinity: not at all. */
function rankOf({ name, display }, typed) {
    const [handle, shown] = [folded(name), folded(display)];
    const fits = [
        () => handle === typed || shown === typed,
        () => handle.startsWith(typed) || shown.startsWith(typed),
        () => spelt(typed, shown) === 0 || spelt(typed, handle) === 0,
        () => shown.split(/[\s_.-]+/).some((word) => word.startsWith(typed)),
        () => spelt(typed, shown) > 0,
        () => handle.includes(typed) || shown.includes(typed),
    ];
    const rank = fits.findIndex((fit) => fit());
    return rank < 0 ? Infinity : rank;
}

const folded = (text) => text.normalize('NFKC').toLowerCase();
