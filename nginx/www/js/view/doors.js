// doors: what leads to everything that is not on the page from the start: each thing is fetched when it is
// first opened. How that is done; all about rooms and people, part of the shell's actions (see
// shell.js); and a menu.

import { h } from '../base/dom.js';
import { explain, t } from '../base/i18n.js';
import { toast } from './toasts.js';

const DOORS = {
    person: () => import('./person.js'),
    invite: () => import('./invite.js'),
    banned: () => import('./banned.js'),
    settings: () => import('./room_settings.js'),
    write: () => import('./new_message.js'),
    profile: () => import('./profile.js'),
};

/** The part that `load()` imports, which the reader has asked for. One that can't be had now is as
 *  any request that failed: he is told, and it is null; asking again fetches it again. */
export async function later(load) {
    try {
        return await load();
    } catch {
        toast('bad', t('error.network'));
        return null;
    }
}

/**
 * `parts`: { client, signal, actions(), room(), onroom(id), tell(kind, words) }. Answers
 * { person(user, anchor), invite(room), banned(room), settings(room), write(), profile(),
 *   direct(user), exported(room), tell }.
 */
export function peopleActions(parts) {
    const { client, tell, onroom } = parts;
    const doors = Object.entries(DOORS).map(([name, load]) => [name, door(parts, load)]);
    const direct = async (user) => {
        try {
            const { room } = await client.api.direct(user.id);
            await client.rooms.refresh();
            onroom(room.id);
        } catch (problem) {
            tell('bad', explain(problem));
        }
    };
    return { ...Object.fromEntries(doors), direct, exported, tell };
}

function door({ client, signal, actions, room, onroom }, load) {
    return async (...what) => {
        const module = await later(load);
        if (!module || signal.aborted) return;
        module.open({ client, signal, actions: actions(), room: room(), onroom }, ...what);
    };
}

/** The browser's own download: however long the log is, it never stands in the page's memory. */
function exported(room) {
    const link = document.createElement('a');
    link.href = `/api/v1/rooms/${room.id}/export`;
    link.download = `${room.name || room.id}.ndjson`;
    link.click();
}

/** A button at which a menu opens. What is in it is somebody else's: `load()` answers with
 *  `open(anchor)`, which has the menu on the screen. */
export function menuLater(button, load) {
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    const anchor = h('div.menu-anchor', null, button);
    let open = null;
    button.addEventListener('click', async () => {
        open ??= await later(load);
        open?.(anchor);
    });
    return anchor;
}
