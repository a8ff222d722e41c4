// person: a card of somebody: who that is, whether he is here, and what one may do: write to him,
// mention him, and in the room that is open what its moderators may. One's own leads to the profile.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import { isMuted } from '../model/may.js';
import { people } from '../words/people.js';
import { face } from './face.js';
import { moderationRows } from './moderation.js';
import { popup } from './popup.js';

add(people);

export function open(parts, user, anchor) {
    new Card(parts, user).open(anchor);
}

class Card {
    #parts;
    #user;
    #opened;
    #about = h('div.person-about', { 'aria-live': 'polite' });
    #face = h('div.who');
    #actions = h('div.person-actions');

    constructor(parts, user) {
        this.#parts = parts;
        this.#user = user;
    }

    open(anchor) {
        const { client, signal } = this.#parts;
        const node = h(
            'div.person',
            { role: 'dialog', 'aria-label': this.#user.display, tabindex: '-1' },
            this.#face,
            this.#about,
            this.#actions,
        );
        this.#draw();
        this.#opened = popup(anchor, node, { signal });
        node.querySelector('button')?.focus();
        const changed = (id) => (id === null || id === this.#parts.room?.id) && this.#draw();
        client.people.on('change', changed, this.#opened.closed);
        this.#load();
    }

    /** Whatever the card was opened with is shown at once; the rest when it is there. */
    async #load() {
        try {
            const { user } = await this.#parts.client.api.user(this.#user.id);
            this.#user = user;
            this.#draw();
        } catch (problem) {
            const gone = problem.status === 404;
            this.#about.replaceChildren(h('p', null, gone ? t('account_gone') : explain(problem)));
            if (gone) this.#actions.replaceChildren();
        }
    }

    get #member() {
        const { client, room } = this.#parts;
        return room && client.people.member(room.id, this.#user.id);
    }

    #draw() {
        const user = this.#user;
        const { client } = this.#parts;
        const online = client.people.online(user.id);
        this.#face.replaceChildren(
            face(user, online, 'large'),
            h(
                'div',
                null,
                h('strong', { dir: 'auto' }, user.display),
                h('small', { dir: 'auto' }, `@${user.name}`),
            ),
        );
        const lines = [user.status, user.about].filter(Boolean);
        this.#about.replaceChildren(
            ...chips(user, this.#member, online),
            ...lines.map((line) => h('p', { dir: 'auto' }, line)),
        );
        this.#drawActions();
    }

    /** Drawn again only where they are others: the focus stands on one of them. */
    #drawActions() {
        const rows = [...this.#ordinary(), ...this.#moderation()];
        const look = rows.map(({ label }) => label).join();
        if (this.#actions.dataset.look === look) return;
        this.#actions.dataset.look = look;
        const focused = this.#actions.contains(document.activeElement);
        this.#actions.replaceChildren(...rows.map((row) => this.#button(row)));
        if (focused) this.#actions.querySelector('button')?.focus();
    }

    #ordinary() {
        const { client, actions, room } = this.#parts;
        const user = this.#user;
        if (user.id === client.me.id) {
            return [{ label: t('edit_profile'), icon: 'person', action: actions.profile }];
        }
        return [
            { label: t('write_person'), icon: 'chat', action: () => actions.direct(user) },
            room && { label: t('mention_person'), icon: 'at', action: () => mention(user) },
        ].filter(Boolean);
    }

    #moderation() {
        const { client, actions, room, signal } = this.#parts;
        const member = this.#member;
        return member ? moderationRows({ client, actions, room, member, signal }) : [];
    }

    #button({ label, icon: picture, danger, action }) {
        const onclick = () => {
            this.#opened.close();
            action();
        };
        return h(
            `button.person-action${danger ? '.dangerous' : ''}`,
            { type: 'button', onclick },
            icon(picture),
            h('span', null, label),
        );
    }
}

function chips({ role }, member, online) {
    return [
        online !== undefined &&
            h(`span.chip${online ? '' : '.soft'}`, null, t(online ? 'online' : 'offline')),
        role && role !== 'member' && h('span.chip.soft', null, t(`site_role.${role}`)),
        member && member.role !== 'member' && h('span.chip.soft', null, t(`role.${member.role}`)),
        member && isMuted(member) && h('span.chip.warn', null, t('muted')),
    ].filter(Boolean);
}

/** Into the box, as if it had been typed there: at the cursor, and with a space around it. */
function mention({ name }) {
    const box = document.querySelector('#composer');
    if (!box) return;
    const before = box.value.slice(0, box.selectionStart);
    const gap = before && !/\s$/.test(before) ? ' ' : '';
    box.focus();
    box.setRangeText(`${gap}@${name} `, box.selectionStart, box.selectionEnd, 'end');
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
