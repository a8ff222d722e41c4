// moderation: what may be done to a member of a room, as rows of a menu: the question that is
// asked before, and what is done then. Which of them are offered says may.js.

import { add, explain, t } from '../base/i18n.js';
import { movesOn } from '../model/may.js';
import { people } from '../words/people.js';
import { confirm, openDialog } from './dialog.js';
import { form } from './form.js';
import { h } from '../base/dom.js';

add(people);

const MINUTE_MS = 60000;
/** For how long somebody is muted, in minutes; null: until it is lifted. */
const MUTES = [10, 60, 1440, null];

const gives = (role) => ({
    icon: 'shield',
    act: ({ client, room, member }) => client.api.setMember(room.id, member.user.id, { role }),
});

const MOVES = {
    owner: gives('owner'),
    moderator: gives('moderator'),
    member: gives('member'),
    mute: { icon: 'mute', ask: askMute },
    unmute: {
        icon: 'speak',
        act: async ({ client, room, member }) => {
            await client.api.liftMute(room.id, member.user.id);
            client.people.muted(room.id, member.user.id, undefined);
        },
    },
    kick: {
        icon: 'leave',
        danger: true,
        act: ({ client, room, member }) => client.api.removeMember(room.id, member.user.id),
    },
    ban: {
        icon: 'ban',
        danger: true,
        act: ({ client, room, member }) => client.api.ban(room.id, member.user.id),
    },
};

/** `parts`: { client, room, member, actions, signal }. Rows as of a menu. */
export function moderationRows(parts) {
    return movesOn(parts.client.me, parts.room, parts.member).map((name) => ({
        label: t(`move.${name}`),
        icon: MOVES[name].icon,
        danger: MOVES[name].danger,
        action: () => (MOVES[name].ask ?? askFirst)(name, parts),
    }));
}

async function askFirst(name, parts) {
    const { danger, act } = MOVES[name];
    const values = { who: parts.member.user.display, room: parts.room.title || parts.room.name };
    const sure = await confirm({
        title: t(`move.${name}`),
        text: t(`ask.${name}`, values),
        action: t(`move.${name}`),
        danger,
        signal: parts.signal,
    });
    if (sure) await attempt(parts, () => act(parts), t(`done.${name}`, values));
}

/** A refusal is told by a toast; so is what has become of it. */
async function attempt({ actions }, action, words) {
    try {
        await action();
        actions.tell('done', words);
    } catch (problem) {
        actions.tell('bad', explain(problem));
    }
}

function askMute(name, { client, room, member, actions, signal }) {
    const who = member.user.display;
    const onsend = async ({ minutes }) => {
        const until = minutes === 'null' ? null : Date.now() + Number(minutes) * MINUTE_MS;
        await client.api.mute(room.id, member.user.id, until ?? undefined);
        client.people.muted(room.id, member.user.id, until);
        dialog.close();
        actions.tell('done', t('done.mute', { who }));
    };
    const dialog = openDialog(
        { title: t('move.mute'), signal },
        h('p', null, t('ask.mute', { who, room: room.title || room.name })),
        form({ fields: [], extra: [lengths()], action: t('move.mute'), onsend }),
    );
}

const lengths = () =>
    h(
        'fieldset.choices',
        null,
        h('legend', null, t('mute_for')),
        MUTES.map((minutes, i) =>
            h(
                'label.choice',
                null,
                h('input', {
                    type: 'radio',
                    name: 'minutes',
                    value: String(minutes),
                    checked: i === 0,
                    autofocus: i === 0,
                }),
                h('span', null, t(`mute_for.${minutes}`)),
            ),
        ),
    );
