// room_note: the line above the box to write in, where there is something to say of the room: in an
// empty one what to do first, and to who is muted until when that is so.

import { batched, h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { moment } from '../base/time.js';
import { isMuted, may } from '../model/may.js';

/** The longest that a timer of the browser can be set for. */
const LONGEST_MS = 2 ** 31 - 1;

export function roomNote({ client, room, actions, focus, signal }) {
    const node = h('div.room-note', { hidden: true });
    let timer = 0;
    const draw = () => {
        const now = client.rooms.get(room.id);
        if (signal.aborted || !now) return;
        clearTimeout(timer);
        const left = now.muted_until - Date.now();
        if (left > 0 && left < LONGEST_MS) timer = setTimeout(draw, left);
        fill(node, now, { client, actions, focus });
    };
    const later = batched(draw);
    client.rooms.on('change', later, signal);
    client.on('room', later, signal);
    client.outbox.on('change', () => askWhy(client, room), signal);
    signal.addEventListener('abort', () => clearTimeout(timer));
    draw();
    return node;
}

/** Nobody tells who is muted: the refusal of what he writes does, and the server then says why. */
const asked = new WeakSet();
function askWhy(client, { id }) {
    for (const letter of client.outbox.of(id)) {
        if (letter.failed !== 'forbidden' || asked.has(letter)) continue;
        asked.add(letter);
        client.rooms.refresh().catch(() => {});
    }
}

/** The first that holds is shown; `look` names all that it depends on. */
const NOTES = [
    { holds: isMuted, look: (room) => `muted ${room.muted_until}`, make: mutedNote },
    { holds: isEmpty, look: (room) => `empty ${room.role} ${room.topic}`, make: firstSteps },
];

function fill(node, room, parts) {
    const note = NOTES.find(({ holds }) => holds(room));
    const look = note?.look(room) ?? '';
    if (node.dataset.look === look) return;
    node.dataset.look = look;
    node.replaceChildren(...(note?.make(room, parts) ?? []));
    show(node, note !== undefined);
}

/** Nothing was ever said in it: the server has counted, and counts none. */
function isEmpty({ seq, n, last, kind }) {
    return seq !== null && n === 0 && !last && kind !== 'direct';
}

function mutedNote({ muted_until: until }) {
    const words = until ? t('you_are_muted_until', { when: moment(until) }) : t('you_are_muted');
    return [h('p.muted-note', { role: 'status' }, icon('mute'), h('span', null, words))];
}

function firstSteps(room, { client, actions, focus }) {
    const steps = [
        may('invite', client.me, room) && ['invite', 'invite', () => actions.invite(room)],
        may('change', client.me, room) &&
            !room.topic && ['set_topic', 'gear', () => actions.settings(room)],
        ['write_first', 'chat', focus],
    ].filter(Boolean);
    return [
        h(
            'div.first-steps',
            null,
            steps.map(([name, picture, action]) =>
                h(
                    'button.plain.small',
                    { type: 'button', onclick: action },
                    icon(picture),
                    t(name),
                ),
            ),
        ),
    ];
}
