// room_menu: what can be done with the room that is open, in the menu at its head. Fetched when it is
// first opened.

import { add, t } from '../base/i18n.js';
import { may } from '../model/may.js';
import { account } from '../words/account.js';
import { rooms } from '../words/rooms.js';
import { openMenu } from './popup.js';

add(account, rooms);

const SMALL = matchMedia('(max-width: 480px)');

/** `parts`: { client, room, panel, actions, signal }. */
export function openRoomMenu(anchor, parts) {
    if (anchor.childElementCount > 1) return;
    const button = anchor.firstElementChild;
    openMenu(button, rowsOf(button, parts), { host: anchor, signal: parts.signal });
}

function rowsOf(button, { client, room, panel, actions }) {
    const { me } = client;
    const small = (name, picture) =>
        SMALL.matches && {
            label: t(`panel.${name}`),
            icon: picture,
            action: () => panel.toggle(name),
        };
    const rows = [
        small('search', 'search'),
        small('pins', 'pin'),
        may('invite', me, room) && {
            label: t('invite'),
            icon: 'invite',
            action: () => actions.invite(room),
        },
        may('change', me, room) && {
            label: t('room_settings'),
            icon: 'gear',
            action: () => actions.settings(room),
        },
        room.peer && {
            label: t('about_person', { who: room.peer.display }),
            icon: 'person',
            action: () => actions.person(room.peer, button),
        },
        { label: t('notifications'), icon: 'bell', action: () => actions.notifications(room) },
        { label: t('export_room'), icon: 'download', action: () => actions.exported(room) },
        may('leave', me, room) && {
            label: t('leave_room'),
            icon: 'leave',
            danger: true,
            action: () => actions.leave(room),
        },
    ];
    return rows.filter(Boolean);
}
