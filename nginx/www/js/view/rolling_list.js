// rolling_list: a long list of rows in a frame that scrolls, of which only what is near the screen
// is elements. It holds on to a place: the end while the reader is there, else the first row on the
// screen, which stays where it is whatever is added, dropped or changed around it. It knows
// nothing of rooms; rows are those of timeline_rows.js.
//
// `scrolled` is called when the reader, or what was drawn, has moved the list.

import { arrange, batched, h } from '../base/dom.js';
import { Slice } from './timeline_slice.js';

const END_PX = 48;
const FOCUSABLE = 'a[href], button, input, select, textarea, [tabindex]';

export class RollingList {
    atEnd = true;
    /** { key, seq, at }: a row, and how far below the frame's upper edge it stands. */
    place = null;
    /** { first, last }: the messages on the screen, by their seq; the last one to its end. */
    seen = null;

    #rows = [];
    #ends = true;
    /** How far it was scrolled when that was last looked at; null while it is to go elsewhere. */
    #at = 0;
    #width = 0;
    #slice = new Slice();
    #nodes = new Map();
    #make;
    #renew;
    #scrolled;
    #above = h('div.gap', { 'aria-hidden': 'true' });
    #below = h('div.gap', { 'aria-hidden': 'true' });
    #inner;
    #log;

    /** `make(row)` gives its element, `renew(held, fresh)` the one that is there what another shows;
     *  `top` stands above all rows, and `log` is what tells of new ones. */
    constructor({ list, log, top, make, renew, scrolled, signal }) {
        Object.assign(this, { list });
        this.#log = log;
        log.append(list);
        this.#make = make;
        this.#renew = renew;
        this.#scrolled = scrolled;
        this.#inner = h('div.timeline-inner', null, top, this.#above, log, this.#below);
        this.node = h('div.timeline', { tabindex: '0' }, this.#inner);
        const moved = batched(() => signal.aborted || this.#moved());
        this.node.addEventListener('scroll', moved, { passive: true });
        this.#watch(signal);
    }

    /** A picture, a keyboard, a longer line, a panel beside: the place is kept. */
    #watch(signal) {
        const observer = new ResizeObserver(() => this.#resized());
        observer.observe(this.node);
        observer.observe(this.#inner);
        signal.addEventListener('abort', () => observer.disconnect());
    }

    /** `ends`: nothing comes after these rows. `aloud`: what is new among them is read out. */
    show(rows, { ends, aloud }) {
        this.#follow();
        this.#rows = rows;
        this.#ends = ends;
        this.#render(aloud);
    }

    /** Where the reader is to be when next something is drawn: the row `key`, or else the message
     *  `seq`, `at` pixels below the upper edge, or at the `centre`. */
    go(place) {
        this.atEnd = !place;
        this.place = place;
        this.#at = null;
    }

    /** The element of a row, if it is drawn. */
    nodeOf(key) {
        return this.#nodes.get(key)?.node;
    }

    /** Pixels between the screen and both ends of what is held. */
    get margins() {
        const { scrollTop, scrollHeight, clientHeight } = this.node;
        return { above: scrollTop, below: scrollHeight - scrollTop - clientHeight };
    }

    #render(aloud = false) {
        this.#speak(aloud);
        for (let tries = 0; tries < 3; tries++) {
            const index = this.atEnd ? this.#rows.length - 1 : this.#indexOf(this.place);
            this.#slice.choose(this.#rows, index, this.node.clientHeight);
            this.#fill();
            this.#keep();
            if (!this.#isShort()) break;
        }
        this.#look();
    }

    #speak(aloud) {
        const live = aloud ? 'polite' : 'off';
        if (this.#log.getAttribute('aria-live') !== live) this.#log.setAttribute('aria-live', live);
    }

    #fill() {
        const rows = this.#rows.slice(this.#slice.from, this.#slice.to);
        this.#nodes = new Map(rows.map((row) => [row.key, this.#held(row)]));
        const nodes = [...this.#nodes.values()].map(({ node }) => node);
        keepingFocus(this.list, this.node, () => arrange(this.list, nodes));
        const tops = nodes.map((node) => node.getBoundingClientRect().top);
        this.#slice.note(this.#rows, [...tops, this.list.getBoundingClientRect().bottom]);
        const [above, below] = this.#slice.gaps(this.#rows);
        this.#above.style.setProperty('height', `${above}px`);
        this.#below.style.setProperty('height', `${below}px`);
    }

    #held(row) {
        const held = this.#nodes.get(row.key);
        if (held?.look === row.look) return held;
        const fresh = this.#make(row);
        if (held) this.#renew(held.node, fresh);
        return { look: row.look, node: held?.node ?? fresh };
    }

    /** The place may be gone from the rows: whatever follows it stands for it. */
    #indexOf(place) {
        const at = this.#rows.findIndex(({ key }) => key === place?.key);
        if (at >= 0) return at;
        const next = this.#rows.findIndex(({ message }) => message?.seq >= place?.seq);
        return next >= 0 ? next : this.#rows.length - 1;
    }

    #keep() {
        if (this.atEnd || !this.place) this.node.scrollTop = this.node.scrollHeight;
        else this.#hold(this.place);
        this.#at = this.node.scrollTop;
    }

    #hold(place) {
        const row = this.#rows[this.#indexOf(place)];
        const node = row && this.nodeOf(row.key);
        if (!node) return;
        const box = node.getBoundingClientRect();
        const is = box.top - this.node.getBoundingClientRect().top;
        const wanted = place.at === 'centre' ? this.#centre(box.height) : place.at;
        if (Math.abs(is - wanted) >= 0.5) this.node.scrollTop += is - wanted;
    }

    #centre(height) {
        return Math.max(16, (this.node.clientHeight - height) / 2);
    }

    /** The reader may have scrolled just before something is drawn, and the word of it be still to
     *  come: he is where he went. Rows that became less, though, have moved nobody on purpose. */
    #follow() {
        const { scrollTop } = this.node;
        if (this.#at === null || scrollTop === this.#at) return;
        if (scrollTop > this.#at || this.margins.below >= 1) this.#settle();
    }

    #settle() {
        const bottom = this.margins.below < END_PX;
        this.atEnd = bottom && (this.#ends || this.atEnd);
        this.#at = this.node.scrollTop;
        this.#look();
    }

    #moved() {
        this.#settle();
        if (this.#isShort()) this.#render();
        this.#scrolled();
    }

    #resized() {
        const width = this.#inner.clientWidth;
        if (width !== this.#width) this.#slice.forget();
        this.#width = width;
        this.#keep();
    }

    #isShort() {
        const frame = this.node.getBoundingClientRect();
        const list = this.list.getBoundingClientRect();
        return this.#slice.isShort(this.#rows, frame.top - list.top, list.bottom - frame.bottom);
    }

    /** What is on the screen. */
    #look() {
        const frame = this.node.getBoundingClientRect();
        this.seen = null;
        let place = null;
        for (let i = this.#slice.from; i < this.#slice.to; i++) {
            const { key, message } = this.#rows[i];
            if (!message?.seq) continue;
            const { top, bottom } = this.nodeOf(key).getBoundingClientRect();
            if (top >= frame.bottom) break;
            if (bottom <= frame.top) continue;
            place ??= { key, seq: message.seq, at: top - frame.top };
            if (bottom <= frame.bottom + 1) this.seen = { first: place.seq, last: message.seq };
        }
        this.place = place ?? this.#guess(frame);
        if (!this.atEnd) this.atEnd = this.#ends && this.margins.below < 1;
    }

    /** The reader has pulled the bar to where nothing is drawn. */
    #guess(frame) {
        if (!this.#rows.length) return null;
        const y = frame.top - this.#above.getBoundingClientRect().top;
        const { index, top } = this.#slice.at(this.#rows, y);
        const { key, message } = this.#rows[index];
        return { key, seq: message?.seq, at: top - y };
    }
}

/** What was under the focus may be another element now, or none: then the frame has it. */
function keepingFocus(list, frame, change) {
    const focused = document.activeElement;
    const row = list.contains(focused) && focused.closest('[data-key]');
    const nth = row && [...row.querySelectorAll(FOCUSABLE)].indexOf(focused);
    change();
    if (!row || list.contains(focused)) return;
    const now = [...list.children].find((node) => node.dataset.key === row.dataset.key);
    const same = nth >= 0 ? now?.querySelectorAll(FOCUSABLE)[nth] : now;
    (same ?? frame).focus({ preventScroll: true });
}
