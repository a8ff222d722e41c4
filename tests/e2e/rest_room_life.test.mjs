/*
 * A room's life: what it is called and who may come in, changed; and its end, after which nothing
 * of it is left.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newKey, newName, newText, signUp } from '../support/client.mjs';
import { startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';
import { until } from '../support/wait.mjs';

let stack, alice, bob, boss;

before(async () => {
  stack = await startStack({ set: {
    ...unhurried(), 'http.threads': 32,
  } });
  [alice, bob, boss] = await Promise.all([1, 2, 3].map(() => signUp(stack.url)));
  await stack.redis('hset', `{u:${boss.id}}:user`, 'role', 'admin');
});
after(() => stack?.stop());

function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
}

const open = async (kind = 'public', name = newName()) => (await alice.must(201, 'POST', '/rooms', { name, kind })).room;
const change = (room, fields, person = alice) => person.call('PATCH', `/rooms/${room.id}`, fields);
const inDirectory = async (name) =>
  (await bob.must(200, 'GET', `/rooms?public=1&q=${encodeURIComponent(name)}`)).rooms.map(({ id }) => id);

describe('changing a room', () => {
  test('is_an_entry_of_what_has_changed_and_of_nothing_else', async () => {
    const room = await open();
    await bob.join(room.id);
    const connection = await bob.connect();
    const answer = await change(room, { title: '新标题', topic: 'roses', name: room.name, kind: 'public' });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual([answer.body.room.title, answer.body.room.topic, answer.body.room.seq], ['新标题', 'roses', 3]);
    const entry = await connection.entry(room.id, 3);
    const { at, ...rest } = entry;
    assert.ok(at > 0);
    assert.deepEqual(rest, { type: 'room', seq: 3, n: 0, room: room.id, title: '新标题', topic: 'roses',
      from: { id: alice.id, name: alice.name, display: alice.name } });
    assert.equal((await change(room, { title: '新标题' })).body.room.seq, 3, 'the same once more is no entry');
    assert.equal((await change(room, {})).body.room.seq, 3);
    await connection.close();
  });

  test('of_its_name_moves_it_in_the_directory_and_frees_the_old_one', async () => {
    const [old, fresh] = [newName(), newName()];
    const room = await open('public', old);
    assert.equal((await change(room, { name: fresh })).body.room.name, fresh);
    assert.deepEqual([await inDirectory(old), await inDirectory(fresh)], [[], [room.id]]);
    refused(await bob.call('POST', '/rooms', { name: fresh, kind: 'public' }), 409, 'name_taken');
    await bob.must(201, 'POST', '/rooms', { name: old, kind: 'public' });
    refused(await change(room, { name: old }), 409, 'name_taken');
    assert.equal((await alice.must(200, 'GET', `/rooms/${room.id}`)).room.name, fresh);
    const loud = fresh.toUpperCase();
    assert.equal((await change(room, { name: loud })).body.room.name, loud);
    assert.deepEqual(await inDirectory(fresh), [room.id]);
  });

  test('of_its_kind_takes_it_out_of_the_directory_and_back', async () => {
    const name = newName();
    const room = await open('public', name);
    assert.equal((await change(room, { kind: 'private' })).body.room.kind, 'private');
    assert.deepEqual(await inDirectory(name), []);
    refused(await bob.call('PUT', `/rooms/${room.id}/members/me`), 404, 'not_found');
    const other = (await bob.must(201, 'POST', '/rooms', { name, kind: 'public' })).room;
    refused(await change(room, { kind: 'public' }), 409, 'name_taken');
    await bob.must(204, 'DELETE', `/rooms/${other.id}`);
    assert.equal((await change(room, { kind: 'public' })).body.room.kind, 'public');
    assert.deepEqual(await inDirectory(name), [room.id]);
    await bob.join(room.id);
  });

  test('of_two_who_want_one_name_at_once_one_gets_it', async () => {
    for (let round = 0; round < 10; round++) {
      const name = newName();
      const rooms = [await open(), await open()];
      const answers = await Promise.all(rooms.map((room) => change(room, { name })));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409], `round ${round}`);
      assert.equal((await inDirectory(name)).length, 1);
    }
  });

  test('is_for_who_moderates_its_kind_for_who_owns', async () => {
    const room = await open();
    await alice.must(201, 'PUT', `/rooms/${room.id}/members/${bob.id}`, { role: 'moderator' });
    assert.equal((await change(room, { topic: 'by a moderator' }, bob)).status, 200);
    refused(await change(room, { kind: 'private' }, bob), 403, 'forbidden');
    await alice.must(200, 'PUT', `/rooms/${room.id}/members/${bob.id}`, { role: 'member' });
    refused(await change(room, { topic: 'by a member' }, bob), 403, 'forbidden');
    assert.equal((await change(room, { topic: 'by the site' }, boss)).status, 200);
  });

  test('of_the_default_room_is_for_the_site_and_leaves_name_and_kind', async () => {
    const lobby = { id: 'lobby' };
    refused(await change(lobby, { title: 'Mine' }), 403, 'forbidden');
    assert.equal((await change(lobby, { title: 'Hall' }, boss)).body.room.title, 'Hall');
    refused(await change(lobby, { name: newName() }, boss), 403, 'forbidden');
    refused(await change(lobby, { kind: 'private' }, boss), 403, 'forbidden');
  });

  test('to_what_cannot_be_is_422', async () => {
    const room = await open();
    for (const fields of [{ name: 'a' }, { title: '' }, { topic: 't'.repeat(501) }, { kind: 'direct' }, { title: null }]) {
      refused(await change(room, fields), 422, 'invalid');
    }
  });
});

describe('deleting a room', () => {
  test('leaves_nothing_of_it_and_tells_every_device', async () => {
    const name = newName();
    const room = await open('public', name);
    await bob.join(room.id);
    await alice.must(204, 'PUT', `/rooms/${room.id}/mutes/${bob.id}`);
    await alice.must(204, 'PUT', `/rooms/${room.id}/bans/${boss.id}`);
    await alice.post(room.id, newText());
    const connections = await Promise.all([alice.connect(), bob.connect(), (await bob.anotherDevice()).connect()]);
    await alice.must(204, 'DELETE', `/rooms/${room.id}`);
    for (const connection of connections) assert.equal((await connection.next('left')).room, room.id);
    const left = (await stack.redis('keys', `{r:${room.id}}:*`)).split('\n');
    assert.ok(left.every((key) => key.startsWith(`{r:${room.id}}:key:`)), `only what runs out by itself: ${left}`);
    assert.equal(await stack.redis('hlen', 'rooms:ended'), '0');
    for (const person of [alice, bob]) {
      refused(await person.call('GET', `/rooms/${room.id}`), 404, 'not_found');
      refused(await person.call('POST', `/rooms/${room.id}/messages`, { text: 'x', key: newKey() }), 404, 'not_found');
      assert.equal(await stack.redis('hexists', `{u:${person.id}}:rooms`, room.id), '0');
    }
    refused(await alice.call('DELETE', `/rooms/${room.id}`), 404, 'not_found');
    assert.deepEqual(await inDirectory(name), []);
    await bob.must(201, 'POST', '/rooms', { name, kind: 'public' });
    for (const connection of connections) {
      await connection.sync();
      await connection.close();
    }
  });

  test('is_for_owners_and_the_site', async () => {
    const room = await open('private');
    await alice.must(201, 'PUT', `/rooms/${room.id}/members/${bob.id}`, { role: 'moderator' });
    refused(await bob.call('DELETE', `/rooms/${room.id}`), 403, 'forbidden');
    await boss.must(204, 'DELETE', `/rooms/${room.id}`);
    refused(await boss.call('DELETE', '/rooms/lobby'), 403, 'forbidden');
    refused(await alice.call('DELETE', '/rooms/nosuchroom'), 404, 'not_found');
  });

  test('while_messages_are_sent_each_is_taken_before_or_404', async () => {
    for (let round = 0; round < 5; round++) {
      const room = await open('private');
      await alice.must(201, 'PUT', `/rooms/${room.id}/members/${bob.id}`);
      const sending = Array.from({ length: 20 }, () =>
        bob.call('POST', `/rooms/${room.id}/messages`, { text: newText(), key: newKey() }));
      const [deleted, ...answers] = await Promise.all([alice.call('DELETE', `/rooms/${room.id}`), ...sending]);
      assert.equal(deleted.status, 204);
      for (const { status, text } of answers) assert.ok([201, 404].includes(status), text);
      assert.equal(await stack.redis('exists', `{r:${room.id}}:room`, `{r:${room.id}}:log`), '0');
    }
  });

  test('of_a_large_room_clears_every_list', async () => {
    const room = await open('private');
    await stack.redis('eval', `for i = 1, 999 do
      redis.call('hset', KEYS[1], 'many' .. i, '{"role":"member","joined_at":1,"seq":1}')
      redis.call('hset', '{u:many' .. i .. '}:rooms', ARGV[1], 1)
    end`, '1', `{r:${room.id}}:members`, room.id);
    await alice.must(204, 'DELETE', `/rooms/${room.id}`);
    assert.equal(await stack.redis('keys', '{u:many*}:rooms'), '');
    assert.equal(await stack.redis('keys', `{r:${room.id}}:*`), '');
  });

  test('that_was_cut_short_is_completed_all_the_same', async () => {
    const name = newName();
    const room = await open('public', name);
    /* As a program leaves it that dies when the room has ended and nothing else has been done. */
    await stack.redis('hset', 'rooms:ended', room.id, name);
    await stack.redis('del', `{r:${room.id}}:room`, `{r:${room.id}}:log`, `{r:${room.id}}:read`);
    await stack.redis('rename', `{r:${room.id}}:members`, `{r:${room.id}}:leavers`);
    await until('the end of it', async () => (await stack.redis('hlen', 'rooms:ended')) === '0');
    assert.equal(await stack.redis('hexists', `{u:${alice.id}}:rooms`, room.id), '0');
    assert.equal(await stack.redis('keys', `{r:${room.id}}:*`), '');
    await bob.must(201, 'POST', '/rooms', { name, kind: 'public' });
  });
});

describe('the account of an owner, closed,', () => {
  const close = (person) => person.must(204, 'DELETE', '/me', { password: person.password });
  const bring = (owner, room, person, role) => owner.must(201, 'PUT', `/rooms/${room}/members/${person.id}`, { role });

  test('leaves_the_room_to_the_moderator_who_was_in_longest', async () => {
    const owner = await signUp(stack.url);
    const room = await owner.openRoom('private');
    await bring(owner, room, bob, 'member');
    await bring(owner, room, boss, 'moderator');
    await bring(owner, room, alice, 'moderator');
    const connection = await bob.connect({ cursors: { [room]: 0 } });
    await close(owner);
    const entry = await connection.next((frame) => frame.op === 'role');
    assert.deepEqual([entry.user.id, entry.role, entry.from.id], [boss.id, 'owner', owner.id]);
    assert.equal((await connection.next((frame) => frame.op === 'left')).user.id, owner.id);
    assert.equal((await boss.must(200, 'GET', `/rooms/${room}`)).room.role, 'owner');
    await connection.close();
  });

  test('leaves_it_to_the_member_who_was_in_longest_where_nobody_moderates', async () => {
    const owner = await signUp(stack.url);
    const room = await owner.openRoom('public');
    await bring(owner, room, bob, 'member');
    await bring(owner, room, alice, 'member');
    await close(owner);
    assert.equal((await bob.must(200, 'GET', `/rooms/${room}`)).room.role, 'owner');
  });

  test('takes_an_empty_room_with_it', async () => {
    const owner = await signUp(stack.url);
    const room = await owner.openRoom('public');
    await close(owner);
    assert.equal(await stack.redis('keys', `{r:${room}}:*`), '');
  });
});
