// emoji_picker: all emoji, to choose one: by groups, by a word in English or Chinese, the ones used
// last first, people in the reader's own skin tone. Arrow keys walk over them as they stand; Enter
// in the search box takes the first one found, but an Enter of an input method never does.

import { h, show } from '../base/dom.js';
import {
    chooseTone,
    emojiGroups,
    found,
    recent,
    tone,
    TONES,
    used,
    withTone,
} from '../base/emoji.js';
import { add, language, languages, t } from '../base/i18n.js';
import { style } from '../base/style.js';
import { message } from '../words/message.js';
import { openOverlay } from './overlay.js';

await style('css/emoji.css');

add(message);

const HAND = '✋';

/** What stands for each group where there is little room. */
const TABS = {
    recent: '🕘',
    smileys: '😀',
    people: '👋',
    nature: '🐻',
    food: '🍎',
    travel: '🚲',
    activities: '⚽',
    objects: '💡',
    symbols: '❤️',
    flags: '🚩',
};

/** Opens at `anchor`; `onpick(emoji)` is called once, and then it is closed. */
export function openEmojiPicker({ anchor, onpick, signal }) {
    const picker = new Picker((emoji) => {
        used(emoji);
        popup.close();
        onpick(emoji);
    });
    const popup = openOverlay(picker.node, { anchor, signal });
    picker.start();
}

class Picker {
    #onpick;
    #groups = [];
    #box = h('input.emoji-search', {
        type: 'search',
        placeholder: t('emoji_search'),
        'aria-label': t('emoji_search'),
        autocomplete: 'off',
        oninput: () => this.#draw(),
        onkeydown: (event) => this.#searchKey(event),
    });
    #tabs = h('div.emoji-tabs', { 'aria-label': t('emoji'), role: 'group' });
    #list = h('div.emoji-list', {
        role: 'listbox',
        'aria-label': t('emoji'),
        tabindex: '-1',
        onclick: ({ target }) => this.#pick(target.closest('button')),
        onkeydown: (event) => this.#listKey(event),
    });
    #said = h('p.emoji-said', { role: 'status' }, t('loading'));

    constructor(onpick) {
        this.#onpick = onpick;
        this.node = h(
            'div.emoji-picker',
            { role: 'dialog', 'aria-label': t('emoji') },
            h('div.emoji-head', null, this.#box),
            this.#tabs,
            this.#list,
            this.#said,
            tones(() => this.#draw()),
        );
    }

    /** The box to search in has the focus, but not where that would raise a keyboard. */
    async start() {
        const coarse = matchMedia('(pointer: coarse)').matches;
        (coarse ? this.#list : this.#box).focus();
        try {
            this.#groups = await emojiGroups();
        } catch {
            this.#said.textContent = t('emoji_away');
            return;
        }
        this.#draw();
    }

    #draw() {
        const query = this.#box.value.trim();
        const groups = query
            ? [{ id: 'found', emoji: found(this.#groups, query) }]
            : [...this.#recent(), ...this.#groups];
        show(this.#tabs, !query);
        this.#list.replaceChildren(...groups.map(section));
        this.#tabs.replaceChildren(...(query ? [] : groups.map((one) => this.#tab(one))));
        this.#list.scrollTop = 0;
        this.#say(query, groups[0]?.emoji.length ?? 0);
        this.#list.querySelector('button')?.setAttribute('tabindex', '0');
    }

    #say(query, n) {
        show(this.#said, Boolean(query));
        this.#said.classList.toggle('sr-only', n > 0);
        this.#said.textContent = query && (n ? t('emoji_found', { n }) : t('emoji_none'));
    }

    /** They bear the tone that they were chosen with. */
    #recent() {
        const known = new Map();
        for (const one of this.#groups.flatMap(({ emoji }) => emoji)) {
            for (const skin of one.tones ? TONES : ['']) {
                known.set(withTone(one.emoji, skin), one);
            }
        }
        const rows = recent().filter((emoji) => known.has(emoji));
        const emoji = rows.map((one) => ({ ...known.get(one), emoji: one, tones: false }));
        return emoji.length ? [{ id: 'recent', emoji }] : [];
    }

    #tab({ id }) {
        const go = () => {
            const at = this.#list.querySelector(`[data-group="${id}"]`);
            this.#list.scrollTop = at.offsetTop - this.#list.offsetTop;
            this.#focus(at.querySelector('button'));
        };
        const name = t(`emoji.${id}`);
        const attributes = { type: 'button', title: name, 'aria-label': name, onclick: go };
        return h('button', attributes, TABS[id]);
    }

    #searchKey(event) {
        if (event.isComposing || event.keyCode === 229) return;
        const first = this.#list.querySelector('button');
        if (event.key === 'ArrowDown' && first) {
            event.preventDefault();
            this.#focus(first);
        } else if (event.key === 'Enter') {
            event.preventDefault();
            if (this.#box.value.trim()) this.#pick(first);
        }
    }

    #listKey(event) {
        const to = neighbour([...this.#list.querySelectorAll('button')], event.key);
        if (to) {
            event.preventDefault();
            this.#focus(to);
        } else if (event.key === 'ArrowUp') {
            event.preventDefault();
            this.#box.focus();
        }
    }

    /** One of them is reached by Tab: the one that had the focus last. */
    #focus(button) {
        this.#list.querySelector('button[tabindex="0"]')?.setAttribute('tabindex', '-1');
        button.setAttribute('tabindex', '0');
        button.focus();
    }

    #pick(button) {
        if (button) this.#onpick(button.textContent);
    }
}

function section({ id, emoji }) {
    const skin = tone();
    const title = id === 'found' ? t('emoji') : t(`emoji.${id}`);
    return h(
        'div.emoji-group',
        { role: 'group', 'aria-label': title, 'data-group': id },
        id !== 'found' && h('h3', { 'aria-hidden': 'true' }, title),
        h('div.emoji-grid', { role: 'presentation' }, emoji.map((one) => option(one, skin))),
    );
}

function option({ emoji, names, tones: toned }, skin) {
    const name = names[languages.findIndex(({ id }) => id === language())];
    return h(
        'button',
        { type: 'button', role: 'option', tabindex: '-1', title: name, 'aria-label': name },
        toned ? withTone(emoji, skin) : emoji,
    );
}

/** The hand in each of the tones; which one is remembered in this browser. */
function tones(onchange) {
    const choice = (one, at) =>
        h(
            'label',
            { title: t(`emoji_tone.${at}`) },
            h('input', {
                type: 'radio',
                name: 'emoji-tone',
                'aria-label': t(`emoji_tone.${at}`),
                checked: one === tone(),
                onchange: () => [chooseTone(one), onchange()],
            }),
            h('span', { 'aria-hidden': 'true' }, HAND + one),
        );
    return h('fieldset.emoji-tones', { 'aria-label': t('emoji_tone') }, TONES.map(choice));
}

const ALONG = { ArrowRight: 1, ArrowLeft: -1 };
const ACROSS = { ArrowDown: 1, ArrowUp: -1 };

/** Where a key leads from what has the focus: along the line, or to what is nearest above or below
 *  in the next one, whatever group that is in. */
function neighbour(buttons, key) {
    const at = buttons.indexOf(document.activeElement);
    if (at < 0) return null;
    if (key === 'Home' || key === 'End') return buttons.at(key === 'Home' ? 0 : -1);
    if (key in ALONG) return buttons[at + ALONG[key] * direction(buttons[at])];
    if (!(key in ACROSS)) return null;
    const { top, left } = buttons[at].getBoundingClientRect();
    let line = null;
    let best = null;
    for (let i = at + ACROSS[key]; buttons[i]; i += ACROSS[key]) {
        const box = buttons[i].getBoundingClientRect();
        if (box.top === top) continue;
        if (line !== null && box.top !== line) break;
        line = box.top;
        const off = Math.abs(box.left - left);
        if (!best || off < best.off) best = { off, button: buttons[i] };
    }
    return best?.button;
}

const direction = (node) => (getComputedStyle(node).direction === 'rtl' ? -1 : 1);
