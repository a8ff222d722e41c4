// banned: who is banned from a room, and the way to let them come again.

import { avatar } from './face.js';
import { h, show } from '../base/dom.js';
import { add, explain, t } from '../base/i18n.js';
import { moment } from '../base/time.js';
import { people } from '../words/people.js';
import { rooms } from '../words/rooms.js';
import { openDialog } from './dialog.js';

add(people, rooms);

const PAGE = 50;

export function open(parts, room) {
    new Banned(parts, room).load();
}

class Banned {
    #client;
    #room;
    #list = h('ul.listing');
    #alert = h('p.alert', { role: 'alert', hidden: true });

    constructor({ client, signal }, room) {
        this.#client = client;
        this.#room = room;
        openDialog(
            { title: t('banned'), signal },
            h('p.lead', null, t('banned_lead', { room: room.title || room.name })),
            this.#list,
            this.#alert,
        );
    }

    async load(cursor) {
        try {
            const query = { limit: PAGE, ...(cursor && { cursor }) };
            const { bans, next } = await this.#client.api.bans(this.#room.id, query);
            this.#list.querySelector('.more')?.remove();
            this.#list.append(...bans.map((ban) => this.#row(ban)));
            if (next) this.#list.append(more(() => this.load(next)));
            this.#nobody();
        } catch (problem) {
            this.#refused(problem);
        }
    }

    #refused(problem) {
        this.#alert.textContent = explain(problem);
        show(this.#alert, true);
    }

    #nobody() {
        if (!this.#list.childElementCount)
            this.#list.append(h('li.nothing', null, t('nobody_banned')));
    }

    #row({ user, at }) {
        const lift = h(
            'button.plain.small',
            {
                type: 'button',
                'aria-label': t('lift_ban_of', { who: user.display }),
                onclick: () => this.#lift(user, row),
            },
            t('lift_ban'),
        );
        const row = h(
            'li.listing-row',
            null,
            avatar(user),
            h(
                'div.listing-words',
                null,
                h('strong', { dir: 'auto' }, user.display),
                h('small', null, `@${user.name} · ${moment(at)}`),
            ),
            lift,
        );
        return row;
    }

    async #lift(user, row) {
        try {
            await this.#client.api.liftBan(this.#room.id, user.id);
            const next = row.nextElementSibling ?? row.previousElementSibling;
            row.remove();
            this.#nobody();
            (next ?? this.#list.closest('dialog')).querySelector('button')?.focus();
            show(this.#alert, false);
        } catch (problem) {
            this.#refused(problem);
        }
    }
}

const more = (action) =>
    h(
        'li.more',
        null,
        h('button.plain.small', { type: 'button', onclick: action }, t('show_more')),
    );
