/*
 * What administrators of the site do to accounts: names that show, roles, and the end of a stay.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { request, signUp } from '../support/client.mjs';
import { root, startStack } from '../support/stack.mjs';

let stack, boss, alice;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0, 'http.threads': 32 } });
  boss = await admin();
  alice = await signUp(stack.url);
});
after(() => stack?.stop());

function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
}

const program = join(process.env.STONECHAT_BUILD ?? join(root, 'build'), 'stonechat-fcgi');
const command = (...args) => new Promise((resolve) => {
  execFile(program, ['-c', join(stack.dir, 'stonechat.conf'), 'user', ...args], (error, stdout, stderr) =>
    resolve({ code: error?.code ?? 0, output: stdout + stderr }));
});

const change = (actor, person, fields) => actor.call('PATCH', `/users/${person.id}`, fields);

/* One more, made so by the command line. */
async function admin() {
  const person = await signUp(stack.url);
  assert.equal((await command('role', person.name, 'admin')).code, 0);
  return person;
}

test('an_account_is_changed_as_told_and_shown_with_whether_it_is_disabled', async () => {
  const person = await signUp(stack.url);
  const answer = await change(boss, person, { display: '新名字', role: 'admin' });
  assert.equal(answer.status, 200, answer.text);
  const { user } = answer.body;
  assert.deepEqual([user.id, user.display, user.role, user.disabled], [person.id, '新名字', 'admin', false]);
  assert.deepEqual((await boss.must(200, 'GET', `/users/${person.id}`)).user, user);
  assert.ok(!('disabled' in (await alice.must(200, 'GET', `/users/${person.id}`)).user));
  assert.deepEqual((await alice.must(200, 'GET', `/users?q=${encodeURIComponent('新名字')}`)).users.map(({ id }) => id), [person.id]);
  assert.equal((await change(boss, person, { role: 'member' })).body.user.role, 'member');
  assert.equal((await change(boss, person, {})).status, 200);
  for (const fields of [{ role: 'king' }, { role: 'guest' }, { disabled: 1 }, { disabled: 'true' }, { disabled: null }, { display: '' }]) {
    refused(await change(boss, person, fields), 422, 'invalid');
  }
});

test('is_for_administrators_alone', async () => {
  refused(await change(alice, alice, { role: 'admin' }), 403, 'forbidden');
  refused(await boss.call('PATCH', '/users/nosuchuser', { disabled: true }), 404, 'not_found');
});

test('a_disabled_account_is_out_at_once_until_it_is_enabled', async () => {
  const person = await signUp(stack.url);
  const device = await person.anotherDevice();
  const connections = [await person.connect(), await device.connect()];
  const ticket = await person.ticket();
  const began = Date.now();
  assert.equal((await change(boss, person, { disabled: true })).body.user.disabled, true);
  for (const connection of connections) assert.equal((await connection.end(1000)).code, 4401);
  assert.ok(Date.now() - began < 1000);
  for (const one of [person, device]) refused(await one.call('GET', '/me'), 401, 'unauthenticated');
  await assert.rejects(person.connect({ path: `/ws?ticket=${ticket}`, headers: {} }), { status: 401 });

  const signIn = (name, password) => request(stack.url, 'POST', '/api/v1/sessions', { body: { name, password } });
  const [disabled, wrong] = [await signIn(person.name, person.password), await signIn(person.name, `${person.password}x`)];
  refused(disabled, 401, 'bad_credentials');
  assert.equal(disabled.text, wrong.text);
  const { name, password } = person;
  refused(await request(stack.url, 'POST', '/api/v1/users', { body: { name, password } }), 409, 'name_taken');

  assert.equal((await change(boss, person, { disabled: false })).body.user.disabled, false);
  refused(await person.call('GET', '/me'), 401, 'unauthenticated');
  assert.equal((await (await person.signIn()).call('GET', '/me')).status, 200);
});

test('the_last_administrator_stays_one', async () => {
  const others = (await boss.must(200, 'GET', '/users?limit=200')).users.filter(({ role, id }) => role === 'admin' && id !== boss.id);
  assert.deepEqual(others, []);
  refused(await change(boss, boss, { role: 'member' }), 409, 'last_admin');
  refused(await change(boss, boss, { disabled: true }), 409, 'last_admin');
  refused(await boss.call('DELETE', '/me', { password: boss.password }), 409, 'last_admin');
  const { code, output } = await command('disable', boss.name);
  assert.deepEqual([code, /no administrator/.test(output)], [1, true]);
  const other = await admin();
  assert.equal((await change(boss, other, { disabled: true })).status, 200);
  refused(await change(boss, boss, { role: 'member' }), 409, 'last_admin');
  assert.equal((await change(boss, other, { disabled: false })).status, 200);
  assert.equal((await change(boss, boss, { role: 'member' })).status, 200);
  refused(await change(boss, boss, { role: 'admin' }), 403, 'forbidden');
  assert.equal((await command('role', boss.name, 'admin')).code, 0);
  assert.equal((await command('role', other.name, 'member')).code, 0);
});

test('of_two_administrators_who_put_each_other_down_at_once_one_stays', async () => {
  for (let round = 0; round < 10; round++) {
    const other = await admin();
    const answers = await Promise.all([change(boss, other, { role: 'member' }), change(other, boss, { role: 'member' })]);
    const done = answers.filter(({ status }) => status === 200).length;
    assert.equal(done, 1, answers.map(({ text }) => text).join(' '));
    const roles = await Promise.all([boss, other].map(async (one) => (await one.must(200, 'GET', '/me')).user.role));
    assert.deepEqual([...roles].sort(), ['admin', 'member'], `round ${round}`);
    if (roles[0] === 'member') {
      assert.equal((await command('role', boss.name, 'admin')).code, 0);
      assert.equal((await command('role', other.name, 'member')).code, 0);
    }
  }
});
