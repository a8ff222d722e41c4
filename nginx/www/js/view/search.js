// search: what was said in this room, or in all of the reader's rooms. It looks while one types and
// goes on as one scrolls down; what was typed is kept while the panel is closed, also from one room
// to the next. How a question is put to the server is the model's (model/search.js).

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import { opened, style } from '../base/style.js';
import { Search } from '../model/search.js';
import { find } from '../words/find.js';
import { listedMessage } from './listed_message.js';

await Promise.all([opened(), style('css/find.css')]);

add(find);

const PAUSE_MS = 300;
const MOST_CHARACTERS = 100;
const BESIDE = matchMedia('(min-width: 1041px)');

/** By client: another reader of this page finds nothing of it. */
const kept = new WeakMap();

/** `query`: what to look for at once, in all rooms. */
export function open({ query, ...parts }) {
    const asked = kept.get(parts.client) ?? { q: '', everywhere: false, at: null };
    if (query) Object.assign(asked, { q: query, everywhere: true, at: null });
    kept.set(parts.client, asked);
    return new SearchPanel(parts, asked).view;
}

class SearchPanel {
    #parts;
    #asked;
    #search = null;
    #shown = null;
    #timer = 0;
    #input = h('input', {
        type: 'search',
        maxlength: MOST_CHARACTERS,
        autocomplete: 'off',
        enterkeyhint: 'search',
        placeholder: t('search_placeholder'),
        'aria-label': t('search_placeholder'),
    });
    #list = h('ol.found-list');
    #note = h('p.found-note', { role: 'status' });
    #more = h('button.plain.small', { type: 'button', hidden: true });
    #node;

    constructor(parts, asked) {
        this.#parts = parts;
        this.#asked = asked;
        this.#input.value = asked.q;
        this.#more.addEventListener('click', () => this.#search.further());
        this.#node = h(
            'div.find-panel',
            null,
            h(
                'form.find-form',
                { role: 'search', onsubmit: (event) => this.#entered(event) },
                h('div.control.search', null, icon('search'), this.#input),
                this.#scopes(),
            ),
            h(
                'div.find-results',
                null,
                this.#list,
                h('div.found-end', null, this.#note, this.#more),
            ),
        );
        this.#listen();
        this.#start();
    }

    get view() {
        return { title: t('panel.search'), node: this.#node, focus: () => this.#focus() };
    }

    #listen() {
        const { signal } = this.#parts;
        for (const type of ['input', 'compositionend'])
            this.#input.addEventListener(type, (event) => event.isComposing || this.#typed());
        this.#input.addEventListener('keydown', (event) => this.#pressed(event));
        this.#list.addEventListener('keydown', (event) => walk(event, this.#list, this.#input));
        const end = new IntersectionObserver((seen) => this.#reached(seen), {
            root: this.#node.querySelector('.find-results'),
        });
        end.observe(this.#more);
        signal.addEventListener('abort', () => {
            end.disconnect();
            clearTimeout(this.#timer);
            this.#search?.end();
        });
    }

    #scopes() {
        const scope = (everywhere, words) =>
            h(
                'label.scope',
                null,
                h('input', {
                    type: 'radio',
                    name: 'scope',
                    checked: this.#asked.everywhere === everywhere,
                    onchange: () => this.#look({ everywhere }),
                }),
                h('span', null, t(words)),
            );
        return h(
            'fieldset.scopes',
            { 'aria-label': t('search_where') },
            scope(false, 'search_here'),
            scope(true, 'search_everywhere'),
        );
    }

    /** Whoever comes from a message that was found goes on there: see #return. */
    #focus() {
        this.#input.focus();
        if (!this.#asked.at) this.#input.select();
    }

    #typed() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#look({ q: this.#input.value.trim() }), PAUSE_MS);
    }

    #entered(event) {
        event.preventDefault();
        clearTimeout(this.#timer);
        const q = this.#input.value.trim();
        if (q !== this.#asked.q) this.#look({ q });
        else this.#list.querySelector('a')?.focus();
    }

    #pressed(event) {
        if (event.key !== 'ArrowDown' || event.isComposing) return;
        event.preventDefault();
        this.#list.querySelector('a')?.focus();
    }

    #look(change) {
        const { q, everywhere } = this.#asked;
        Object.assign(this.#asked, change, { at: null });
        if (q !== this.#asked.q || everywhere !== this.#asked.everywhere) this.#start();
    }

    #start() {
        const { client, room, signal } = this.#parts;
        const { q, everywhere } = this.#asked;
        this.#search?.end();
        this.#search = new Search(client.api, q, everywhere ? null : room.id);
        this.#search.on('change', () => this.#draw(), signal);
        if (q) this.#search.further();
        else this.#draw();
    }

    /** Scrolled down to the end: on. What needs a decision waits for the button. */
    #reached([{ isIntersecting }]) {
        if (isIntersecting && this.#search?.state === 'more') this.#search.further();
    }

    /** What was found before stays until there is an answer to what is asked now. */
    #draw() {
        const { state, messages, problem, empty } = this.#search;
        if (this.#shown !== this.#search && state !== 'looking') {
            this.#list.replaceChildren();
            this.#shown = this.#search;
        }
        const n = messages.length;
        const news = this.#shown === this.#search ? messages.slice(this.#list.children.length) : [];
        this.#list.append(...news.map((message) => this.#row(message)));
        const { note, button } = STATES[state]({ n, q: this.#asked.q, problem, empty });
        this.#note.textContent = note;
        show(this.#more, Boolean(button));
        this.#more.textContent = button ?? '';
        this.#node.setAttribute('aria-busy', String(state === 'looking'));
        if (this.#asked.at && news.length) this.#return();
    }

    #return() {
        const rows = [...this.#list.querySelectorAll('a')];
        const row = rows.find(({ dataset }) => dataset.key === this.#asked.at);
        if (!row || document.activeElement !== this.#input) return;
        this.#asked.at = null;
        row.focus();
    }

    #row(message) {
        const { client } = this.#parts;
        const room = client.rooms.get(message.room);
        return listedMessage(message, {
            where: this.#asked.everywhere && (room?.title || room?.name),
            go: (found) => this.#go(found),
        });
    }

    /** Beside the conversation the list stays, also where that is another one now. */
    #go({ room, seq }) {
        const { actions, panel, room: here } = this.#parts;
        if (!BESIDE.matches) panel.close();
        else if (room !== here.id) {
            this.#asked.at = `${room} ${seq}`;
            const again = () => actions.panel('search', { kept: true });
            addEventListener('hashchange', again, { once: true });
        }
        actions.jump(room, seq);
    }
}

/** What is said below the list, and on the button there. */
const STATES = {
    idle: () => ({ note: t('search_start') }),
    looking: ({ n, empty }) => ({ note: t(n || empty ? 'search_still' : 'search_looking') }),
    more: ({ n }) => ({ note: t('search_found_more', { n }), button: t('search_more') }),
    paused: () => ({ note: t('search_paused'), button: t('search_further') }),
    done: ({ n, q }) => ({ note: n ? t('search_found', { n }) : t('search_nothing', { q }) }),
    refused: ({ problem }) => ({ note: explain(problem), button: t('retry') }),
};

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** Arrows go from one to the next, and from the first back to the box. */
function walk(event, list, input) {
    const by = STEPS[event.key];
    if (!by) return;
    event.preventDefault();
    const links = [...list.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement) + by;
    (links[at] ?? (at < 0 ? input : links.at(-1))).focus();
}
