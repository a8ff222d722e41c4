// conversation: one room, open: its head, its messages, where to write, and
// the panel beside them.

import { h, once } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { eventually } from '../base/pause.js';
import { Composer } from './composer.js';
import { later } from './doors.js';
import { headWords, roomHead } from './room_head.js';
import { Timeline } from './timeline.js';

const LINK_MS = 1500;

/** `top(words)` makes what stands above the messages, where that isn't the usual; the words are
 *  the room's name and what it is about. */
export function conversation({ client, room, bar, actions, signal, top }) {
    const timeline = new Timeline(client, room, signal, actions);
    const composer = new Composer({ client, room, signal, onwrote: () => timeline.wrote() });
    const focus = () => composer.focus();
    const panel = panelLater({ client, room, actions, signal });
    const note = noteLater({ client, room, actions, focus, signal });
    const main = h('div.room-main', null, timeline.node, note, composer.node);
    countSoon({ client, room, signal });
    dropLater(main, {
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

/** The head says how many are here: asked once there is the connection that keeps it true, or after a
 *  moment without. */
function countSoon({ client, room, signal }) {
    const ask = once(() => signal.aborted || client.people.members(room.id).catch(() => {}));
    client.rooms.on('resumed', ask, signal);
    if (client.link.state === 'live') ask();
    else setTimeout(ask, LINK_MS);
}

/** The panel's place; the panel itself is fetched when it is first opened. */
function panelLater(parts) {
    const node = h('aside.panel', { hidden: true });
    let panel = null;
    const toggle = async (name, what) => {
        const part = await later(() => import('./panel.js'));
        if (part && !parts.signal.aborted)
            (panel ??= new part.Panel(node, parts)).toggle(name, what);
    };
    return { node, toggle, close: () => panel?.close() ?? false };
}

/** Where files may be dropped is fetched when somebody first drags something over the page. Should
 *  it not be there when they are dropped, they are taken all the same. */
function dropLater(node, parts) {
    const over = new AbortController();
    const signal = AbortSignal.any([parts.signal, over.signal]);
    const entered = async ({ target }) => {
        const part = await import('./drop_zone.js').catch(() => null);
        if (!part || signal.aborted) return;
        over.abort();
        part.dropZone(node, { ...parts, inside: node.contains(target) });
    };
    const bare = (event) => {
        const { type, target, dataTransfer } = event;
        if (!dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        if (type === 'drop' && node.contains(target)) parts.onfiles([...dataTransfer.files]);
    };
    addEventListener('dragenter', entered, { signal });
    for (const type of ['dragover', 'drop']) addEventListener(type, bare, { signal });
}

/** The place of what there is to say of the room: fetched where it is empty, the reader is muted
 *  there, or something that he wrote was refused. */
function noteLater(parts) {
    const { client, room, signal } = parts;
    const node = h('div.room-note', { hidden: true });
    const fetchIt = once(async () => {
        const part = await eventually(() => import('./room_note.js'), signal);
        part?.roomNote(node, parts);
    });
    const look = () => {
        const { seq, n, muted_until: until } = client.rooms.get(room.id) ?? room;
        const refused = client.outbox.of(room.id).some(({ failed }) => failed);
        if ((seq !== null && n === 0) || until !== undefined || refused) fetchIt();
    };
    client.rooms.on('change', look, signal);
    client.outbox.on('change', look, signal);
    look();
    return node;
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
