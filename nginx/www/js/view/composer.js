// composer: where a message is written. Enter sends and Shift+Enter breaks the line, but an
// Enter that belongs to an input method (Chinese, Japanese, …) is the input method's. What is
// half written in a room stays there until it is sent, also over a reload.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';

const MOST_CHARACTERS = 4000;
const MOST_BYTES = 16384;
const WARN_LEFT = 200;

export function composer({ client, room, onsent }) {
    const draft = draftOf(client.me, room);
    const input = h('textarea', {
        id: 'composer', rows: 1, dir: 'auto', enterkeyhint: 'send', autocomplete: 'off',
        placeholder: t('write_to', { room: room.title || room.name }),
        'aria-label': t('write_to', { room: room.title || room.name }), 'aria-describedby': 'composer-hint',
        value: draft.load(),
    });
    const send = h('button.send', { type: 'submit', 'aria-label': t('send'), title: t('send') }, icon('send'));
    const count = h('span.count', { role: 'status', hidden: true });
    const form = h('form.composer', null,
        h('div.composer-box', null, input, count, send),
        h('p.composer-hint', { id: 'composer-hint' }, t('composer_hint')));

    const fit = () => {
        const left = charactersLeft(input.value);
        count.textContent = left;
        show(count, left <= WARN_LEFT);
        count.classList.toggle('over', left < 0);
        send.disabled = left < 0 || !input.value.trim();
        grow(input);
    };
    const submit = () => {
        if (send.disabled) return;
        client.outbox.write(room.id, input.value.trim());
        input.value = '';
        draft.save('');
        fit();
        onsent();
    };

    form.addEventListener('submit', (event) => {
        event.preventDefault();
        submit();
        input.focus();
    });
    input.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || event.shiftKey || composing(event)) return;
        event.preventDefault();
        submit();
    });
    input.addEventListener('input', () => {
        draft.save(input.value);
        fit();
    });
    requestAnimationFrame(fit);
    return { node: form, focus: () => input.focus({ preventScroll: true }) };
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

function grow(input) {
    input.style.height = 'auto';
    input.style.height = `${input.scrollHeight}px`;
}

function draftOf(me, room) {
    const name = `stonechat.draft.${me.id}.${room.id}`;
    return {
        load: () => quietly(() => sessionStorage.getItem(name)) ?? '',
        save: (text) => quietly(() => (text ? sessionStorage.setItem(name, text) : sessionStorage.removeItem(name))),
    };
}

function quietly(action) {
    try {
        return action();
    } catch {
        return null;
    }
}
