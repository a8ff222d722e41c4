// frame: what somebody who is in sees of a chat within another site's page: one room, which the
// site names, or the shell with all of theirs. Beside shell.js, and made of the same parts: a
// frame has no address of its own and no title, and its room fills it.
//
// It also tells the page around what that may know: how much is unread, and that somebody wrote.

import { arrive } from './arrival.js';
import { closer, focus, notHere, stranded, waiting } from './entry.js';
import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, t } from '../base/i18n.js';
import { eventually } from '../base/pause.js';
import { conversation } from '../view/conversation.js';
import { LinkBar } from '../view/link_bar.js';
import { menu } from '../view/menu.js';
import { peopleActions } from '../view/doors.js';
import { Toasts } from '../view/toasts.js';
import { account } from '../words/account.js';

add(account);

const COARSE = matchMedia('(pointer: coarse)');

/** What both kinds do: `count()` is what is unread, once that is known, `concerns(room)` whether
 *  that room is shown. Answers what says it once more, should it be another number now. */
function tell({ client, host, signal }, count, concerns) {
    let said = -1;
    const changed = () => {
        const n = client.rooms.fresh ? count() : undefined;
        if (n === undefined || n === said) return;
        said = n;
        host.say('unread', { n });
    };
    client.rooms.on('change', changed, signal);
    const wrote = ({ room, seq, at, from }) => {
        if (from.id !== client.me.id && concerns(room))
            host.say('message', { room, seq, at, from });
    };
    client.on('message', wrote, signal);
    changed();
    return changed;
}

/** One room. */
export class Room {
    #parts;
    #main = h('main.main');
    #toasts = new Toasts();
    #room = null;
    #view = null;
    #tell;

    /** `app`: { isOwn, signOut() }. */
    constructor(parts) {
        this.#parts = parts;
        this.node = h('div.frame', null, this.#main, this.#toasts.node);
        const { client, host, signal } = parts;
        host.on('shown', ({ shown }) => shown && this.#focus(), signal);
        client.on('notice', (frame) => this.#toasts.notice(frame, client.rooms), signal);
        client.rooms.on('gone', (id) => id === this.#room?.id && this.#open(), signal);
        const count = () => client.rooms.get(this.#room?.id)?.unread;
        this.#tell = tell(parts, count, (id) => id === this.#room?.id);
        this.#open();
    }

    async #open() {
        const { client, host, signal } = this.#parts;
        this.#room = this.#view = null;
        this.#main.replaceChildren(waiting(host));
        try {
            this.#room = await arrive(client, host.wishes.room, signal);
        } catch (problem) {
            if (!signal.aborted) this.#lost(problem);
            return;
        }
        if (!signal.aborted) this.#show(this.#room);
    }

    #lost(problem) {
        const { host } = this.#parts;
        const lost = ['not_found', 'forbidden'].includes(problem.code);
        const why = lost ? notHere : stranded;
        this.#main.replaceChildren(why(host, problem, () => this.#open()));
        focus(this.#main, host);
    }

    #show(room) {
        const { client, host, signal } = this.#parts;
        const bar = new LinkBar(client, signal).node;
        const toast = (kind, words) => this.#toasts.show(kind, words);
        const { invite, settings, banned } = peopleActions({
            client,
            signal,
            actions: () => actions,
            room: () => client.rooms.get(room.id),
            onroom: () => {},
            tell: toast,
        });
        const actions = {
            invite,
            settings,
            banned,
            toast,
            tell: toast,
            jump: (_, seq) => this.#view.jump(seq),
            panel: (name, what) => this.#view.panel(name, what),
        };
        const top = (words) => this.#head(words);
        this.#view = conversation({ client, room, bar, actions, signal, top });
        this.#main.replaceChildren(...this.#view.nodes);
        client.emit('room', room.id);
        this.#tell();
        this.#focus();
    }

    #head(words) {
        const { app, host, client, signal } = this.#parts;
        const more = h(
            'button.quiet.square',
            { type: 'button', 'aria-label': t('my_menu'), title: client.me.display },
            icon('person'),
        );
        const rows = [{ label: t('sign_out'), icon: 'leave', action: () => app.signOut() }];
        return h('header.head', null, words, app.isOwn && menu(more, rows, signal), closer(host));
    }

    /** As in the shell: no keyboard over half of a small screen before anybody wants to write. */
    #focus() {
        if (!this.#view) return;
        const { host } = this.#parts;
        host.focus(() => (COARSE.matches ? this.#main.querySelector('h1') : this.#view).focus());
    }
}

/** All rooms of whoever is in, as on the chat's own page. */
export class Rooms {
    constructor(parts) {
        const { client, app, host, signal } = parts;
        const top = host.wishes.floats && h('div.frame-top', null, closer(host));
        this.node = h('div.frame.all', null, top);
        eventually(() => import('../shell.js'), signal).then((part) => {
            const given = (take) => host.focus(take);
            if (part) this.node.append(new part.Shell({ client, app, focus: given, signal }).node);
        });
        tell(parts, () => client.rooms.unread(), () => true);
    }
}
