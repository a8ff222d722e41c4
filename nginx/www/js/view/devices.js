// devices: everywhere that the reader is signed in, and the way to end it there.

import { device, handheld } from '../base/agent.js';
import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import * as prefs from '../base/prefs.js';
import { moment } from '../base/time.js';
import { account } from '../words/account.js';
import { link } from '../words/link.js';
import { confirm, openDialog } from './dialog.js';

add(account, link);

/** `onsignout` is for this device: it ends the page's own session. */
export function openDevices(parts) {
    new Devices(parts).load();
}

class Devices {
    #client;
    #signal;
    #onsignout;
    #list = h('ul.listing', null, skeletons());
    #alert = h('p.alert', { role: 'alert', hidden: true });

    constructor({ client, signal, onsignout }) {
        this.#client = client;
        this.#signal = signal;
        this.#onsignout = onsignout;
        const everywhere = h(
            'button.danger',
            { type: 'button', onclick: () => this.#endAll() },
            t('sign_out_everywhere'),
        );
        openDialog(
            { title: t('devices'), signal, wide: true },
            h('p.lead', null, t('devices_lead')),
            this.#list,
            this.#alert,
            this.#keeping(),
            h('div.actions', null, everywhere),
        );
    }

    /** What is kept here can be had by whoever has this device. */
    #keeping() {
        const box = h('input', { type: 'checkbox', onchange: () => this.#keep(box.checked) });
        box.checked = prefs.load('keep') !== false;
        return h('label.keeping', null, box, h('span', null, t('keep_newest')));
    }

    #keep(wanted) {
        prefs.save('keep', wanted ? null : false);
        if (!wanted) this.#client.shelf.erase();
    }

    load() {
        return this.#attempt(async () => {
            const { sessions } = await this.#client.api.sessions();
            this.#list.replaceChildren(...sessions.sort(currentFirst).map((one) => this.#row(one)));
        });
    }

    #row(session) {
        const name = device(session.user_agent);
        return h(
            'li.listing-row',
            null,
            h(
                'span.tile.plain-tile',
                { 'aria-hidden': 'true' },
                icon(handheld(session.user_agent) ? 'phone' : 'desktop'),
            ),
            h(
                'div.listing-words',
                null,
                h('strong', null, name, session.current && h('span.chip', null, t('this_device'))),
                h('small', null, `${lastSeen(session)} · ${session.ip}`),
                h('small', null, t('device_since', { when: moment(session.created_at) })),
            ),
            h(
                'button.plain.small',
                {
                    type: 'button',
                    'aria-label': `${t('sign_out')}: ${name}`,
                    onclick: () => this.#end(session),
                },
                t('sign_out'),
            ),
        );
    }

    #end(session) {
        return this.#attempt(async () => {
            if (session.current) {
                await this.#onsignout();
                return;
            }
            await this.#client.api.signOut(session.id);
            await this.load();
        });
    }

    #endAll() {
        return this.#attempt(async () => {
            const sure = await confirm({
                title: t('sign_out_everywhere'),
                text: t('sign_out_everywhere_text'),
                action: t('sign_out'),
                danger: true,
                signal: this.#signal,
            });
            if (!sure) return;
            const { api } = this.#client;
            await this.#client.part('signed_out_everywhere', () => api.signOutEverywhere());
        });
    }

    async #attempt(action) {
        show(this.#alert, false);
        try {
            await action();
        } catch (problem) {
            this.#alert.textContent = explain(problem);
            show(this.#alert, true);
        }
    }
}

const currentFirst = (a, b) => b.current - a.current || b.seen_at - a.seen_at;

function lastSeen({ online, seen_at: at }) {
    return online ? t('device_online') : t('device_seen', { when: moment(at) });
}

const skeletons = () =>
    Array.from({ length: 2 }, () =>
        h(
            'li.listing-row.skeleton',
            { 'aria-hidden': 'true' },
            h('span.tile'),
            h('div.listing-words', null, h('span.bone.short'), h('span.bone.middle')),
        ),
    );
