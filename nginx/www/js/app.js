// app: who is here, and therefore which page there is: the way in, or the shell. Somebody who
// was here before gets his page at once, from what this browser remembers, and the server is
// asked meanwhile; so a page that is reloaded without a network still shows what waits in it.

import { Backoff } from './base/pause.js';
import { h } from './base/dom.js';
import * as i18n from './base/i18n.js';
import * as prefs from './base/prefs.js';
import * as theme from './base/theme.js';
import { Api } from './model/api.js';
import { Client } from './model/client.js';
import { Shell } from './shell.js';

export class App {
    #root;
    #api = new Api();
    #client = null;
    #reason = '';
    #site = null;
    #page = new AbortController();
    #backoff = new Backoff();

    constructor(root) {
        this.#root = root;
    }

    start() {
        theme.apply();
        i18n.apply();
        this.#api.on('unauthorized', () => this.#out(this.#client, 'signed_out'));
        prefs.onChange((name) => this.#changedElsewhere(name));
        const start = prefs.load('start');
        if (start?.user) this.#in(start.user, start.rooms);
        else this.#ask();
    }

    speak(language) {
        i18n.choose(language);
        this.redraw();
    }

    redraw() {
        this.#page.abort();
        this.#page = new AbortController();
        if (this.#client) this.#shell();
        else this.#door();
    }

    /** No memory of anybody, but perhaps a cookie. */
    async #ask() {
        this.#site = this.#siteSoon(); // meanwhile: most likely it is the door
        this.#site.catch(() => {});
        try {
            const { user } = await this.#api.me();
            this.#in(user);
        } catch (problem) {
            if (problem.status === 401) {
                this.redraw();
                return;
            }
            this.#waiting();
            setTimeout(() => this.#ask(), this.#backoff.next());
        }
    }

    #in(user, rooms) {
        this.#reason = '';
        this.#site = null;
        const client = new Client(this.#api, user, rooms);
        this.#client = client;
        client.on('ended', (reason) => this.#out(client, reason));
        prefs.save('start', { user, rooms: rooms ?? [] });
        this.redraw();
        client.start();
    }

    /** Several may say so, of one client: the first one's reason is the reason. */
    #out(client, reason) {
        if (!client || client !== this.#client) return;
        this.#client = null;
        client.end();
        client.shelf.erase();
        this.#reason = client.parting ?? reason;
        if (reason === 'other_user') location.reload();
        prefs.save('start', null);
        history.replaceState(null, '', location.pathname);
        this.redraw();
    }

    /** Signed in as somebody else in another tab: the cookie is theirs now, so is the page. */
    #changedElsewhere(name) {
        if (name !== null && name !== 'start') return;
        const user = prefs.load('start')?.user?.id;
        if (user && user !== this.#client?.me.id) location.reload();
    }

    #shell() {
        const { signal } = this.#page;
        const shell = new Shell({ client: this.#client, app: this, signal });
        this.#root.replaceChildren(shell.node);
    }

    /** Who is signed in never sees it, so it is not there from the start. */
    async #door() {
        document.title = 'Stonechat';
        const { signal } = this.#page;
        const part = await import('./view/signin.js').catch(() => null);
        if (signal.aborted) return;
        if (!part) {
            this.#waiting();
            setTimeout(() => signal.aborted || this.#door(), this.#backoff.next());
            return;
        }
        const view = part.signinView({
            api: this.#api,
            reason: this.#reason,
            site: (this.#site ??= this.#siteSoon()),
            onuser: (user) => this.#in(user),
            onlanguage: (id) => this.speak(id),
        });
        this.#root.replaceChildren(view.node);
        view.ready();
    }

    async #siteSoon() {
        return (await this.#api.site()).site;
    }

    #waiting() {
        this.#root.replaceChildren(
            h(
                'main.nowhere',
                { role: 'status' },
                h('img', { src: 'stonechat.svg', alt: '', width: 112, height: 112 }),
                h('h1', null, i18n.t('unreachable_title')),
                h('p', null, i18n.t('unreachable_text')),
            ),
        );
    }
}
