// members: who is in the room, and who of them is here now: a panel with a filter, those who are
// here before the others, and at each what the reader may do. See panel.js.

import { batched, h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import { opened } from '../base/style.js';
import { isMuted, may, movesOn } from '../model/may.js';
import { people } from '../words/people.js';
import { rooms } from '../words/rooms.js';
import { face } from './face.js';
import { moderationRows } from './moderation.js';
import { openMenu } from './popup.js';
import { WindowList } from './window_list.js';

await opened();

add(people, rooms);

const ROLES = { owner: 0, moderator: 1, member: 2 };

export function open(parts) {
    const members = new Members(parts);
    members.load();
    return { title: t('panel.members'), node: members.node, focus: () => members.focus() };
}

class Members {
    #parts;
    #members = [];
    #filter = h('input', {
        type: 'search',
        autocomplete: 'off',
        placeholder: t('filter_members'),
        'aria-label': t('filter_members'),
        oninput: () => this.#filtered(),
    });
    #tools = h('div.panel-tools');
    #status = h('p.panel-status', { role: 'status' });
    #list = new WindowList({ label: t('panel.members'), onend: () => this.#more() });

    constructor(parts) {
        this.#parts = parts;
        const { client, room, signal } = parts;
        const again = batched(() => signal.aborted || this.load());
        client.people.on('change', (id) => (id === null || id === room.id) && again(), signal);
        client.rooms.on(
            'change',
            batched(() => signal.aborted || this.#draw()),
            signal,
        );
        const search = h('div.control.search', null, icon('search'), this.#filter);
        this.node = h('div.members', null, search, this.#tools, this.#status, this.#list.node);
        this.#list.set(skeletons());
    }

    focus() {
        if (!matchMedia('(pointer: coarse)').matches) this.#filter.focus();
    }

    get #room() {
        return this.#parts.client.rooms.get(this.#parts.room.id) ?? this.#parts.room;
    }

    async load() {
        const { client, room, signal } = this.#parts;
        try {
            this.#members = await client.people.members(room.id);
            if (!signal.aborted) this.#draw();
        } catch (problem) {
            this.#status.textContent = explain(problem);
        }
    }

    async #more() {
        const { client, room } = this.#parts;
        if (!this.#members.length) return; // what ends is their outlines
        if (client.people.count(room.id)?.whole !== false) return;
        await client.people.more(room.id).catch((problem) => {
            this.#status.textContent = explain(problem);
        });
    }

    /** Who is looked for may be on a page that nobody has turned to yet. */
    #filtered() {
        this.#draw();
        if (this.#filter.value.trim()) this.#more();
    }

    #draw() {
        const { client, room } = this.#parts;
        const count = client.people.count(room.id);
        if (!count) return;
        this.#drawTools();
        const wanted = folded(this.#filter.value.trim());
        const found = this.#members.filter(({ user }) =>
            [user.display, user.name].some((name) => folded(name).includes(wanted)),
        );
        const words = wanted ? t('people_found', { n: found.length }) : sizeOf(count);
        if (this.#status.textContent !== words) this.#status.textContent = words;
        this.#list.set(this.#rows(found));
        if (wanted && !count.whole) this.#more();
    }

    #drawTools() {
        const { client, actions } = this.#parts;
        const room = this.#room;
        const tools = [
            may('invite', client.me, room) && ['invite', () => actions.invite(room)],
            may('bans', client.me, room) && ['banned', () => actions.banned(room)],
        ].filter(Boolean);
        const look = tools.map(([name]) => name).join();
        if (this.#tools.dataset.look === look) return;
        this.#tools.dataset.look = look;
        show(this.#tools, tools.length > 0);
        this.#tools.replaceChildren(
            ...tools.map(([name, action]) =>
                h('button.plain.small', { type: 'button', onclick: action }, t(name)),
            ),
        );
    }

    #rows(found) {
        const sorted = [...found].sort(byRoleAndName);
        const groups = [
            ['online', sorted.filter(({ online }) => online)],
            ['offline', sorted.filter(({ online }) => !online)],
        ].filter(([, members]) => members.length);
        return groups.flatMap(([name, members]) => [
            headRow(name, members.length),
            ...members.map((member) => this.#row(member)),
        ]);
    }

    #row(member) {
        const { client } = this.#parts;
        const { user, role, online } = member;
        const moves = movesOn(client.me, this.#room, member);
        const look = JSON.stringify([user, role, online, isMuted(member), moves]);
        return { key: user.id, look, make: () => this.#node(member, moves.length > 0) };
    }

    #node(member, moderated) {
        const { user, role } = member;
        const { actions } = this.#parts;
        const card = h(
            'button.member-card',
            {
                type: 'button',
                'aria-haspopup': 'dialog',
                onclick: () => actions.person(user, card),
            },
            face(user, member.online),
            h(
                'span.member-words',
                null,
                h('strong', { dir: 'auto' }, user.display),
                h('small', { dir: 'auto' }, `@${user.name}`),
            ),
            isMuted(member) && h('span.chip.warn', null, t('muted')),
            role !== 'member' && h('span.chip.soft', null, t(`role.${role}`)),
        );
        return h('li.member', null, card, moderated && this.#menu(member));
    }

    #menu(member) {
        const { client, actions, signal } = this.#parts;
        const label = t('moderate', { who: member.user.display });
        const button = h(
            'button.quiet.square',
            { type: 'button', 'aria-label': label, title: label, 'aria-haspopup': 'menu' },
            icon('more'),
        );
        button.addEventListener('click', () => {
            const room = this.#room;
            openMenu(button, moderationRows({ client, room, member, actions, signal }), { signal });
        });
        return button;
    }
}

const headRow = (name, n) => ({
    key: name,
    look: String(n),
    head: true,
    make: () => h('li.member-group', null, h('h3', null, t(`group.${name}`, { n }))),
});

const skeletons = () =>
    Array.from({ length: 6 }, (_, i) => ({
        key: `bone ${i}`,
        look: '',
        make: () =>
            h(
                'li.member.skeleton',
                { 'aria-hidden': 'true' },
                h('span.avatar'),
                h('span.bone.middle'),
            ),
    }));

function sizeOf({ members, online, whole }) {
    const size = t('members_count', { n: whole ? members : `${members}+` });
    return `${size} · ${t('online_count', { n: online })}`;
}

const folded = (name) => name.normalize('NFKC').toLowerCase();

function byRoleAndName(a, b) {
    return (
        ROLES[a.role] - ROLES[b.role] ||
        a.user.display.localeCompare(b.user.display) ||
        a.user.id.localeCompare(b.user.id)
    );
}
