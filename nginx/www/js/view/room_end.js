// room_end: deletes a room. What can't be taken back asks for the room's name to be typed.

import { h } from '../base/dom.js';
import { add, t } from '../base/i18n.js';
import { people } from '../words/people.js';
import { field, form } from './form.js';

add(people);

export function roomEnd({ client, room, actions, close }) {
    const name = room.title || room.name;
    const typed = field({
        name: 'typed',
        label: t('type_room_name', { room: name }),
        autocomplete: 'off',
        spellcheck: 'false',
    });
    const onsend = async (values) => {
        if (values.typed.trim() !== name) {
            typed.say(t('not_the_name'));
            typed.input.focus();
            return;
        }
        await client.api.deleteRoom(room.id);
        close();
        client.rooms.left({ room: room.id });
        actions.tell('done', t('room_deleted', { room: name }));
    };
    const node = form({ fields: [typed], action: t('delete_room'), onsend });
    node.querySelector('[type=submit]').className = 'danger';
    return h('div.section', null, h('p.lead', null, t('delete_room_text')), node);
}
