// shell: the page of somebody who is signed in: the rooms at the side, one room open, dialogs
// and toasts above. Which room is open stands in the address (#/room), so that the browser's
// own Back works; on a narrow screen the list and the room are two pages of that. #/room/seq
// opens it at that message.

import { batched, h } from './base/dom.js';
import { explain, t } from './base/i18n.js';
import * as prefs from './base/prefs.js';
import { eventually, lull } from './base/pause.js';
import * as theme from './base/theme.js';
import { press } from './shortcuts.js';
import { conversation, nowhere } from './view/conversation.js';
import { LinkBar } from './view/link_bar.js';
import { later, peopleActions } from './view/doors.js';
import { sidebar } from './view/sidebar.js';
import { Toasts } from './view/toasts.js';

/** What the shortcuts of the installed page name in the place of a room, and what that does. */
const SHORTCUTS = { '+find': 'browse', '+new': 'create' };

const NOTIFIER_MS = 5000;
const NARROW = matchMedia('(max-width: 720px)');

/** What isn't on the screen at the start is fetched when it is first opened. */
const LATER = {
    devices: () => import('./view/devices.js'),
    departure: () => import('./view/departure.js'),
    directory: () => import('./view/directory.js'),
    newRoom: () => import('./view/new_room.js'),
    notifications: () => import('./view/notifications.js'),
    palette: () => import('./view/palette.js'),
    shortcuts: () => import('./view/shortcut_list.js'),
};

export class Shell {
    #client;
    #signal;
    #app;
    #focused;
    #toasts = new Toasts();
    #main = h('main.main');
    #room = null;
    #view = null;
    #leaving = new AbortController();

    /** `app` does what goes beyond this page: signing out, another language; `focus(take)` lets
     *  `take()` have the focus, which within another site's page is not this one's to take. */
    constructor({ client, app, focus = (take) => take(), signal }) {
        this.#client = client;
        this.#app = app;
        this.#focused = focus;
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
        addEventListener('keydown', (event) => press(event, this.actions), { signal });
        addEventListener('keydown', fetchAhead, { signal });
        NARROW.addEventListener('change', () => this.#route(), { signal });
        const changed = batched(() => signal.aborted || this.#roomsChanged());
        rooms.on('change', changed, signal);
        rooms.on('gone', (id) => id === this.#room && this.#lost(), signal);
        navigator.serviceWorker?.addEventListener('message', ({ data }) => follow(data), { signal });
        this.#client.on('notice', (frame) => this.#toasts.notice(frame, rooms), signal);
        signal.addEventListener('abort', () => this.#leaving.abort());
        this.#notify();
    }

    /** Nothing on the screen needs it: it is fetched when there is something to tell or, where
     *  something may have been told before, in a quiet moment. What has come meanwhile it is told
     *  then. */
    async #notify() {
        const [client, signal] = [this.#client, this.#signal];
        const meanwhile = [];
        const over = new AbortController();
        const until = over.signal;
        signal.addEventListener('abort', () => over.abort());
        await new Promise((resolve) => {
            client.on('message', (message) => [meanwhile.push(message), resolve()], until);
            client.rooms.on('change', () => client.rooms.unread() && resolve(), until);
            if (mayTell()) lull(NOTIFIER_MS).then(resolve);
        });
        const part = await eventually(() => import('./view/notifier.js'), signal);
        over.abort();
        if (part) new part.Notifier({ client, room: this.#room, meanwhile, signal });
    }

    #roomsChanged() {
        this.#title();
        const named = this.#named();
        const late = named?.known && named.id !== this.#room;
        if (!this.#room || late || !this.#main.firstChild) this.#route();
    }

    #lost() {
        this.#room = null;
        this.#toasts.show('done', t('room_gone'));
        location.hash = '#/';
        this.#route();
    }

    /** The room of the address: one joined elsewhere is known only when the list comes. */
    #named() {
        return this.#client.rooms.get(decodeURIComponent(location.hash.slice(2).split('/')[0]));
    }

    /** Opens what the address names, or on a wide screen the room that was open last. */
    #route() {
        const { rooms } = this.#client;
        const [id, seq] = location.hash.slice(2).split('/').map(decodeURIComponent);
        const named = this.#named();
        if (id in SHORTCUTS) this.#shortcutTo(SHORTCUTS[id]);
        const usual = NARROW.matches ? null : (rooms.get(prefs.load('room')) ?? rooms.list()[0]);
        const room = named?.known ? named : usual;
        this.node.dataset.pane = room ? 'room' : 'rooms';
        this.#asMain(NARROW.matches && !room);
        if (room?.id !== this.#room || !this.#main.firstChild) this.#open(room ?? null);
        if (named?.known && seq > 0) this.#jump(named, Number(seq));
    }

    /** Where the list is all that is shown, it is what the page is about. */
    #asMain(alone) {
        const name = this.node.querySelector('.brand-name');
        this.node.querySelector('.sidebar').setAttribute('role', alone ? 'main' : 'navigation');
        if (alone) Object.assign(name, { role: 'heading', ariaLevel: '1' });
        else Object.assign(name, { role: null, ariaLevel: null });
    }

    /** Done once: a reload is no wish to have it again. */
    #shortcutTo(action) {
        history.replaceState(null, '', '#/');
        this.actions[action]();
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
        if (room) this.#remember(room.id);
        this.#client.emit('room', this.#room);
        this.#focused(() => this.#focus(view, before));
        this.#title();
    }

    #remember(id) {
        prefs.save('room', id);
        prefs.visited(id);
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

    /** To the next of those rooms that `fits`, in the order of the list, and around its end. */
    #step(by, fits = () => true) {
        const rooms = this.#client.rooms.list();
        const from = rooms.findIndex(({ id }) => id === this.#room);
        const start = from < 0 && by < 0 ? rooms.length : from;
        for (let i = 1; i <= rooms.length; i++) {
            const room = rooms[(start + by * i + rooms.length * 2) % rooms.length];
            if (room.id !== this.#room && fits(room)) return this.#go(room.id);
        }
    }

    #go(id) {
        location.hash = `#/${id}`;
    }

    #actions() {
        const client = this.#client;
        const signal = this.#signal;
        const unread = (room) => room.unread > 0;
        const onroom = (id) => this.#go(id);
        const parts = { client, signal, onroom };
        const people = peopleActions({
            ...parts,
            actions: () => this.actions,
            room: () => client.rooms.get(this.#room),
            tell: (kind, words) => this.#toasts.show(kind, words),
        });
        return {
            ...people,
            create: (title) =>
                this.#later('newRoom', ({ openNewRoom }) =>
                    openNewRoom({ ...parts, title: typeof title === 'string' ? title : '' }),
                ),
            browse: () =>
                this.#later('directory', ({ openDirectory }) =>
                    openDirectory({ ...parts, oncreate: this.actions.create }),
                ),
            devices: () =>
                this.#later('devices', ({ openDevices }) =>
                    openDevices({ ...parts, onsignout: this.actions.signOut }),
                ),
            palette: () =>
                this.#later('palette', ({ openPalette }) =>
                    openPalette({ ...parts, actions: this.actions, current: this.#room }),
                ),
            shortcuts: () =>
                this.#later('shortcuts', ({ openShortcuts }) => openShortcuts({ signal })),
            notifications: (room) => this.#openNotifications(room),
            language: (id) => this.#app.speak(id),
            theme: (name) => [theme.choose(name), this.#app.redraw()],
            signOut: () => this.#depart('signOut'),
            leave: (room) => this.#depart('leave', room),
            go: onroom,
            join: (room) => this.#attempt(async () => [await client.api.join(room), room][1]),
            jump: (room, seq) => {
                location.hash = `#/${room}/${seq}`;
            },
            toast: (kind, words) => this.#toasts.show(kind, words),
            panel: (name, what) => this.#view.panel?.(name, what),
            search: (query) => this.#search(query),
            dismiss: () => this.#view.dismiss?.(),
            nextRoom: () => this.#step(1),
            previousRoom: () => this.#step(-1),
            nextUnread: () => this.#step(1, unread),
            previousUnread: () => this.#step(-1, unread),
        };
    }

    /** `use` gets the module. */
    async #later(name, use) {
        const module = await later(LATER[name]);
        const over = this.#signal.aborted || document.querySelector('dialog[open]');
        if (module && !over) await use(module);
    }

    /** Out of a room or of the account: `how` is what asks first. */
    #depart(how, room) {
        const parts = { client: this.#client, actions: this.actions, signal: this.#signal };
        return this.#later('departure', (part) => part[how](parts, room));
    }

    /** Opens the room that `enter` answers with the id of. */
    async #attempt(enter) {
        try {
            const id = await enter();
            await this.#client.rooms.refresh();
            this.#go(id);
        } catch (problem) {
            if (!problem.code) throw problem;
            this.#toasts.show('bad', explain(problem));
        }
    }

    /** The panel stands beside a room: where none is open, the first one is. */
    #search(query) {
        const open = () => this.#view.panel?.('search', { query });
        const [first] = this.#client.rooms.list();
        if (this.#room || !first) {
            open();
            return;
        }
        addEventListener('hashchange', open, { once: true, signal: this.#signal });
        this.#go(first.id);
    }

    /** Of one room, or of all. */
    #openNotifications(room) {
        const parts = { client: this.#client, room, signal: this.#signal };
        return this.#later('notifications', (dialogs) =>
            room ? dialogs.openRoomNotify(parts) : dialogs.openNotifications(parts),
        );
    }
}

/** Where a click on a notification leads, if it is the worker that has shown it. */
function follow(data) {
    if (data?.address?.startsWith('#/')) location.hash = data.address;
}

/** Somebody has allowed it, or has put the page among his programs. */
const mayTell = () =>
    globalThis.Notification?.permission === 'granted' || !matchMedia('(display-mode: browser)').matches;

/** Whoever presses Ctrl is likely to press K next. */
function fetchAhead({ key }) {
    if (key === 'Control' || key === 'Meta') LATER.palette().catch(() => {});
}
