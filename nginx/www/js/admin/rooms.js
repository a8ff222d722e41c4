// rooms: all of them by their facts, private ones too; nothing of what was said in them.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { explain, t } from '../base/i18n.js';
import { brief } from '../base/time.js';
import { confirm } from '../view/dialog.js';
import { menu } from '../view/menu.js';
import { roomTile } from '../view/face.js';
import { List } from './list.js';

export function roomsView({ api, toasts, signal }) {
    const list = new List({
        load: async (cursor) => {
            const { rooms, next } = await api.allRooms(cursor ? { cursor } : {});
            return { rows: rooms.sort((a, b) => b.n - a.n), next };
        },
        row: (room) => row(room),
        count: (n) => t('admin.rooms_shown', { n }),
    });
    list.renew();
    return h('div', null, h('div.tools', null, list.status), list.node);

    function row(room) {
        return h(
            'li.listing-row',
            { 'data-room': room.id },
            roomTile(room),
            h(
                'div.listing-words',
                null,
                h('strong', { dir: 'auto' }, titleOf(room)),
                h('small', null, about(room)),
            ),
            h('span.marks', null, h('span.mark', null, t(`admin.kind.${room.kind}`))),
            room.kind === 'direct' || room.by === null ? h('span.square') : actions(room),
        );
    }

    function actions(room) {
        const button = h(
            'button.quiet.square',
            { type: 'button', 'aria-label': t('admin.menu_of', { name: titleOf(room) }) },
            icon('more'),
        );
        const rows = [
            {
                label: t('admin.delete_room'),
                icon: 'close',
                danger: true,
                action: () => remove(room),
            },
        ];
        return menu(button, rows, signal);
    }

    async function remove(room) {
        const sure = await confirm({
            title: t('admin.delete_room'),
            text: t('admin.delete_room_text', { room: titleOf(room) }),
            action: t('admin.delete_room'),
            danger: true,
            signal,
        });
        if (!sure) return;
        try {
            await api.deleteRoom(room.id);
            toasts.show('done', t('admin.done'));
        } catch (problem) {
            toasts.show('bad', explain(problem));
        }
        list.renew();
    }
}

const titleOf = (room) =>
    room.kind === 'direct' ? t('admin.direct_room') : room.title || room.name;

const about = (room) =>
    [
        t('admin.members', { n: room.members }),
        t('admin.messages', { n: room.n }),
        t('admin.created', { when: brief(room.created_at) }),
    ].join(' · ');
