/*
 * What the way in is told of a site, and the first person at an empty one, who runs it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Person, newName, signUp } from '../support/client.mjs';
import { fastcgi } from '../support/fastcgi.mjs';
import { root, startStack } from '../support/stack.mjs';

const UNLIMITED = { 'limits.logins_per_minute': 0 };
const FIRST = { ...UNLIMITED, 'accounts.first_admin': 'yes' };

/* One stack of these settings for the time of `act`. */
async function having(set, act) {
  const stack = await startStack({ set });
  try {
    await act(stack);
  } finally {
    await stack.stop();
  }
}

const siteOf = async (stack) => {
  const { status, body, text } = await fastcgi(stack, 'GET', '/site');
  assert.equal(status, 200, text);
  return body.site;
};
const rolesOf = (people) => people.map(({ user }) => user.role).sort();

describe('an empty site', () => {
  let stack;
  before(async () => {
    stack = await startStack({ set: FIRST });
  });
  after(() => stack?.stop());

  test('says_so_until_somebody_has_registered_and_of_many_at_once_one_runs_it', async () => {
    assert.deepEqual(await siteOf(stack), { registration: 'open', guests: false, empty: true });
    const people = await Promise.all(Array.from({ length: 8 }, () => signUp(stack.url)));
    assert.deepEqual(rolesOf(people), ['admin', ...Array(7).fill('member')]);
    assert.equal((await siteOf(stack)).empty, false);
    const admin = people.find(({ user }) => user.role === 'admin');
    await admin.must(202, 'POST', '/broadcasts', { data: { text: 'hello' } });
    await stack.redis('DEL', 'admins'); // that is what counts them, and settling heals it
    await admin.anotherDevice();
    assert.equal(await stack.redis('SMEMBERS', 'admins'), admin.id);
    const refused = await admin.call('DELETE', '/me', { password: admin.password });
    assert.equal(refused.body.code, 'last_admin');
  });

  test('whoever_comes_later_is_a_member', async () => {
    assert.equal((await signUp(stack.url)).user.role, 'member');
  });

  test('its_first_person_is_in_the_log', () => {
    const lines = stack.log('fcgi').split('\n').filter((line) => line.includes('event=first_registration'));
    assert.equal(lines.length, 1, lines.join('\n'));
  });
});

test('a_first_name_that_is_refused_leaves_the_site_empty', () => having(FIRST, async (stack) => {
  const name = newName();
  const register = (body) => fastcgi(stack, 'POST', '/users', { body });
  assert.equal((await register({ name, password: 'short' })).status, 422);
  assert.equal((await register({ name: 'admin', password: 'a horse with a battery' })).status, 409);
  assert.equal((await siteOf(stack)).empty, true);
  assert.equal((await signUp(stack.url)).user.role, 'admin');
}));

test('a_guest_who_came_first_is_somebody', () => having({ ...FIRST, 'accounts.guests': 'yes' }, async (stack) => {
  assert.deepEqual(await siteOf(stack), { registration: 'open', guests: true, empty: true });
  assert.equal((await fastcgi(stack, 'POST', '/sessions', { body: { guest: 'Passer-by' } })).status, 201);
  assert.equal((await siteOf(stack)).empty, false);
  assert.equal((await signUp(stack.url)).user.role, 'member');
}));

test('where_it_is_off_nobody_is_promised_anything', () => having(
  { ...UNLIMITED, 'accounts.first_admin': 'no', 'accounts.registration': 'open' }, async (stack) => {
    assert.equal((await siteOf(stack)).empty, false);
    assert.equal((await signUp(stack.url)).user.role, 'member');
  }));

test('a_closed_site_says_so', () => having({ ...FIRST, 'accounts.registration': 'closed' }, async (stack) => {
  assert.deepEqual(await siteOf(stack), { registration: 'closed', guests: false, empty: true });
  await assert.rejects(new Person(stack.url).signUp(), /registration_closed/);
}));

test('an_account_made_at_the_command_line_counts', () => having(FIRST, async (stack) => {
  const program = join(process.env.STONECHAT_BUILD ?? join(root, 'build/gcc'), 'stonechat-fcgi');
  const added = spawnSync(program, ['-c', join(stack.dir, 'stonechat.conf'), 'user', 'add', newName()], {
    input: 'a horse with a battery\n', encoding: 'utf8',
  });
  assert.equal(added.status, 0, added.stderr);
  assert.equal((await siteOf(stack)).empty, false);
  assert.equal((await signUp(stack.url)).user.role, 'member');
}));
