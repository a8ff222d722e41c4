// departure: what is asked before somebody leaves a room or signs out, and then done. Fetched when
// it is first needed. Each takes { client, actions, signal }.

import { add, explain, t } from '../base/i18n.js';
import { account } from '../words/account.js';
import { rooms } from '../words/rooms.js';
import { confirm } from './dialog.js';

add(account, rooms);

export async function leave({ client, actions, signal }, room) {
    const title = room.title || room.name;
    const sure = await confirm({
        title: t('leave_room'),
        text: t(isAlone(client, room) ? 'leave_last_text' : 'leave_room_text', { room: title }),
        action: t('leave'),
        danger: true,
        signal,
    });
    if (!sure) return;
    try {
        await client.api.leave(room.id);
        client.rooms.left({ room: room.id });
    } catch (problem) {
        const words = problem.code === 'forbidden' ? t('cannot_leave') : explain(problem);
        actions.toast('bad', words);
        if (problem.code === 'last_owner') actions.panel('members', { what: 'owner' });
    }
}

function isAlone({ people }, { id }) {
    const count = people.count(id);
    return count?.whole && count.members === 1;
}

export async function signOut({ client, actions, signal }) {
    const n = client.outbox.size;
    const sure =
        !n ||
        (await confirm({
            title: t('sign_out'),
            text: t('sign_out_pending', { n }),
            action: t('sign_out'),
            danger: true,
            signal,
        }));
    if (!sure) return;
    try {
        await client.part('', () => client.api.signOut());
    } catch (problem) {
        if (problem.status !== 401) actions.toast('bad', explain(problem));
    }
}
