/*
 * Accounts and sessions over REST: signing up and in, the cookie, one's own account, devices,
 * tickets, and the same from the command line.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startStack, root } from '../support/stack.mjs';
import { newName, Person, request, signUp } from '../support/client.mjs';
import { fastcgi } from '../support/fastcgi.mjs';
import { leaksIn } from '../support/leaks.mjs';

const PASSWORD = 'kestrel-over-the-moor';
let stack, alice, bob;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0 } });
  alice = await signUp(stack.url, { display: 'Alice the First' });
  bob = await signUp(stack.url);
});
after(() => stack?.stop());

const ask = (method, path, body, headers) => request(stack.url, method, `/api/v1${path}`, { body, headers });
const register = (fields) => fastcgi(stack, 'POST', '/users', { body: { password: PASSWORD, ...fields } });
const signIn = (name, password = PASSWORD) => fastcgi(stack, 'POST', '/sessions', { body: { name, password } });

function refused(answer, status, code, fault) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.equal(answer.body.code, code);
  assert.equal(answer.body.status, status);
  if (fault) assert.deepEqual(answer.body.errors.map(({ field, code: word }) => `${field} ${word}`), [fault].flat());
}

test('health_needs_no_credentials', async () => {
  const { status, body, headers } = await ask('GET', '/health');
  assert.equal(status, 200);
  assert.equal(body.status, 'ok');
  assert.match(body.version, /^\d+\.\d+\.\d+$/);
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['x-content-type-options'], 'nosniff');
});

describe('signing up', () => {
  test('gives_the_user_and_no_session', async () => {
    const name = newName();
    const { status, body, headers } = await register({ name, display: '小明 🐦' });
    assert.equal(status, 201);
    assert.deepEqual(Object.keys(body.user), ['id', 'name', 'display', 'role', 'created_at']);
    assert.match(body.user.id, /^[a-z0-9]{1,32}$/);
    assert.deepEqual([body.user.name, body.user.display, body.user.role], [name, '小明 🐦', 'member']);
    assert.ok(Math.abs(body.user.created_at - Date.now()) < 60_000);
    assert.equal(headers['set-cookie'], undefined);
  });

  test('sets_nothing_that_was_not_asked_for', async () => {
    const { body } = await register({ name: newName(), role: 'admin', id: 'me', created_at: 1, disabled: '1' });
    assert.equal(body.user.role, 'member');
    assert.notEqual(body.user.id, 'me');
    assert.ok(body.user.created_at > 1);
  });

  test('a_name_belongs_to_one_however_it_is_written', async () => {
    const name = newName();
    assert.equal((await register({ name })).status, 201);
    for (const other of [name, name.toUpperCase(), [...name].map((c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0)).join('')]) {
      refused(await register({ name: other }), 409, 'name_taken');
    }
  });

  test('at_the_same_time_under_one_name_one_gets_it', async () => {
    const name = newName();
    const answers = await Promise.all(Array.from({ length: 6 }, () => register({ name })));
    assert.deepEqual(answers.map(({ status }) => status).filter((status) => status === 201), [201]);
    assert.equal((await signIn(name)).status, 201);
  });

  for (const name of ['admin', 'root', 'System', 'stonechat', 'support', 'everyone', 'here', 'all']) {
    test(`${name}_is_not_to_be_had`, async () => refused(await register({ name }), 409, 'name_taken'));
  }

  const rows = [
    ['nothing', {}, ['name required', 'password required']],
    ['a name of one character', { name: 'a', password: PASSWORD }, 'name too_short'],
    ['a name of 33 characters', { name: 'a'.repeat(33), password: PASSWORD }, 'name too_long'],
    ['a name with a line break', { name: 'al\nice', password: PASSWORD }, 'name characters'],
    ['a name with braces', { name: 'a{u:x}b', password: PASSWORD }, 'name characters'],
    ['a name of two scripts', { name: 'p\u0430ypal', password: PASSWORD }, 'name look_alike'],
    ['a zero-width space', { name: 'ali\u200bce', password: PASSWORD }, 'name characters'],
    ['a number for a name', { name: 12345, password: PASSWORD }, 'name type'],
    ['a password of 7', { name: 'newcomer', password: 'kq8-fiz' }, 'password too_short'],
    ['a password of 257', { name: 'newcomer', password: 'k'.repeat(257) }, 'password too_long'],
    ['a common password', { name: 'newcomer', password: 'password1' }, 'password common'],
    ['digits alone', { name: 'newcomer', password: '12345678' }, 'password common'],
    ['the own name', { name: 'newcomer', password: 'Newcomer1' }, 'password common'],
    ['an empty display', { name: 'newcomer', password: PASSWORD, display: '' }, 'display too_short'],
    ['a blank display', { name: 'newcomer', password: PASSWORD, display: ' \u3000' }, 'display blank'],
    ['a display of 65', { name: 'newcomer', password: PASSWORD, display: 'd'.repeat(65) }, 'display too_long'],
    ['a display with a line break', { name: 'newcomer', password: PASSWORD, display: 'a\nb' }, 'display characters'],
    ['everything wrong', { name: 'a', password: 'b', display: 5 },
      ['name too_short', 'password too_short', 'display type']],
  ];
  for (const [what, body, fault] of rows) {
    test(`${what}_is_422`, async () => refused(await fastcgi(stack, 'POST', '/users', { body }), 422, 'invalid', fault));
  }

  for (const [what, name] of [['two characters', 'zq'], ['32 characters', 'b'.repeat(32)], ['chinese', '张三丰']]) {
    test(`a_name_of_${what}_is_fine`, async () => assert.equal((await register({ name })).status, 201));
  }

  for (const [what, password] of [['64', 'p'.repeat(60) + ' 密码!'], ['256', '🐦'.repeat(256)], ['spaces', ' a b c d e ']]) {
    test(`a_password_of_${what}_is_fine_and_not_cut`, async () => {
      const name = newName();
      assert.equal((await register({ name, password })).status, 201);
      assert.equal((await signIn(name, password)).status, 201);
      refused(await signIn(name, [...password].slice(0, -1).join('')), 401, 'bad_credentials');
    });
  }

  test('the_password_is_stored_as_argon2id', async () => {
    assert.match(await stack.redis('hget', `{u:${alice.id}}:user`, 'password'), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe('signing in', () => {
  test('gives_token_session_and_user_and_the_cookie', async () => {
    const { status, body, headers } = await ask('POST', '/sessions', { name: alice.name, password: alice.password });
    assert.equal(status, 201);
    assert.deepEqual(Object.keys(body), ['token', 'session', 'user']);
    assert.equal(body.user.id, alice.id);
    assert.equal(body.session.current, true);
    assert.match(headers['set-cookie'][0],
      new RegExp(`^stonechat=${body.token.replaceAll('.', '\\.')}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax$`));
  });

  test('behind_tls_the_cookie_is_bound_to_host_and_tls', async () => {
    const parameters = { HTTPS: 'on' };
    const body = { name: alice.name, password: alice.password };
    const { headers } = await fastcgi(stack, 'POST', '/sessions', { body, parameters });
    const [, cookie] = /^(__Host-stonechat=[^;]+); Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/.exec(headers['set-cookie']);
    const me = (name) => fastcgi(stack, 'GET', '/me', { parameters: { HTTPS: 'on', HTTP_COOKIE: name } });
    assert.equal((await me(cookie)).status, 200);
    assert.equal((await me(cookie.replace('__Host-', ''))).status, 401);
  });

  test('works_with_the_name_in_any_form', async () => {
    assert.equal((await signIn(alice.name.toUpperCase(), alice.password)).status, 201);
  });

  test('is_refused_alike_for_a_wrong_password_an_unknown_name_and_no_name_at_all', async () => {
    const answers = await Promise.all([[bob.name, 'wrong'], [newName(), 'wrong'], ['{}:*\r\n', 'wrong'], ['', '']]
      .map(([name, password]) => signIn(name, password)));
    for (const answer of answers) refused(answer, 401, 'bad_credentials');
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
  });

  test('takes_as_long_for_an_unknown_name_as_for_a_wrong_password', async () => {
    const times = { known: [], unknown: [] };
    for (let i = 0; i < 25; i++) {
      times.known.push((await signIn(bob.name, 'wrong')).ms);
      times.unknown.push((await signIn('nobody-at-all', 'wrong')).ms);
    }
    const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
    const [known, unknown] = [median(times.known), median(times.unknown)];
    assert.ok(Math.abs(known - unknown) < 0.35 * known, `${known} ms and ${unknown} ms`);
  });

  test('never_adopts_a_token_that_is_presented', async () => {
    const token = `${alice.id}.0123456789abcdef.${'A'.repeat(43)}`;
    const { body } = await ask('POST', '/sessions', { name: alice.name, password: alice.password }, { cookie: `stonechat=${token}` });
    assert.notEqual(body.token, token);
    assert.equal((await ask('GET', '/me', undefined, { authorization: `Bearer ${token}` })).status, 401);
  });

  test('leaves_no_token_in_redis', async () => {
    const secret = alice.token.split('.')[2];
    assert.ok(!(await stack.redis('hvals', `{u:${alice.id}}:sessions`)).includes(secret));
  });

  test('raises_a_hash_of_less_effort', async () => {
    const person = await signUp(stack.url);
    const key = `{u:${person.id}}:user`;
    const weak = '$argon2id$v=19$m=1024,t=1,p=1$';
    await stack.redis('hset', key, 'password', await weakHash(person.password));
    assert.ok((await stack.redis('hget', key, 'password')).startsWith(weak));
    await person.signIn();
    assert.match(await stack.redis('hget', key, 'password'), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await person.signIn();
  });

  test('puts_back_into_the_lobby_and_the_index_who_fell_out_of_them', async () => {
    const person = await signUp(stack.url);
    await stack.redis('hdel', '{r:lobby}:members', person.id);
    await stack.redis('hdel', `{u:${person.id}}:rooms`, 'lobby');
    await stack.redis('zrem', 'index:users', `${person.name}\x01${person.id}`);
    await person.signIn();
    const { rooms } = await person.must(200, 'GET', '/rooms');
    assert.deepEqual(rooms.map(({ id }) => id), ['lobby']);
    const { users } = await person.must(200, 'GET', `/users?q=${person.name}`);
    assert.deepEqual(users.map(({ id }) => id), [person.id]);
  });
});

/* The program that makes hashes is the one under test, so a weaker one comes from libsodium. */
async function weakHash(password) {
  const code = `import ctypes, sys
s = ctypes.CDLL('libsodium.so.23'); s.sodium_init(); out = ctypes.create_string_buffer(128)
p = sys.argv[1].encode()
assert s.crypto_pwhash_str(out, p, ctypes.c_ulonglong(len(p)), ctypes.c_ulonglong(1), ctypes.c_size_t(1 << 20)) == 0
print(out.value.decode())`;
  const { output } = await run('python3', ['-c', code, password]);
  return output.trim();
}

function run(command, args, input = '') {
  return new Promise((resolve) => {
    const child = spawn(command, args);
    let output = '', errors = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (errors += text));
    child.on('close', (code) => resolve({ code, output, errors }));
    child.stdin.end(input);
  });
}

describe('without credentials', () => {
  const rows = [
    ['GET', '/me'], ['PATCH', '/me'], ['DELETE', '/me'], ['PUT', '/me/password'], ['GET', '/users'], ['GET', '/users/x'],
    ['GET', '/sessions'], ['DELETE', '/sessions'], ['DELETE', '/sessions/current'], ['POST', '/tickets'],
    ['GET', '/rooms'], ['POST', '/rooms'], ['GET', '/rooms/lobby'], ['GET', '/rooms/lobby/members'],
    ['PUT', '/rooms/lobby/members/me'], ['DELETE', '/rooms/lobby/members/me'], ['POST', '/rooms/lobby/messages'],
    ['GET', '/rooms/lobby/messages'], ['PUT', '/rooms/lobby/read'], ['POST', '/broadcasts'],
  ];
  for (const [method, path] of rows) {
    test(`${method} ${path} is 401`, async () => {
      const answer = await ask(method, path);
      refused(answer, 401, 'unauthenticated');
      assert.match(answer.headers['www-authenticate'], /^Bearer/);
    });
  }

  test('a_token_that_is_bent_is_none', async () => {
    const [user, session, secret] = alice.token.split('.');
    const bent = [`${user}.${session}.${secret.slice(0, -1)}${secret.endsWith('A') ? 'E' : 'A'}`, `${bob.id}.${session}.${secret}`,
      `${user}.${bob.session.id}.${secret}`, `${user}.${session}`, secret, `${alice.token}x`, alice.token.toUpperCase(), '*'];
    for (const token of bent) {
      refused(await ask('GET', '/me', undefined, { authorization: `Bearer ${token}` }), 401, 'unauthenticated');
    }
  });

  test('the_header_goes_before_the_cookie', async () => {
    refused(await ask('GET', '/me', undefined, { authorization: 'Bearer x', cookie: alice.cookie }), 401, 'unauthenticated');
    assert.equal((await ask('GET', '/me', undefined, { cookie: alice.cookie })).status, 200);
  });
});

describe('people', () => {
  test('are_found_by_the_beginning_of_name_or_display_once_each', async () => {
    const display = `Zebra ${newName()}`;
    const person = await signUp(stack.url, { display });
    for (const q of [person.name, person.name.slice(0, 6).toUpperCase(), display.toLowerCase(), encodeURIComponent(display)]) {
      const { users } = await bob.must(200, 'GET', `/users?q=${encodeURIComponent(decodeURIComponent(q))}`);
      assert.deepEqual(users.map(({ id }) => id), [person.id], q);
    }
    assert.deepEqual((await bob.must(200, 'GET', '/users?q=nobody-begins-so')).users, []);
  });

  test('come_in_pages_of_the_size_asked_for', async () => {
    assert.equal((await bob.must(200, 'GET', '/users?limit=1')).users.length, 1);
    for (const limit of ['0', '201', '-1', 'x', '']) {
      refused(await bob.call('GET', `/users?limit=${limit}`), 422, 'invalid', /^\d+$/.test(limit) ? 'limit range' : 'limit type');
    }
  });

  test('are_shown_one_by_one', async () => {
    const { user } = await bob.must(200, 'GET', `/users/${alice.id}`);
    assert.deepEqual(user, alice.user);
    for (const id of ['nobody', 'UPPER', 'a%2Fb', '%252e', '{x}', 'x'.repeat(33)]) {
      refused(await bob.call('GET', `/users/${id}`), 404, 'not_found');
    }
  });
});

describe('one_s own account', () => {
  test('changes_what_is_given_and_nothing_else', async () => {
    const person = await signUp(stack.url);
    const { user } = await person.must(200, 'PATCH', '/me', { display: 'Renamed Once', about: 'I was here', role: 'admin', name: 'x' });
    assert.deepEqual([user.display, user.about, user.role, user.name], ['Renamed Once', 'I was here', 'member', person.name]);
    await person.must(200, 'PATCH', '/me', { status: 'away' });
    const again = (await person.must(200, 'GET', '/me')).user;
    assert.deepEqual([again.about, again.status], ['I was here', 'away']);
    const found = async (q) => (await bob.must(200, 'GET', `/users?q=${q}`)).users.some(({ id }) => id === person.id);
    assert.ok(await found('renamed+once'));
    await person.must(200, 'PATCH', '/me', { display: 'Renamed Twice' });
    assert.ok(!(await found('renamed+once')));
    assert.ok(await found('renamed+twice'));
    assert.ok(await found(person.name));
  });

  test('obeys_the_limits', async () => {
    const person = await signUp(stack.url);
    await person.must(200, 'PATCH', '/me', { about: 'a'.repeat(500), status: '', display: 'd'.repeat(64) });
    refused(await person.call('PATCH', '/me', { about: 'a'.repeat(501), status: 's'.repeat(501), display: 'd'.repeat(65) }),
      422, 'invalid', ['display too_long', 'about too_long', 'status too_long']);
  });

  test('a_new_password_ends_every_other_session', async () => {
    const person = await signUp(stack.url);
    const device = await person.anotherDevice();
    refused(await person.call('PUT', '/me/password', { current: 'wrong', new: PASSWORD }), 401, 'bad_credentials');
    refused(await person.call('PUT', '/me/password', { current: person.password, new: 'short' }), 422, 'invalid', 'new too_short');
    refused(await person.call('PUT', '/me/password', { current: person.password, new: `${person.name}1` }), 422, 'invalid', 'new common');
    assert.equal((await device.call('GET', '/me')).status, 200);
    await person.must(204, 'PUT', '/me/password', { current: person.password, new: PASSWORD });
    assert.equal((await person.call('GET', '/me')).status, 200);
    assert.equal((await device.call('GET', '/me')).status, 401);
    refused(await signIn(person.name, person.password), 401, 'bad_credentials');
    assert.equal((await signIn(person.name)).status, 201);
  });

  test('that_is_closed_is_gone_and_its_messages_stay', async () => {
    const person = await signUp(stack.url);
    const { id: room } = (await alice.must(201, 'POST', '/rooms', { name: newName(), kind: 'public' })).room;
    await person.join(room);
    const message = await person.post(room);
    refused(await person.call('DELETE', '/me', { password: 'wrong' }), 401, 'bad_credentials');
    await person.must(204, 'DELETE', '/me', { password: person.password });
    assert.equal((await person.call('GET', '/me')).status, 401);
    refused(await signIn(person.name, person.password), 401, 'bad_credentials');
    refused(await bob.call('GET', `/users/${person.id}`), 404, 'not_found');
    assert.deepEqual((await bob.must(200, 'GET', `/users?q=${person.name}`)).users, []);
    const { members } = await alice.must(200, 'GET', `/rooms/${room}/members`);
    assert.deepEqual(members.map(({ user }) => user.id), [alice.id]);
    const [{ from, ...kept }] = await alice.history(room); // soon without the name, see rest_erasure.test.mjs
    assert.deepEqual({ ...kept, from: message.from }, message);
    assert.equal(from.id, person.id);
    const left = (await stack.redis('--raw', 'keys', `{u:${person.id}}*`)).split('\n');
    assert.deepEqual(left.filter((key) => key && !/:rate:|:erasure$/.test(key)), []);
    assert.equal((await register({ name: person.name })).status, 201);
  });
});

describe('devices', () => {
  test('are_listed_with_the_present_one_marked', async () => {
    const person = await signUp(stack.url);
    await fastcgi(stack, 'POST', '/sessions', { body: { name: person.name, password: person.password }, address: '192.0.2.9',
      parameters: { HTTP_USER_AGENT: `Browser/1.0 "quoted" \\ ${'x'.repeat(400)}` } });
    const { sessions } = await person.must(200, 'GET', '/sessions');
    assert.equal(sessions.length, 2);
    assert.deepEqual(sessions.map(({ current }) => current).sort(), [false, true]);
    const other = sessions.find(({ current }) => !current);
    assert.equal(other.ip, '192.0.2.9');
    assert.equal(other.user_agent.length, 256);
    assert.ok(other.user_agent.startsWith('Browser/1.0 "quoted" \\ x'));
    for (const session of sessions) {
      assert.deepEqual(Object.keys(session).sort(), ['created_at', 'current', 'expires_at', 'id', 'ip', 'online', 'seen_at', 'user_agent']);
    }
  });

  test('a_name_of_a_device_that_is_no_text_is_left_out', async () => {
    const person = await signUp(stack.url);
    const parameters = { HTTP_USER_AGENT: 'a\x1b[31mb' };
    await fastcgi(stack, 'POST', '/sessions', { body: { name: person.name, password: person.password }, parameters });
    const { sessions } = await person.must(200, 'GET', '/sessions');
    assert.equal(sessions.find(({ current }) => !current).user_agent, '');
  });

  test('are_signed_out_one_by_one_and_all_together', async () => {
    const person = await signUp(stack.url);
    const [second, third] = [await person.anotherDevice(), await person.anotherDevice()];
    await person.must(204, 'DELETE', `/sessions/${second.session.id}`);
    assert.equal((await second.call('GET', '/me')).status, 401);
    refused(await person.call('DELETE', `/sessions/${second.session.id}`), 404, 'not_found');
    refused(await person.call('DELETE', `/sessions/${bob.session.id}`), 404, 'not_found');
    assert.equal((await bob.call('GET', '/me')).status, 200);
    const { headers } = await person.call('DELETE', '/sessions/current');
    assert.match(headers['set-cookie'][0], /^stonechat=; Path=\/; Max-Age=0; HttpOnly; SameSite=Lax$/);
    assert.equal((await person.call('GET', '/me')).status, 401);
    assert.equal((await third.call('GET', '/me')).status, 200);
    const fourth = await person.anotherDevice();
    await third.must(204, 'DELETE', '/sessions');
    for (const device of [third, fourth]) assert.equal((await device.call('GET', '/me')).status, 401);
  });

  test('a_ticket_is_bound_to_its_session_and_stored_as_a_hash', async () => {
    const ticket = await alice.ticket();
    const keys = (await stack.redis('--raw', 'keys', 'ticket:*')).split('\n');
    assert.ok(keys.length > 0 && keys.every((key) => !key.includes(ticket)));
    const [user, session, hash] = (await stack.redis('get', keys[0])).split(' ');
    assert.deepEqual([user, session], [alice.id, alice.session.id]);
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.ok(Number(await stack.redis('pttl', keys[0])) <= 30_000);
  });
});

/* Runs a program on a terminal of its own and answers each prompt; gives all that was on the screen. */
function onTerminal(command, args, answers) {
  const code = `import os, pty, sys
answers = sys.argv[1].encode().split(b'|'); screen = b''
pid, tty = pty.fork()
if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
while True:
    try: piece = os.read(tty, 4096)
    except OSError: break
    if not piece: break
    screen += piece
    if screen.endswith(b': ') and answers: os.write(tty, answers.pop(0) + b'\\n')
print(screen.decode()); sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;
  return run('python3', ['-c', code, answers.join('|'), command, ...args]);
}

describe('the command line', () => {
  const program = join(process.env.STONECHAT_BUILD ?? join(root, 'build/gcc'), 'stonechat-fcgi');
  const admin = (args, input) => run(program, ['-c', join(stack.dir, 'stonechat.conf'), 'user', ...args], input);

  test('adds_an_administrator_who_may_broadcast_and_make_accounts', async () => {
    const name = newName();
    const added = await admin(['add', name, '--admin'], `${PASSWORD}\n`);
    assert.equal(added.code, 0, added.errors);
    const boss = await new Person(stack.url, { name, password: PASSWORD }).signIn();
    assert.equal(boss.user.role, 'admin');
    assert.equal(added.output.trim(), boss.id);
    assert.equal((await boss.call('POST', '/broadcasts', { data: { a: 1 } })).status, 202);
    assert.equal((await boss.call('POST', '/users', { name: 'support', password: PASSWORD })).status, 201);
  });

  test('lists_disables_enables_and_changes_roles', async () => {
    const person = await signUp(stack.url);
    const line = async () => (await admin(['list'])).output.split('\n').find((text) => text.includes(person.id));
    assert.match(await line(), new RegExp(`^${person.id} +member +enabled +\\S+Z +${person.name}$`));
    assert.equal((await admin(['disable', person.name])).code, 0);
    assert.match(await line(), / disabled /);
    assert.equal((await person.call('GET', '/me')).status, 401);
    refused(await signIn(person.name, person.password), 401, 'bad_credentials');
    assert.equal((await admin(['enable', person.name])).code, 0);
    await person.signIn();
    assert.equal((await admin(['role', person.name, 'admin'])).code, 0);
    assert.equal((await person.must(200, 'GET', '/me')).user.role, 'admin');
  });

  test('sets_a_password_and_signs_out_everywhere', async () => {
    const person = await signUp(stack.url);
    assert.equal((await admin(['passwd', person.name], `${PASSWORD}\n`)).code, 0);
    assert.equal((await person.call('GET', '/me')).status, 401);
    assert.equal((await signIn(person.name)).status, 201);
  });

  test('asks_on_a_terminal_twice_and_shows_nothing', async () => {
    const args = ['-c', join(stack.dir, 'stonechat.conf'), 'user', 'add', newName()];
    const done = await onTerminal(program, args, [PASSWORD, PASSWORD]);
    assert.equal(done.code, 0, done.output);
    assert.match(done.output, /New password: \s*Once more: /);
    assert.ok(!done.output.includes(PASSWORD));
    const differ = await onTerminal(program, args, [PASSWORD, `${PASSWORD}!`]);
    assert.equal(differ.code, 1);
    assert.match(differ.output, /not the same/);
  });

  test('says_clearly_what_is_wrong', async () => {
    const rows = [
      [['add', alice.name], `${PASSWORD}\n`, 1, /taken/], [['add', newName()], 'short\n', 1, /too short/],
      [['add', newName()], '', 1, /password/], [['add', 'a b'], `${PASSWORD}\n`, 1, /characters/],
      [['disable', 'nobody-here'], '', 1, /no such thing/], [['role', alice.name, 'king'], '', 1, /no role/],
      [['add'], '', 2, /usage/], [['add', 'x', '--root'], '', 2, /usage/], [['fly', 'x'], '', 2, /usage/], [[], '', 2, /usage/],
    ];
    for (const [args, input, code, words] of rows) {
      const done = await admin(args, input);
      assert.equal(done.code, code, `${args}: ${done.errors}`);
      assert.match(done.errors, words);
    }
  });
});

describe('registration that is closed', () => {
  let closed;
  before(async () => {
    closed = await startStack({ set: { 'accounts.registration': 'closed' } });
  });
  after(() => closed?.stop());

  test('turns_strangers_away_and_lets_an_administrator_add_people', async () => {
    const program = join(process.env.STONECHAT_BUILD ?? join(root, 'build/gcc'), 'stonechat-fcgi');
    await run(program, ['-c', join(closed.dir, 'stonechat.conf'), 'user', 'add', 'boss', '--admin'], `${PASSWORD}\n`);
    const body = { name: newName(), password: PASSWORD };
    refused(await fastcgi(closed, 'POST', '/users', { body }), 403, 'registration_closed');
    const { token } = (await fastcgi(closed, 'POST', '/sessions', { body: { name: 'boss', password: PASSWORD } })).body;
    assert.equal((await fastcgi(closed, 'POST', '/users', { body, token })).status, 201);
  });
});

test('what_matters_for_safety_is_logged_with_user_and_address', async () => {
  const person = await signUp(stack.url);
  await signIn(person.name, 'wrong');
  await person.call('POST', '/broadcasts', { data: {} });
  await person.must(204, 'PUT', '/me/password', { current: person.password, new: PASSWORD });
  await person.must(204, 'DELETE', '/me', { password: PASSWORD });
  const lines = stack.log('fcgi').split('\n').filter((line) => line.includes(person.id));
  for (const event of ['registration', 'session_opened', 'login_refused', 'forbidden', 'password_changed', 'account_closed']) {
    const line = lines.find((one) => one.includes(` event=${event} `));
    assert.ok(line, `no ${event} of ${person.id}`);
    assert.match(line, / address=127\.0\.0\.1( |$)/);
  }
  assert.match(lines.find((one) => one.includes('event=session_opened')), new RegExp(` session=${person.session.id}`));
});

test('nothing_secret_stands_in_the_logs', () => assert.deepEqual(leaksIn(stack.dir), []));
