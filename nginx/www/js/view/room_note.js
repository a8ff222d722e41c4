// room_note: the line above the box to write in, where there is something to say of the room: in an
// empty one what to do first. Who is muted in it is told that by composer_notes.js. Fetched when it may be
// needed.

import { batched, h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { isMuted, may } from '../model/may.js';

/** Draws it into `node`. */
export function roomNote(node, { client, room, actions, focus, signal }) {
    const draw = () => {
        const now = client.rooms.get(room.id);
        if (signal.aborted || !now) return;
        fill(node, now, { client, actions, focus });
    };
    const later = batched(draw);
    client.rooms.on('change', later, signal);
    client.on('room', later, signal);
    draw();
}

function fill(node, room, parts) {
    const wanted = isEmpty(room) && !isMuted(room);
    const look = wanted ? `empty ${room.role} ${room.topic}` : '';
    if (node.dataset.look === look) return;
    node.dataset.look = look;
    node.replaceChildren(...(wanted ? [firstSteps(room, parts)] : []));
    show(node, wanted);
}

/** Nothing was ever said in it: the server has counted, and counts none. */
function isEmpty({ seq, n, last, kind }) {
    return seq !== null && n === 0 && !last && kind !== 'direct';
}

function firstSteps(room, { client, actions, focus }) {
    const steps = [
        may('invite', client.me, room) && ['invite', 'invite', () => actions.invite(room)],
        may('change', client.me, room) &&
            !room.topic && ['set_topic', 'gear', () => actions.settings(room)],
        ['write_first', 'chat', focus],
    ].filter(Boolean);
    return h(
        'div.first-steps',
        null,
        steps.map(([name, picture, action]) =>
            h('button.plain.small', { type: 'button', onclick: action }, icon(picture), t(name)),
        ),
    );
}
