// embedded: who is here, in a chat within another site's page, and therefore what there is to be
// seen: the way in, or the room. As app.js is to the chat's own page; but by a bearer's token,
// since no cookie can be counted on here. In the order of who goes first: whom the site names by
// its token; who was here a page ago; a guest, or somebody who signs in in a window of the chat's.

import * as dress from './dress.js';
import { entry, focus, stranded, waiting } from './entry.js';
import * as session from './session.js';
import * as files from '../base/files.js';
import * as i18n from '../base/i18n.js';
import { eventually } from '../base/pause.js';
import { Api } from '../model/api.js';
import { Client } from '../model/client.js';

const SHORT_MS = 10000;
const PATIENCE_MS = 8000;
/** What Escape closes first. */
const OPEN = 'dialog[open], :popover-open, .menu:not([hidden]), .panel:not([hidden])';

export class Embedded {
    #root;
    #host;
    #api = null;
    #client = null;
    #who = '';
    #since = 0;
    #entering = 0;
    #asked = false;
    #patience = 0;
    #isDoor = false;
    #reason = '';
    #page = new AbortController();

    constructor(root, host) {
        this.#root = root;
        this.#host = host;
    }

    start() {
        this.#look(this.#host.wishes);
        this.#host.on('look', (look) => this.#look(look));
        this.#host.on('identify', ({ token }) => this.#identified(token));
        this.#host.on('shown', ({ shown }) => {
            if (shown && !this.#client) focus(this.#root, this.#host);
        });
        let within = null;
        addEventListener('keydown', () => (within = document.querySelector(OPEN)), true);
        addEventListener('keydown', (event) => within ?? this.#pressed(event));
        files.fetchedBy((url) => this.#api.file(url));
        this.#enter(this.#host.wishes.token);
    }

    /** The shell's words for it, where all rooms are shown. */
    speak(lang) {
        this.#look({ ...this.#host.wishes, lang });
    }

    redraw() {
        if (this.#client) this.#show();
        else if (this.#isDoor) this.#door(this.#reason);
    }

    /** Only another language makes the page anew: what is half written may be nowhere else. */
    #look(look) {
        const before = i18n.language();
        Object.assign(this.#host.wishes, look);
        i18n.apply(look.lang || null);
        dress.apply(look);
        if (i18n.language() !== before) this.redraw();
    }

    /** Escape puts the chat away, but where it was meant for something within. */
    #pressed({ key, defaultPrevented, isComposing }) {
        if (key !== 'Escape' || defaultPrevented || isComposing) return;
        if (this.#host.wishes.floats) this.#host.say('close');
    }

    /** What the site says of its own accord, or being asked: null, nobody that it knows. */
    #identified(token) {
        this.#asked = true;
        clearTimeout(this.#patience);
        const same = this.#client && session.fits({ who: this.#who }, token);
        if (!same) this.#enter(token);
    }

    /** Of two that come one upon the other the later one counts. */
    async #enter(token) {
        const turn = ++this.#entering;
        this.#end();
        if (!token && this.#host.wishes.asks && !this.#asked) {
            this.#ask();
            return;
        }
        this.#put(waiting(this.#host));
        try {
            const user = (await this.#resumed(token)) ?? (await this.#signedIn(token));
            if (turn !== this.#entering) return;
            if (user) this.#in(user);
            else this.#door();
        } catch (problem) {
            const again = () => this.#again(token);
            if (turn === this.#entering) this.#put(stranded(this.#host, problem, again));
        }
    }

    /** A token that was refused would be refused again: the site is asked for another. */
    #again(token) {
        if (token && this.#host.wishes.asks) this.#ask();
        else this.#enter(token);
    }

    /** Who was here a page ago, unless that is not who the site says is here now. */
    async #resumed(token) {
        const held = session.kept();
        if (!held) return null;
        this.#api = new Api({ bearer: held.token });
        if (!session.fits(held, token)) {
            session.forget();
            this.#api.signOut().catch(() => {});
            return null;
        }
        this.#who = held.who;
        try {
            return (await this.#api.me()).user;
        } catch (problem) {
            if (problem.status !== 401) throw problem;
            session.forget();
            return null;
        }
    }

    async #signedIn(token) {
        this.#api = new Api({ bearer: true });
        if (!token) return null;
        const { user } = await this.#api.signIn({ jwt: token });
        this.#opened(session.named(token));
        return user;
    }

    #opened(who) {
        this.#who = who;
        session.keep(who, this.#api.token);
    }

    #in(user) {
        const api = this.#api;
        const client = new Client(api, user);
        this.#client = client;
        this.#since = Date.now();
        api.on('unauthorized', () => this.#out(client, 'signed_out'));
        client.on('ended', (reason) => this.#out(client, reason));
        this.#host.say('user', { user: { id: user.id, name: user.name, display: user.display } });
        client.start();
        this.#show();
    }

    /** Several may say so, of one client: the first one's reason is the reason. A session that has
     *  hardly begun is not asked for anew without somebody's wish: it would end as the last did. */
    #out(client, said) {
        if (client !== this.#client) return;
        const reason = client.parting ?? said;
        const again = reason === 'signed_out' && Date.now() - this.#since > SHORT_MS;
        this.#end();
        session.forget();
        if (this.#host.wishes.asks && again) this.#ask();
        else this.#door(reason);
    }

    #end() {
        this.#page.abort();
        this.#page = new AbortController();
        const client = this.#client;
        this.#client = null;
        client?.end();
        if (client) this.#host.say('user', { user: null });
    }

    /** The site is asked who this is: its answer comes as `identify`, or not at all. */
    #ask() {
        this.#asked = true;
        this.#put(waiting(this.#host));
        this.#patience = setTimeout(() => this.#door('signed_out'), PATIENCE_MS);
        this.#host.say('token');
    }

    /** For whom the site doesn't know; or whom it does, but whose session is over. */
    #door(reason = '') {
        this.#api = new Api({ bearer: true });
        this.#reason = reason;
        const node = entry({
            api: this.#api,
            host: this.#host,
            reason,
            renew: reason && this.#host.wishes.asks ? () => this.#ask() : null,
            onuser: (user, who) => [this.#opened(who), this.#in(user)],
            onsession: (held) => this.#handed(held),
            signal: this.#page.signal,
        });
        this.#put(node);
        this.#isDoor = true;
    }

    /** Out of the window of the chat's own in which somebody has signed in. */
    #handed({ token, user }) {
        this.#api = new Api({ bearer: token });
        this.#opened('account');
        this.#in(user);
    }

    async #show() {
        this.#page.abort();
        this.#page = new AbortController();
        const { signal } = this.#page;
        const parts = { client: this.#client, app: this, host: this.#host, signal };
        const part = await eventually(() => import('./frame.js'), signal);
        if (!part) return;
        const frame = this.#host.wishes.rooms ? new part.Rooms(parts) : new part.Room(parts);
        this.#put(frame.node);
    }

    signOut() {
        const client = this.#client;
        client.api.signOut().catch(() => {});
        this.#out(client, '');
    }

    /** By what right: somebody whom the site has named is the site's to sign out. */
    get isOwn() {
        return !this.#who.startsWith('site ');
    }

    #put(node) {
        if (node.matches('.entry')) node.setAttribute('role', 'main'); // within a room it is not
        this.#isDoor = false;
        this.#root.replaceChildren(node);
        if (!this.#client) focus(node, this.#host);
    }
}
