/*
 * Rooms over REST: opening, finding, joining and leaving them, who is in, and what is told to the
 * connections meanwhile.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newKey, newName, newText, signUp } from '../support/client.mjs';
import { inParallel } from '../support/wait.mjs';

let stack, alice, bob, carol;

before(async () => {
  stack = await startStack({ set: {
    'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0, 'limits.rooms_per_hour': 60,
    'limits.joins_per_minute': 0,
  } });
  [alice, bob, carol] = await Promise.all([1, 2, 3].map(() => signUp(stack.url)));
});
after(() => stack?.stop());

function refused(answer, status, code, fault) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
  if (fault) assert.deepEqual(answer.body.errors.map(({ field, code: word }) => `${field} ${word}`), [fault].flat());
}

const roomsOf = async (person) => (await person.must(200, 'GET', '/rooms')).rooms;
const openRoom = async (person, fields) => (await person.must(201, 'POST', '/rooms', { name: newName(), kind: 'public', ...fields })).room;

describe('a new account', () => {
  test('is_in_the_lobby_and_nowhere_else', async () => {
    const [lobby, ...others] = await roomsOf(await signUp(stack.url));
    assert.deepEqual(others, []);
    assert.deepEqual(Object.keys(lobby).sort(), ['created_at', 'id', 'kind', 'last', 'mentions', 'n', 'name', 'notify', 'read', 'role',
      'seq', 'title', 'topic', 'unread']);
    assert.deepEqual([lobby.id, lobby.title, lobby.kind, lobby.role, lobby.unread], ['lobby', 'Lobby', 'public', 'member', 0]);
    assert.equal(lobby.read, lobby.seq);
  });

  test('cannot_leave_the_lobby', async () => {
    refused(await alice.call('DELETE', '/rooms/lobby/members/me'), 403, 'forbidden');
    assert.ok((await roomsOf(alice)).some(({ id }) => id === 'lobby'));
  });
});

describe('opening a room', () => {
  test('makes_the_caller_its_owner_and_nobody_else_a_member', async () => {
    const name = newName();
    const room = await openRoom(alice, { name, title: '计划 Plans', topic: 'what next?', id: 'lobby', seq: 99, role: 'x' });
    assert.deepEqual([room.name, room.title, room.topic, room.kind, room.role], [name, '计划 Plans', 'what next?', 'public', 'owner']);
    assert.deepEqual([room.seq, room.n, room.read, room.unread, room.mentions, room.last], [1, 0, 1, 0, 0, null]);
    assert.notEqual(room.id, 'lobby');
    const { members, next } = await alice.must(200, 'GET', `/rooms/${room.id}/members`);
    assert.equal(next, null);
    assert.deepEqual(members.map(({ user, role }) => [user, role]),
      [[{ id: alice.id, name: alice.name, display: alice.name }, 'owner']]);
  });

  test('without_a_title_it_is_called_by_its_name', async () => {
    const name = newName();
    assert.equal((await openRoom(alice, { name })).title, name);
  });

  test('of_a_name_there_is_one_public_room', async () => {
    const name = newName();
    await openRoom(alice, { name, kind: 'public' });
    refused(await bob.call('POST', '/rooms', { name: name.toUpperCase(), kind: 'public' }), 409, 'name_taken');
    refused(await bob.call('POST', '/rooms', { name: 'LOBBY', kind: 'public' }), 409, 'name_taken');
  });

  const rows = [
    ['nothing', {}, ['name required', 'kind required']],
    ['a name of one character', { name: 'a', kind: 'public' }, 'name too_short'],
    ['a name of 33', { name: 'a'.repeat(33), kind: 'public' }, 'name too_long'],
    ['a name with braces', { name: 'a{r:x}', kind: 'public' }, 'name characters'],
    ['a name with a line break', { name: 'a\r\n*1', kind: 'public' }, 'name characters'],
    ['another kind', { name: 'some-room', kind: 'secret' }, 'kind choice'],
    ['a kind that is no text', { name: 'some-room', kind: null }, 'kind type'],
    ['a title of 65', { name: 'some-room', kind: 'public', title: 't'.repeat(65) }, 'title too_long'],
    ['an empty title', { name: 'some-room', kind: 'public', title: '' }, 'title too_short'],
    ['a topic of 501', { name: 'some-room', kind: 'public', topic: 't'.repeat(501) }, 'topic too_long'],
  ];
  for (const [what, body, fault] of rows) {
    test(`${what}_is_422`, async () => refused(await alice.call('POST', '/rooms', body), 422, 'invalid', fault));
  }
});

describe('a private room', () => {
  test('is_to_a_stranger_as_if_it_were_not', async () => {
    const { id } = await openRoom(alice, { kind: 'private' });
    await alice.post(id);
    const asks = (room) => [
      ['GET', `/rooms/${room}`], ['GET', `/rooms/${room}/messages`], ['GET', `/rooms/${room}/members`],
      ['PUT', `/rooms/${room}/members/me`], ['DELETE', `/rooms/${room}/members/me`],
      ['PUT', `/rooms/${room}/read`, { seq: 1 }], ['POST', `/rooms/${room}/messages`, { text: 'x', key: newKey() }],
    ];
    const unknown = asks('nosuchroom0000ab');
    for (const [i, [method, path, body]] of asks(id).entries()) {
      const answer = await bob.call(method, path, body);
      refused(answer, 404, 'not_found');
      assert.equal(answer.text, (await bob.call(method, unknown[i][1], body)).text, path);
    }
    assert.ok(!(await roomsOf(bob)).some((room) => room.id === id));
    const { rooms } = await bob.must(200, 'GET', '/rooms?public=1&limit=200');
    assert.ok(!rooms.some((room) => room.id === id));
  });
});

describe('a public room that one is not in', () => {
  test('can_be_looked_at_and_joined_but_not_read_or_written', async () => {
    const { id } = await openRoom(alice);
    await alice.post(id);
    const { room } = await bob.must(200, 'GET', `/rooms/${id}`);
    assert.deepEqual([room.role, room.last, room.unread, room.n], [null, null, 0, 1]);
    refused(await bob.call('GET', `/rooms/${id}/messages`), 403, 'forbidden');
    refused(await bob.call('GET', `/rooms/${id}/members`), 403, 'forbidden');
    refused(await bob.call('POST', `/rooms/${id}/messages`, { text: 'x', key: newKey() }), 403, 'forbidden');
    refused(await bob.call('PUT', `/rooms/${id}/read`, { seq: 1 }), 403, 'forbidden');
    refused(await bob.call('DELETE', `/rooms/${id}/members/me`), 404, 'not_found');
  });
});

describe('joining and leaving', () => {
  test('is_told_to_room_and_person_and_may_be_repeated', async () => {
    const { id } = await openRoom(alice);
    await alice.post(id);
    const [theirs, own] = [await alice.connect(), await bob.connect()];
    const first = await bob.call('PUT', `/rooms/${id}/members/me`);
    assert.equal(first.status, 201);
    const { member } = first.body;
    assert.deepEqual(member.user, { id: bob.id, name: bob.name, display: bob.name });
    assert.deepEqual([member.role, member.read], ['member', 3]);
    const again = await bob.call('PUT', `/rooms/${id}/members/${bob.id}`);
    assert.equal(again.status, 200);
    assert.deepEqual(again.body.member, member);

    const entry = await theirs.next((frame) => frame.type === 'member' && frame.room === id);
    assert.deepEqual([entry.seq, entry.n, entry.op, entry.user.id, entry.at], [3, 1, 'joined', bob.id, member.joined_at]);
    assert.equal((await own.next((frame) => frame.type === 'joined')).room, id);
    assert.deepEqual((await roomsOf(bob)).find((room) => room.id === id).unread, 0);

    await bob.must(204, 'DELETE', `/rooms/${id}/members/me`);
    assert.equal((await theirs.next((frame) => frame.op === 'left')).user.id, bob.id);
    assert.equal((await own.next((frame) => frame.type === 'left')).room, id);
    assert.ok(!(await roomsOf(bob)).some((room) => room.id === id));
    refused(await bob.call('DELETE', `/rooms/${id}/members/me`), 404, 'not_found');
    for (const connection of [theirs, own]) connection.socket.close();
  });

  test('is_not_for_the_only_owner_of_others_who_keeps_the_room_in_his_list', async () => {
    const { id } = await openRoom(alice);
    await bob.join(id);
    refused(await alice.call('DELETE', `/rooms/${id}/members/me`), 409, 'last_owner');
    assert.ok((await roomsOf(alice)).some((room) => room.id === id));
  });

  test('at_the_same_time_ends_with_list_and_room_at_one', async () => {
    const { id } = await openRoom(alice);
    for (let round = 0; round < 10; round++) {
      await Promise.all(['PUT', 'DELETE', 'PUT', 'DELETE', 'PUT'].map((method) => bob.call(method, `/rooms/${id}/members/me`)));
      const inRoom = (await stack.redis('hexists', `{r:${id}}:members`, bob.id)) === '1';
      const inList = (await stack.redis('hexists', `{u:${bob.id}}:rooms`, id)) === '1';
      assert.ok(inRoom || !inList, `round ${round}: listed, but not in the room`);
      if (inRoom && !inList) await bob.must(200, 'PUT', `/rooms/${id}/members/me`);
    }
  });

  test('a_list_that_has_lost_a_room_is_set_right_by_joining_again', async () => {
    const { id } = await openRoom(alice);
    await bob.join(id);
    await stack.redis('hdel', `{u:${bob.id}}:rooms`, id);
    await bob.must(200, 'PUT', `/rooms/${id}/members/me`);
    assert.ok((await roomsOf(bob)).some((room) => room.id === id));
  });

  test('a_list_that_names_a_room_too_many_does_not_show_it', async () => {
    const { id } = await openRoom(alice);
    await bob.join(id);
    await stack.redis('hdel', `{r:${id}}:members`, bob.id);
    assert.ok(!(await roomsOf(bob)).some((room) => room.id === id));
  });
});

describe('one_s own rooms', () => {
  test('come_newest_activity_first_with_the_newest_message', async () => {
    const person = await signUp(stack.url);
    const rooms = [await openRoom(person), await openRoom(person), await openRoom(person, { kind: 'private' })];
    const order = async () => (await roomsOf(person)).map(({ id }) => id).filter((id) => id !== 'lobby');
    const [a, b, c] = rooms.map(({ id }) => id);
    const message = await person.post(b);
    assert.equal((await order())[0], b);
    assert.deepEqual((await roomsOf(person)).find(({ id }) => id === b).last, message);
    await person.post(a);
    await person.post(c);
    assert.deepEqual(await order(), [c, a, b]);
  });

  test('are_at_most_a_thousand', async () => {
    const person = await signUp(stack.url);
    await stack.redis('eval', `for i = 1, 998 do redis.call('hset', KEYS[1], 'room' .. i, 1) end`, '1', `{u:${person.id}}:rooms`);
    const { id } = await openRoom(person);
    refused(await person.call('POST', '/rooms', { name: newName(), kind: 'public' }), 403, 'forbidden');
    const other = await openRoom(alice);
    refused(await person.call('PUT', `/rooms/${other.id}/members/me`), 403, 'forbidden');
    assert.equal((await person.call('PUT', '/rooms/lobby/members/me')).status, 200);
    assert.deepEqual((await roomsOf(person)).map((room) => room.id).sort(), [id, 'lobby'].sort());
  });

  test('beyond_what_one_may_open_in_an_hour_are_429', async () => {
    const person = await signUp(stack.url);
    const answers = await inParallel(8, Array.from({ length: 61 }), () =>
      person.call('POST', '/rooms', { name: newName(), kind: 'private' }));
    assert.equal(answers.filter(({ status }) => status === 201).length, 60);
    const [late] = answers.filter(({ status }) => status !== 201);
    refused(late, 429, 'rate_limited');
    assert.ok(Number(late.headers['retry-after']) > 3000);
  });
});

describe('the directory', () => {
  let names;
  before(async () => {
    const stem = newName();
    names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${stem}${letter}`);
    for (const name of names) await openRoom(carol, { name, title: `Room ${name}` });
  });

  test('goes_by_the_beginning_of_the_name_page_by_page', async () => {
    const seen = [];
    let cursor = '';
    do {
      const { rooms, next } = await bob.must(200, 'GET', `/rooms?public=1&q=${names[0].slice(0, -1).toUpperCase()}&limit=2${cursor}`);
      seen.push(...rooms);
      cursor = next && `&cursor=${encodeURIComponent(next)}`;
      assert.ok(seen.length <= 5);
    } while (cursor);
    assert.deepEqual(seen.map(({ name }) => name), names);
    assert.deepEqual(Object.keys(seen[0]).sort(), ['id', 'kind', 'members', 'n', 'name', 'role', 'seq', 'title', 'topic']);
    assert.deepEqual([seen[0].members, seen[0].role, seen[0].title], [1, null, `Room ${names[0]}`]);
  });

  test('shows_one_s_role_and_finds_nothing_where_nothing_is', async () => {
    const { rooms } = await carol.must(200, 'GET', `/rooms?public=1&q=${names[1]}`);
    assert.deepEqual(rooms.map(({ role }) => role), ['owner']);
    assert.deepEqual(await carol.must(200, 'GET', '/rooms?public=1&q=no-room-begins-so'), { rooms: [], next: null });
  });

  test('refuses_what_is_no_cursor_or_limit', async () => {
    refused(await bob.call('GET', '/rooms?public=1&cursor=*'), 422, 'invalid', 'cursor characters');
    refused(await bob.call('GET', '/rooms?public=1&limit=201'), 422, 'invalid', 'limit range');
    refused(await bob.call('GET', '/rooms?public=yes'), 422, 'invalid', 'public choice');
    refused(await bob.call('GET', '/rooms?public=1&q=%ff'), 422, 'invalid', 'q utf8');
    refused(await bob.call('GET', '/rooms?public=1&q=%zz'), 400, 'bad_request');
  });
});

describe('the members of a room', () => {
  test('come_in_pages_each_once_whoever_comes_and_goes_meanwhile', async () => {
    const { id } = await openRoom(alice);
    const people = await inParallel(4, Array.from({ length: 8 }), () => signUp(stack.url));
    await inParallel(4, people.slice(0, 6), (person) => person.join(id));
    const seen = [];
    let cursor = '';
    for (let page = 0; cursor !== null; page++) {
      const { members, next } = await alice.must(200, 'GET', `/rooms/${id}/members?limit=2${cursor}`);
      assert.ok(members.length <= 2);
      seen.push(...members.map(({ user }) => user.id));
      if (page === 0) {
        await people[6].join(id);
        await people[7].join(id);
      }
      cursor = next && `&cursor=${next}`;
    }
    assert.equal(new Set(seen).size, seen.length);
    for (const person of [alice, ...people.slice(0, 6)]) assert.ok(seen.includes(person.id));
  });

  test('show_how_far_each_has_read', async () => {
    const { id } = await openRoom(alice);
    await bob.join(id);
    const { seq } = await alice.post(id);
    await bob.must(204, 'PUT', `/rooms/${id}/read`, { seq });
    const { members } = await alice.must(200, 'GET', `/rooms/${id}/members`);
    assert.deepEqual(members.map(({ user, read }) => [user.id, read]).sort(), [[alice.id, seq], [bob.id, seq]].sort());
  });
});

describe('broadcasts', () => {
  test('are_for_administrators', async () => refused(await alice.call('POST', '/broadcasts', { data: {} }), 403, 'forbidden'));

  test('reach_everybody_connected', async () => {
    const boss = await signUp(stack.url);
    await stack.redis('hset', `{u:${boss.id}}:user`, 'role', 'admin');
    const connections = await Promise.all([alice, bob].map((person) => person.connect()));
    const data = { title: newText(), list: [1, 2.5, null, '中文'] };
    assert.equal((await boss.call('POST', '/broadcasts', { data })).status, 202);
    for (const connection of connections) {
      assert.deepEqual((await connection.next('notice')).data, data);
      connection.socket.close();
    }
    for (const wrong of [[], 'x', null, 1]) {
      refused(await boss.call('POST', '/broadcasts', { data: wrong }), 422, 'invalid', 'data type');
    }
  });
});
