// palette: one box from which every room, every person and every command is a few letters away.
// A combobox with its listbox: the focus stays where one types, arrows move the choice, Enter
// takes it. What is listed is palette_rows'. Fetched when it is first opened.

import { avatar, roomTile } from './face.js';
import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, t } from '../base/i18n.js';
import { opened, style } from '../base/style.js';
import { caps } from '../shortcuts.js';
import { account } from '../words/account.js';
import { find } from '../words/find.js';
import { rooms } from '../words/rooms.js';
import { openDialog } from './dialog.js';
import { asked, known, searchRow } from './palette_rows.js';

await Promise.all([opened(), style('css/find.css')]);

add(find, account, rooms);

const PAUSE_MS = 150;
const MOST_CHARACTERS = 64;

/** `current`: the room that is open, or null. */
export function openPalette(parts) {
    new Palette(parts).draw();
}

class Palette {
    #parts;
    #rows = [];
    #answered = [];
    #chosen = 0;
    #asked = 0;
    #timer = 0;
    #list = h('div.palette-list', { id: 'palette-list', role: 'listbox' });
    #status = h('p.sr-only', { role: 'status' });
    #input = h('input', {
        type: 'text',
        role: 'combobox',
        autofocus: true,
        autocomplete: 'off',
        autocapitalize: 'none',
        spellcheck: 'false',
        enterkeyhint: 'go',
        maxlength: MOST_CHARACTERS,
        placeholder: t('palette_hint'),
        'aria-label': t('palette_hint'),
        'aria-expanded': 'true',
        'aria-autocomplete': 'list',
        'aria-controls': 'palette-list',
        oninput: () => this.#typed(),
        onkeydown: (event) => this.#pressed(event),
    });
    #dialog;

    constructor(parts) {
        this.#parts = parts;
        this.#list.setAttribute('aria-label', t('palette'));
        this.#list.addEventListener('click', (event) => this.#clicked(event));
        this.#list.addEventListener('pointermove', (event) => this.#pointed(event));
        this.#dialog = openDialog(
            { title: t('palette'), signal: parts.signal, bare: true },
            h('div.control.search', null, icon('search'), this.#input),
            this.#list,
            this.#status,
            hints(),
        );
        this.#dialog.classList.add('palette');
        this.#dialog.addEventListener('close', () => clearTimeout(this.#timer));
    }

    get #q() {
        return this.#input.value.trim();
    }

    #typed() {
        this.#answered = [];
        this.#chosen = 0;
        this.draw();
        clearTimeout(this.#timer);
        const mine = ++this.#asked;
        if (this.#q) this.#timer = setTimeout(() => this.#ask(mine), PAUSE_MS);
    }

    /** Only the answer to what is typed by now counts; it is put below what stands there. */
    async #ask(mine) {
        const groups = await asked(this.#q, this.#parts);
        if (mine !== this.#asked || !this.#dialog.open) return;
        this.#answered = groups;
        this.draw();
    }

    draw() {
        const q = this.#q;
        const groups = [...known(q, this.#parts), ...this.#answered].filter(
            ({ rows }) => rows.length,
        );
        const nothing = q && !groups.length && h('p.nothing', null, t('palette_nothing'));
        if (q) groups.push({ words: 'palette_messages', rows: [searchRow(q, this.#parts)] });
        this.#rows = groups.flatMap(({ rows }) => rows);
        let at = 0;
        const nodes = groups.map(({ words, rows }) =>
            group(t(words), rows.map((row) => option(row, at++))),
        );
        this.#list.replaceChildren(...[nothing, ...nodes].filter(Boolean));
        this.#status.textContent = t('palette_results', { n: this.#rows.length });
        this.#choose(this.#chosen);
    }

    #choose(at, { scroll = true } = {}) {
        this.#chosen = Math.max(0, Math.min(at, this.#rows.length - 1));
        const options = this.#list.querySelectorAll('[role="option"]');
        options.forEach((node, i) => node.setAttribute('aria-selected', i === this.#chosen));
        const node = options[this.#chosen];
        this.#input.setAttribute('aria-activedescendant', node?.id ?? '');
        if (scroll) reveal(node, this.#chosen);
    }

    #pressed(event) {
        if (event.isComposing || event.keyCode === 229) return;
        const act = KEYS[event.key] ?? (isPaletteKey(event) && CLOSE);
        if (!act) return;
        event.preventDefault();
        act({
            at: this.#chosen,
            last: this.#rows.length - 1,
            choose: (at) => this.#choose(at),
            take: () => this.#take(),
            close: () => this.#dialog.close(),
        });
    }

    #pointed({ target }) {
        const at = placeOf(target);
        if (at >= 0 && at !== this.#chosen) this.#choose(at, { scroll: false });
    }

    #clicked({ target }) {
        const at = placeOf(target);
        if (at < 0) return;
        this.#choose(at, { scroll: false });
        this.#take();
    }

    #take() {
        const row = this.#rows[this.#chosen];
        if (!row) return;
        this.#dialog.close();
        row.run();
    }
}

const CLOSE = ({ close }) => close();
const PAGE = 6;
const KEYS = {
    ArrowDown: ({ at, last, choose }) => choose(at === last ? 0 : at + 1),
    ArrowUp: ({ at, last, choose }) => choose(at === 0 ? last : at - 1),
    PageDown: ({ at, choose }) => choose(at + PAGE),
    PageUp: ({ at, choose }) => choose(at - PAGE),
    Enter: ({ take }) => take(),
};

/** The key that opens it closes it, too. */
const isPaletteKey = ({ key, ctrlKey, metaKey }) =>
    (ctrlKey || metaKey) && key.toLowerCase() === 'k';

const placeOf = (target) => Number(target.closest?.('[role="option"]')?.dataset.at ?? -1);

/** With the first row of all, what stands above it. */
function reveal(node, at) {
    if (at === 0) node?.closest('.palette-list').scrollTo(0, 0);
    else node?.scrollIntoView({ block: 'nearest' });
}

function group(label, options) {
    return h(
        'div.palette-group',
        { role: 'group', 'aria-label': label },
        h('p.palette-heading', { 'aria-hidden': 'true' }, label),
        options,
    );
}

function option({ label, about, face, chord, unread }, at) {
    return h(
        'div.palette-row',
        { role: 'option', id: `palette-${at}`, 'data-at': at, 'aria-selected': 'false' },
        faceOf(face),
        h('span.palette-label', { dir: 'auto' }, label),
        unread > 0 && [
            h('span.badge', { 'aria-hidden': 'true' }, unread > 99 ? '99+' : unread),
            h('span.sr-only', null, t('unread', { n: unread })),
        ],
        chord
            ? h('span.keys', { 'aria-hidden': 'true' }, caps(chord).map(keycap))
            : about && h('span.palette-about', { dir: 'auto' }, about),
    );
}

function faceOf({ icon: name, person, room }) {
    if (person) return avatar(person);
    if (room) return roomTile(room);
    return h('span.tile.plain-tile', { 'aria-hidden': 'true' }, icon(name));
}

const keycap = (cap) => h('kbd', null, cap);

function hints() {
    const keys = [
        [['↑', '↓'], 'palette_keys'],
        [['Enter'], 'palette_enter'],
        [['Esc'], 'palette_escape'],
    ];
    return h(
        'footer.palette-foot',
        { 'aria-hidden': 'true' },
        keys.map(([signs, words]) =>
            h('span.keys', null, signs.map(keycap), t(words)),
        ),
    );
}
