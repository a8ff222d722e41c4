// message_deeds: what can be done with a message, one row a deed: its icon, its key, who may and
// how it is done. What the reader may not do is offered nowhere. Whatever the server refuses all
// the same is said in a toast. Replying and editing are the composer's: it is told by `compose`.

import { copy } from '../base/clipboard.js';
import { used } from '../base/emoji.js';
import { add, explain, t } from '../base/i18n.js';
import { Reactions } from '../model/reactions.js';
import { message } from '../words/message.js';
import { confirm } from './dialog.js';
import { later } from './doors.js';

add(message);

const isMine = ({ message, client }) => message.from.id === client.me.id;
const maySpeak = ({ room: { muted_until: until } }) =>
    until === undefined || (until !== null && until <= Date.now());
const isModerator = ({ room, client }) =>
    ['owner', 'moderator'].includes(room.role) || client.me.role === 'admin';

/** A context: { client, room, message, actions, signal, row, anchor }. */
export const DEEDS = {
    react: { icon: 'react', key: '+', may: maySpeak, act: chooseReaction },
    reply: { icon: 'reply', key: 'r', may: maySpeak, act: (context) => compose(context, 'reply') },
    edit: {
        icon: 'edit',
        key: 'e',
        may: (context) => isMine(context) && maySpeak(context),
        act: (context) => compose(context, 'edit'),
    },
    pin: {
        icon: 'pin',
        key: 'p',
        may: (context) => !context.message.pinned && maySpeak(context),
        act: ({ client, message: { room, seq } }) => client.api.pin(room, seq),
    },
    unpin: {
        icon: 'unpin',
        key: 'p',
        may: (context) => context.message.pinned && maySpeak(context),
        act: ({ client, message: { room, seq } }) => client.api.unpin(room, seq),
    },
    copy: {
        icon: 'copy',
        key: 'c',
        may: ({ message }) => Boolean(message.text),
        act: (context) => copyFor(context, context.message.text),
    },
    link: {
        icon: 'link',
        key: 'l',
        may: () => true,
        act: (context) => copyFor(context, addressOf(context.message)),
    },
    erase: {
        icon: 'trash',
        key: 'Delete',
        danger: true,
        may: (context) => isMine(context) || isModerator(context),
        act: erase,
    },
};

/** The keys of deeds, for whoever lists what keys there are: [{ key, words }]. */
export const KEYS = Object.entries(DEEDS)
    .filter(([name]) => name !== 'unpin')
    .map(([name, { key }]) => ({ key, words: `do_${name}` }));

/** The names of what may be done, in the order of the table; nothing with what is deleted. */
export function deedsFor(context) {
    if (context.message.deleted) return [];
    return Object.keys(DEEDS).filter((name) => DEEDS[name].may(context));
}

/** The one that this key does now, if there is one. */
export function deedOfKey(pressed, context) {
    return deedsFor(context).find((name) => DEEDS[name].key === pressed);
}

export async function perform(name, context) {
    if (!deedsFor(context).includes(name)) return;
    await attempt(context, () => DEEDS[name].act(context));
}

/** `op`: add or remove. */
export async function react(context, emoji, op) {
    if (context.message.deleted || !maySpeak(context)) return;
    if (op === 'add') used(emoji);
    const { client } = context;
    client.reactions ??= new Reactions(client.api, client.history);
    await attempt(context, () => client.reactions.wish(context.message, emoji, op));
}

async function attempt({ actions }, action) {
    try {
        await action();
    } catch (problem) {
        if (!problem.code) throw problem;
        actions.toast('bad', explain(problem));
    }
}

async function chooseReaction(context) {
    const picker = await later(() => import('./emoji_picker.js'));
    const { anchor, signal } = context;
    picker?.openEmojiPicker({ anchor, signal, onpick: (emoji) => react(context, emoji, 'add') });
}

function compose({ client, room, message }, kind) {
    client.emit('compose', { room: room.id, kind, message });
}

/** Puts `text` on the clipboard, and says so. */
export async function copyFor({ actions }, text) {
    const done = await copy(text);
    actions.toast(done ? 'done' : 'bad', t(done ? 'copied' : 'cannot_copy'));
}

function addressOf({ room, seq }) {
    return new URL(`#/${room}/${seq}`, location.href).href;
}

async function erase({ client, message: { room, seq }, signal }) {
    const sure = await confirm({
        title: t('erase_title'),
        text: t('erase_text'),
        action: t('do_erase'),
        danger: true,
        signal,
    });
    if (sure) await client.api.erase(room, seq);
}
