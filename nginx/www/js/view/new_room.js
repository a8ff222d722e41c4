// new_room: makes a room, open to all or to those invited.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, t } from '../base/i18n.js';
import { anyName, nameFrom } from '../model/room_name.js';
import { rooms } from '../words/rooms.js';
import { openDialog } from './dialog.js';
import { field, form } from './form.js';

add(rooms);

export function openNewRoom({ client, signal, title = '', onroom }) {
    const fields = [
        field({
            name: 'title',
            label: t('room_title'),
            value: title,
            maxlength: 64,
            autofocus: true,
            required: true,
            autocomplete: 'off',
        }),
        field({
            name: 'topic',
            label: t('room_topic'),
            hint: t('room_topic_hint'),
            maxlength: 200,
            autocomplete: 'off',
        }),
    ];
    const kinds = h(
        'fieldset.choices',
        null,
        h('legend', null, t('room_kind')),
        choice('public', 'hash', true),
        choice('private', 'lock', false),
    );
    const onsend = async ({ title: words, topic, kind }) => {
        const room = await create(client, words.trim(), {
            kind,
            ...(topic.trim() && { topic: topic.trim() }),
        });
        await client.rooms.refresh();
        dialog.close();
        onroom(room.id);
    };
    const dialog = openDialog(
        { title: t('new_room'), signal },
        form({ fields, extra: [kinds], action: t('create_room'), onsend }),
    );
}

/** The page asks for a title only, and makes the name of it: what is said of either fits. */
async function create(client, title, fields) {
    const name = nameFrom(title) || (title && anyName());
    try {
        const { room } = await client.api.createRoom({ name, title, ...fields });
        return room;
    } catch (problem) {
        if (problem.code === 'name_taken') problem.errors = [{ field: 'title', code: 'taken' }];
        for (const error of problem.errors ?? []) if (error.field === 'name') error.field = 'title';
        throw problem;
    }
}

function choice(kind, picture, checked) {
    return h(
        'label.choice',
        null,
        h('input', { type: 'radio', name: 'kind', value: kind, checked }),
        icon(picture),
        h(
            'span',
            null,
            h('strong', null, t(`${kind}_room`)),
            h('small', null, t(`${kind}_room_hint`)),
        ),
    );
}
