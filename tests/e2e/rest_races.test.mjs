/*
 * Things that happen at the same time, and what must hold afterwards.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newKey, newName, signUp } from '../support/client.mjs';

let stack;

before(async () => {
  stack = await startStack({
    set: {
      'limits.messages_per_10s': 0,
      'limits.logins_per_minute': 0,
      'limits.rooms_per_hour': 0,
      'http.hash_queue': 64,
      'http.threads': 64,
    },
  });
});
after(() => stack?.stop());

test('who_signs_in_with_the_old_password_during_its_change_is_signed_out', async () => {
  for (let round = 0; round < 4; round++) {
    const person = await signUp(stack.url);
    const next = `${person.password}-next-${round}`;
    const thieves = Array.from({ length: 8 }, () => person.anotherDevice().catch(() => null));
    const changed = await person.call('PUT', '/me/password', { current: person.password, new: next });
    assert.equal(changed.status, 204);
    for (const thief of await Promise.all(thieves)) {
      if (thief) assert.equal((await thief.call('GET', '/me')).status, 401);
    }
    assert.equal((await person.call('GET', '/me')).status, 200);
  }
});

test('of_two_changes_of_one_password_at_once_one_counts', async () => {
  const person = await signUp(stack.url);
  const changes = await Promise.all(['one', 'two'].map((word) =>
    person.call('PUT', '/me/password', { current: person.password, new: `${person.password}-${word}` })));
  assert.deepEqual(changes.map(({ status }) => status).sort(), [204, 401]);
});

test('an_account_closed_while_it_joins_rooms_is_a_member_of_none', async () => {
  const owner = await signUp(stack.url);
  const rooms = await Promise.all(Array.from({ length: 16 }, () => owner.openRoom()));
  for (let round = 0; round < 3; round++) {
    const person = await signUp(stack.url);
    /* Joining goes on until nobody is there any more to join: what was left is joined again. */
    const joining = Array.from({ length: 8 }, async (_, lane) => {
      for (let i = lane; ; i++) {
        const { status } = await person.call('PUT', `/rooms/${rooms[i % rooms.length]}/members/me`);
        if (status === 401) return;
      }
    });
    const closed = await person.call('DELETE', '/me', { password: person.password });
    await Promise.all(joining);
    assert.equal(closed.status, 204);
    for (const room of rooms) {
      assert.equal(String(await stack.redis('HEXISTS', `{r:${room}}:members`, person.id)).trim(), '0', room);
    }
    assert.equal(String(await stack.redis('EXISTS', `{u:${person.id}}:rooms`)).trim(), '0');
  }
});

test('the_name_of_a_private_room_tells_nobody_that_it_exists', async () => {
  const [alice, bob] = [await signUp(stack.url), await signUp(stack.url)];
  const name = newName();
  await alice.must(201, 'POST', '/rooms', { name, kind: 'private' });
  await bob.must(201, 'POST', '/rooms', { name, kind: 'public' });
  assert.equal((await alice.call('POST', '/rooms', { name, kind: 'public' })).status, 409);
});

const say = (lines) => new Promise((resolve, reject) => {
  const socket = connect(stack.port, '127.0.0.1', () => socket.write(lines.join('\r\n')));
  const started = Date.now();
  let text = '';
  socket.on('data', (piece) => { text += piece; });
  socket.on('end', () => socket.end());
  socket.on('close', () => resolve({ text, ms: Date.now() - started }));
  socket.on('error', reject);
});

for (const [name, good, bad] of [
  ['Origin', null, 'http://evil.example'],
  ['Sec-Fetch-Site', 'same-origin', 'cross-site'],
]) {
  test(`two_of_${name}_are_refused_in_either_order`, async () => {
    const alice = await signUp(stack.url);
    const host = `localhost:${stack.port}`;
    const body = JSON.stringify({ text: 'hello', key: newKey() });
    const values = [good ?? `http://${host}`, bad];
    for (const order of [values, values.slice().reverse()]) {
      const { text } = await say(['POST /api/v1/rooms/lobby/messages HTTP/1.1', `Host: ${host}`, `Cookie: ${alice.cookie}`,
        ...order.map((value) => `${name}: ${value}`), 'Content-Type: application/json',
        `Content-Length: ${body.length}`, 'Connection: close', '', body]);
      assert.match(text, /^HTTP\/1.1 40[03] /);
    }
  });
}

test('a_head_that_never_ends_is_cut_within_eleven_seconds', async () => {
  const heads = [[''], ['G'], ['GET /ws HTTP/1.1', `Host: localhost:${stack.port}`, 'X: ']];
  for (const { ms } of await Promise.all(heads.map(say))) assert.ok(ms < 11500, `${ms} ms`);
});
