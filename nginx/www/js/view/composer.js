// composer: where a message is written, answered, changed, and given files. Enter sends and
// Shift+Enter breaks the line (under a thumb Enter breaks it and the button sends), but an Enter
// that belongs to an input method (Chinese, Japanese, …) is the input method's. What is half
// written in a room, or half changed, stays there until it is sent: model/drafts.js has it. What is
// on the screen only now and then (files, the list of people) is fetched when it is first needed.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { explain, t } from '../base/i18n.js';
import { charactersLeft } from '../base/limits.js';
import { eventually } from '../base/pause.js';
import { attachTool, emojiTool } from './composer_tools.js';
import { later } from './doors.js';
import { mutedNote, typingLine } from './composer_notes.js';
import { toast } from './toasts.js';

const WARN_LEFT = 200;
const EMPTY = { text: '', reply: null, files: [] };
const TOUCH = matchMedia('(pointer: coarse)');

export class Composer {
    #client;
    #room;
    #signal;
    #onwrote;
    #reply = null;
    #edit = null; // { message: { seq, text, files }, saving }
    #input;
    #bar = null;
    #barPlace = h('div');
    #attachments = null;
    #tray = h('div.tray');
    #mentioning = null;
    #count = h('span.count', { role: 'status', hidden: true });
    #hint = h('p.composer-hint', { id: 'composer-hint' });
    #muted;
    #button = h('button.send', { type: 'submit' }, icon('send'));

    /** `onwrote()`: something has just gone to the outbox. */
    constructor({ client, room, signal, onwrote }) {
        this.#client = client;
        this.#room = room;
        this.#signal = signal;
        this.#onwrote = onwrote;
        this.#input = this.#box(t('write_to', { room: room.title || room.name }));
        this.#muted = mutedNote({ client, room, signal, onchange: (muted) => this.#mute(muted) });
        this.node = this.#form();
        this.#listen();
        this.#restore();
        this.#resume();
        this.#muted.draw();
        requestAnimationFrame(() => this.#fit());
    }

    focus() {
        this.#input.focus({ preventScroll: true });
    }

    /** Files, null for a folder. Where what shows them can't be had they wait until it can. */
    async attach(files) {
        if (!files.length || this.#input.disabled || this.#edit) return;
        const attachments = (await this.#files(later)) ?? (await this.#files());
        attachments?.add(files);
        this.focus();
    }

    #form() {
        return h(
            'form.composer',
            { onsubmit: (event) => this.#submitted(event) },
            typingLine(this.#client, this.#room, this.#signal),
            this.#muted.node,
            h('div.composer-frame', null, this.#barPlace, this.#tray, this.#boxes()),
            this.#hint,
        );
    }

    #box(label) {
        return h('textarea', {
            id: 'composer',
            rows: 1,
            dir: 'auto',
            enterkeyhint: TOUCH.matches ? 'enter' : 'send',
            autocomplete: 'off',
            placeholder: label,
            'aria-label': label,
            'aria-describedby': 'composer-bar composer-hint',
            onkeydown: (event) => this.#pressed(event),
            oninput: (event) => this.#typed(event),
            oncompositionend: () => this.#look(),
            onclick: () => this.#look(),
            onblur: () => this.#mentioning?.close(),
            onpaste: (event) => this.#pasted(event),
        });
    }

    #boxes() {
        return h(
            'div.composer-box',
            null,
            attachTool((files) => this.attach(files)),
            this.#input,
            this.#count,
            emojiTool(this.#input, this.#signal),
            this.#button,
        );
    }

    #listen() {
        const [client, id, signal] = [this.#client, this.#room.id, this.#signal];
        client.on('compose', (what) => what.room === id && this.#compose(what), signal);
        client.drafts.on('elsewhere', (room) => room === id && this.#restore(), signal);
    }

    // What is half written.

    get #draft() {
        return this.#client.drafts.of(this.#room.id) ?? EMPTY;
    }

    async #restore() {
        if (this.#edit) return;
        const { text, reply, files } = this.#draft;
        if (this.#input.value !== text) this.#input.value = text;
        this.#reply = reply;
        this.#drawMode();
        this.#fit();
        if (!files.length && !this.#attachments) return;
        (await this.#files())?.set(this.#draft.files);
        this.#fit();
    }

    /** Another tab may be changing a message meanwhile: that is left as it is. */
    #keep() {
        const [before, text] = [this.#draft, this.#input.value];
        const files = this.#attachments?.keys ?? before.files;
        const edit = text.trim() && { message: this.#edit?.message, text };
        const draft = this.#edit ? { edit } : { text, reply: this.#reply };
        this.#client.drafts.keep(this.#room.id, { ...before, files, ...draft });
        this.#fit();
    }

    /** A change that was begun goes on, if its message is still one. */
    async #resume() {
        const { edit } = this.#draft;
        if (!edit) return;
        this.#startEdit(edit.message, edit.text);
        const begun = this.#edit;
        const asked = this.#client.api.message(this.#room.id, edit.message.seq);
        const gone = await asked.then(
            ({ message }) => message.deleted,
            ({ status }) => status === 404,
        );
        if (gone && this.#edit === begun) this.#endEdit();
    }

    /** The files of this message, fetched with the first of them. */
    async #files(fetched = eventually) {
        const part = await fetched(() => import('./attachments.js'), this.#signal);
        if (!part) return null;
        if (!this.#attachments) {
            const parts = { uploads: this.#client.uploads, room: this.#room, signal: this.#signal };
            const onchange = () => this.#keep();
            this.#attachments = new part.Attachments({ ...parts, onchange });
            this.#attachments.set(this.#draft.files);
            this.#tray.append(this.#attachments.node);
        }
        return this.#attachments;
    }

    // Answering and changing.

    #compose({ kind, message }) {
        if (this.#input.disabled) return;
        if (this.#edit) this.#endEdit();
        if (kind === 'edit') this.#startEdit(message);
        else this.#startReply(message);
        this.focus();
    }

    /** None that is not to be seen: it would be another message than its writer thinks. */
    async #startReply({ seq, from, text, files }) {
        const reply = {
            seq,
            from,
            text: text?.slice(0, 200),
            files: files?.map(({ name }) => ({ name })),
        };
        this.#reply = reply;
        this.#keep();
        const seen = await this.#drawMode(later);
        if (seen || this.#reply !== reply) return;
        this.#reply = null;
        this.#keep();
    }

    #startEdit({ seq, text: before, files }, text = before ?? '') {
        this.#edit = { message: { seq, text: before, files }, saving: false };
        this.#input.value = text;
        this.#drawMode();
        this.#fit();
        this.#input.setSelectionRange(this.#input.value.length, this.#input.value.length);
    }

    /** What was half written before comes back. */
    #endEdit() {
        this.#edit = null;
        this.#client.drafts.keep(this.#room.id, { ...this.#draft, edit: null });
        this.#restore();
    }

    #escape() {
        if (this.#edit) {
            this.#endEdit();
        } else {
            this.#reply = null;
            this.#drawMode();
            this.#keep();
        }
        this.focus();
    }

    /** Resolves to whether it is all to be seen. */
    #drawMode(fetched) {
        const edited = this.#edit?.message;
        this.node.classList.toggle('editing', Boolean(edited));
        this.#hint.textContent = t(hintOf(edited));
        const label = t(edited ? 'save_edit' : 'send');
        this.#button.setAttribute('aria-label', label);
        this.#button.title = label;
        this.#button.replaceChildren(icon(edited ? 'check' : 'send'));
        return this.#drawBar(fetched);
    }

    /** Fetched with the first message that is more than a new one. */
    async #drawBar(fetched = eventually) {
        if (!this.#bar && !this.#edit && !this.#reply) return true;
        if (!this.#bar) {
            const part = await fetched(() => import('./composer_bar.js'), this.#signal);
            if (!part) return false;
            this.#bar ??= new part.ComposerBar(this.#barPlace, () => this.#escape());
        }
        if (this.#edit) this.#bar.open('edit', this.#edit.message);
        else if (this.#reply) this.#bar.open('reply', this.#reply);
        else this.#bar.close();
        return true;
    }

    #editLast() {
        const { history, me } = this.#client;
        const own = ({ from, deleted, text }) => from.id === me.id && !deleted && text;
        const last = history.log(this.#room.id).messages.findLast(own);
        if (last) this.#startEdit(last);
        return Boolean(last);
    }

    async #save() {
        const { message, saving } = this.#edit;
        const text = this.#input.value.trim();
        if (saving) return;
        if (text === message.text) return this.#endEdit();
        const edit = Object.assign(this.#edit, { saving: true });
        this.#bar?.say('');
        try {
            await this.#client.api.edit(this.#room.id, message.seq, text);
            if (this.#edit === edit) this.#endEdit();
        } catch (problem) {
            if (this.#bar) this.#bar.say(explain(problem));
            else toast('bad', explain(problem));
        }
        edit.saving = false;
    }

    // Keys, and what they do.

    #pressed(event) {
        if (composing(event)) return;
        if (this.#mentioning?.pressed(event) || formatting(event)) return;
        const act = this.#actOf(event);
        if (act?.() === false || !act) return;
        event.preventDefault();
    }

    /** What this key does here, if anything; `false` from it: nothing after all. */
    #actOf({ key, shiftKey, ctrlKey, metaKey, altKey }) {
        if (key === 'Enter' && !shiftKey && !altKey) {
            return TOUCH.matches && !ctrlKey && !metaKey ? null : () => this.#send();
        }
        if (shiftKey || ctrlKey || metaKey || altKey) return null;
        if (key === 'Escape' && (this.#edit || this.#reply)) return () => this.#escape();
        const empty = !this.#input.value && !this.#edit;
        return key === 'ArrowUp' && empty ? () => this.#editLast() : null;
    }

    #typed(event) {
        this.#keep();
        if (!this.#edit) this.#client.typing.writes(this.#room.id, this.#input.value);
        if (!event.isComposing) this.#look();
    }

    /** Is somebody being mentioned? Fetched with the first @; without it names are typed out. */
    async #look() {
        if (this.#mentioning) {
            this.#mentioning.look();
            return;
        }
        if (!/[@＠]/.test(this.#input.value)) return;
        const { Mentioning } = await import('./mentioning.js').catch(() => ({}));
        if (!Mentioning) return;
        const [client, room, signal] = [this.#client, this.#room, this.#signal];
        const parts = { client, room, signal, input: this.#input, node: this.node };
        this.#mentioning ??= new Mentioning(parts);
        this.#mentioning.look();
    }

    /** Where a text comes with pictures (a table does), the text is what is meant. */
    #pasted(event) {
        const { files, types } = event.clipboardData;
        if (!files.length || types.includes('text/plain')) return;
        event.preventDefault();
        this.attach([...files]);
    }

    // Sending.

    #submitted(event) {
        event.preventDefault();
        this.#send();
        this.focus();
    }

    #send() {
        if (this.#button.disabled) return;
        if (this.#edit) this.#save();
        else this.#post();
    }

    #post() {
        const { id } = this.#room;
        const { text, reply, files } = this.#draft;
        this.#client.drafts.keep(id, { text: '', reply: null, files: [] });
        this.#client.outbox.write(id, text.trim(), { reply_to: reply?.seq, files });
        this.#client.typing.wrote(id);
        this.#restore();
        this.#onwrote();
    }

    /** The height of what is written, and whether it may be sent. */
    #fit() {
        const { value, style } = this.#input;
        const left = charactersLeft(value);
        this.#count.textContent = left;
        show(this.#count, left <= WARN_LEFT);
        this.#count.classList.toggle('over', left < 0);
        const { files } = this.#edit?.message ?? this.#draft;
        const empty = !value.trim() && !files?.length;
        this.#button.disabled = this.#input.disabled || left < 0 || empty;
        style.height = 'auto';
        style.height = `${this.#input.scrollHeight}px`;
    }

    #mute(muted) {
        this.#input.disabled = muted;
        for (const button of this.node.querySelectorAll('.composer-box .tool'))
            button.disabled = muted;
        this.#fit();
    }
}

function hintOf(edited) {
    if (edited) return 'composer_edit_hint';
    return TOUCH.matches ? 'composer_touch_hint' : 'composer_hint';
}

let marks = null;
const fetchMarks = async () => (marks ??= await import('./formatting.js'));

/** Bold, italic and code by their keys. What sets them is fetched when the first half of one of
 *  their chords is down. */
function formatting(event) {
    const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
    if (key === 'Control' || key === 'Meta') fetchMarks().catch(() => {});
    if (!/^[bie]$/i.test(key) || !(ctrlKey || metaKey) || altKey || shiftKey) return false;
    event.preventDefault();
    if (marks) marks.format(target, key);
    else later(fetchMarks).then((part) => part?.format(target, key));
    return true;
}

/** Some browsers end the composition before they report its Enter: 229 is still theirs. */
function composing(event) {
    return event.isComposing || event.keyCode === 229;
}
