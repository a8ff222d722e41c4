// invite: brings people into a room, several at once. Who could not be brought in stays chosen,
// and why is said.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import { people } from '../words/people.js';
import { rooms } from '../words/rooms.js';
import { openDialog } from './dialog.js';
import { PeopleFinder } from './people_finder.js';

add(people, rooms);

export function open(parts, room) {
    new Invite(parts, room).load();
}

class Invite {
    #client;
    #actions;
    #room;
    #dialog;
    #finder;
    #chosen = new Map();
    #chips = h('ul.picked', { 'aria-label': t('chosen_people'), hidden: true });
    #alert = h('p.alert', { role: 'alert', hidden: true });
    #button = h(
        'button.primary',
        { type: 'button', disabled: true, onclick: () => this.#send() },
        t('invite_none'),
    );

    constructor({ client, actions, signal }, room) {
        this.#client = client;
        this.#actions = actions;
        this.#room = room;
        this.#finder = new PeopleFinder({
            client,
            row: (user) => this.#row(user),
            onpick: (user) => this.#toggle(user),
        });
        this.#dialog = openDialog(
            { title: t('invite_to', { room: room.title || room.name }), signal, wide: true },
            this.#chips,
            this.#finder.nodes,
            this.#alert,
            h('div.actions', null, this.#button),
        );
    }

    /** So that who is in already is shown as such. */
    async load() {
        await this.#client.people.members(this.#room.id).catch(() => {});
        this.#finder.draw();
    }

    #row({ id, name }) {
        if (this.#client.people.member(this.#room.id, id)) {
            return { disabled: true, words: `@${name} · ${t('is_member')}` };
        }
        return { pressed: this.#chosen.has(id) };
    }

    #toggle(user) {
        if (!this.#chosen.delete(user.id)) this.#chosen.set(user.id, user);
        this.#finder.clear();
        this.#draw();
    }

    #draw() {
        const n = this.#chosen.size;
        this.#chips.replaceChildren(...[...this.#chosen.values()].map((user) => this.#chip(user)));
        show(this.#chips, n > 0);
        this.#button.disabled = n === 0;
        this.#button.textContent = n ? t('invite_n', { n }) : t('invite_none');
        this.#finder.draw();
    }

    #chip(user) {
        const label = t('not_chosen', { who: user.display });
        return h(
            'li',
            null,
            h('span', { dir: 'auto' }, user.display),
            h(
                'button.quiet',
                { type: 'button', 'aria-label': label, onclick: () => this.#toggle(user) },
                icon('close'),
            ),
        );
    }

    async #send() {
        if (this.#button.getAttribute('aria-busy') === 'true') return;
        this.#button.setAttribute('aria-busy', 'true');
        const refused = await this.#bring([...this.#chosen.values()]);
        this.#button.removeAttribute('aria-busy');
        this.#draw();
        this.#alert.replaceChildren(
            ...refused.map((words) => h('span.line', { dir: 'auto' }, words)),
        );
        show(this.#alert, refused.length > 0);
        if (!refused.length) this.#dialog.close();
    }

    /** One after the other; answers what was said of those who could not be. */
    async #bring(users) {
        const refused = [];
        for (const user of users) {
            try {
                await this.#client.api.setMember(this.#room.id, user.id);
                this.#chosen.delete(user.id);
            } catch (problem) {
                const why = problem.code === 'forbidden' ? t('cannot_invite') : explain(problem);
                refused.push(t('snippet', { who: user.display, text: why }));
            }
        }
        const n = users.length - refused.length;
        if (n) this.#actions.tell('done', t('invited', { n }));
        return refused;
    }
}
