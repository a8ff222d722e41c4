// timeline: the messages of one room on the screen. It keeps three promises: what the reader
// looks at does not move when something is added above or below it; whoever is at the end
// stays at the end; and there is always more to scroll to until the room's first message.

import { arrange, batched, h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { letterFiles } from './letter_files.js';
import { lookOf, renew, rowNode } from './message.js';
import { handle } from './message_hands.js';
import { timelineRows } from './timeline_rows.js';

const NEAR_PX = 900;
const END_PX = 48;

export class Timeline {
    #client;
    #room;
    #nodes = new Map();
    #newAfter;
    #atEnd = true;
    #settled = false;
    #missed = 0;
    #parts;
    #list = h('ol.messages', { role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions' });
    #top = h('div.top');
    #inner = h('div.timeline-inner', null, this.#top, this.#list);
    #scroller = h('div.timeline', { tabindex: '0' }, this.#inner);
    #jump = h('button.jump', { type: 'button', hidden: true, onclick: () => this.toNewest() });

    constructor(client, room, signal, actions) {
        this.#client = client;
        this.#room = room.id;
        this.#newAfter = room.unread > 0 ? room.read : null;
        this.#list.setAttribute('aria-label', t('messages_of', { room: room.title || room.name }));
        this.node = h('div.timeline-frame', null, this.#scroller, this.#jump);
        this.#parts = this.#partsOf(client);
        const view = { list: this.#list, scroller: this.#scroller, redraw: () => this.#draw() };
        handle(view, { client, room, actions, signal, opened: this.#parts.opened });
        this.#listen(room, signal);
    }

    #partsOf({ me, references, outbox, uploads }) {
        return {
            me,
            references,
            opened: new Set(),
            files: (keys) => letterFiles(uploads, keys),
            retry: (key) => outbox.retry(key),
            discard: (key) => outbox.discard(key),
        };
    }

    #listen(room, signal) {
        const draw = batched(() => signal.aborted || this.#draw());
        const mine = (id) => id === this.#room && draw();
        this.#client.history.on('change', mine, signal);
        this.#client.outbox.on('change', draw, signal);
        this.#client.references.on('change', draw, signal);
        this.#client.on('message', (message) => this.#heard(message), signal);
        this.#client.on('link', ({ state }) => state === 'live' && draw(), signal);
        const scrolled = batched(() => this.#scrolled());
        this.#scroller.addEventListener('scroll', scrolled, { passive: true });
        for (const type of ['focus', 'visibilitychange']) {
            addEventListener(type, () => this.#saw(), { signal, capture: true });
        }
        this.#keepEnd(signal);
        this.#client.history.newest(room.id);
        draw();
    }

    /** A picture, a keyboard, a longer line: whoever is at the end stays there. */
    #keepEnd(signal) {
        const observer = new ResizeObserver(() => this.#atEnd && this.#toEnd());
        observer.observe(this.#scroller);
        observer.observe(this.#inner);
        signal.addEventListener('abort', () => observer.disconnect());
    }

    get #log() {
        return this.#client.history.log(this.#room);
    }

    /** Whoever writes wants to see it: the end, and no line above what is new. */
    wrote() {
        this.#newAfter = null;
        this.toNewest();
    }

    toNewest() {
        this.#atEnd = true;
        this.#missed = 0;
        if (this.#log.newer) this.#client.history.newest(this.#room, true);
        this.#draw();
        this.#saw();
    }

    #heard(message) {
        if (message.room !== this.#room || message.from.id === this.#client.me.id) return;
        const looking = this.#atEnd && document.hasFocus() && !document.hidden;
        if (looking) {
            this.#saw();
        } else {
            this.#missed += 1;
            this.#newAfter ??= message.seq - 1;
        }
    }

    #draw() {
        const anchor = this.#atEnd ? null : this.#anchor();
        const log = this.#log;
        const rows = log.loaded ? this.#rows(log) : this.#lettersOnly();
        const nodes = rows.map((row) => this.#nodeOf(row));
        this.#quietly(() => arrange(this.#list, nodes));
        this.#forget(rows);
        this.#drawTop(log, rows);
        if (anchor) this.#restore(anchor);
        else this.#toEnd();
        this.#drawJump();
        this.#more();
        this.#saw();
    }

    #rows(log) {
        const { outbox, me } = this.#client;
        const letters = log.newer ? [] : outbox.of(this.#room);
        return timelineRows({ log, letters, me, newAfter: this.#newAfter, lookOf: this.#lookOf });
    }

    #lookOf = (message) => lookOf(message, this.#parts);

    /** While the log can't be had, what was written here is shown all the same. */
    #lettersOnly() {
        const nothing = { messages: [], last: 0, holds: () => false };
        return timelineRows({
            log: nothing,
            letters: this.#client.outbox.of(this.#room),
            me: this.#client.me,
            newAfter: null,
            lookOf: this.#lookOf,
        });
    }

    #nodeOf(row) {
        const held = this.#nodes.get(row.key);
        if (held?.look === row.look) return held.node;
        const fresh = rowNode(row, this.#parts);
        if (held) renew(held.node, fresh);
        const node = held?.node ?? fresh;
        this.#nodes.set(row.key, { look: row.look, node });
        return node;
    }

    #forget(rows) {
        if (this.#nodes.size < rows.length * 1.5 + 50) return;
        const keys = new Set(rows.map((row) => row.key));
        for (const key of this.#nodes.keys()) if (!keys.has(key)) this.#nodes.delete(key);
    }

    /** What is new at the end is read out; a page of history is not. */
    #quietly(change) {
        this.#list.setAttribute('aria-live', this.#settled && this.#atEnd ? 'polite' : 'off');
        change();
    }

    #drawTop(log, rows) {
        const room = this.#client.rooms.get(this.#room);
        const look = topOf(log, rows);
        if (this.#top.dataset.look === look) return;
        this.#top.dataset.look = look;
        this.#top.replaceChildren(...TOPS[look](room));
    }

    #drawJump() {
        show(this.#jump, !this.#atEnd || this.#log.newer);
        const words = this.#missed ? t('new_messages', { n: this.#missed }) : t('to_newest');
        if (this.#jump.dataset.words === words) return;
        this.#jump.dataset.words = words;
        this.#jump.replaceChildren(icon('down'), h('span', null, words));
    }

    /** The first row that is on the screen, and where. */
    #anchor() {
        const top = this.#scroller.getBoundingClientRect().top;
        for (const node of this.#list.children) {
            const box = node.getBoundingClientRect();
            if (box.bottom > top && node.dataset.seq) return { key: node.dataset.key, at: box.top };
        }
        return null;
    }

    #restore({ key, at }) {
        const node = this.#nodes.get(key)?.node;
        if (!node?.isConnected) return;
        this.#scroller.scrollTop += node.getBoundingClientRect().top - at;
    }

    /** On opening a room with more news than fit the screen, its end is where the news begin. */
    #toEnd() {
        const line = !this.#settled && this.#list.querySelector('.new-line');
        this.#settled ||= this.#log.loaded;
        this.#scroller.scrollTop = this.#scroller.scrollHeight;
        if (!line) return;
        const above =
            line.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - 64;
        if (above < 0) {
            this.#scroller.scrollTop += above;
            this.#atEnd = false;
        }
    }

    #scrolled() {
        const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
        this.#atEnd = !this.#log.newer && scrollHeight - scrollTop - clientHeight < END_PX;
        if (this.#atEnd) this.#missed = 0;
        this.#drawJump();
        this.#more();
        this.#saw();
    }

    #more() {
        const { history } = this.#client;
        const log = this.#log;
        const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
        if (!log.loaded) history.newest(this.#room);
        else if (log.newer && scrollHeight - scrollTop - clientHeight < NEAR_PX)
            history.newer(this.#room);
        else if (log.older && scrollTop < NEAR_PX) history.older(this.#room);
    }

    #saw() {
        const log = this.#log;
        if (!this.#settled || !this.#atEnd || !log.loaded || log.newer) return;
        this.#client.reader.saw(this.#room, log.last);
    }
}

/** What stands above the messages: see TOPS. */
function topOf(log, rows) {
    if (!log.loaded) return 'loading';
    if (log.older) return 'older';
    return rows.length ? 'beginning' : 'empty';
}

const bone = (...widths) => widths.map((width) => h(`span.bone.${width}`));

const skeleton = (...widths) =>
    h(
        'div.message.lead.skeleton',
        { 'aria-hidden': 'true' },
        h('div.gutter', null, h('span.avatar')),
        h('div.content', null, bone('short', ...widths)),
    );

const beginning = (room) =>
    h(
        'div.beginning',
        null,
        h('h2', null, t('beginning_title', { room: room?.title || room?.name })),
        h(
            'p',
            null,
            room?.topic || t(room?.kind === 'private' ? 'beginning_private' : 'beginning_public'),
        ),
    );

const TOPS = {
    loading: () => [
        h('p.sr-only', { role: 'status' }, t('loading')),
        skeleton('long'),
        skeleton('middle'),
        skeleton('long', 'middle'),
        skeleton('middle'),
        skeleton('long'),
    ],
    older: () => [skeleton('long'), skeleton('middle')],
    beginning: (room) => [beginning(room)],
    empty: (room) => [
        h(
            'div.empty',
            null,
            h('img', { src: 'stonechat.svg', alt: '', width: 96, height: 96 }),
            beginning(room),
            h('p.hint', null, t('empty_hint')),
        ),
    ],
};
