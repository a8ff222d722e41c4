// main: the page of administrators: people, rooms, live figures, a notice to all, settings. Which
// of them is open stands in the address (#/rooms). It is signed in by the chat's own cookie, and
// shows nothing to anybody who does not administrate: the server answers them nothing either.

import { h } from '../base/dom.js';
import { add, apply as applyLanguage, choose, language, languages, t } from '../base/i18n.js';
import { apply as applyTheme } from '../base/theme.js';
import { Api } from '../model/api.js';
import { Toasts } from '../view/toasts.js';
import { admin as words } from '../words/admin.js';
import { liveView } from './live.js';
import { noticeView } from './notice.js';
import { peopleView } from './people.js';
import { roomsView } from './rooms.js';
import { settingsView } from './settings.js';

add(words);

/** name in the address, and what it shows: each answers with a node. */
const SECTIONS = [
    ['people', peopleView],
    ['rooms', roomsView],
    ['live', liveView],
    ['notice', noticeView],
    ['settings', settingsView],
];

const page = document.getElementById('admin');
const api = new Api();
const toasts = new Toasts();
let me = null;
let leaving = new AbortController();

const named = () =>
    SECTIONS.find(([name]) => location.hash === `#/${name}`) ?? SECTIONS[0];

function switches() {
    return languages
        .filter(({ id }) => id !== language())
        .map(({ id, tag, label }) =>
            h(
                'button.link',
                { type: 'button', lang: tag, onclick: () => [choose(id), draw()] },
                label,
            ),
        );
}

function head() {
    return h(
        'header',
        null,
        h(
            'a.home',
            { href: '../' },
            h('img', { src: '../stonechat.svg', alt: '', width: 28, height: 28 }),
            'Stonechat',
        ),
        h('span.place', null, t('admin.title')),
        h('a', { href: '../' }, t('admin.to_chat')),
        switches(),
    );
}

function contents([open]) {
    return h(
        'nav',
        { 'aria-label': t('admin.sections') },
        SECTIONS.map(([name]) =>
            h(
                'a',
                { href: `#/${name}`, 'aria-current': name === open ? 'page' : null },
                t(`admin.${name}`),
            ),
        ),
    );
}

function draw() {
    leaving.abort();
    leaving = new AbortController();
    applyLanguage();
    document.title = `${t('admin.title')} · Stonechat`;
    if (!me) {
        page.replaceChildren(head(), denied());
        return;
    }
    const section = named();
    const [name, view] = section;
    const parts = { api, me, toasts, signal: leaving.signal };
    page.replaceChildren(
        head(),
        contents(section),
        h('main', null, h('h1', { tabindex: '-1' }, t(`admin.${name}`)), view(parts)),
        toasts.node,
    );
}

const denied = () =>
    h(
        'main.nowhere',
        null,
        h('img', { src: '../stonechat.svg', alt: '', width: 112, height: 112 }),
        h('h1', null, t('admin.denied_title')),
        h('p', null, t('admin.denied_text')),
        h('a', { href: '../' }, t('admin.to_chat')),
    );

async function start() {
    applyTheme();
    applyLanguage();
    try {
        const { user } = await api.me();
        me = user.role === 'admin' ? user : null;
    } catch (problem) {
        if (problem.passing) setTimeout(start, 3000);
    }
    draw();
}

api.on('unauthorized', () => {
    if (!me) return;
    me = null;
    draw();
});
addEventListener('hashchange', () => {
    draw();
    page.querySelector('h1')?.focus();
});
start();
