/*
 * Direct rooms: one of any two people, whoever asks for it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newKey, signUp } from '../support/client.mjs';
import { startStack } from '../support/stack.mjs';

let stack, alice, bob, carol, boss;

before(async () => {
  stack = await startStack({ set: {
    'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0, 'limits.directs_per_hour': 0, 'http.threads': 32,
  } });
  [alice, bob, carol, boss] = await Promise.all([1, 2, 3, 4].map(() => signUp(stack.url)));
  await stack.redis('hset', `{u:${boss.id}}:user`, 'role', 'admin');
});
after(() => stack?.stop());

function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
}

const direct = (person, other) => person.call('PUT', `/direct/${other.id}`);
const person = ({ id, name }) => ({ id, name, display: name });
const roomsOf = async (who) => (await who.must(200, 'GET', '/rooms')).rooms;

test('is_opened_once_and_the_same_for_both', async () => {
  const connections = await Promise.all([alice, bob].map((who) => who.connect()));
  const first = await direct(alice, bob);
  assert.equal(first.status, 201, first.text);
  const { room } = first.body;
  assert.deepEqual([room.kind, room.name, room.title, room.role, room.unread], ['direct', '', '', 'member', 0]);
  assert.deepEqual(room.peer, person(bob));
  for (const connection of connections) assert.equal((await connection.next('joined')).room, room.id);
  const second = await direct(bob, alice);
  assert.equal(second.status, 200);
  assert.deepEqual([second.body.room.id, second.body.room.peer], [room.id, person(alice)]);

  const message = await alice.post(room.id);
  await connections[1].entry(room.id, message.seq);
  const [listed] = (await roomsOf(bob)).filter(({ id }) => id === room.id);
  assert.deepEqual([listed.peer, listed.last, listed.unread], [person(alice), message, 1]);
  assert.ok((await roomsOf(alice)).every(({ kind, peer }) => (kind === 'direct') === (peer !== undefined)));
  await Promise.all(connections.map((connection) => connection.close()));
});

test('asked_for_by_both_at_once_it_is_one_room', async () => {
  for (let round = 0; round < 50; round++) {
    const [one, other] = round % 2 ? [alice, carol] : [carol, alice];
    const answers = await Promise.all([direct(one, other), direct(other, one), direct(one, other), direct(other, one)]);
    const ids = new Set(answers.map(({ body }) => body.room.id));
    assert.equal(ids.size, 1, `round ${round}`);
    assert.equal(answers.filter(({ status }) => status === 201).length, 1, `round ${round}`);
    const [id] = ids;
    assert.equal(await stack.redis('xlen', `{r:${id}}:log`), '2');
    for (const who of [alice, carol]) {
      assert.equal((await roomsOf(who)).filter((room) => room.id === id).length, 1, `round ${round}`);
      await stack.redis('hdel', `{u:${who.id}}:rooms`, id);
      await stack.redis('del', `{u:${who.id}}:rate:rooms`);
    }
    for (const part of ['room', 'log', 'members', 'read']) await stack.redis('del', `{r:${id}}:${part}`);
  }
});

test('with_oneself_is_a_room_of_one', async () => {
  const { room } = await carol.must(201, 'PUT', `/direct/${carol.id}`);
  assert.deepEqual(room.peer, person(carol));
  await carol.post(room.id);
  assert.equal((await carol.must(200, 'PUT', '/direct/me')).room.id, room.id);
});

test('with_nobody_or_a_disabled_account_is_404', async () => {
  const gone = await signUp(stack.url);
  await boss.must(200, 'PATCH', `/users/${gone.id}`, { disabled: true });
  refused(await direct(alice, gone), 404, 'not_found');
  refused(await direct(alice, { id: 'nosuchuser' }), 404, 'not_found');
  refused(await direct(alice, { id: 'no%20user' }), 404, 'not_found');
});

test('is_for_the_two_alone_and_for_good', async () => {
  const { room: { id } } = await alice.must(200, 'PUT', `/direct/${bob.id}`);
  const rows = [
    [carol, 'GET', `/rooms/${id}`, 404], [carol, 'PUT', `/rooms/${id}/members/me`, 404],
    [carol, 'GET', `/rooms/${id}/messages`, 404],
    [alice, 'DELETE', `/rooms/${id}/members/me`, 403], [alice, 'DELETE', `/rooms/${id}/members/${bob.id}`, 403],
    [alice, 'PUT', `/rooms/${id}/members/${carol.id}`, 403], [alice, 'PUT', `/rooms/${id}/members/me`, 403, { role: 'owner' }],
    [alice, 'PUT', `/rooms/${id}/bans/${bob.id}`, 403], [alice, 'PUT', `/rooms/${id}/mutes/${bob.id}`, 403],
    [alice, 'PATCH', `/rooms/${id}`, 403, { title: 'Us' }], [alice, 'DELETE', `/rooms/${id}`, 403],
    [boss, 'PUT', `/rooms/${id}/members/me`, 403], [boss, 'DELETE', `/rooms/${id}`, 403], [boss, 'GET', `/rooms/${id}`, 200],
  ];
  for (const [who, method, path, status, body] of rows) {
    const answer = await who.call(method, path, body);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
  }
  const { rooms } = await alice.must(200, 'GET', '/rooms?public=1&limit=200');
  assert.ok(!rooms.some((room) => room.id === id));
});

test('new_ones_count_as_rooms_that_are_opened', async () => {
  const strict = await startStack({ set: { 'limits.directs_per_hour': 3 } });
  try {
    const [eager, ...others] = await Promise.all([1, 2, 3, 4, 5].map(() => signUp(strict.url)));
    for (const other of others.slice(0, 2)) {
      await eager.must(201, 'PUT', `/direct/${other.id}`);
      await eager.must(200, 'PUT', `/direct/${other.id}`);
    }
    await eager.must(201, 'PUT', `/direct/${others[2].id}`);
    refused(await direct(eager, others[3]), 429, 'rate_limited');
  } finally {
    await strict.stop();
  }
});

test('stays_readable_for_who_is_left_when_the_other_s_account_is_closed', async () => {
  const [stays, goes] = [await signUp(stack.url), await signUp(stack.url)];
  const { room: { id } } = await goes.must(201, 'PUT', `/direct/${stays.id}`);
  const message = await goes.post(id);
  await goes.must(204, 'DELETE', '/me', { password: goes.password });
  const { room } = await stays.must(200, 'GET', `/rooms/${id}`);
  assert.deepEqual([room.peer, room.last], [null, message]);
  assert.deepEqual(await stays.history(id), [message]);
  refused(await direct(stays, goes), 404, 'not_found');
  await stays.must(204, 'DELETE', '/me', { password: stays.password });
  assert.equal(await stack.redis('exists', `{r:${id}}:log`), '0', 'when both have gone, so has the room');
});

test('a_list_that_has_lost_it_finds_it_again', async () => {
  const { room: { id } } = await alice.must(200, 'PUT', `/direct/${bob.id}`);
  await stack.redis('hdel', `{u:${bob.id}}:rooms`, id);
  await alice.must(200, 'PUT', `/direct/${bob.id}`);
  assert.ok((await roomsOf(bob)).some((room) => room.id === id));
  await bob.must(201, 'POST', `/rooms/${id}/messages`, { text: 'here again', key: newKey() });
});
