// panel: what stands beside the conversation: members, pins, what was found. One at a time; on a
// narrow screen it lies over the conversation. Each is a module of its own, fetched when it is
// first opened, that exports `open(parts)` and answers { title, node, focus?() }.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { later } from './doors.js';

const PANELS = {
    members: () => import('./members.js'),
    pins: () => import('./pins.js'),
    search: () => import('./search.js'),
};

export class Panel {
    node;

    #parts;
    #name = null;
    #opening = new AbortController();
    #before = null;

    /** Is shown in `node`. `parts`: { client, room, actions, signal } are handed on, `signal` as that of the panel. */
    constructor(node, parts) {
        this.node = node;
        this.#parts = parts;
        parts.signal.addEventListener('abort', () => this.#opening.abort());
        this.node.addEventListener('keydown', (event) => this.#pressed(event));
    }

    #pressed(event) {
        if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
        event.preventDefault();
        this.close();
    }

    get name() {
        return this.#name;
    }

    /** Opens the panel `name` with what it is to show, or closes it where it is open already. */
    async toggle(name, what = {}) {
        if (this.#name === name && !Object.keys(what).length) this.close();
        else await this.#open(name, what);
    }

    /** Answers whether there was anything to close. */
    close() {
        if (!this.#name) return false;
        this.#opening.abort();
        this.#name = null;
        this.node.hidden = true;
        this.node.replaceChildren();
        if (this.#before?.isConnected) this.#before.focus();
        return true;
    }

    async #open(name, what) {
        this.#opening.abort();
        const opening = new AbortController();
        this.#opening = opening;
        if (!this.#name) this.#before = document.activeElement;
        this.#name = name;
        const part = await later(PANELS[name]);
        if (opening.signal.aborted) return;
        if (!part) {
            this.close();
            return;
        }
        const view = part.open({ ...this.#parts, ...what, panel: this, signal: opening.signal });
        this.node.setAttribute('aria-label', view.title);
        this.node.replaceChildren(this.#head(view.title), view.node);
        this.node.hidden = false;
        view.focus?.();
    }

    #head(title) {
        return h(
            'header.panel-head',
            null,
            h('h2', null, title),
            h(
                'button.quiet.square',
                { type: 'button', 'aria-label': t('close'), onclick: () => this.close() },
                icon('close'),
            ),
        );
    }
}
