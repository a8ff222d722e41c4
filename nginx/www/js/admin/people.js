// people: all accounts, and what an administrator may do with each.

import { avatar } from '../view/face.js';
import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { explain, t } from '../base/i18n.js';
import { moment } from '../base/time.js';
import { confirm } from '../view/dialog.js';
import { menu } from '../view/menu.js';
import { List, finder } from './list.js';

const PAGE = 50;

export function peopleView({ api, me, toasts, signal }) {
    let q = '';
    const list = new List({
        load: async (cursor) => {
            const query = { limit: PAGE, ...(q && { q }), ...(cursor && { cursor }) };
            const { users, next } = await api.accounts(query);
            return { rows: users, next };
        },
        row: (user) => row(user),
        count: (n) => t('admin.people_shown', { n }),
    });
    const find = (words) => {
        q = words;
        list.renew();
    };
    list.renew();
    return h('div', null, h('div.tools', null, finder(t('admin.find_people'), find), list.status), list.node);

    function row(user) {
        return h(
            'li.listing-row',
            { 'data-user': user.id },
            avatar(user),
            h(
                'div.listing-words',
                null,
                h('strong', { dir: 'auto' }, user.display),
                h('small', { dir: 'auto' }, about(user)),
            ),
            marks(user),
            user.id === me.id ? h('span.square') : actions(user),
        );
    }

    function actions(user) {
        const name = user.display;
        const button = h(
            'button.quiet.square',
            { type: 'button', 'aria-label': t('admin.menu_of', { name }) },
            icon('more'),
        );
        return menu(button, rowsOf(user, act), signal);
    }

    /** `sure`: what is asked before, if anything. */
    async function act(user, change, sure) {
        const name = user.display;
        const question = sure && {
            title: t(`admin.${sure}`),
            text: t(`admin.${sure}_text`, { name }),
            action: t(`admin.${sure}`),
            danger: sure !== 'make_admin',
            signal,
        };
        if (question && !(await confirm(question))) return;
        try {
            await change(api);
            toasts.show('done', t('admin.done'));
        } catch (problem) {
            toasts.show('bad', explain(problem));
        }
        list.renew();
    }
}

function rowsOf(user, act) {
    const change = (fields) => (api) => api.changeUser(user.id, fields);
    const isAdmin = user.role === 'admin';
    return [
        user.sessions > 0 && {
            label: t('admin.sign_out'),
            icon: 'leave',
            action: () => act(user, (api) => api.endUserSessions(user.id), 'sign_out'),
        },
        user.role === 'member' && {
            label: t('admin.make_admin'),
            icon: 'person',
            action: () => act(user, change({ role: 'admin' }), 'make_admin'),
        },
        isAdmin && {
            label: t('admin.make_member'),
            icon: 'person',
            action: () => act(user, change({ role: 'member' })),
        },
        user.disabled
            ? {
                  label: t('admin.enable'),
                  icon: 'check',
                  action: () => act(user, change({ disabled: false })),
              }
            : {
                  label: t('admin.disable'),
                  icon: 'lock',
                  danger: true,
                  action: () => act(user, change({ disabled: true }), 'disable'),
              },
    ].filter(Boolean);
}

function about(user) {
    const seen = user.seen_at ? t('admin.seen', { when: moment(user.seen_at) }) : t('admin.never_seen');
    const devices = user.sessions > 1 ? ` · ${t('admin.on_devices', { n: user.sessions })}` : '';
    return `@${user.name} · ${user.online ? t('admin.online') : seen}${devices}`;
}

const marks = (user) =>
    h(
        'span.marks',
        null,
        user.disabled && h('span.mark.bad', null, t('admin.disabled')),
        user.role !== 'member' && h('span.mark', null, t(`admin.role.${user.role}`)),
    );
