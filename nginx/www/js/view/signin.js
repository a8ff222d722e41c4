// signin: the way in: one card with a face for each way, for those who have an account, those who
// want one, the first person of all and guests. Whoever registers is signed in by the same form.

import { h } from '../base/dom.js';
import { add, language, languages, t } from '../base/i18n.js';
import { style } from '../base/style.js';
import { door } from '../words/door.js';
import { field, form } from './form.js';

await style('css/signin.css');

add(door);

const PATIENCE_MS = 1000;

/** Where the server hasn't said yet who may come in: what most of them are. */
const USUAL = { registration: 'open', guests: false, empty: false };

/** `reason` says why somebody who was in stands here now: a key of the strings, or nothing.
 *  `site` will be what the server says of itself: see GET /site. */
export function signinView({ api, reason, site, onuser, onlanguage }) {
    const card = h('div.card');
    let known = USUAL;
    const show = (face) => {
        card.replaceChildren(...FACES[face]({ api, onuser, reason, site: known, other: show }));
        card.querySelector('input').focus();
        reason = '';
    };
    const page = h(
        'main.welcome',
        null,
        h(
            'section.poster',
            { 'aria-hidden': 'true' },
            h(
                'p.poster-brand',
                null,
                h('img', { src: 'stonechat.svg', alt: '', width: 72, height: 72 }),
                'Stonechat',
            ),
            h('p.poster-line', null, t('tagline')),
            h('p.poster-small', null, t('tagline_small')),
        ),
        h('section.door', null, card, tongues(onlanguage)),
    );
    const ready = async () => {
        known = (await soon(site)) ?? USUAL;
        show(known.empty && known.registration === 'open' ? 'first' : 'enter');
    };
    return { node: page, ready };
}

/** The door opens without an answer, too. */
const soon = (promise) =>
    Promise.race([
        promise.catch(() => null),
        new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS)),
    ]);

const FACES = {
    enter: ({ api, onuser, reason, site, other }) => {
        const fields = [nameField(), passwordField('current-password')];
        return [
            heading('sign_in_title', 'sign_in_lead'),
            reason && h('p.alert.soft', { role: 'status' }, t(reason)),
            form({
                fields,
                action: t('sign_in'),
                onsend: async (values) => onuser((await api.signIn(values)).user),
            }),
            site.registration === 'open'
                ? way('no_account', 'register', () => other('register'))
                : h('p.other', null, t('no_registration')),
            site.guests && way('guest_offer', 'guest_way', () => other('guest')),
        ].filter(Boolean);
    },
    register: (parts) => registering(parts, 'register_title', 'register_lead'),
    first: (parts) => registering(parts, 'first_title', 'first_lead').slice(0, 2), // nobody has one
    guest: ({ api, onuser, other }) => [
        heading('guest_title', 'guest_lead'),
        form({
            fields: [nickField()],
            action: t('come_in'),
            onsend: async ({ guest }) => onuser((await api.signIn({ guest: guest.trim() })).user),
        }),
        way('have_account', 'sign_in', () => other('enter')),
    ],
};

function registering({ api, onuser, other }, title, lead) {
    const fields = [
        nameField(t('name_hint')),
        displayField(),
        passwordField('new-password', t('password_hint')),
    ];
    const onsend = async ({ name, password, display }) => {
        await register(api, { name, password, ...(display.trim() && { display }) });
        onuser((await api.signIn({ name, password })).user);
    };
    return [
        heading(title, lead),
        form({ fields, action: t('register'), onsend }),
        way('have_account', 'sign_in', () => other('enter')),
    ];
}

const way = (words, label, onclick) =>
    h('p.other', null, t(words), ' ', h('button.link', { type: 'button', onclick }, t(label)));

/** A name that is taken is a matter of that field, though it has a code of its own. */
async function register(api, values) {
    try {
        await api.register(values);
    } catch (problem) {
        if (problem.code === 'name_taken') problem.errors = [{ field: 'name', code: 'taken' }];
        throw problem;
    }
}

function heading(title, lead) {
    return h(
        'header.card-head',
        null,
        h('img.mark', { src: 'stonechat.svg', alt: '', width: 44, height: 44 }),
        h('h1', null, t(title)),
        h('p', null, t(lead)),
    );
}

const nameField = (hint) =>
    field({
        name: 'name',
        label: t('name'),
        hint,
        autocomplete: 'username',
        autocapitalize: 'none',
        spellcheck: 'false',
        maxlength: 64,
        required: true,
    });

const nickField = () =>
    field({
        name: 'guest',
        label: t('nick'),
        autocomplete: 'nickname',
        maxlength: 64,
        required: true,
    });

const displayField = () =>
    field({
        name: 'display',
        label: t('display'),
        hint: t('display_hint'),
        autocomplete: 'name',
        maxlength: 64,
    });

const passwordField = (autocomplete, hint) =>
    field({
        name: 'password',
        label: t('password'),
        hint,
        type: 'password',
        autocomplete,
        required: true,
    });

export function tongues(onlanguage) {
    return h(
        'div.tongues',
        { role: 'group', 'aria-label': t('language') },
        languages.map(({ id, tag, label }) =>
            h(
                'button.link',
                {
                    type: 'button',
                    lang: tag,
                    'aria-pressed': String(id === language()),
                    onclick: () => onlanguage(id),
                },
                label,
            ),
        ),
    );
}
