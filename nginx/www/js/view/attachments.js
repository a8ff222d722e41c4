// attachments: the files that the message being written will bear: chosen, dropped or pasted, each
// shown with how far it is. What is too large or too much is refused here, before a byte is sent.

import { arrange, h, show } from '../base/dom.js';
import { sizeOf } from '../base/files.js';
import { t } from '../base/i18n.js';
import { MOST_FILE_BYTES, MOST_FILES } from '../base/limits.js';
import { uploadItem } from './upload_item.js';

export class Attachments {
    #uploads;
    #room;
    #onchange;
    #signal;
    #items = new Map();
    #list = h('ul.uploads', { 'aria-label': t('attached_files') });
    #alert = h('p.composer-alert', { role: 'alert', hidden: true });

    node = h('div.attachments', { hidden: true }, this.#list, this.#alert);

    /** `onchange()`: there are others now. */
    constructor({ uploads, room, onchange, signal }) {
        this.#uploads = uploads;
        this.#room = room.id;
        this.#onchange = onchange;
        this.#signal = signal;
    }

    get keys() {
        return [...this.#items.keys()];
    }

    /** Files as the browser gives them, null for a folder. */
    add(files) {
        const refused = [];
        for (const file of files) {
            const fault = faultOf(file, this.#items.size);
            if (fault) refused.push(fault);
            else this.#append(this.#uploads.add(this.#room, file));
        }
        this.#say([...new Set(refused)].join(' '));
        this.#onchange();
    }

    /** Exactly these, as a draft has them; what is not there any more is left out. */
    set(keys) {
        const held = keys.filter((key) => this.#uploads.state(key) !== 'gone');
        for (const key of this.keys) if (!held.includes(key)) this.#items.delete(key);
        for (const key of held) if (!this.#items.has(key)) this.#append(key);
        this.#say('');
    }

    #append(key) {
        const onremove = () => this.#remove(key);
        this.#items.set(key, uploadItem(this.#uploads, key, { onremove, signal: this.#signal }));
        this.#draw();
    }

    #remove(key) {
        this.#items.delete(key);
        this.#uploads.remove(key);
        this.#say('');
        this.#onchange();
        this.#list.querySelector('button')?.focus();
    }

    #say(words) {
        this.#alert.textContent = words;
        this.#draw();
    }

    #draw() {
        arrange(this.#list, this.#items.values());
        show(this.#list, this.#items.size > 0);
        show(this.#alert, Boolean(this.#alert.textContent));
        show(this.node, !this.#list.hidden || !this.#alert.hidden);
    }
}

/** Why this one can't be sent, or nothing. */
function faultOf(file, held) {
    if (!file) return t('no_folders');
    if (held >= MOST_FILES) return t('too_many_files', { n: MOST_FILES });
    if (file.size === 0) return t('file_empty', { name: file.name });
    if (file.size > MOST_FILE_BYTES)
        return t('file_too_large', { name: file.name, most: sizeOf(MOST_FILE_BYTES) });
    return '';
}
