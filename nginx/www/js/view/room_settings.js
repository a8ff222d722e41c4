// room_settings: what a room is, for those who look after it: its name and topic, who may come in,
// how long it keeps what was said, who owns it, its webhooks, its log to take home, and its end.
// Only what the reader may change is shown: see may.js.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import { may } from '../model/may.js';
import { people } from '../words/people.js';
import { rooms } from '../words/rooms.js';
import { openDialog } from './dialog.js';
import { face } from './face.js';
import { field, form } from './form.js';
import { roomEnd } from './room_end.js';
import { hooksSection } from './room_hooks.js';

add(people, rooms);

export function open(parts, room) {
    const { client, signal } = parts;
    const now = client.rooms.get(room.id) ?? room;
    const close = () => dialog.close();
    const dialog = openDialog({ title: t('room_settings'), signal, wide: true });
    const sections = SECTIONS.filter(([what]) => may(what, client.me, now));
    const context = { ...parts, room: now, close };
    dialog.querySelector('.dialog-body').append(...sections.flatMap(([, make]) => make(context)));
    dialog.querySelector('[autofocus]')?.focus();
}

const SECTIONS = [
    ['change', (context) => [factsForm(context)]],
    ['change', (context) => [h('h3', null, t('in_charge')), rolesList(context)]],
    ['hooks', (context) => [h('h3', null, t('hooks')), hooksSection(context)]],
    ['change', (context) => [h('h3', null, t('more_of_room')), moreRow(context)]],
    ['remove', (context) => [h('h3', null, t('delete_room')), roomEnd(context)]],
];

function factsForm({ client, room, actions, close }) {
    const mayKeep = may('keep', client.me, room);
    const fields = [
        field({
            name: 'title',
            label: t('room_title'),
            value: room.title || room.name,
            maxlength: 64,
            autofocus: true,
            required: true,
            autocomplete: 'off',
        }),
        field({
            name: 'topic',
            label: t('room_topic'),
            hint: t('room_topic_hint'),
            value: room.topic,
            maxlength: 500,
            autocomplete: 'off',
        }),
        ...(mayKeep ? ['keep_days', 'keep_messages'].map((name) => limit(name, room)) : []),
    ];
    const onsend = async (values) => {
        const changes = changesOf(room, values);
        if (Object.keys(changes).length) await client.api.changeRoom(room.id, changes);
        close();
        actions.tell('done', t('room_saved'));
    };
    const extra = may('kind', client.me, room) ? [kinds(room)] : [];
    return form({ fields, extra, action: t('save'), onsend });
}

const limit = (name, room) =>
    field({
        name,
        label: t(name),
        hint: t(`${name}_hint`),
        type: 'number',
        min: 0,
        step: 1,
        inputmode: 'numeric',
        value: room[name] || '',
    });

const kinds = ({ kind }) =>
    h(
        'fieldset.choices.pair',
        null,
        h('legend', null, t('room_kind')),
        ['public', 'private'].map((one) =>
            h(
                'label.choice',
                null,
                h('input', { type: 'radio', name: 'kind', value: one, checked: one === kind }),
                icon(one === 'public' ? 'hash' : 'lock'),
                h(
                    'span',
                    null,
                    h('strong', null, t(`${one}_room`)),
                    h('small', null, t(`${one}_room_hint`)),
                ),
            ),
        ),
    );

/** What is in the form as the room would have it; the name follows no title. */
const READ = {
    title: (text) => text.trim(),
    topic: (text) => text.trim(),
    kind: (text) => text,
    keep_days: Number,
    keep_messages: Number,
};

/** Only what is another now: what somebody else has changed meanwhile stays changed. */
function changesOf(room, values) {
    const before = { ...room, title: room.title || room.name };
    const read = Object.entries(values).map(([name, text]) => [name, READ[name](text)]);
    return Object.fromEntries(
        read.filter(([name, value]) => value !== (before[name] || READ[name](''))),
    );
}

/** Who owns and who moderates; the panel of members is where that is changed. */
function rolesList({ client, room, actions, close }) {
    const list = h('ul.listing');
    const all = h(
        'button.plain.small',
        { type: 'button', onclick: () => [close(), actions.panel('members')] },
        t('all_members'),
    );
    const draw = async () => {
        try {
            const members = await client.people.members(room.id);
            const charged = members.filter(({ role }) => role !== 'member');
            charged.sort((a, b) => (b.role === 'owner') - (a.role === 'owner'));
            list.replaceChildren(...charged.map(roleRow));
            if (!charged.length) list.append(h('li.nothing', null, t('nobody_in_charge')));
        } catch (problem) {
            list.replaceChildren(h('li.nothing', null, explain(problem)));
        }
    };
    draw();
    return h('div.section', null, list, h('div.actions', null, all));
}

const roleRow = ({ user, role, online }) =>
    h(
        'li.listing-row',
        null,
        face(user, online),
        h(
            'div.listing-words',
            null,
            h('strong', { dir: 'auto' }, user.display),
            h('small', null, `@${user.name}`),
        ),
        h('span.chip.soft', null, t(`role.${role}`)),
    );

function moreRow({ client, room, actions, close }) {
    const button = (name, action) =>
        h('button.plain.small', { type: 'button', onclick: action }, t(name));
    return h(
        'div.actions.start',
        null,
        may('bans', client.me, room) && button('banned', () => [close(), actions.banned(room)]),
        button('export_room', () => actions.exported(room)),
    );
}
