// my_menu: the reader's own menu, at the foot of the list of rooms: the account, the languages, light
// and dark, the way out. Fetched when it is first opened.

import { add, language, languages, t } from '../base/i18n.js';
import { opened } from '../base/style.js';
import * as theme from '../base/theme.js';
import { account } from '../words/account.js';
import { hang } from './menu.js';

await opened();

add(account);

/** Answers what opens it at its anchor; from then on the button does. */
export function openMyMenu({ actions, me, signal }) {
    let hung = false;
    return (anchor) => {
        if (hung) return;
        hung = true;
        hang(anchor, rowsOf(actions, me), signal);
        anchor.firstElementChild.click();
    };
}

const THEME_ICONS = { auto: 'desktop', light: 'sun', dark: 'moon' };

function rowsOf(actions, me) {
    const administration = {
        label: t('administration'),
        icon: 'shield',
        action: () => location.assign('admin/'),
    };
    return [
        { label: t('profile'), icon: 'person', action: () => actions.profile() },
        {
            label: t('notifications'),
            icon: 'bell',
            action: () => actions.notifications(),
        },
        { label: t('devices'), icon: 'devices', action: actions.devices },
        ...(me.role === 'admin' ? [administration] : []),
        { label: t('go_to'), icon: 'search', action: actions.palette },
        { label: t('shortcuts_menu'), icon: 'keyboard', action: actions.shortcuts },
        null,
        ...languages.map(({ id, label }) => ({
            label,
            icon: 'globe',
            checked: id === language(),
            action: () => actions.language(id),
        })),
        null,
        ...theme.themes.map((name) => ({
            label: t(`theme.${name}`),
            icon: THEME_ICONS[name],
            checked: name === theme.theme(),
            action: () => actions.theme(name),
        })),
        null,
        { label: t('sign_out'), icon: 'leave', danger: true, action: actions.signOut },
    ];
}
