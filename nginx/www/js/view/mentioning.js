// mentioning: notices that somebody's name is being written in the box, opens the list of those who
// may be meant (completion.js) and puts the name of whoever is chosen there. Fetched with the
// first @.

import { mentionAt } from '../base/mention_at.js';
import { Completion } from './completion.js';
import { replace } from './formatting.js';

export class Mentioning {
    #input;
    #list;

    /** `node` takes the list. */
    constructor({ client, room, input, node, signal }) {
        this.#input = input;
        const onpick = (place, name) => this.#take(place, name);
        this.#list = new Completion({ client, room, input, onpick });
        node.append(this.#list.node, this.#list.status);
        document.addEventListener('selectionchange', () => this.#moved(), { signal });
    }

    /** The text is another now, or the caret elsewhere. */
    look() {
        const place = this.#place();
        if (place) this.#list.offer(place);
        else this.close();
    }

    /** True when the key was for the list. */
    pressed(event) {
        return this.#list.pressed(event);
    }

    close() {
        this.#list.close();
    }

    #moved() {
        if (this.#list.isOpen && !this.#place()) this.close();
    }

    #place() {
        const { value, selectionStart, selectionEnd } = this.#input;
        return selectionStart === selectionEnd ? mentionAt(value, selectionStart) : null;
    }

    #take({ from, to }, name) {
        const space = /^\s/.test(this.#input.value.slice(to)) ? '' : ' ';
        replace(this.#input, from, to, `@${name}${space}`);
    }
}
