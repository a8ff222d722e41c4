// window_list: a long list of which only what is on the screen, and a little around it, is in the
// page. Rows are of two heights, so that the place of each is known without making it.
//
// A row: { key, look, head?, make() }; `make` is called again only where `look` has changed.

import { arrange, batched, h } from '../base/dom.js';

const ROW_PX = 52;
const HEAD_PX = 36;
const AROUND_PX = 320;

export class WindowList {
    #list;
    #rows = [];
    #tops = [0];
    #nodes = new Map();
    #onend;

    /** `onend()` is called when the end of the list comes near. */
    constructor({ label, onend = () => {} }) {
        this.#onend = onend;
        this.#list = h('ul.window-list', { 'aria-label': label });
        this.#list.style.setProperty('--row', `${ROW_PX}px`);
        this.#list.style.setProperty('--row-head', `${HEAD_PX}px`);
        const draw = batched(() => this.#draw());
        this.node = h('div.window', { onscroll: draw }, this.#list);
        new ResizeObserver(draw).observe(this.node);
    }

    set(rows) {
        this.#rows = rows;
        this.#tops = [0];
        for (const { head } of rows) this.#tops.push(this.#tops.at(-1) + (head ? HEAD_PX : ROW_PX));
        this.#draw();
    }

    #draw() {
        const { scrollTop, clientHeight } = this.node;
        const from = this.#at(scrollTop - AROUND_PX);
        const to = Math.min(this.#at(scrollTop + clientHeight + AROUND_PX) + 1, this.#rows.length);
        const shown = this.#rows.slice(from, to);
        const height = this.#tops.at(-1);
        this.#list.style.setProperty('padding-top', `${this.#tops[from]}px`);
        this.#list.style.setProperty('padding-bottom', `${height - this.#tops[to]}px`);
        arrange(
            this.#list,
            shown.map((row, i) => this.#node(row, from + i)),
        );
        this.#forget(shown);
        if (to === this.#rows.length) this.#onend();
    }

    /** The row at a height, by halves. */
    #at(px) {
        let [low, high] = [0, Math.max(this.#rows.length - 1, 0)];
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (this.#tops[middle] <= px) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    #node(row, at) {
        let held = this.#nodes.get(row.key);
        if (held?.look !== row.look) {
            held = { look: row.look, node: this.#renewed(held?.node, row.make()) };
            this.#nodes.set(row.key, held);
        }
        held.node.setAttribute('aria-setsize', this.#rows.length);
        held.node.setAttribute('aria-posinset', at + 1);
        return held.node;
    }

    /** Where the focus was in the old one, it goes to the same place in the new one. */
    #renewed(before, node) {
        const at = before
            ? [...before.querySelectorAll('button')].indexOf(document.activeElement)
            : -1;
        if (at < 0) return node;
        before.replaceWith(node);
        node.querySelectorAll('button')[at]?.focus({ preventScroll: true });
        return node;
    }

    #forget(shown) {
        const keys = new Set(shown.map(({ key }) => key));
        for (const key of this.#nodes.keys()) if (!keys.has(key)) this.#nodes.delete(key);
    }
}
