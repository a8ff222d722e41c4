// settings: how the site is set up, to be read; they are changed where the programs read them.

import { h } from '../base/dom.js';
import { explain, t } from '../base/i18n.js';
import { finder } from './list.js';

export function settingsView({ api, signal }) {
    const body = h('tbody');
    const alert = h('p.alert', { role: 'alert', hidden: true });
    const find = (words) => {
        const sought = words.toLowerCase();
        for (const row of body.children)
            row.hidden = !row.textContent.toLowerCase().includes(sought);
    };
    api.settings()
        .then(({ settings }) => !signal.aborted && body.replaceChildren(...settings.map(row)))
        .catch((problem) => {
            alert.textContent = explain(problem);
            alert.hidden = false;
        });
    return h(
        'div',
        null,
        h('p.lead', null, t('admin.settings_lead')),
        h('div.tools', null, finder(t('admin.find_setting'), find)),
        alert,
        h(
            'div.table',
            { tabindex: '0', role: 'region', 'aria-label': t('admin.settings') },
            h(
                'table',
                null,
                h(
                    'thead',
                    null,
                    h(
                        'tr',
                        null,
                        ['setting', 'value', 'meaning'].map((name) =>
                            h('th', { scope: 'col' }, t(`admin.${name}`)),
                        ),
                    ),
                ),
                body,
            ),
        ),
    );
}

function row(setting) {
    const node = h(
        'tr',
        null,
        h('th', { scope: 'row' }, h('code', null, setting.name)),
        h('td', null, valueOf(setting), usual(setting)),
        h('td', { lang: 'en', dir: 'ltr' }, setting.help),
    );
    node.classList.toggle('changed', setting.changed);
    return node;
}

function valueOf({ secret, value }) {
    if (secret) return h('em', null, t('admin.secret'));
    return value === '' ? h('em', null, t('admin.empty')) : h('code', null, value);
}

/** What it would be if nobody had said anything; of a secret neither is told. */
function usual({ changed, secret, default: value }) {
    if (!changed || secret) return null;
    return h('small', null, t('admin.default_is', { value: value || t('admin.empty') }));
}
