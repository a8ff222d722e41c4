// notifications: the dialogs in which its reader says what to hear of, and when not: of this
// device, of the account, and of one room. The browser is asked for its permission here only,
// at a click on what needs it.

import { h, show } from '../base/dom.js';
import { add, explain, t } from '../base/i18n.js';
import * as prefs from '../base/prefs.js';
import { style } from '../base/style.js';
import { moment } from '../base/time.js';
import { playTone } from '../base/tone.js';
import { canPush, subscribe, unsubscribe, wantsPush } from '../model/push.js';
import { account } from '../words/account.js';
import { notify } from '../words/notify.js';
import { openDialog } from './dialog.js';

await style('css/notifications.css');

add(notify, account);

const HOUR_MS = 3_600_000;
const NIGHT = { from: '22:00', to: '07:00' };
const LEVELS = ['all', 'mentions', 'nothing'];

export function openNotifications({ client, signal }) {
    new Settings(client, signal).load();
}

class Settings {
    #client;
    #wishes = { from: null, to: null, zone: '', until: null, text: true };
    #alert = h('p.alert', { role: 'alert', hidden: true });
    #account = h('div.notify-group');

    constructor(client, signal) {
        this.#client = client;
        openDialog(
            { title: t('notifications'), signal },
            h('p.lead', null, t('notify.lead')),
            h('h3', null, t('notify.here')),
            h('div.notify-group', null, this.#show(), this.#push(), this.#sound()),
            h('h3', null, t('notify.account')),
            this.#account,
            this.#alert,
        );
    }

    load() {
        return this.#attempt(async () => {
            const { notifications } = await this.#client.api.notifications();
            this.#took(notifications);
        });
    }

    #took(wishes) {
        this.#wishes = wishes;
        this.#client.emit('wishes', wishes);
        const at = [...this.#account.querySelectorAll('input, select')].indexOf(
            document.activeElement,
        );
        this.#account.replaceChildren(this.#text(), this.#quiet(), this.#pause());
        if (at >= 0) this.#account.querySelectorAll('input, select')[at]?.focus();
    }

    #save(change) {
        return this.#attempt(async () => {
            const wishes = { ...this.#wishes, ...change };
            const given = Object.entries(wishes).filter(([, value]) => value !== null);
            const { notifications } = await this.#client.api.setNotifications(
                Object.fromEntries(given),
            );
            this.#took(notifications);
        });
    }

    // --- this device ---

    #show() {
        const granted = globalThis.Notification?.permission === 'granted';
        return toggle({
            name: 'show',
            checked: granted && prefs.load('notify') === true,
            disabled: !globalThis.Notification,
            onchange: (on) => this.#attempt(() => setShown(on)),
        });
    }

    #push() {
        return toggle({
            name: 'push',
            checked: canPush() && wantsPush(this.#client.me),
            disabled: !canPush(),
            onchange: (on) => this.#attempt(() => setPush(this.#client, on)),
        });
    }

    #sound() {
        return toggle({
            name: 'sound',
            checked: prefs.load('sound') !== false,
            onchange: (on) => {
                prefs.save('sound', on);
                if (on) playTone();
            },
        });
    }

    // --- the account ---

    #text() {
        const { text } = this.#wishes;
        return toggle({ name: 'text', checked: text, onchange: (on) => this.#save({ text: on }) });
    }

    #quiet() {
        const { from, to, zone } = this.#wishes;
        const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
        const hours = ['from', 'to'].map((name) =>
            h(
                'label.notify-hour',
                null,
                h('span', null, t(`notify.${name}`)),
                h('input', {
                    type: 'time',
                    name,
                    required: true,
                    value: this.#wishes[name] ?? '',
                    onchange: ({ target }) =>
                        target.value && this.#save({ [name]: target.value, zone: here }),
                }),
            ),
        );
        const onchange = (on) =>
            this.#save(on ? { ...NIGHT, zone: here } : { from: null, to: null, zone: '' });
        const zoned = h('small', null, t('notify.zone', { zone: zone || 'UTC' }));
        return h(
            'div',
            null,
            toggle({ name: 'quiet', checked: Boolean(from), onchange }),
            from && h('div.notify-hours', null, hours, zoned),
        );
    }

    #pause() {
        const { until } = this.#wishes;
        const now = Date.now();
        const active = (until ?? 0) > now;
        const choices = [
            ['', t('notify.pause_off')],
            [now + HOUR_MS, t('notify.pause_hour')],
            [tomorrow(), t('notify.pause_morning')],
        ];
        if (active) choices.push([until, t('notify.paused', { when: moment(until) })]);
        const select = h(
            'select',
            { name: 'until', onchange: () => this.#save({ until: Number(select.value) || null }) },
            choices.map(([value, label]) => h('option', { value }, label)),
        );
        select.selectedIndex = active ? choices.length - 1 : 0;
        return h('label.notify-row', null, h('strong', null, t('notify.pause')), select);
    }

    /** Whether it was done; what went wrong is said below. */
    async #attempt(action) {
        show(this.#alert, false);
        try {
            await action();
            return true;
        } catch (problem) {
            this.#alert.textContent = t(problem.words ?? '') || explain(problem);
            show(this.#alert, true);
            return false;
        }
    }
}

const tomorrow = () => {
    const day = new Date();
    day.setDate(day.getDate() + 1);
    return day.setHours(8, 0, 0, 0);
};

/** Asks the browser, which asks its reader. */
async function permit() {
    if ((await Notification.requestPermission()) !== 'granted') throw { words: 'notify.denied' };
}

async function setShown(on) {
    if (on) await permit();
    prefs.save('notify', on);
}

async function setPush(client, on) {
    if (!on) {
        await unsubscribe(client);
        return;
    }
    await permit();
    try {
        await subscribe(client);
    } catch (problem) {
        throw problem.code && problem.status !== undefined ? problem : { words: 'notify.no_push' };
    }
}

/** `onchange(on)` may answer false: then it stays as it was. */
function toggle({ name, checked, disabled = false, onchange }) {
    const id = `notify-${name}`;
    const hint = `notify.${name}_hint`;
    const words = t(hint);
    const input = h('input', {
        id,
        name,
        type: 'checkbox',
        role: 'switch',
        checked,
        disabled,
        'aria-describedby': words === hint ? null : `${id}-hint`,
        onchange: async () => {
            const done = await onchange(input.checked);
            if (done === false) input.checked = !input.checked;
        },
    });
    return h(
        'div.notify-row',
        null,
        h(
            'div',
            null,
            h('label', { for: id }, t(`notify.${name}`)),
            words !== hint && h('small', { id: `${id}-hint` }, words),
        ),
        input,
    );
}

/** What to hear of from one room. */
export function openRoomNotify({ client, room, signal }) {
    const alert = h('p.alert', { role: 'alert', hidden: true });
    const choose = async (level) => {
        show(alert, false);
        try {
            await client.api.setNotify(room.id, level);
            client.rooms.get(room.id).notify = level;
            client.rooms.emit('change');
        } catch (problem) {
            alert.textContent = explain(problem);
            show(alert, true);
        }
    };
    openDialog(
        { title: t('notify.room', { room: room.title || room.name }), signal },
        h(
            'fieldset.choices',
            { 'aria-label': t('notifications') },
            LEVELS.map((level) => levelChoice(level, client.rooms.get(room.id)?.notify, choose)),
        ),
        alert,
    );
}

function levelChoice(level, current, choose) {
    return h(
        'label.choice',
        null,
        h('input', {
            type: 'radio',
            name: 'level',
            value: level,
            checked: level === current,
            autofocus: level === current,
            onchange: () => choose(level),
        }),
        h(
            'span',
            null,
            h('strong', null, t(`notify.${level}`)),
            h('small', null, t(`notify.${level}_hint`)),
        ),
    );
}
