// api: every request that this page makes over REST, each one method. An answer that is not a
// success becomes a Problem: its `code` is the server's stable word, or `network` when there
// was no answer. A 401 to a request that needs a session says `unauthorized` to whoever listens.

import { Emitter } from '../base/emitter.js';

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
    register = (fields) => this.#call('POST', '/users', fields, { open: true });
    signIn = (fields) => this.#call('POST', '/sessions', fields, { open: true });

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
    notifications = () => this.#call('GET', '/me/notifications');
    setNotifications = (wishes) => this.#call('PUT', '/me/notifications', wishes);
    setNotify = (room, level) => this.#call('PUT', `/rooms/${room}/notify`, { level });
    push = () => this.#call('GET', '/push');
    openPush = (subscription) => this.#call('POST', '/push', subscription);
    endPush = () => this.#call('DELETE', '/push/current');
    read = (room, seq) => this.#call('PUT', `/rooms/${room}/read`, { seq });

    /** Where the live connection is to be opened; the cookie says who opens it. */
    async liveAddress() {
        return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/ws`;
    }

    async #call(method, path, body, { open = false } = {}) {
        const response = await this.#fetch(method, path, body);
        if (response.ok) return response.status === 204 ? null : parsed(response);
        const problem = await problemOf(response);
        if (response.status === 401 && !open) this.emit('unauthorized');
        throw problem;
    }

    async #fetch(method, path, body) {
        const options = { method, cache: 'no-store', signal: deadline() };
        if (body !== undefined) {
            options.headers = { 'Content-Type': 'application/json' };
            options.body = JSON.stringify(body);
        }
        try {
            return await fetch(ROOT + path, options);
        } catch {
            throw new Problem(0, 'network');
        }
    }
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
