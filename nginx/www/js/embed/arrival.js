// arrival: into the room that a site has named, by its id or its name. Whoever is in it is there; a
// public one is joined; of a private one nobody who isn't in it learns more than that there is
// no such room.

import { Problem } from '../model/api.js';

const ID = /^[a-z0-9]{1,32}$/;

/** Resolves to the room, one of the client's own; throws a Problem. */
export async function arrive(client, name, signal) {
    await known(client, signal);
    const mine = find(client.rooms.list(), name);
    if (mine) return mine;
    const { id } = await named(client.api, name);
    await client.api.join(id);
    await client.rooms.refresh();
    return client.rooms.get(id);
}

/** Until the server has said which rooms there are. */
function known({ rooms }, signal) {
    if (rooms.fresh) return null;
    return new Promise((resolve) => {
        const listening = new AbortController();
        signal.addEventListener('abort', () => listening.abort(), { once: true });
        const changed = () => {
            if (!rooms.fresh) return;
            listening.abort();
            resolve();
        };
        rooms.on('change', changed, listening.signal);
    });
}

/** No name at all means the first: everybody's, for most. */
const find = (rooms, name) =>
    name === '' ? rooms[0] : (rooms.find(({ id }) => id === name) ?? byName(rooms, name));

const byName = (rooms, name) => rooms.find((room) => same(room.name ?? '', name));

const same = (a, b) => a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase();

async function named(api, name) {
    const { rooms } = await api.directory({ q: name, limit: 50 });
    const found = byName(rooms, name);
    if (found) return found;
    if (!ID.test(name)) throw new Problem(404, 'not_found');
    return (await api.room(name)).room;
}
