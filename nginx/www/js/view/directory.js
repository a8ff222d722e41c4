// directory: all public rooms, to search and to join.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { nameFrom } from '../model/room_name.js';
import { openDialog } from './dialog.js';
import { explain } from './form.js';
import { roomTile } from './room_tile.js';

const PAUSE_MS = 200;
const PAGE = 50;

/** `onroom(id)` opens a room that the reader is in; `oncreate` offers to make a new one. */
export function openDirectory({ client, signal, onroom, oncreate }) {
    const search = h('input', {
        type: 'search', autofocus: true, maxlength: 64, placeholder: t('search_rooms'), 'aria-label': t('search_rooms'), autocomplete: 'off',
    });
    const results = h('ul.listing.tall');
    const status = h('p.sr-only', { role: 'status' });
    const dialog = openDialog({ title: t('browse_rooms'), signal, wide: true },
        h('div.control.search', null, icon('search'), search), status, results);
    let timer = 0;
    let asked = 0;

    const find = async (cursor) => {
        const mine = ++asked;
        const q = nameFrom(search.value);
        const query = { limit: PAGE, ...(q && { q }), ...(cursor && { cursor }) };
        try {
            const { rooms, next } = await client.api.directory(query);
            if (mine === asked) draw(rooms, next, Boolean(cursor));
        } catch (problem) {
            if (mine === asked) results.replaceChildren(note(explain(problem)));
        }
    };
    const draw = (rooms, next, further) => {
        results.querySelector('.more')?.remove();
        if (!further) results.replaceChildren();
        results.append(...rooms.map((room) => row(room, client, choose)));
        if (next) results.append(more(() => find(next)));
        if (!results.childElementCount) results.append(nothing(() => [dialog.close(), oncreate(search.value.trim())]));
        status.textContent = t('rooms_found', { n: results.querySelectorAll('.listing-row').length });
    };
    const choose = async (room, button) => {
        button.setAttribute('aria-busy', 'true');
        try {
            if (!client.rooms.get(room.id)?.known) await client.api.join(room.id);
            await client.rooms.refresh();
            dialog.close();
            onroom(room.id);
        } catch (problem) {
            button.removeAttribute('aria-busy');
            status.classList.remove('sr-only');
            status.textContent = explain(problem);
        }
    };

    search.addEventListener('input', () => {
        clearTimeout(timer);
        timer = setTimeout(find, PAUSE_MS);
    });
    results.append(...skeletons());
    find();
}

function row(room, client, choose) {
    const inside = Boolean(client.rooms.get(room.id)?.known);
    const button = h(`button.${inside ? 'plain' : 'primary'}.small`, {
        type: 'button',
        'aria-label': `${t(inside ? 'open' : 'join')} ${room.title || room.name}`,
        onclick: () => choose(room, button),
    }, t(inside ? 'open' : 'join'));
    return h('li.listing-row', null, roomTile(room),
        h('div.listing-words', null,
            h('strong', { dir: 'auto' }, room.title || room.name),
            h('small', { dir: 'auto' }, about(room))),
        button);
}

/** How many are in it says more than any topic; both say most. */
function about({ members, n, topic }) {
    const size = members === undefined ? t('messages_count', { n }) : t('members_count', { n: members });
    return topic ? `${size} · ${topic}` : size;
}

const skeletons = () => Array.from({ length: 3 }, () => h('li.listing-row.skeleton', { 'aria-hidden': 'true' },
    h('span.tile'), h('div.listing-words', null, h('span.bone.short'), h('span.bone.middle'))));

const note = (text) => h('li.nothing', null, text);

const more = (action) => h('li.more', null, h('button.plain.small', { type: 'button', onclick: action }, t('show_more')));

const nothing = (create) => h('li.nothing', null, h('p', null, t('nothing_found')),
    h('button.plain.small', { type: 'button', onclick: create }, t('new_room')));
