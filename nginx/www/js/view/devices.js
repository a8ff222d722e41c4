// devices: everywhere that the reader is signed in, and the way to end it there.

import { h } from '../base/dom.js';
import { device, handheld } from '../base/agent.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { moment } from '../base/time.js';
import { confirm, openDialog } from './dialog.js';
import { explain } from './form.js';

/** `onsignout` is for this device: it ends the page's own session. */
export function openDevices({ client, signal, onsignout }) {
    const list = h('ul.listing', null, skeletons());
    const alert = h('p.alert', { role: 'alert', hidden: true });
    const everywhere = h('button.danger', { type: 'button', onclick: () => endAll() }, t('sign_out_everywhere'));
    openDialog({ title: t('devices'), signal, wide: true },
        h('p.lead', null, t('devices_lead')), list, alert, h('div.actions', null, everywhere));

    const attempt = async (action) => {
        alert.hidden = true;
        try {
            await action();
        } catch (problem) {
            alert.textContent = explain(problem);
            alert.hidden = false;
        }
    };
    const load = () => attempt(async () => {
        const { sessions } = await client.api.sessions();
        list.replaceChildren(...sessions.sort(currentFirst).map((one) => row(one, end)));
    });
    const end = (session) => attempt(async () => {
        if (session.current) return onsignout();
        await client.api.signOut(session.id);
        return load();
    });
    const endAll = () => attempt(async () => {
        const sure = await confirm({
            title: t('sign_out_everywhere'), text: t('sign_out_everywhere_text'), action: t('sign_out'), danger: true, signal,
        });
        if (sure) await client.api.signOutEverywhere();
        if (sure) client.emit('ended', 'signed_out_everywhere');
    });
    load();
}

const currentFirst = (a, b) => b.current - a.current || b.seen_at - a.seen_at;

function row(session, end) {
    const name = device(session.user_agent);
    return h('li.listing-row', null,
        h('span.tile.plain-tile', { 'aria-hidden': 'true' }, icon(handheld(session.user_agent) ? 'phone' : 'desktop')),
        h('div.listing-words', null,
            h('strong', null, name, session.current && h('span.chip', null, t('this_device'))),
            h('small', null, `${lastSeen(session)} · ${session.ip}`),
            h('small', null, t('device_since', { when: moment(session.created_at) }))),
        h('button.plain.small', {
            type: 'button', 'aria-label': `${t('sign_out')}: ${name}`, onclick: () => end(session),
        }, t('sign_out')));
}

function lastSeen({ online, seen_at: at }) {
    return online ? t('device_online') : t('device_seen', { when: moment(at) });
}

const skeletons = () => Array.from({ length: 2 }, () => h('li.listing-row.skeleton', { 'aria-hidden': 'true' },
    h('span.tile'), h('div.listing-words', null, h('span.bone.short'), h('span.bone.middle'))));
