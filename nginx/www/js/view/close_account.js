// close_account: the end of the reader's own account. What becomes of his messages is his choice;
// the password is asked for, because it can't be taken back.

import { h } from '../base/dom.js';
import { add, t } from '../base/i18n.js';
import { account } from '../words/account.js';
import { people } from '../words/people.js';
import { openDialog } from './dialog.js';
import { field, form } from './form.js';

add(people, account);

export function open({ client, signal }) {
    const password = field({
        name: 'password',
        label: t('current_password'),
        type: 'password',
        autocomplete: 'current-password',
    });
    const onsend = ({ messages, password: secret }) =>
        client.part('account_closed', () => close(client, { messages, password: secret }));
    const node = form({ fields: [password], extra: [fates()], action: t('close_account'), onsend });
    node.querySelector('[type=submit]').className = 'danger';
    openDialog({ title: t('close_account'), signal }, h('p', null, t('close_account_text')), node);
    password.input.focus();
}

async function close(client, fields) {
    try {
        await client.api.closeMe(fields);
    } catch (problem) {
        if (problem.code === 'bad_credentials')
            problem.errors = [{ field: 'password', code: 'wrong' }];
        throw problem;
    }
}

const fates = () =>
    h(
        'fieldset.choices',
        null,
        h('legend', null, t('my_messages')),
        ['keep', 'erase'].map((fate, i) =>
            h(
                'label.choice',
                null,
                h('input', { type: 'radio', name: 'messages', value: fate, checked: i === 0 }),
                h(
                    'span',
                    null,
                    h('strong', null, t(`messages.${fate}`)),
                    h('small', null, t(`messages.${fate}_hint`)),
                ),
            ),
        ),
    );
