// mentioning: notices that somebody's name is being written in the box, and fetches the list of
// those who may be meant (completion.js) with the first such name. Where that can't be had, the
// name is typed out.

import { mentionAt } from '../base/mention_at.js';
import { replace } from './formatting.js';

export class Mentioning {
    #parts;
    #input;
    #node;
    #list = null;

    /** `node` takes the list. */
    constructor({ client, room, input, node, signal }) {
        this.#parts = { client, room, input };
        this.#input = input;
        this.#node = node;
        document.addEventListener('selectionchange', () => this.#moved(), { signal });
    }

    /** The text is another now, or the caret elsewhere. */
    async look() {
        if (!this.#place()) {
            this.close();
            return;
        }
        this.#list ??= await this.#fetch();
        const place = this.#place();
        if (place) this.#list?.offer(place);
    }

    /** True when the key was for the list. */
    pressed(event) {
        return this.#list?.pressed(event) ?? false;
    }

    close() {
        this.#list?.close();
    }

    #moved() {
        if (this.#list?.isOpen && !this.#place()) this.close();
    }

    #place() {
        const { value, selectionStart, selectionEnd } = this.#input;
        return selectionStart === selectionEnd ? mentionAt(value, selectionStart) : null;
    }

    async #fetch() {
        const { Completion } = await import('./completion.js').catch(() => ({}));
        if (!Completion || this.#list) return this.#list;
        const list = new Completion({
            ...this.#parts,
            onpick: (place, name) => this.#take(place, name),
        });
        this.#node.append(list.node, list.status);
        return list;
    }

    #take({ from, to }, name) {
        const space = /^\s/.test(this.#input.value.slice(to)) ? '' : ' ';
        replace(this.#input, from, to, `@${name}${space}`);
    }
}
