// composer: where a message is written. Enter sends and Shift+Enter breaks the line, but an
// Enter that belongs to an input method (Chinese, Japanese, …) is the input method's. What is
// half written in a room stays there until it is sent, also over a reload.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';

const MOST_CHARACTERS = 4000;
const MOST_BYTES = 16384;
const WARN_LEFT = 200;

export class Composer {
    #draft;
    #onsend;
    #input;
    #count = h('span.count', { role: 'status', hidden: true });
    #button = h(
        'button.send',
        { type: 'submit', 'aria-label': t('send'), title: t('send') },
        icon('send'),
    );

    /** `onsend(text)` takes what was written; it can't fail. */
    constructor({ me, room, onsend }) {
        this.#draft = new Draft(me, room);
        this.#onsend = onsend;
        this.#input = this.#box(t('write_to', { room: room.title || room.name }));
        this.node = h(
            'form.composer',
            { onsubmit: (event) => this.#submitted(event) },
            h('div.composer-box', null, this.#input, this.#count, this.#button),
            h('p.composer-hint', { id: 'composer-hint' }, t('composer_hint')),
        );
        requestAnimationFrame(() => this.#fit());
    }

    focus() {
        this.#input.focus({ preventScroll: true });
    }

    #box(label) {
        return h('textarea', {
            id: 'composer',
            rows: 1,
            dir: 'auto',
            enterkeyhint: 'send',
            autocomplete: 'off',
            placeholder: label,
            'aria-label': label,
            'aria-describedby': 'composer-hint',
            value: this.#draft.load(),
            onkeydown: (event) => this.#pressed(event),
            oninput: () => this.#typed(),
        });
    }

    #pressed(event) {
        if (event.key !== 'Enter' || event.shiftKey || composing(event)) return;
        event.preventDefault();
        this.#send();
    }

    #typed() {
        this.#draft.save(this.#input.value);
        this.#fit();
    }

    #submitted(event) {
        event.preventDefault();
        this.#send();
        this.focus();
    }

    #send() {
        if (this.#button.disabled) return;
        const text = this.#input.value.trim();
        this.#input.value = '';
        this.#typed();
        this.#onsend(text);
    }

    /** The height of what is written, and whether it may be sent. */
    #fit() {
        const { value, style } = this.#input;
        const left = charactersLeft(value);
        this.#count.textContent = left;
        show(this.#count, left <= WARN_LEFT);
        this.#count.classList.toggle('over', left < 0);
        this.#button.disabled = left < 0 || !value.trim();
        style.height = 'auto';
        style.height = `${this.#input.scrollHeight}px`;
    }
}

/** Some browsers end the composition before they report its Enter: 229 is still theirs. */
function composing(event) {
    return event.isComposing || event.keyCode === 229;
}

/** Characters that may still be written; below zero when there are too many of either kind. */
function charactersLeft(text) {
    const characters = MOST_CHARACTERS - [...text].length;
    const bytes = MOST_BYTES - new TextEncoder().encode(text).length;
    return Math.min(characters, bytes);
}

/** For as long as the tab lives. Where the browser keeps nothing, there are no drafts. */
class Draft {
    #name;

    constructor(me, room) {
        this.#name = `stonechat.draft.${me.id}.${room.id}`;
    }

    load() {
        try {
            return sessionStorage.getItem(this.#name) ?? '';
        } catch {
            return '';
        }
    }

    save(text) {
        try {
            if (text) sessionStorage.setItem(this.#name, text);
            else sessionStorage.removeItem(this.#name);
        } catch {
            // The text is still in the box.
        }
    }
}
