// timeline: the messages of one room on the screen. It keeps three promises: what the reader
// looks at does not move when something is added above or below it; whoever is at the end
// stays at the end; and there is always more to scroll to until the room's first message.
//
// It decides where the reader begins (at what is new, at a message that was asked for, else at the
// end), and what he has read: only what was on the screen. How a place is kept while rows come and
// go is rolling_list.js.

import { batched, h, once, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { eventually } from '../base/pause.js';
import { full } from '../base/time.js';
import { lookOf, renew, rowNode } from './message.js';
import { handle } from './message_hands.js';
import { RollingList } from './rolling_list.js';
import { timelineRows } from './timeline_rows.js';
import { TimelineTop } from './timeline_top.js';

const NEAR_PX = 3000;
const LINE_PX = 64;
const FOUND_MS = 2000;
const SAID_MS = 6000;

export class Timeline {
    #client;
    #room;
    #signal;
    #newAfter = null;
    /** Is it known how far the reader has read? And where he begins, which `#goal` names? */
    #known = false;
    #begun = false;
    #seeking = 0;
    #goal = null;
    #settled = false;
    #found = null;
    #top = new TimelineTop();
    #receipts = null;
    #parts;
    #roll;
    #jump = h('button.jump', { type: 'button', hidden: true, onclick: () => this.toNewest() });
    #said = h('p.said', { role: 'status' });
    #timers = {};

    constructor(client, room, signal, actions) {
        this.#client = client;
        this.#room = room.id;
        this.#signal = signal;
        const label = t('messages_of', { room: room.title || room.name });
        this.#roll = new RollingList({
            list: h('ol.messages'),
            log: h('div', {
                role: 'log',
                'aria-label': label,
                'aria-live': 'off',
                'aria-relevant': 'additions',
            }),
            top: this.#top.node,
            make: (row) => this.#nodeOf(row),
            renew,
            scrolled: () => this.#scrolled(),
            signal,
        });
        this.node = h('div.timeline-frame', null, this.#roll.node, this.#jump, this.#said);
        this.#parts = this.#partsOf(client);
        const view = {
            list: this.#roll.list,
            scroller: this.#roll.node,
            redraw: () => this.#draw(),
        };
        handle(view, { client, room, actions, signal, opened: this.#parts.opened });
        this.#listen(signal);
    }

    #partsOf({ me, references, outbox, uploads }) {
        return {
            me,
            references,
            opened: new Set(),
            uploads,
            retry: (key) => outbox.retry(key),
            discard: (key) => outbox.discard(key),
        };
    }

    #listen(signal) {
        const { history, outbox, rooms } = this.#client;
        const draw = batched(() => signal.aborted || this.#draw());
        const counted = batched(() => signal.aborted || this.#drawJump());
        history.on('change', (id) => id === this.#room && draw(), signal);
        outbox.on('change', draw, signal);
        this.#client.references.on('change', draw, signal);
        rooms.on('change', () => [this.#begin(), counted()], signal);
        this.#client.on('message', (message) => this.#heard(message), signal);
        this.#client.on('link', () => [this.#begin(), draw()], signal);
        for (const type of ['focus', 'visibilitychange']) {
            addEventListener(type, () => this.#saw(), { signal, capture: true });
        }
        signal.addEventListener('abort', () => this.#end());
        if (!rooms.fresh && !this.#log.loaded) history.newest(this.#room);
        this.#begin();
        draw();
    }

    #end() {
        this.#log.following = true;
        Object.values(this.#timers).forEach(clearTimeout);
    }

    get #log() {
        return this.#client.history.log(this.#room);
    }

    /** Where the reader was last is known from the server alone, or not at all for now. */
    async #begin() {
        const { rooms, link } = this.#client;
        if (this.#known || !(rooms.fresh || link.state === 'waiting')) return;
        this.#known = true;
        const { unread, read } = rooms.get(this.#room) ?? {};
        if (unread) this.#newAfter = read;
        if (this.#begun) return;
        this.#begun = true;
        if (unread) {
            this.#goal = { key: 'unread', at: LINE_PX };
            await this.#seek(() => this.#reach(read));
        } else {
            this.#client.history.newest(this.#room, this.#log.newer);
        }
    }

    /** The newest page, if that has what is new to its beginning; else where that is. */
    async #reach(read) {
        const { history } = this.#client;
        const log = this.#log;
        if (!log.loaded || log.kept) await history.newest(this.#room);
        if (log.loaded && !log.joins(read) && log.older) await history.around(this.#room, read);
    }

    /** Nothing is shown before it is what is sought. */
    async #seek(look) {
        this.#seeking += 1;
        try {
            return await look();
        } catch {
            return null;
        } finally {
            this.#seeking -= 1;
            if (!this.#signal.aborted) this.#draw();
        }
    }

    /** Shows the message `seq` with what stands around it, however far away it is. */
    async jump(seq) {
        this.#begun = true;
        const { history } = this.#client;
        const log = this.#log;
        const there =
            log.spans(seq) || (await this.#seek(() => history.around(this.#room, seq, true)));
        if (this.#signal.aborted) return;
        const message = log.get(seq);
        if (message) this.#point(message);
        else this.#astray(there === null ? 'message_unreachable' : 'message_gone');
    }

    /** What was asked for is not to be had: one stays, or begins where one would have begun. */
    #astray(why) {
        this.#say(t(why), true);
        if (this.#settled) return;
        this.#known = this.#begun = false;
        this.#begin();
    }

    #point(message) {
        const key = `message ${message.seq}`;
        const { from, at, deleted } = message;
        this.#goal = { key, seq: message.seq, at: 'centre' };
        this.#found = key;
        this.#draw();
        const place = t('message_at', { who: from.display, when: full(at) });
        this.#say(deleted ? t('message_deleted_here') : place, Boolean(deleted));
        this.#later('found', FOUND_MS, () => {
            this.#roll.nodeOf(key)?.classList.remove('found');
            this.#found = null;
        });
    }

    /** Read out, and shown too where the eye wouldn't find it. */
    #say(words, shown) {
        this.#said.textContent = words;
        this.#said.classList.toggle('sr-only', !shown);
        this.#later('said', SAID_MS, () => this.#said.replaceChildren());
    }

    #later(name, ms, action) {
        clearTimeout(this.#timers[name]);
        this.#timers[name] = setTimeout(action, ms);
    }

    /** Whoever writes wants to see it: the end, and no line above what is new. */
    wrote() {
        this.#newAfter = null;
        this.toNewest();
    }

    toNewest() {
        this.#goal = null;
        this.#roll.go(null);
        if (this.#log.newer) this.#client.history.newest(this.#room, true);
        this.#draw();
    }

    /** What comes while nobody looks is new; if all before it was read, the line stands above it. */
    #heard(message) {
        if (message.room !== this.#room || message.from.id === this.#client.me.id) return;
        const looking = this.#roll.atEnd && document.hasFocus() && !document.hidden;
        const { unread } = this.#client.rooms.get(this.#room) ?? {};
        const first = unread <= 1 || this.#newAfter === null;
        if (!looking && first) this.#newAfter = message.seq - 1;
    }

    #draw() {
        const log = this.#log;
        const shown = log.loaded && this.#begun && !this.#seeking;
        const rows = shown ? this.#rows(log) : this.#lettersOnly();
        if (shown) this.#goTo(rows);
        const { rooms: known, me } = this.#client;
        this.#top.draw(known.get(this.#room), shown ? log : null, rows, me);
        const aloud = this.#settled && this.#roll.atEnd;
        this.#roll.show(rows, { ends: !log.newer, aloud });
        if (this.#found) this.#roll.nodeOf(this.#found)?.classList.add('found');
        this.#settled ||= shown;
        this.#scrolled();
    }

    /** To what was asked for, as soon as there is such a row. */
    #goTo(rows) {
        const goal = this.#goal;
        this.#goal = null;
        if (goal && rows.some(({ key }) => key === goal.key)) this.#roll.go(goal);
    }

    #rows(log) {
        const { outbox, me } = this.#client;
        const letters = log.newer ? [] : outbox.of(this.#room);
        const receipt = this.#receipt(log);
        const newAfter = this.#newAfter;
        return timelineRows({ log, letters, me, newAfter, receipt, lookOf: this.#lookOf });
    }

    /** Who has read it is asked for, and shown, once the newest message is the reader's own. */
    #receipt(log) {
        const { me } = this.#client;
        if (this.#receipts) return this.#receipts.of(log);
        if (log.messages.at(-1)?.from.id === me.id) this.#fetchReceipts();
        return null;
    }

    #fetchReceipts = once(async () => {
        const part = await eventually(() => import('./receipts.js'), this.#signal);
        if (!part) return;
        const draw = batched(() => this.#signal.aborted || this.#draw());
        this.#receipts = new part.Receipts(this.#client, this.#room, draw, this.#signal);
    });

    /** While the log can't be had, what was written here is shown all the same. */
    #lettersOnly() {
        const nothing = { messages: [], last: 0, holds: () => false };
        const letters = this.#client.outbox.of(this.#room);
        const { me } = this.#client;
        return timelineRows({ log: nothing, letters, me, newAfter: null, lookOf: this.#lookOf });
    }

    #lookOf = (message) => lookOf(message, this.#parts);

    #nodeOf(row) {
        return row.kind === 'receipt' ? this.#receipts.nodeOf(row) : rowNode(row, this.#parts);
    }

    #scrolled() {
        this.#log.following = this.#roll.atEnd;
        this.#drawJump();
        this.#more();
        this.#saw();
    }

    #drawJump() {
        const { unread } = this.#client.rooms.get(this.#room) ?? {};
        show(this.#jump, !this.#roll.atEnd && this.#settled);
        const words = unread ? t('new_messages', { n: unread }) : t('to_newest');
        if (this.#jump.dataset.words === words) return;
        this.#jump.dataset.words = words;
        this.#jump.replaceChildren(icon('down'), h('span', null, words));
    }

    #more() {
        const { history } = this.#client;
        const log = this.#log;
        const { above, below } = this.#roll.margins;
        if (!this.#begun || this.#seeking) return;
        if (!log.loaded) history.newest(this.#room);
        else if (log.newer && below < NEAR_PX) history.newer(this.#room);
        else if (log.older && above < NEAR_PX) history.older(this.#room);
    }

    /** At the end everything has been seen; before that what was on the screen, one message after
     *  the other: whoever goes somewhere by a link has not read what lies between. */
    #saw() {
        const log = this.#log;
        const { atEnd, seen } = this.#roll;
        const { reader, rooms, me } = this.#client;
        if (!this.#settled || !log.loaded || this.#seeking) return;
        const read = rooms.get(this.#room)?.read;
        if (atEnd && !log.newer) reader.saw(this.#room, log.last);
        else if (seen?.last > read && log.heard(read, seen.first - 1, me.id) === 0)
            reader.saw(this.#room, seen.last, log.heard(read, seen.last, me.id));
    }
}
