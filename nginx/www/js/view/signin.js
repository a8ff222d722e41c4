// signin: the way in: one card with two faces, for those who have an account and those who
// want one. Whoever registers is signed in by the same form.

import { h } from '../base/dom.js';
import { language, languages, t } from '../base/i18n.js';
import { field, form } from './form.js';

/** `reason` says why somebody who was in stands here now: a key of the strings, or nothing. */
export function signinView({ api, reason, onuser, onlanguage }) {
    const card = h('div.card');
    const show = (face) => {
        card.replaceChildren(...FACES[face]({ api, onuser, reason, other: show }));
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
    return { node: page, ready: () => show('enter') };
}

const FACES = {
    enter: ({ api, onuser, reason, other }) => {
        const fields = [nameField(), passwordField('current-password')];
        return [
            heading('sign_in_title', 'sign_in_lead'),
            reason && h('p.alert.soft', { role: 'status' }, t(reason)),
            form({
                fields,
                action: t('sign_in'),
                onsend: async (values) => onuser((await api.signIn(values)).user),
            }),
            h(
                'p.other',
                null,
                t('no_account'),
                ' ',
                h(
                    'button.link',
                    { type: 'button', onclick: () => other('register') },
                    t('register'),
                ),
            ),
        ].filter(Boolean);
    },
    register: ({ api, onuser, other }) => {
        const fields = [
            nameField(t('name_hint')),
            displayField(),
            passwordField('new-password', t('password_hint')),
        ];
        const onsend = async ({ name, password, display }) => {
            await register(api, fields, { name, password, ...(display.trim() && { display }) });
            onuser((await api.signIn({ name, password })).user);
        };
        return [
            heading('register_title', 'register_lead'),
            form({ fields, action: t('register'), onsend }),
            h(
                'p.other',
                null,
                t('have_account'),
                ' ',
                h('button.link', { type: 'button', onclick: () => other('enter') }, t('sign_in')),
            ),
        ];
    },
};

/** A name that is taken is a matter of that field, though it has a code of its own. */
async function register(api, fields, values) {
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
