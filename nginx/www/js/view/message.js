// message: one row of the timeline as elements. Names and text go in as text; see text.js. A row
// only shows: what a click or a key on any of it does is message_hands.js, which reads the data
// attributes that are set here.

import { avatar } from './face.js';
import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { explain, has, refusals, t } from '../base/i18n.js';
import { eventually } from '../base/pause.js';
import { formatted, plain } from '../base/text.js';
import { clock, day, full, moment } from '../base/time.js';
import { reactionsOf } from '../model/change.js';
import { attached } from './message_files.js';

const ONLY_EMOJI =
    /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*\s*){1,3}$/u;

/** What is longer than either is shown in part at first. */
const LONG_LINES = 24;
const LONG_CHARACTERS = 1800;
const QUOTED_CHARACTERS = 160;

const KINDS = {
    day: (row) => h('li.day-line', null, h('span', null, day(row.at))),
    unread: () => h('li.new-line', null, h('span', null, t('new_line'))),
    message: messageRow,
};

/** `parts`: { me, references, opened } for what is shown, `opened` the keys of long messages that
 *  the reader has unfolded; { retry(key), discard(key), uploads } for what is not sent yet. */
export function rowNode(row, parts) {
    const node = KINDS[row.kind](row, parts);
    node.dataset.key = row.key;
    return node;
}

/** What is in a message's look beside what the row itself says: see timeline_rows.js. */
export function lookOf(message, { references, opened }) {
    const plain = !message.reply_to && !message.mentions && !message.wishes;
    if (plain && !opened.has(message.key)) return '';
    const quoted = message.reply_to && references.message(message.room, message.reply_to);
    const people = peopleOf(message, references);
    return JSON.stringify([
        message.wishes,
        quoted && [quoted.deleted, quoted.edited_at],
        quoted === null,
        people.length,
        opened.has(message.key),
    ]);
}

/** Gives `held` what `fresh` shows, so that the focus can stay where it was. */
export function renew(held, fresh) {
    const found = held.contains(document.activeElement) && finder(document.activeElement, held);
    const tools = !fresh.matches('.gone') && held.querySelector(':scope > .message-tools');
    held.className = fresh.className;
    Object.assign(held.dataset, fresh.dataset);
    held.replaceChildren(...fresh.childNodes, ...(tools ? [tools] : []));
    if (found && !held.contains(document.activeElement)) {
        (found() ?? held).focus({ preventScroll: true });
    }
}

/** Finds in `row`, drawn anew, what `focused` was: that emoji, that person, the link there. */
function finder(focused, row) {
    const { emoji, user } = focused.dataset;
    if (emoji) return () => row.querySelector(`[data-emoji="${CSS.escape(emoji)}"]`);
    if (user) return () => row.querySelector(`[data-user="${CSS.escape(user)}"]`);
    const nth = [...row.querySelectorAll('a')].indexOf(focused);
    return () => row.querySelectorAll('a')[nth];
}

function messageRow({ message, lead, letter }, parts) {
    const waiting = letter && !letter.sent;
    const node = h(
        'li.message',
        { tabindex: '-1' },
        h('div.gutter', null, lead ? avatar(message.from) : stamp(message)),
        h(
            'div.content',
            null,
            lead ? byline(message) : h('span.sr-only', null, `${message.from.display}: `),
            quote(message, parts.references),
            body(message, parts),
            attached(message),
            marks(message),
            reactions(message),
            waiting && letter.files && filesOf(letter, parts),
            waiting && (letter.failed ? failure(letter, parts) : pending(letter)),
        ),
    );
    node.classList.toggle('lead', lead);
    node.classList.toggle('pending', Boolean(waiting && !letter.failed));
    node.classList.toggle('failed', Boolean(letter?.failed));
    node.classList.toggle('gone', Boolean(message.deleted));
    node.classList.toggle('for-me', Boolean(message.mentions?.includes(parts.me.id)));
    if (message.seq) node.dataset.seq = message.seq;
    return node;
}

function byline({ from, at }) {
    return h(
        'div.byline',
        null,
        h(
            'button.author',
            {
                type: 'button',
                tabindex: '-1',
                dir: 'auto',
                title: `@${from.name}`,
                'data-author': '',
            },
            from.display,
        ),
        botMark(from),
        stamp({ at }),
    );
}

/** A webhook gives itself any name, somebody's too: this it can't take off. */
export const botMark = ({ role }) =>
    role === 'bot' && h('span.bot', { title: t('bot_why') }, t('bot'));

function stamp({ at }) {
    return h('time.stamp', { datetime: new Date(at).toISOString(), title: full(at) }, clock(at));
}

function body(message, { me, references, opened }) {
    const { text, deleted } = message;
    if (deleted) return h('p.text.deleted', null, t('deleted'));
    if (text === '') return null;
    const people = peopleOf(message, references);
    const node = h('div.text', { dir: 'auto' }, formatted(text, { people, me }));
    node.classList.toggle('jumbo', ONLY_EMOJI.test(text));
    if (!isLong(text) || opened.has(message.key)) return node;
    node.classList.add('folded');
    const unfold = h('button.link', { type: 'button', 'data-unfold': message.key }, t('show_all'));
    return [node, h('p.unfold', null, unfold)];
}

const isLong = (text) => text.length > LONG_CHARACTERS || text.split('\n').length > LONG_LINES;

/** Those whose @name is meant, as far as their names are known by now. */
function peopleOf({ mentions = [] }, references) {
    return mentions.map((id) => references.person(id)).filter(Boolean);
}

/** The message that this one answers, on one line. */
function quote({ reply_to: seq, room, deleted }, references) {
    if (!seq || deleted) return null;
    const quoted = references.message(room, seq);
    const words = quotedWords(quoted);
    const said = quoted && !quoted.deleted;
    const label = said && t('answers', { who: quoted.from.display, text: words });
    return h(
        'button.quote',
        { type: 'button', 'data-jump': said ? seq : null, disabled: !said, 'aria-label': label },
        icon('reply'),
        said && h('strong', { dir: 'auto' }, quoted.from.display),
        h('span', { dir: 'auto' }, words),
    );
}

function quotedWords(quoted) {
    if (quoted === undefined) return t('answered_loading');
    if (!quoted || quoted.deleted) return t('answered_deleted');
    const words = plain(quoted.text).slice(0, QUOTED_CHARACTERS);
    return words || t('answered_files', { n: quoted.files?.length ?? 1 });
}

function marks({ edited_at: at, pinned, deleted }) {
    if (deleted || (!at && !pinned)) return null;
    return h(
        'p.marks',
        null,
        pinned && h('span.pinned', null, icon('pin'), t('pinned')),
        at && h('span', { title: full(at) }, t('edited', { when: moment(at) })),
    );
}

function reactions(message) {
    const rows = message.deleted ? [] : reactionsOf(message);
    if (!rows.length) return null;
    return h('div.reactions', null, rows.map(reactionChip), addChip());
}

function reactionChip({ emoji, count, mine }) {
    return h(
        'button.reaction',
        {
            type: 'button',
            'data-emoji': emoji,
            'aria-pressed': String(mine),
            'aria-label': t('reaction', { emoji, n: count }),
            title: whoReacted(emoji, count, mine),
        },
        h('span.reaction-emoji', null, emoji),
        h('span', null, count),
    );
}

function whoReacted(emoji, count, mine) {
    if (!mine) return t('reacted_others', { emoji, n: count });
    return count === 1 ? t('reacted_you', { emoji }) : t('reacted_both', { emoji, n: count - 1 });
}

const addChip = () =>
    h(
        'button.reaction.add-reaction',
        { type: 'button', 'data-deed': 'react', 'aria-label': t('do_react'), title: t('do_react') },
        icon('react'),
    );

/** Each with how far it is; the list is there at once, what stands in it is fetched with the first. */
function filesOf({ files }, { uploads }) {
    const node = h('ul.uploads');
    eventually(() => import('./upload_item.js')).then(({ uploadItem }) =>
        node.append(...files.map((key) => uploadItem(uploads, key))),
    );
    return node;
}

const pending = ({ unkept }) =>
    h(
        'p.letter-state',
        null,
        icon('clock'),
        h('span', null, t('pending')),
        unkept && h('span', null, t('not_kept')),
    );

function failure({ key, failed, file }, { retry, discard }) {
    const words = h('span');
    const say = () => {
        const reason = explain({ code: failed });
        const why = file ? t('file_refused', { name: file, why: reason }) : reason;
        words.textContent = t('not_sent', { why });
    };
    say();
    if (!has(`error.${failed}`)) refusals().then(say);
    return h(
        'p.letter-state.bad',
        null,
        icon('warning'),
        words,
        h('button.link', { type: 'button', onclick: () => retry(key) }, t('retry')),
        h('button.link', { type: 'button', onclick: () => discard(key) }, t('discard')),
    );
}
