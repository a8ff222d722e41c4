/*
 * What site admins alone see: all accounts and rooms, what the programs count, how the site is set up.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newKey, newName, signUp } from '../support/client.mjs';
import { startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';
import { until } from '../support/wait.mjs';

const SECRET = 'a-secret-of-the-host-site-that-nobody-may-see';

let stack, admin, prefix;

before(async () => {
  stack = await startStack({ set: { ...unhurried(), 'accounts.jwt_alg': 'HS256', 'accounts.jwt_key': SECRET, 'rooms.keep_days': 400 } });
  admin = await signUp(stack.url);
  await stack.redis('hset', `{u:${admin.id}}:user`, 'role', 'admin');
  prefix = newName().slice(0, 12);
});
after(() => stack?.stop());

const see = (path) => admin.must(200, 'GET', `/admin/${path}`);

/* All pages, one after another. */
async function all(path, list, query = '') {
  const rows = [];
  for (let next = ''; next !== null;) {
    const page = await see(`${path}?${query}${next && `&cursor=${encodeURIComponent(next)}`}`);
    rows.push(...page[list]);
    ({ next } = page);
  }
  return rows;
}

describe('accounts', () => {
  test('are_all_listed_once_however_small_the_pages', async () => {
    const people = [];
    for (let i = 0; i < 7; i++) people.push(await signUp(stack.url, { name: `${prefix}${i}`, display: i % 2 ? `${prefix} also ${i}` : undefined }));
    const rows = await all('users', 'users', `q=${prefix}&limit=2`);
    assert.deepEqual(rows.map(({ id }) => id).sort(), people.map(({ id }) => id).sort());
    const everybody = await all('users', 'users', 'limit=3');
    assert.equal(new Set(everybody.map(({ id }) => id)).size, everybody.length);
    assert.ok(people.every(({ id }) => everybody.some((row) => row.id === id)));
  });

  test('are_found_by_their_display_name_too', async () => {
    const display = `Zz ${newName()}`;
    const person = await signUp(stack.url, { display });
    const rows = await all('users', 'users', `q=${encodeURIComponent(display.toUpperCase())}`);
    assert.deepEqual(rows.map(({ id }) => id), [person.id]);
  });

  test('show_where_somebody_is_signed_in_and_whether_they_may_be', async () => {
    const person = await signUp(stack.url);
    const rowOf = async () => (await see(`users?q=${person.name}`)).users[0];
    const row = await rowOf();
    assert.deepEqual([row.role, row.disabled, row.online, row.sessions], ['member', false, false, 1]);
    assert.ok(Math.abs(row.seen_at - Date.now()) < 60_000);
    await person.signIn();
    const live = await person.connect();
    await until('online', async () => (await rowOf()).online);
    assert.equal((await rowOf()).sessions, 2);
    await admin.must(200, 'PATCH', `/users/${person.id}`, { disabled: true });
    assert.equal((await live.end()).code, 4401);
    const { disabled, sessions, seen_at } = await rowOf();
    assert.deepEqual([disabled, sessions, seen_at], [true, 0, null]);
  });

  test('are_signed_out_everywhere_at_once', async () => {
    const person = await signUp(stack.url);
    const live = await person.connect();
    await admin.must(204, 'DELETE', `/users/${person.id}/sessions`);
    assert.equal((await live.end()).code, 4401);
    assert.equal((await person.call('GET', '/me')).status, 401);
    await admin.must(204, 'DELETE', `/users/${person.id}/sessions`); // nowhere any more
    assert.equal((await person.signIn()).id, person.id);
    assert.equal((await admin.call('DELETE', '/users/nosuchuser/sessions')).status, 404);
  });

  test('a_cursor_that_is_none_is_refused', async () => {
    for (const path of ['users?cursor=%00', 'users?cursor=!!', 'rooms?cursor=x', 'rooms?cursor=-1', 'rooms?cursor=18446744073709551616'])
      assert.equal((await admin.call('GET', `/admin/${path}`)).body.code, 'invalid', path);
  });
});

test('rooms_are_all_there_private_and_direct_ones_too_and_no_word_of_theirs', async () => {
  const [ann, bob] = [await signUp(stack.url), await signUp(stack.url)];
  const { room: hidden } = await ann.must(201, 'POST', '/rooms', { name: newName(), title: 'Hidden', kind: 'private' });
  const { room: direct } = await ann.must(201, 'PUT', `/direct/${bob.id}`);
  await ann.must(201, 'POST', `/rooms/${hidden.id}/messages`, { text: 'a word of theirs', key: newKey() });
  const rooms = await all('rooms', 'rooms');
  const row = rooms.find(({ id }) => id === hidden.id);
  assert.deepEqual([row.title, row.kind, row.by, row.members, row.n, row.entries], ['Hidden', 'private', ann.id, 1, 1, 2]);
  assert.equal(rooms.find(({ id }) => id === direct.id).kind, 'direct');
  assert.ok(rooms.some(({ id, by }) => id === 'lobby' && by === null));
  assert.doesNotMatch(JSON.stringify(rooms), /a word of theirs/);
});

test('figures_are_those_of_every_worker_and_grow', async () => {
  const person = await signUp(stack.url);
  const live = await person.connect();
  await until('a connection', async () => (await see('figures')).nodes.some(({ connections }) => connections > 0), 15_000);
  const { nodes: [before], program } = await see('figures');
  const room = await person.openRoom();
  for (let i = 0; i < 5; i++) await person.post(room);
  await until('publications', async () => (await see('figures')).nodes[0].publications >= before.publications + 5, 15_000);
  const after = (await see('figures')).program;
  assert.ok(after.requests > program.requests && after.redis_asked > program.redis_asked && after.redis_us > program.redis_us);
  assert.ok(before.canary_ms < 15_000);
  await live.close();
});

test('settings_are_shown_as_they_are_but_for_secrets', async () => {
  const answer = await admin.call('GET', '/admin/settings');
  const of = (name) => answer.body.settings.find((row) => row.name === name);
  assert.deepEqual([of('rooms.keep_days').value, of('rooms.keep_days').changed], ['400', true]);
  assert.deepEqual([of('limits.name_chars').value, of('limits.name_chars').changed], ['32', false]);
  assert.deepEqual([of('accounts.jwt_key').value, of('accounts.jwt_key').secret, of('accounts.jwt_key').changed], [null, true, true]);
  assert.equal(of('redis.url').value, null);
  assert.ok(!answer.text.includes(SECRET));
});
