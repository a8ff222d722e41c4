// profile: the reader's own name and password.

import { h } from '../base/dom.js';
import { avatar } from '../base/avatar.js';
import { t } from '../base/i18n.js';
import { openDialog } from './dialog.js';
import { field, form } from './form.js';

export function openProfile({ client, signal, ondone }) {
    const dialog = openDialog(
        { title: t('profile'), signal },
        h(
            'div.who',
            null,
            avatar(client.me, 'large'),
            h(
                'div',
                null,
                h('strong', null, client.me.display),
                h('small', null, `@${client.me.name}`),
            ),
        ),
        nameForm(client, (words) => [dialog.close(), ondone(words)]),
        h('h3', null, t('change_password')),
        passwordForm(client, (words) => [dialog.close(), ondone(words)]),
    );
}

function nameForm(client, done) {
    const fields = [
        field({
            name: 'display',
            label: t('display'),
            value: client.me.display,
            maxlength: 64,
            autofocus: true,
            autocomplete: 'name',
        }),
    ];
    const onsend = async ({ display }) => {
        const { user } = await client.api.changeMe({ display: display.trim() });
        client.become(user);
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
