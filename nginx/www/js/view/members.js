// members: who is in the room, and who of them is here now.

import { avatar } from '../base/avatar.js';
import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { explain } from './form.js';

export function open({ client, room, signal }) {
    const list = h('ul.listing.tall');
    const draw = async () => {
        try {
            const members = await client.people.members(room.id);
            if (!signal.aborted) list.replaceChildren(...members.map(row));
        } catch (problem) {
            list.replaceChildren(h('li.nothing', null, explain(problem)));
        }
    };
    client.people.on('change', (id) => (id === null || id === room.id) && draw(), signal);
    draw();
    return { title: t('panel.members'), node: list };
}

const row = ({ user }) =>
    h(
        'li.listing-row',
        null,
        avatar(user),
        h('div.listing-words', null, h('strong', { dir: 'auto' }, user.display)),
    );
