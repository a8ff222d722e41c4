// profile: the reader's own account: what others see of it, the password, and its end. A guest has
// neither of the last two.

import { avatar } from './face.js';
import { h } from '../base/dom.js';
import { add, t } from '../base/i18n.js';
import { account } from '../words/account.js';
import { door } from '../words/door.js';
import { people } from '../words/people.js';
import { open as closeAccount } from './close_account.js';
import { openDialog } from './dialog.js';
import { field, form } from './form.js';

add(people, account, door);

export function open({ client, signal, actions }) {
    const done = (words) => [dialog.close(), actions.tell('done', words)];
    const dialog = openDialog(
        { title: t('profile'), signal },
        h(
            'div.who',
            null,
            avatar(client.me, 'large'),
            h(
                'div',
                null,
                h('strong', { dir: 'auto' }, client.me.display),
                h('small', null, `@${client.me.name}`),
            ),
        ),
        factsForm(client, done),
        client.me.role !== 'guest' && ownedOnly({ client, signal }, done),
    );
}

const ownedOnly = (parts, done) => [
    h('h3', null, t('change_password')),
    passwordForm(parts.client, done),
    h('h3', null, t('close_account')),
    h('p.lead', null, t('close_account_lead')),
    h(
        'div.actions',
        null,
        h(
            'button.danger',
            { type: 'button', onclick: () => closeAccount(parts) },
            t('close_account'),
        ),
    ),
];

/** What others see. `about` and `status` may be empty. */
const FACTS = {
    display: { label: 'display', maxlength: 64, autofocus: true, autocomplete: 'name' },
    status: { label: 'status', hint: 'status_hint', maxlength: 500, autocomplete: 'off' },
    about: { label: 'about', hint: 'about_hint', maxlength: 500, autocomplete: 'off' },
};

function factsForm(client, done) {
    const fields = Object.entries(FACTS).map(([name, { label, hint, ...attributes }]) =>
        field({
            name,
            label: t(label),
            hint: hint && t(hint),
            value: client.me[name],
            ...attributes,
        }),
    );
    const onsend = async (values) => {
        const facts = Object.entries(values).map(([name, text]) => [name, text.trim()]);
        const { user } = await client.api.changeMe(Object.fromEntries(facts));
        client.become({ about: '', status: '', ...user });
        done(t('profile_saved'));
    };
    return form({ fields, action: t('save'), onsend });
}

function passwordForm(client, done) {
    const fields = [
        field({
            name: 'current',
            label: t('current_password'),
            type: 'password',
            autocomplete: 'current-password',
        }),
        field({
            name: 'new',
            label: t('new_password'),
            hint: t('password_hint'),
            type: 'password',
            autocomplete: 'new-password',
        }),
    ];
    const onsend = async (values) => {
        await setPassword(client.api, values);
        done(t('password_changed'));
    };
    return form({ fields, action: t('change_password'), onsend });
}

async function setPassword(api, values) {
    try {
        await api.setPassword(values);
    } catch (problem) {
        if (problem.code === 'bad_credentials')
            problem.errors = [{ field: 'current', code: 'wrong' }];
        throw problem;
    }
}
