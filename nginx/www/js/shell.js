// shell: the page of somebody who is signed in: the rooms at the side, one room open, dialogs
// and toasts above. Which room is open stands in the address (#/room), so that the browser's
// own Back works; on a narrow screen the list and the room are two pages of that. #/room/seq
// opens it at that message.

import { batched, h } from './base/dom.js';
import { t } from './base/i18n.js';
import * as prefs from './base/prefs.js';
import * as theme from './base/theme.js';
import { conversation, nowhere } from './view/conversation.js';
import { openDevices } from './view/devices.js';
import { confirm } from './view/dialog.js';
import { openDirectory } from './view/directory.js';
import { explain } from './view/form.js';
import { LinkBar } from './view/link_bar.js';
import { openNewRoom } from './view/new_room.js';
import { openProfile } from './view/profile.js';
import { sidebar } from './view/sidebar.js';
import { Toasts } from './view/toasts.js';

const NARROW = matchMedia('(max-width: 720px)');

export class Shell {
    #client;
    #signal;
    #app;
    #toasts = new Toasts();
    #main = h('main.main');
    #room = null;
    #view = null;
    #leaving = new AbortController();

    /** `app` does what goes beyond this page: signing out, another language. */
    constructor({ client, app, signal }) {
        this.#client = client;
        this.#app = app;
        this.#signal = signal;
        this.actions = this.#actions();
        this.node = h(
            'div.shell',
            null,
            h('a.skip', { href: '#composer', onclick: (event) => this.#skip(event) }, t('skip')),
            sidebar({ client, actions: this.actions, current: () => this.#room, signal }),
            this.#main,
            this.#toasts.node,
        );
        this.#listen();
        this.#route();
    }

    #listen() {
        const { rooms } = this.#client;
        const signal = this.#signal;
        addEventListener('hashchange', () => this.#route(), { signal });
        addEventListener('keydown', (event) => this.#shortcut(event), { signal });
        NARROW.addEventListener('change', () => this.#route(), { signal });
        const changed = batched(() => signal.aborted || this.#roomsChanged());
        rooms.on('change', changed, signal);
        rooms.on('gone', (id) => id === this.#room && this.#lost(), signal);
        this.#client.on('notice', (frame) => this.#toasts.notice(frame, rooms), signal);
        signal.addEventListener('abort', () => this.#leaving.abort());
        this.#notify();
    }

    /** Nothing on the screen needs it: it is fetched after what does, or does without. */
    async #notify() {
        const part = await import('./view/notifier.js').catch(() => null);
        const [client, signal] = [this.#client, this.#signal];
        if (part && !signal.aborted) new part.Notifier({ client, room: this.#room, signal });
    }

    #roomsChanged() {
        this.#title();
        if (!this.#room || !this.#main.firstChild) this.#route();
    }

    #lost() {
        this.#room = null;
        this.#toasts.show('done', t('room_gone'));
        location.hash = '#/';
        this.#route();
    }

    /** Opens what the address names, or on a wide screen the room that was open last. */
    #route() {
        const { rooms } = this.#client;
        const [id, seq] = location.hash.slice(2).split('/').map(decodeURIComponent);
        const named = rooms.get(id);
        const usual = NARROW.matches ? null : (rooms.get(prefs.load('room')) ?? rooms.list()[0]);
        const room = named?.known ? named : usual;
        this.node.dataset.pane = room ? 'room' : 'rooms';
        if (room?.id !== this.#room || !this.#main.firstChild) this.#open(room ?? null);
        if (named?.known && seq > 0) this.#jump(named, Number(seq));
    }

    /** The address keeps the room only: the same message can be gone to twice. */
    #jump({ id }, seq) {
        history.replaceState(null, '', `#/${id}`);
        this.#view.jump(seq);
    }

    #open(room) {
        this.#leaving.abort();
        this.#leaving = new AbortController();
        const before = this.#room;
        this.#room = room?.id ?? null;
        const { signal } = this.#leaving;
        const bar = new LinkBar(this.#client, signal).node;
        const parts = { client: this.#client, room, bar, actions: this.actions, signal };
        const view = room ? conversation(parts) : nowhere(parts);
        this.#view = view;
        this.#main.replaceChildren(...view.nodes);
        if (room) prefs.save('room', room.id);
        this.#client.emit('room', this.#room);
        this.#focus(view, before);
        this.#title();
    }

    /** To the box to write in; where that would raise a keyboard over half the screen, to the
     *  room's name, and from there back to its row in the list. */
    #focus(view, before) {
        if (!this.#room) this.node.querySelector(`.rooms a[href="#/${before}"]`)?.focus();
        else if (matchMedia('(pointer: coarse)').matches) this.#main.querySelector('h1').focus();
        else view.focus();
    }

    #title() {
        const { rooms } = this.#client;
        const room = rooms.get(this.#room);
        const unread = rooms.unread();
        const name = room ? `${room.title || room.name} · Stonechat` : 'Stonechat';
        document.title = unread ? `(${unread}) ${name}` : name;
    }

    #skip(event) {
        event.preventDefault();
        this.node.querySelector('#composer')?.focus();
    }

    #shortcut(event) {
        if (document.querySelector('dialog[open]')) return;
        if (
            event.key.toLowerCase() === 'k' &&
            (event.ctrlKey || event.metaKey) &&
            !event.shiftKey
        ) {
            event.preventDefault();
            this.actions.browse();
        } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
            event.preventDefault();
            this.#step(event.key === 'ArrowDown' ? 1 : -1);
        }
    }

    #step(by) {
        const rooms = this.#client.rooms.list();
        const at = rooms.findIndex(({ id }) => id === this.#room);
        if (rooms.length) location.hash = `#/${rooms[(at + by + rooms.length) % rooms.length].id}`;
    }

    #actions() {
        const client = this.#client;
        const signal = this.#signal;
        const onroom = (id) => {
            location.hash = `#/${id}`;
        };
        const create = (title) =>
            openNewRoom({ client, signal, title: typeof title === 'string' ? title : '', onroom });
        return {
            create,
            browse: () => openDirectory({ client, signal, onroom, oncreate: create }),
            profile: () =>
                openProfile({
                    client,
                    signal,
                    ondone: (words) => this.#toasts.show('done', words),
                }),
            devices: () => openDevices({ client, signal, onsignout: () => this.#signOut() }),
            notifications: (room) => this.#openNotifications(room),
            language: (id) => this.#app.speak(id),
            theme: (name) => [theme.choose(name), this.#app.redraw()],
            signOut: () => this.#signOut(),
            leave: (room) => this.#leave(room),
            jump: (room, seq) => {
                location.hash = `#/${room}/${seq}`;
            },
            panel: (name, what) => this.#view.panel?.(name, what),
        };
    }

    /** Of one room, or of all. */
    async #openNotifications(room) {
        const dialogs = await import('./view/notifications.js');
        const parts = { client: this.#client, room, signal: this.#signal };
        if (room) dialogs.openRoomNotify(parts);
        else dialogs.openNotifications(parts);
    }

    async #leave(room) {
        const title = room.title || room.name;
        const sure = await confirm({
            title: t('leave_room'),
            text: t('leave_room_text', { room: title }),
            action: t('leave'),
            danger: true,
            signal: this.#signal,
        });
        if (!sure) return;
        try {
            await this.#client.api.leave(room.id);
            this.#client.rooms.left({ room: room.id });
        } catch (problem) {
            this.#toasts.show(
                'bad',
                ['forbidden', 'last_owner'].includes(problem.code) ? t('cannot_leave') : explain(problem),
            );
        }
    }

    async #signOut() {
        const n = this.#client.outbox.size;
        const sure =
            !n ||
            (await confirm({
                title: t('sign_out'),
                text: t('sign_out_pending', { n }),
                action: t('sign_out'),
                danger: true,
                signal: this.#signal,
            }));
        if (!sure) return;
        try {
            await this.#client.api.signOut();
            this.#client.emit('ended', '');
        } catch (problem) {
            if (problem.status !== 401) this.#toasts.show('bad', explain(problem));
        }
    }
}
