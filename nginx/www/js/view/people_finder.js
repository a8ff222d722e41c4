// people_finder: finds people of this server by the beginning of their names. Whoever shows it
// says what becomes of a row that is chosen, and what stands in it.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import { people } from '../words/people.js';
import { face } from './face.js';

add(people);

const PAUSE_MS = 200;
const PAGE = 20;

export class PeopleFinder {
    #client;
    #row;
    #onpick;
    #found = [];
    #timer = 0;
    #asked = 0;
    #settled = false;
    #entered = false;
    #search = h('input', {
        type: 'search',
        autofocus: true,
        maxlength: 64,
        autocomplete: 'off',
        placeholder: t('find_people'),
        'aria-label': t('find_people'),
        oninput: () => this.#typed(),
        onkeydown: (event) => this.#pressed(event),
    });
    #results = h('ul.listing.tall');
    #status = h('p.sr-only', { role: 'status' });

    /**
     * `row(user)` answers { pressed?, disabled?, words? } for somebody who was found, and
     * `onpick(user)` is called when he is chosen.
     */
    constructor({ client, row, onpick }) {
        const search = h('div.control.search', null, icon('search'), this.#search);
        this.nodes = [search, this.#status, this.#results];
        this.#client = client;
        this.#row = row;
        this.#onpick = onpick;
        this.#find();
    }

    /** What `row` answers may be another now. */
    draw() {
        const at = [...this.#results.children].findIndex((one) =>
            one.contains(document.activeElement),
        );
        this.#results.replaceChildren(...this.#found.map((user) => this.#node(user)));
        if (at >= 0) this.#results.children[at]?.querySelector('button').focus();
        if (!this.#found.length) this.#results.append(h('li.nothing', null, t('nobody_found')));
    }

    /** For the next one. */
    clear() {
        if (!this.#search.value) return;
        this.#search.value = '';
        this.#search.focus();
        this.#find();
    }

    #typed() {
        clearTimeout(this.#timer);
        this.#settled = this.#entered = false;
        this.#timer = setTimeout(() => this.#find(), PAUSE_MS);
    }

    /** Enter takes the first one, once it is that of what is written; but not the Enter of an
     *  input method. */
    #pressed(event) {
        if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        if (this.#settled) this.#takeFirst();
        else this.#entered = true;
    }

    #takeFirst() {
        this.#entered = false;
        this.#results.querySelector('button:not([disabled])')?.click();
    }

    /** Only the answer to the last question counts. */
    async #find() {
        const mine = ++this.#asked;
        const q = this.#search.value.trim().replace(/^@/, '');
        try {
            const { users } = await this.#client.api.users({ limit: PAGE, ...(q && { q }) });
            if (mine !== this.#asked) return;
            this.#found = users;
            this.#status.textContent = t('people_found', { n: users.length });
            this.draw();
            this.#settled = true;
            if (this.#entered) this.#takeFirst();
        } catch (problem) {
            if (mine === this.#asked)
                this.#results.replaceChildren(h('li.nothing', null, explain(problem)));
        }
    }

    #node(user) {
        const { pressed, disabled, words } = this.#row(user);
        return h(
            'li',
            null,
            h(
                'button.listing-row.pick',
                {
                    type: 'button',
                    disabled,
                    'aria-pressed': pressed === undefined ? null : String(pressed),
                    onclick: () => this.#onpick(user),
                },
                face(user, this.#client.people.online(user.id)),
                h(
                    'span.listing-words',
                    null,
                    h('strong', { dir: 'auto' }, user.display),
                    h('small', { dir: 'auto' }, words ?? `@${user.name}`),
                ),
                pressed && icon('check'),
            ),
        );
    }
}
