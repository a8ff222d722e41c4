// entry: what a visitor sees of an embedded chat before being in it: a nickname to come in by as a
// guest, a button that opens the chat's own window to sign in there (a password is never asked
// for within another site's page: nobody could see whom they give it to), or why neither goes on.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import { field, form } from '../view/form.js';
import { door } from '../words/door.js';

add(door);

const WINDOW = 'popup,width=440,height=720';

/** Where the chat floats above the page it can be put away, whatever it shows. */
export const closer = (host) =>
    host.wishes.floats &&
    h(
        'button.quiet.square.closer',
        { type: 'button', 'aria-label': t('close'), onclick: () => host.say('close') },
        icon('close'),
    );

const card = (host, ...children) =>
    h(
        'div.entry',
        null,
        closer(host),
        h('img', { src: 'stonechat.svg', alt: '', width: 64, height: 64 }),
        children,
    );

export const waiting = (host) => card(host, h('p', { role: 'status' }, t('loading')));

/** To what is to be done here first, where there is anything. */
export function focus(node, host) {
    const first = node.querySelector('.entry :is(input, .primary, .plain, .link)');
    if (first) host.focus(() => first.focus());
}

/** Nothing to be done but to try once more. */
export const stranded = (host, problem, again) =>
    card(
        host,
        h('p.alert', { role: 'alert' }, why(problem)),
        h('button.primary', { type: 'button', onclick: again }, t('retry')),
    );

/** Of a private room nobody learns here that there is one. */
export const notHere = (host, problem, again) =>
    card(
        host,
        h('h1', null, t('embed.no_room')),
        h('p', { role: 'alert' }, t('embed.no_room_text')),
        h('button.plain', { type: 'button', onclick: again }, t('retry')),
    );

const why = (problem) =>
    problem.code === 'bad_credentials' ? t('embed.token_refused') : explain(problem);

/** `renew` where the site knows who this is and can be asked again; else there is the guest's
 *  nickname, `onuser(user, who)`, and the window, `onsession({ token, user })`. */
export function entry({ api, host, reason, renew, onuser, onsession, signal }) {
    const ways = h('div.ways');
    const door = signIn(onsession, signal);
    const closed = () => {
        ways.replaceChildren(h('p', { role: 'alert' }, t('embed.no_guests')), door);
        door.querySelector('.link').focus();
    };
    if (renew)
        ways.append(h('button.primary', { type: 'button', onclick: renew }, t('embed.renew')));
    else ways.append(guest(api, onuser, closed), door);
    return card(
        host,
        h('h1', null, t('embed.welcome')),
        reason && h('p.alert.soft', { role: 'status' }, t(reason)),
        ways,
    );
}

/** Whether there are guests here the server says when the first one comes. */
function guest(api, onuser, closed) {
    const nick = field({
        name: 'guest',
        label: t('embed.nick'),
        autocomplete: 'nickname',
        maxlength: 64,
        required: true,
    });
    const onsend = async (values) => {
        try {
            onuser((await api.signIn(values)).user, 'guest');
        } catch (problem) {
            if (problem.code !== 'sign_in_closed') throw problem;
            closed();
        }
    };
    return form({ fields: [nick], action: t('embed.start'), onsend });
}

function signIn(onsession, signal) {
    let door = null;
    const heard = ({ source, origin, data }) => {
        const isOurs = door !== null && source === door && origin === location.origin;
        if (isOurs && data?.type === 'stonechat:session') onsession(data);
    };
    addEventListener('message', heard, { signal });
    const note = h('span', { role: 'alert' });
    // Without a name: by that the page around could come by the window and lead it elsewhere.
    const open = () => {
        if (door && !door.closed) return door.focus();
        door = window.open('embed_door.html', '_blank', WINDOW);
        note.textContent = door ? '' : t('embed.blocked');
    };
    return h(
        'p.other',
        null,
        t('have_account'),
        ' ',
        h('button.link', { type: 'button', onclick: open }, t('sign_in')),
        ' ',
        note,
    );
}
