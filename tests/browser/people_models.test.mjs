/* people_models: who is in a room, by pages and entries that come in any order, and what somebody
 * may do there; run in the browser that will run it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openSite } from '../support/site.mjs';

const site = await openSite();
after(() => site.close());
const { page } = await site.visitor();

test('what_happens_while_a_page_of_members_is_under_way_is_not_lost', async () => {
  const result = await page.evaluate(async () => {
    const { People } = await import('/js/model/people.js');
    const { Emitter } = await import('/js/base/emitter.js');
    const user = (id) => ({ id, name: id, display: id });
    const row = (id, role = 'member') => ({ user: user(id), role, online: true, read: 0 });
    const asked = [];
    const api = { members: (room, query) => new Promise((resolve) => asked.push({ query, resolve })) };
    const people = new People(api, new Emitter());
    const entry = (op, id, more) => people.entry({ room: 'r', seq: 9, op, user: user(id), from: user('a'), ...more });
    const coming = people.members('r');
    entry('kicked', 'b');
    entry('role', 'c', { role: 'owner' });
    entry('joined', 'd', { from: user('d') });
    asked[0].resolve({ members: [row('a', 'owner'), row('b'), row('c')], next: null });
    const first = (await coming).map((one) => `${one.user.id} ${one.role} ${one.online}`);
    people.present({ user: user('d'), online: false });
    people.muted('r', 'c', null);
    const then = (await people.members('r')).map((one) => `${one.user.id} ${one.online} ${one.muted_until}`);
    const { members, online, whole } = people.count('r');
    people.end();
    return { first, then, count: [members, online, whole], requests: asked.length };
  });
  assert.deepEqual(result, {
    first: ['a owner true', 'c owner true', 'd member true'],
    then: ['a true undefined', 'c true null', 'd false undefined'],
    count: [3, 2, true],
    requests: 1,
  });
});

test('of_a_large_room_the_number_of_those_here_is_what_the_server_says', async () => {
  const counts = await page.evaluate(async () => {
    const { People } = await import('/js/model/people.js');
    const { Emitter } = await import('/js/base/emitter.js');
    const row = (i) => ({ user: { id: `u${i}`, name: `u${i}`, display: '' }, role: 'member', online: i < 3, read: 0 });
    const pages = (n) => async (_, { cursor = 0 }) => ({
      members: Array.from({ length: 200 }, (_, i) => row(Number(cursor) + i)).slice(0, n - cursor),
      next: n - cursor > 200 ? String(Number(cursor) + 200) : null,
    });
    const api = { members: pages(1300), room: async () => ({ room: { online: 57 } }) };
    const people = new People(api, new Emitter());
    const seen = [];
    const note = () => seen.push(Object.values(people.count('r')));
    await people.members('r');
    note();
    people.present({ room: 'r', online: 58 });
    note();
    await people.more('r');
    await people.more('r');
    note();
    return seen;
  });
  assert.deepEqual(counts, [[1000, 57, false], [1000, 58, false], [1300, 58, true]]);
});

test('a_room_that_could_not_be_asked_for_is_asked_for_again', async () => {
  const result = await page.evaluate(async () => {
    const { People } = await import('/js/model/people.js');
    const { Emitter } = await import('/js/base/emitter.js');
    let tries = 0;
    const api = {
      members: async () => {
        if (++tries === 1) throw new Error('away');
        return { members: [], next: null };
      },
    };
    const people = new People(api, new Emitter());
    const refused = await people.members('r').catch((error) => error.message);
    return [refused, people.count('r'), await people.members('r'), tries];
  });
  assert.deepEqual(result, ['away', null, [], 2]);
});

test('what_is_offered_is_what_the_server_would_let_happen', async () => {
  const offered = await page.evaluate(async () => {
    const { movesOn } = await import('/js/model/may.js');
    const member = (role, more) => ({ user: { id: 'other' }, role, ...more });
    const on = (role, target, { site = 'member', id = 'r', kind = 'public', ...more } = {}) =>
      movesOn({ id: 'me', role: site }, { id, kind, role }, member(target, more)).join(' ');
    return {
      member: on('member', 'member'),
      moderator: on('moderator', 'member'),
      equals: on('moderator', 'moderator'),
      owner: on('owner', 'moderator'),
      owners: on('owner', 'owner'),
      muted: on('moderator', 'member', { muted_until: null }),
      over: on('moderator', 'member', { muted_until: 1 }),
      admin: on(null, 'owner', { site: 'admin' }),
      lobby: on('moderator', 'member', { id: 'lobby' }),
      direct: on('member', 'member', { site: 'admin', kind: 'direct' }),
      self: movesOn({ id: 'other', role: 'admin' }, { id: 'r', kind: 'public', role: 'owner' }, member('owner')).join(),
    };
  });
  assert.deepEqual(offered, {
    member: '',
    moderator: 'mute kick ban',
    equals: '',
    owner: 'owner member mute kick ban',
    owners: '',
    muted: 'unmute kick ban',
    over: 'mute kick ban',
    admin: 'moderator member mute kick ban',
    lobby: 'mute ban',
    direct: '',
    self: '',
  });
});

test('mentions_are_counted_as_the_server_counts_and_asked_for_when_in_doubt', async () => {
  const steps = await page.evaluate(async () => {
    const { Rooms } = await import('/js/model/rooms.js');
    let asked = 0;
    const row = { id: 'r', name: 'r', title: 'r', topic: '', kind: 'public', role: 'member', seq: 5, n: 5, read: 5, unread: 0, mentions: 0, last: null };
    const rooms = new Rooms({ rooms: async () => (asked++, { rooms: [row] }) }, { id: 'me' });
    await rooms.refresh();
    const from = { id: 'other' };
    const seen = [];
    const entry = (fields) => {
      const before = asked;
      rooms.entry({ room: 'r', at: 1, n: 6, from, ...fields });
      const { unread, mentions, role } = rooms.get('r');
      seen.push([unread, mentions, role, asked > before]);
    };
    entry({ type: 'message', seq: 6, text: 'a', mentions: ['me'] });
    entry({ type: 'message', seq: 6, text: 'a', mentions: ['me'] });
    entry({ type: 'message', seq: 7, text: 'b', mentions: ['another'] });
    entry({ type: 'member', seq: 8, op: 'role', user: { id: 'me' }, role: 'owner' });
    entry({ type: 'member', seq: 9, op: 'role', user: { id: 'other' }, role: 'moderator' });
    entry({ type: 'edited', seq: 10, target: 3, text: 'old', mentions: ['me'] });
    entry({ type: 'edited', seq: 11, target: 7, text: 'new', mentions: ['me'] });
    rooms.readUpTo('r', 7);
    seen.push([rooms.get('r').unread, rooms.get('r').mentions]);
    return seen;
  });
  assert.deepEqual(steps, [
    [1, 1, 'member', false],
    [1, 1, 'member', false],
    [2, 1, 'member', false],
    [2, 1, 'owner', false],
    [2, 1, 'owner', false],
    [2, 1, 'owner', false],
    [2, 1, 'owner', true],
    [0, 0],
  ]);
});
