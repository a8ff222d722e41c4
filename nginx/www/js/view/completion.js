// completion: the list of people above the box while a name is written behind an @. The focus
// stays in the box: arrows move in the list, Enter and Tab take, Escape closes, a pointer takes at
// once. Fetched with the first @, with the table of how Chinese names are spelt.

import { avatar } from './face.js';
import { h, show } from '../base/dom.js';
import { add, t } from '../base/i18n.js';
import { style } from '../base/style.js';
import { anybodyMeant, membersMeant } from '../model/candidates.js';
import { writing } from '../words/writing.js';

await style('css/writing.css');

add(writing);

const PAUSE_MS = 180;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const ID = 'completion';

export class Completion {
    node = h('ul.completion', {
        id: ID,
        role: 'listbox',
        'aria-label': t('people_meant'),
        hidden: true,
    });
    status = h('span.sr-only', { role: 'status' });

    #client;
    #room;
    #input;
    #onpick;
    #users = [];
    #chosen = 0;
    #place = null;
    #asked = 0;
    #timer = 0;

    /** `onpick(place, name)`: the name is to stand at that place of the text. */
    constructor({ client, room, input, onpick }) {
        this.#client = client;
        this.#room = room;
        this.#input = input;
        this.#onpick = onpick;
        input.setAttribute('aria-autocomplete', 'list');
        input.setAttribute('aria-controls', ID);
    }

    get isOpen() {
        return !this.node.hidden;
    }

    /** `place`: what mentionAt() says. */
    async offer(place) {
        const asked = ++this.#asked;
        clearTimeout(this.#timer);
        this.#place = place;
        this.#draw(await membersMeant(this.#client, this.#room, place.query), asked);
        this.#timer = setTimeout(() => this.#widen(place, asked), PAUSE_MS);
    }

    async #widen({ query }, asked) {
        const users = await anybodyMeant(this.#client, this.#room, query);
        if (users) this.#draw(users, asked);
    }

    close() {
        this.#asked += 1;
        clearTimeout(this.#timer);
        this.#show([]);
    }

    /** True when the key was for the list. */
    pressed(event) {
        if (!this.isOpen || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey)
            return false;
        if (event.key in STEPS) this.#move(STEPS[event.key]);
        else if (event.key === 'Enter' || event.key === 'Tab')
            this.#pick(this.#users[this.#chosen]);
        else if (event.key === 'Escape') this.close();
        else return false;
        event.preventDefault();
        event.stopPropagation();
        return true;
    }

    #draw(users, asked) {
        if (asked !== this.#asked) return;
        const same = users.map(({ id }) => id).join() === this.#users.map(({ id }) => id).join();
        if (!same || !this.isOpen) this.#show(users);
    }

    #show(users) {
        const held = this.isOpen && this.#chosen > 0 ? this.#users[this.#chosen]?.id : null;
        this.#users = users;
        this.node.replaceChildren(...users.map((user, at) => this.#option(user, at)));
        show(this.node, users.length > 0);
        this.status.textContent = users.length ? t('people_offered', { n: users.length }) : '';
        this.#choose(
            Math.max(
                0,
                users.findIndex(({ id }) => id === held),
            ),
        );
    }

    #option(user, at) {
        return h(
            'li',
            {
                id: `${ID}-${at}`,
                role: 'option',
                onpointerdown: (event) => event.preventDefault(), // the focus stays in the box
                onclick: () => this.#pick(user),
            },
            avatar(user),
            h('strong', { dir: 'auto' }, user.display),
            h('span.handle', { dir: 'auto' }, `@${user.name}`),
        );
    }

    #move(by) {
        const n = this.#users.length;
        this.#choose((this.#chosen + by + n) % n);
    }

    #choose(at) {
        this.#chosen = at;
        [...this.node.children].forEach((node, i) =>
            node.setAttribute('aria-selected', String(i === at)),
        );
        const option = this.node.children[at];
        if (!option) {
            this.#input.removeAttribute('aria-activedescendant');
            return;
        }
        this.#input.setAttribute('aria-activedescendant', option.id);
        option.scrollIntoView({ block: 'nearest' });
    }

    #pick({ name }) {
        const place = this.#place;
        this.close();
        this.#onpick(place, name);
    }
}
