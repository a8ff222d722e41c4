// door: the one script of embed_door.html, the window in which somebody signs in to a chat that is
// embedded elsewhere, before the chat's own address. The session goes to the frame that has
// opened the window, and to a page of the chat's own origin only: the browser sees to that. Where
// somebody else has opened it, nobody is asked for a password that could come to nothing.

import { h } from '../base/dom.js';
import * as i18n from '../base/i18n.js';
import * as theme from '../base/theme.js';
import { Api } from '../model/api.js';
import { signinView } from '../view/signin.js';
import { embed } from '../words/embed.js';

const root = document.getElementById('app');

function show() {
    const api = new Api({ bearer: true });
    const view = signinView({
        api,
        reason: '',
        site: api.site().then(({ site }) => site),
        onuser: (user) => hand(api, user),
        onlanguage: (id) => [i18n.choose(id), show()],
    });
    root.replaceChildren(view.node);
    view.ready();
}

function hand(api, user) {
    if (!isOpenedByUs()) {
        api.signOut().catch(() => {});
        nobodysDoor();
        return;
    }
    const session = { type: 'stonechat:session', token: api.token, user };
    opener.postMessage(session, location.origin);
    close();
}

/** A page of another origin doesn't let itself be asked. */
function isOpenedByUs() {
    try {
        return opener.location.origin === location.origin;
    } catch {
        return false;
    }
}

function nobodysDoor() {
    const words = h('p', { role: 'alert' }, t('embed.no_opener'));
    root.replaceChildren(h('main.entry', null, words));
}

const { t } = i18n;
i18n.add(embed);
theme.apply();
i18n.apply();
if (isOpenedByUs()) show();
else nobodysDoor();
