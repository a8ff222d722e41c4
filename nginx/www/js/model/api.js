// api: every request that this page makes over REST, each one method. An answer that is not a
// success becomes a Problem: its `code` is the server's stable word, or `network` when there
// was no answer; with the first one come the words to explain it. A 401 to a request that needs a
// session says `unauthorized` to whoever listens.
//
// By whose right it asks: the browser's cookie; or, as a bearer, the token that signing in has
// answered with, which is held here and nowhere else. A bearer sends no cookie and takes none, so
// that a chat within another site's page neither needs one nor disturbs whoever has one.

import { Emitter } from '../base/emitter.js';
import { refusals } from '../base/i18n.js';

const ROOT = '/api/v1';
const TIMEOUT_MS = 10000;

export class Problem extends Error {
    constructor(status, code, { errors = [], retryMs = 0 } = {}) {
        super(code);
        Object.assign(this, { status, code, errors, retryMs });
    }

    /** Nothing was refused: the same request may succeed later. */
    get passing() {
        return this.status === 0 || this.status >= 500 || [408, 425, 429].includes(this.status);
    }
}

export class Api extends Emitter {
    #origin;
    #bearer;

    /** `origin`: where the chat is; `bearer`: true, or the token of a session that is open. */
    constructor({ origin = location.origin, bearer = null } = {}) {
        super();
        this.#origin = origin;
        this.#bearer = bearer;
    }

    /** The bearer's token, or nothing while there is none. */
    get token() {
        return typeof this.#bearer === 'string' ? this.#bearer : '';
    }

    register = (fields) => this.#call('POST', '/users', fields, { open: true });

    async signIn(fields) {
        const opened = await this.#call('POST', '/sessions', fields, { open: true });
        if (this.#bearer) this.#bearer = opened.token;
        return opened;
    }

    site = () => this.#call('GET', '/site', undefined, { open: true });

    me = () => this.#call('GET', '/me');
    changeMe = (fields) => this.#call('PATCH', '/me', fields);
    closeMe = (fields) => this.#call('DELETE', '/me', fields, { open: true });
    setPassword = (fields) => this.#call('PUT', '/me/password', fields, { open: true });

    sessions = () => this.#call('GET', '/sessions');
    signOut = (id = 'current') => this.#call('DELETE', `/sessions/${id}`);
    signOutEverywhere = () => this.#call('DELETE', '/sessions');

    users = (query) => this.#call('GET', `/users?${new URLSearchParams(query)}`);
    user = (id) => this.#call('GET', `/users/${id}`);

    rooms = () => this.#call('GET', '/rooms');
    directory = (query) =>
        this.#call('GET', `/rooms?${new URLSearchParams({ public: 1, ...query })}`);
    room = (room) => this.#call('GET', `/rooms/${room}`);
    createRoom = (fields) => this.#call('POST', '/rooms', fields);
    changeRoom = (room, fields) => this.#call('PATCH', `/rooms/${room}`, fields);
    deleteRoom = (room) => this.#call('DELETE', `/rooms/${room}`);
    direct = (user) => this.#call('PUT', `/direct/${user}`, {});

    members = (room, query = {}) =>
        this.#call('GET', `/rooms/${room}/members?${new URLSearchParams(query)}`);
    join = (room) => this.#call('PUT', `/rooms/${room}/members/me`, {});
    leave = (room) => this.#call('DELETE', `/rooms/${room}/members/me`);
    setMember = (room, user, fields = {}) =>
        this.#call('PUT', `/rooms/${room}/members/${user}`, fields);
    removeMember = (room, user) => this.#call('DELETE', `/rooms/${room}/members/${user}`);
    bans = (room, query = {}) =>
        this.#call('GET', `/rooms/${room}/bans?${new URLSearchParams(query)}`);
    ban = (room, user) => this.#call('PUT', `/rooms/${room}/bans/${user}`, {});
    liftBan = (room, user) => this.#call('DELETE', `/rooms/${room}/bans/${user}`);
    mute = (room, user, until) =>
        this.#call('PUT', `/rooms/${room}/mutes/${user}`, until ? { until } : {});
    liftMute = (room, user) => this.#call('DELETE', `/rooms/${room}/mutes/${user}`);
    hooks = (room) => this.#call('GET', `/rooms/${room}/hooks`);
    createHook = (room, fields) => this.#call('POST', `/rooms/${room}/hooks`, fields);
    endHook = (room, hook) => this.#call('DELETE', `/rooms/${room}/hooks/${hook}`);

    messages = (room, query) =>
        this.#call('GET', `/rooms/${room}/messages?${new URLSearchParams(query)}`);
    message = (room, seq) => this.#call('GET', `/rooms/${room}/messages/${seq}`);
    post = (room, message) => this.#call('POST', `/rooms/${room}/messages`, message);
    edit = (room, seq, text) => this.#call('PATCH', `/rooms/${room}/messages/${seq}`, { text });
    erase = (room, seq) => this.#call('DELETE', `/rooms/${room}/messages/${seq}`);
    react = (room, seq, emoji) => this.#call('PUT', reactionOf(room, seq, emoji));
    unreact = (room, seq, emoji) => this.#call('DELETE', reactionOf(room, seq, emoji));
    pins = (room) => this.#call('GET', `/rooms/${room}/pins`);
    pin = (room, seq) => this.#call('PUT', `/rooms/${room}/pins/${seq}`);
    unpin = (room, seq) => this.#call('DELETE', `/rooms/${room}/pins/${seq}`);
    search = (query) => this.#call('GET', `/search?${new URLSearchParams(query)}`);
    searchRoom = (room, query) =>
        this.#call('GET', `/rooms/${room}/search?${new URLSearchParams(query)}`);
    /** `watch`: see base/carry.js. */
    upload = (room, name, bytes, watch) =>
        this.#call('POST', `/rooms/${room}/files?${new URLSearchParams({ name })}`, bytes, {
            watch,
        });
    notifications = () => this.#call('GET', '/me/notifications');
    setNotifications = (wishes) => this.#call('PUT', '/me/notifications', wishes);
    setNotify = (room, level) => this.#call('PUT', `/rooms/${room}/notify`, { level });
    push = () => this.#call('GET', '/push');
    openPush = (subscription) => this.#call('POST', '/push', subscription);
    endPush = () => this.#call('DELETE', '/push/current');
    read = (room, seq) => this.#call('PUT', `/rooms/${room}/read`, { seq });

    accounts = (query) => this.#call('GET', `/admin/users?${new URLSearchParams(query)}`);
    allRooms = (query) => this.#call('GET', `/admin/rooms?${new URLSearchParams(query)}`);
    figures = () => this.#call('GET', '/admin/figures');
    settings = () => this.#call('GET', '/admin/settings');
    changeUser = (id, fields) => this.#call('PATCH', `/users/${id}`, fields);
    endUserSessions = (id) => this.#call('DELETE', `/users/${id}/sessions`);
    broadcast = (data) => this.#call('POST', '/broadcasts', { data });

    /** What was uploaded, by its address in a message: for a bearer, whose images can't ask. */
    async file(url) {
        const response = await this.#fetch('GET', url, undefined, { signal: null });
        if (!response.ok) throw await problemOf(response);
        return response.blob().catch(() => {
            throw new Problem(0, 'network');
        });
    }

    /** Where the live connection is to be opened. The cookie says who opens it; a bearer, who can
     *  give a WebSocket no header, asks for a ticket, which is good once. */
    async liveAddress() {
        const address = `${this.#origin.replace(/^http/, 'ws')}/ws`;
        if (!this.#bearer) return address;
        const { ticket } = await this.#call('POST', '/tickets');
        return `${address}?ticket=${encodeURIComponent(ticket)}`;
    }

    /** What a request of somebody else's making (an upload with its progress) has to say. */
    get headers() {
        return this.token ? { Authorization: `Bearer ${this.token}` } : {};
    }

    async #call(method, path, body, { open = false, watch } = {}) {
        const response = await this.#fetch(method, ROOT + path, body, { watch });
        if (response.ok) return response.status === 204 ? null : parsed(response);
        const problem = await problemOf(response);
        if (response.status === 401 && !open) this.emit('unauthorized');
        else await refusals();
        throw problem;
    }

    /** However long it takes where `signal` is null: a file is as large as it is. */
    async #fetch(method, path, body, { watch, signal = deadline() } = {}) {
        const credentials = this.#bearer ? 'omit' : 'same-origin';
        const address = this.#origin + path;
        if (watch) {
            const { headers } = this;
            return carried(method, address, body, { ...watch, headers }).catch(lost);
        }
        const options = { method, cache: 'no-store', signal, credentials, headers: this.headers };
        if (body !== undefined) {
            options.headers['Content-Type'] = 'application/json';
            options.body = JSON.stringify(body);
        }
        try {
            return await fetch(address, options);
        } catch {
            return lost();
        }
    }
}

/** Fetched with the first file. */
async function carried(...request) {
    const { carry } = await import('../base/carry.js');
    return carry(...request);
}

function lost() {
    throw new Problem(0, 'network');
}

const reactionOf = (room, seq, emoji) =>
    `/rooms/${room}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`;

/** Also ends a body that stops half-way. */
function deadline() {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), TIMEOUT_MS);
    return abort.signal;
}

async function parsed(response) {
    try {
        return await response.json();
    } catch {
        throw new Problem(0, 'network');
    }
}

async function problemOf(response) {
    const body = await response.json().catch(() => null);
    const seconds = Number(response.headers.get('Retry-After')) || 0;
    const code = typeof body?.code === 'string' ? body.code : 'unavailable';
    const errors = Array.isArray(body?.errors) ? body.errors : [];
    return new Problem(response.status, code, { errors, retryMs: seconds * 1000 });
}
