// conversation: one room, open: its head, its messages, where to write, and
// the panel beside them.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { Composer } from './composer.js';
import { dropZone } from './drop_zone.js';
import { Panel } from './panel.js';
import { headWords, roomHead } from './room_head.js';
import { roomNote } from './room_note.js';
import { Timeline } from './timeline.js';

/** `top(words)` makes what stands above the messages, where that isn't the usual; the words are
 *  the room's name and what it is about. */
export function conversation({ client, room, bar, actions, signal, top }) {
    const timeline = new Timeline(client, room, signal, actions);
    const composer = new Composer({ client, room, signal, onwrote: () => timeline.wrote() });
    const focus = () => composer.focus();
    const panel = new Panel({ client, room, actions, signal });
    const note = roomNote({ client, room, actions, focus, signal });
    const main = h('div.room-main', null, timeline.node, note, composer.node);
    client.people.members(room.id).catch(() => {}); // the head says how many are here
    dropZone(main, {
        words: t('drop_files', { room: room.title || room.name }),
        onfiles: (files) => composer.attach(files),
        signal,
    });
    const nodes = [
        top?.(headWords({ client, room, signal })) ??
            roomHead({ client, room, panel, actions, signal }),
        bar,
        h('div.room-body', null, main, panel.node),
    ];
    return {
        nodes,
        focus,
        jump: (seq) => timeline.jump?.(seq),
        panel: (name, what) => panel.toggle(name, what),
        dismiss: () => panel.close() || timeline.toNewest(),
    };
}

export function nowhere({ bar, actions }) {
    return {
        nodes: [
            bar,
            h(
                'div.nowhere',
                null,
                h('img', { src: 'stonechat.svg', alt: '', width: 112, height: 112 }),
                h('h1', null, t('nowhere_title')),
                h('p', null, t('nowhere_text')),
                h(
                    'div.actions',
                    null,
                    h(
                        'button.plain',
                        { type: 'button', onclick: actions.browse },
                        t('browse_rooms'),
                    ),
                    h('button.primary', { type: 'button', onclick: actions.create }, t('new_room')),
                ),
            ),
        ],
        focus: () => {},
    };
}
