/*
 * Signing in by a token of the host site: who is who, names, display names, replay, and forgeries
 * from outside. What a token may look like, byte by byte, is tests/fcgi/test_jwt.c's.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Person, secrets } from '../support/client.mjs';
import { fastcgi } from '../support/fastcgi.mjs';
import { SECRET, claimsOf, jwt, keyPair } from '../support/jwt.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { dev, root, startStack } from '../support/stack.mjs';

const HS256 = { 'accounts.jwt_alg': 'HS256', 'accounts.jwt_key': SECRET };
const PROGRAM = join(process.env.STONECHAT_BUILD ?? join(root, 'build/gcc'), 'stonechat-fcgi');
let stack;

before(async () => {
  stack = await startStack({
    set: { ...HS256, 'limits.logins_per_minute': 0, 'accounts.registration': 'closed', 'accounts.jwt_issuer': 'https://site.example' },
  });
});
after(() => stack?.stop());

const ours = (fields, options) => jwt({ iss: 'https://site.example', ...fields }, options);
const signIn = (token, options) => fastcgi(stack, 'POST', '/sessions', { body: { jwt: token }, ...options });

/* Signed in, as the tests know a person. */
async function enter(fields, to = stack) {
  const { status, body, text } = await fastcgi(to, 'POST', '/sessions', { body: { jwt: ours(fields) } });
  assert.equal(status, 201, text);
  secrets.add(body.token);
  return Object.assign(new Person(to.url), body, { id: body.user.id, name: body.user.name });
}

function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.equal(answer.body.code, code);
  return answer.body;
}

/* `stonechat-fcgi user ...` */
function commandLine(args, input = '') {
  const given = ['-c', join(stack.dir, 'stonechat.conf'), 'user', ...args];
  const { status, stderr } = spawnSync(PROGRAM, given, { input: `${input}\n`, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

/* Why the latest token was refused, by the log. */
const reason = () => stack.log('fcgi').match(/login_refused[^\n]*\btoken=(\w+)[^\n]*\n$/)?.[1];

describe('who it is', () => {
  test('a_session_like_any_other_is_opened_and_an_account_at_first_sight', async () => {
    const { status, body, headers } = await signIn(ours({ name: 'Ann Lee' }));
    assert.equal(status, 201);
    assert.deepEqual(Object.keys(body), ['token', 'session', 'user']);
    assert.deepEqual(Object.keys(body.user), ['id', 'name', 'display', 'role', 'created_at']);
    assert.deepEqual([body.user.name, body.user.display, body.user.role], ['Ann-Lee', 'Ann Lee', 'member']);
    assert.ok(headers['set-cookie'].startsWith(`stonechat=${body.token};`));
    const me = await fastcgi(stack, 'GET', '/me', { token: body.token });
    assert.equal(me.body.user.id, body.user.id);
  });

  test('the_same_subject_is_the_same_account_whatever_it_is_called', async () => {
    const sub = randomUUID();
    const [first, second] = [await enter({ sub, name: 'Bea' }), await enter({ sub, name: 'Beatrix' })];
    assert.equal(first.id, second.id);
    assert.equal(second.user.name, first.user.name);
    assert.equal(second.user.display, 'Beatrix');
  });

  test('another_subject_of_the_same_name_gets_a_number', async () => {
    const names = [];
    for (let i = 0; i < 12; i++) names.push((await enter({ name: '李雷' })).name);
    assert.deepEqual(names.slice(0, 3), ['李雷', '李雷-2', '李雷-3']);
    assert.equal(new Set(names).size, 12);
    for (const name of names.slice(9)) assert.match(name, /^李雷-\d{4}$/);
  });

  test('many_at_the_same_instant_get_one_account', async () => {
    const sub = randomUUID();
    const people = await Promise.all(Array.from({ length: 8 }, () => enter({ sub, name: 'Cleo' })));
    assert.equal(new Set(people.map(({ id }) => id)).size, 1);
    assert.equal(new Set(people.map(({ name }) => name)).size, 1);
    assert.equal(await stack.redis('GET', `name:${people[0].name.toLowerCase()}`), people[0].id);
    assert.equal(await stack.redis('TTL', `name:${people[0].name.toLowerCase()}`), '-1');
  });

  test('what_an_outage_cut_short_the_next_sign_in_finishes', async () => {
    const sub = randomUUID();
    const first = await enter({ sub, name: 'Dora' });
    await stack.redis('DEL', `{u:${first.id}}:user`, `{u:${first.id}}:rooms`, 'name:dora'); // was never written
    const second = await enter({ sub, name: 'Dora' });
    assert.deepEqual([second.id, second.name], [first.id, 'Dora']);
    const { rooms } = await second.must(200, 'GET', '/rooms');
    assert.deepEqual(rooms.map(({ id }) => id), ['lobby']);
  });

  const names = [
    ['Ann  O\'Neil (Sales)', /^Ann-O-Neil-Sales$/],
    ['a.person@site.example', /^a\.person-site\.example$/],
    ['x'.repeat(200), /^x{32}$/],
    ['💬🐦', /^user-[a-z0-9]{8}$/],
    ['p\u0430ypal', /^user-[a-z0-9]{8}$/],
    ['admin', /^user-[a-z0-9]{8}$/],
    ['Système', /^Système$/],
  ];
  for (const [name, expected] of names) {
    test(`is_called_after_${JSON.stringify(name).slice(0, 20)}`, async () => {
      const { user } = await enter({ name });
      assert.match(user.name, expected);
      assert.equal(user.display, [...name].slice(0, 64).join(''));
    });
  }

  test('is_found_by_the_display_name', async () => {
    const person = await enter({ name: 'Zoë Quill' });
    const { users } = await person.must(200, 'GET', `/users?q=${encodeURIComponent('ZOË')}`);
    assert.deepEqual(users.map(({ id }) => id), [person.id]);
  });

  test('of_what_else_a_token_says_nothing_is_believed', async () => {
    const { user } = await enter({ name: 'Eve', role: 'admin', id: 'me', admin: true, created_at: 1 });
    assert.equal(user.role, 'member');
    assert.notEqual(user.id, 'me');
  });

  test('a_display_name_chosen_here_stays_until_the_site_says_a_new_one', async () => {
    const sub = randomUUID();
    const person = await enter({ sub, name: 'Fay', display: 'Fay of Sales' });
    await person.must(200, 'PATCH', '/me', { display: 'Fay, on leave' });
    assert.equal((await enter({ sub, name: 'Fay', display: 'Fay of Sales' })).user.display, 'Fay, on leave');
    assert.equal((await enter({ sub, name: 'Fay', display: 'Fay of Support' })).user.display, 'Fay of Support');
    const { users } = await person.must(200, 'GET', `/users?q=${encodeURIComponent('fay of support')}`);
    assert.deepEqual(users.map(({ id }) => id), [person.id]);
  });

  test('an_account_that_was_erased_is_somebody_new_next_time', async () => {
    const sub = randomUUID();
    const person = await enter({ sub, name: 'Gus' });
    commandLine(['passwd', person.name], person.password);
    const again = await person.signIn();
    await again.must(204, 'DELETE', '/me', { password: person.password });
    const other = await enter({ sub, name: 'Gus' });
    assert.notEqual(other.id, person.id);
    assert.equal(other.name, 'Gus');
  });

  test('an_account_without_a_password_is_closed_by_the_word_of_the_site', async () => {
    const [sub, other] = [randomUUID(), randomUUID()];
    const person = await enter({ sub, name: 'Hal' });
    await enter({ sub: other, name: 'Ivy' });
    const close = (body) => person.call('DELETE', '/me', body);
    assert.deepEqual((await close({})).body.errors.map(({ field, code }) => [field, code]), [['password', 'required']]);
    const both = await close({ password: 'x', jwt: ours({ sub, name: 'Hal' }) });
    assert.deepEqual(both.body.errors.map(({ field, code }) => [field, code]), [['password', 'choice']]);
    for (const body of [{ password: '' }, { password: 'guessed' }, { jwt: 'a.b.c' }, { jwt: ours({ sub: other, name: 'Ivy' }) }]) {
      const answer = await close(body);
      assert.deepEqual([answer.status, answer.body.code], [401, 'bad_credentials'], JSON.stringify(body));
    }
    assert.equal((await person.call('GET', '/me')).status, 200);
    await person.must(204, 'DELETE', '/me', { jwt: ours({ sub, name: 'Hal' }), messages: 'erase' });
    assert.equal((await person.call('GET', '/me')).status, 401);
    assert.notEqual((await enter({ sub, name: 'Hal' })).id, person.id);
  });

  test('whoever_has_registered_keeps_their_name', async () => {
    commandLine(['add', 'Kim'], 'kestrel-over-the-moor');
    assert.equal((await enter({ name: 'KIM' })).name, 'KIM-2');
  });

  test('talks_and_hears_like_anybody', async () => {
    const [ann, bob] = [await enter({ name: 'Ann' }), await enter({ name: 'Bob' })];
    const connection = await bob.connect();
    assert.equal(connection.welcome.user.id, bob.id);
    const { seq } = await ann.post('lobby');
    const frame = await connection.entry('lobby', seq);
    assert.deepEqual(frame.from, { id: ann.id, name: ann.name, display: 'Ann' });
    await connection.close();
  });

  test('no_password_opens_the_account', async () => {
    const person = await enter({ name: 'Hal' });
    for (const password of ['', 'x', 'password of hal']) {
      refused(await fastcgi(stack, 'POST', '/sessions', { body: { name: person.name, password } }), 401, 'bad_credentials');
    }
    refused(await person.call('PUT', '/me/password', { current: '', new: 'kestrel-over-the-moor' }), 401, 'bad_credentials');
  });

  test('a_disabled_account_stays_out_and_its_socket_ends', async () => {
    const sub = randomUUID();
    const person = await enter({ sub, name: 'Ivy' });
    const connection = await person.connect();
    commandLine(['disable', person.name]);
    assert.equal((await connection.end()).code, 4401);
    refused(await signIn(ours({ sub, name: 'Ivy' })), 401, 'bad_credentials');
  });
});

describe('what is not good', () => {
  const { privateKey, pem } = keyPair('rsa');
  const now = Math.floor(Date.now() / 1000);
  const cases = [
    ['unsigned', () => ours({}, { alg: 'none' }), 'algorithm'],
    ['unsigned_as_NONE', () => ours({}, { header: { alg: 'NONE' }, by: 'none' }), 'algorithm'],
    ['by_rsa', () => ours({}, { alg: 'RS256', key: privateKey }), 'algorithm'],
    ['by_rsa_labelled_hs256', () => ours({}, { by: 'RS256', key: privateKey }), 'signature'],
    ['by_a_public_key_as_secret', () => ours({}, { key: pem }), 'signature'],
    ['by_the_empty_secret', () => ours({}, { key: '' }), 'signature'],
    ['with_a_key_of_its_own', () => ours({}, { header: { alg: 'HS256', jwk: { kty: 'oct', k: 'QQ' } }, key: 'A' }), 'signature'],
    ['expired', () => ours({ exp: now - 60 }), 'expired'],
    ['not_yet_valid', () => ours({ nbf: now + 60 }), 'not_yet_valid'],
    ['too_long_lived', () => ours({ exp: now + 86400 * 365 }), 'lasts_too_long'],
    ['for_another_site', () => ours({ aud: 'shop' }), 'audience'],
    ['by_another_site', () => ours({ iss: 'https://evil.example' }), 'issuer'],
    ['without_an_end', () => ours({ exp: undefined }), 'times'],
    ['with_a_number_for_a_subject', () => ours({ sub: 17 }), 'subject'],
    ['with_a_name_that_turns_the_text', () => ours({ name: 'nn\u202eA' }), 'name'],
    ['with_a_fourth_part', () => `${ours()}.x`, 'malformed'],
    ['without_a_signature', () => ours().split('.').slice(0, 2).join('.'), 'malformed'],
    ['a_session_token', () => 'k3v9x2m7q4w8z1ta.m2c7y5k9b3v1x8qd.c0hPzr2Yw1q8nV5tJm3kXbD7sLg9eUaRf6iQoN4vKyE', 'header'],
  ];
  for (const [what, make, why] of cases) {
    test(`is_refused_${what}`, async () => {
      const problem = refused(await signIn(make()), 401, 'bad_credentials');
      assert.deepEqual(Object.keys(problem), ['type', 'title', 'status', 'detail', 'code']);
      assert.equal(reason(), why);
    });
  }

  test('one_use_is_all_also_at_the_same_instant', async () => {
    const token = ours({ name: 'Jon' });
    const answers = await Promise.all(Array.from({ length: 6 }, () => signIn(token)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 401, 401, 401, 401, 401]);
    refused(await signIn(token), 401, 'bad_credentials');
    assert.equal(reason(), 'used_before');
    const { jti } = claimsOf();
    assert.equal((await signIn(ours({ jti }))).status, 201);
    refused(await signIn(ours({ jti })), 401, 'bad_credentials');
  });

  test('fields_are_checked_before_anything_else', async () => {
    const faults = async (body) => {
      const { errors } = refused(await fastcgi(stack, 'POST', '/sessions', { body }), 422, 'invalid');
      return errors.map(({ field, code }) => `${field} ${code}`);
    };
    assert.deepEqual(await faults({}), ['name required', 'password required']);
    assert.deepEqual(await faults({ name: 'ann' }), ['password required']);
    assert.deepEqual(await faults({ jwt: '' }), ['jwt too_short']);
    assert.deepEqual(await faults({ jwt: 'a'.repeat(8193) }), ['jwt too_long']);
    assert.deepEqual(await faults({ jwt: ours(), name: 'ann', password: 'x' }), ['jwt choice']);
  });

  test('from_another_site_it_is_not_even_looked_at', async () => {
    const parameters = { HTTP_SEC_FETCH_SITE: 'cross-site', HTTP_ORIGIN: 'https://evil.example' };
    refused(await signIn(ours(), { parameters }), 403, 'cross_site');
  });

  test('no_token_stands_in_any_log', () => assert.deepEqual(leaksIn(stack.dir), []));
});

describe('other settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stonechat-jwt-'));
  after(() => rmSync(folder, { recursive: true }));

  /* One stack of these settings for the time of `act`. */
  async function having(set, act) {
    const other = await startStack({ set });
    try {
      return await act(other, (token, options) => fastcgi(other, 'POST', '/sessions', { body: { jwt: token }, ...options }));
    } finally {
      await other.stop();
    }
  }

  for (const [alg, kind] of [['RS256', 'rsa'], ['EdDSA', 'ed25519']]) {
    test(`${alg}_by_a_public_key_and_an_audience`, async () => {
      const { privateKey, pem } = keyPair(kind);
      const file = join(folder, `${kind}.pem`);
      writeFileSync(file, pem);
      const set = { 'accounts.jwt_alg': alg, 'accounts.jwt_key_file': file, 'accounts.jwt_audience': 'chat', 'accounts.jwt_replay': 'yes' };
      await having(set, async (_, send) => {
        const good = jwt({ aud: ['chat', 'shop'] }, { alg, key: privateKey });
        assert.equal((await send(good)).status, 201);
        assert.equal((await send(good)).status, 201, 'it may be used again');
        refused(await send(jwt({}, { alg, key: privateKey })), 401, 'bad_credentials');
        refused(await send(jwt({ aud: 'chat' }, { alg, key: keyPair(kind).privateKey })), 401, 'bad_credentials');
        refused(await send(jwt({ aud: 'chat' }, { alg: 'HS256', key: pem })), 401, 'bad_credentials');
        refused(await send(jwt({ aud: 'chat' }, { header: { alg }, by: 'HS256', key: pem })), 401, 'bad_credentials');
      });
    });
  }

  test('without_an_algorithm_no_token_is_taken', () => having({}, async (_, send) => {
    refused(await send(ours()), 403, 'sign_in_closed');
  }));

  test('too_many_that_are_refused_are_429_and_good_ones_do_not_count', async () => {
    await having({ ...HS256, 'limits.logins_per_minute': 3 }, async (_, send) => {
      for (let i = 0; i < 5; i++) assert.equal((await send(jwt())).status, 201);
      for (let i = 0; i < 3; i++) refused(await send('a.b.c'), 401, 'bad_credentials');
      const answer = await send(jwt());
      refused(answer, 429, 'rate_limited');
      assert.ok(Number(answer.headers['retry-after']) >= 1);
      assert.equal((await send(jwt(), { address: '192.0.2.9' })).status, 201);
    });
  });

  test('with_a_secret_that_is_too_short_nothing_starts', async () => {
    const sets = ['accounts.jwt_alg=HS256', 'accounts.jwt_key=short'].flatMap((one) => ['--set', one]);
    const { code, output } = await dev(['up', '--detach', '--dir', join(folder, 'run'), ...sets]);
    assert.equal(code, 2);
    assert.match(output, /accounts\.jwt_key: has less than 32 bytes/);
  });

  test('with_a_key_that_is_not_there_the_program_ends_and_says_so', () => {
    const given = ['-c', join(stack.dir, 'stonechat.conf'), '--set', 'accounts.jwt_alg=EdDSA', '--set', 'accounts.jwt_key_file=/nowhere/key.pem'];
    const { status, stderr } = spawnSync(PROGRAM, [...given, 'user', 'list'], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /^stonechat-fcgi: accounts\.jwt_key_file: can't be read\n$/);
  });
});
