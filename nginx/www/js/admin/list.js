// list: rows that come page by page, drawn as they come, with a button for more. What goes wrong is
// said where the rows would be, with a way to try again.

import { h } from '../base/dom.js';
import { explain, t } from '../base/i18n.js';

// A page may hold nothing and still go on: so many of these are passed over without asking.
const EMPTY_PAGES = 20;

export class List {
    node = h('ul.listing');
    status = h('p.status', { role: 'status' });

    #load;
    #row;
    #count;
    #asked = 0;
    #shown = 0;

    /** `load(cursor)` resolves to { rows, next }; `row(item)` is an element; `count(n)` words. */
    constructor({ load, row, count }) {
        this.#load = load;
        this.#row = row;
        this.#count = count;
    }

    /** From the beginning. */
    async renew() {
        this.#shown = 0;
        this.node.setAttribute('aria-busy', 'true');
        await this.#more(null, true);
        this.node.removeAttribute('aria-busy');
    }

    /** Only the answer to the last question counts. */
    async #more(cursor, anew) {
        const mine = ++this.#asked;
        try {
            const page = await this.#page(cursor);
            if (mine !== this.#asked) return;
            if (anew) this.node.replaceChildren();
            this.#draw(page);
        } catch (problem) {
            if (mine === this.#asked) this.#trouble(problem, cursor, anew);
        }
    }

    async #page(cursor) {
        let page = await this.#load(cursor);
        for (let i = 0; i < EMPTY_PAGES && page.next && !page.rows.length; i += 1)
            page = await this.#load(page.next);
        return page;
    }

    #draw({ rows, next }) {
        this.node.querySelector('.more')?.remove();
        this.node.append(...rows.map((item) => this.#row(item)));
        this.#shown += rows.length;
        if (next) this.node.append(this.#button(t('admin.more'), () => this.#more(next, false)));
        if (!this.#shown && !next) this.node.append(h('li.nothing', null, t('admin.nothing')));
        this.status.textContent = this.#count(this.#shown);
    }

    #trouble(problem, cursor, anew) {
        this.node.querySelector('.more')?.remove();
        if (anew) this.node.replaceChildren();
        this.node.append(
            h('li.nothing', { role: 'alert' }, explain(problem)),
            this.#button(t('admin.try_again'), () => this.#more(cursor, true)),
        );
    }

    #button(words, action) {
        return h(
            'li.more',
            null,
            h('button.plain.small', { type: 'button', onclick: action }, words),
        );
    }
}

/** A box to type in; `find(words)` is called a moment after the last key. */
export function finder(label, find) {
    let timer = 0;
    return h('input.find', {
        type: 'search',
        autocomplete: 'off',
        maxlength: 64,
        placeholder: label,
        'aria-label': label,
        oninput: ({ target }) => {
            clearTimeout(timer);
            timer = setTimeout(() => find(target.value.trim()), 200);
        },
    });
}
