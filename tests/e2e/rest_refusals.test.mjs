/*
 * What REST refuses before it looks at what is meant: paths and methods that there are not, other
 * sites, bodies that are no JSON, too large or too deep; and the guessing of passwords.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newKey, newName, request, signUp } from '../support/client.mjs';
import { fastcgi } from '../support/fastcgi.mjs';

let stack, alice;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0 } });
  alice = await signUp(stack.url);
});
after(() => stack?.stop());

const ask = (method, path, { body, headers } = {}) => request(stack.url, method, `/api/v1${path}`, { body, headers });

function refused(answer, status, code) {
  assert.equal(answer.status, status, `${answer.status} ${answer.text}`);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.deepEqual([answer.body.code, answer.body.status, answer.body.type], [code, status, 'about:blank']);
  assert.ok(answer.body.title && answer.body.detail);
}

describe('paths and methods', () => {
  for (const path of ['/', '/nothing', '/Health', '/health/', '/rooms/lobby/nothing', '/rooms//messages', '/rooms/a%2Fb/c',
    '/%72ooms/lobby/x', '/users/x/y', '/%252e%252e/health']) {
    test(`${path} is 404`, async () => refused(await ask('GET', path), 404, 'not_found'));
  }

  const rows = [['POST', '/health', 'GET, HEAD'], ['PUT', '/users', 'POST, GET, HEAD'], ['POST', '/me', 'GET, HEAD, PATCH, DELETE'], ['GET', '/tickets', 'POST'],
    ['POST', '/rooms/lobby', 'GET, HEAD, PATCH, DELETE'], ['DELETE', '/rooms', 'GET, HEAD, POST'], ['GET', '/broadcasts', 'POST'], ['OPTIONS', '/rooms', 'GET, HEAD, POST']];
  for (const [method, path, allow] of rows) {
    test(`${method} ${path} is 405 and says ${allow}`, async () => {
      const answer = await ask(method, path);
      refused(answer, 405, 'method_not_allowed');
      assert.equal(answer.headers.allow, allow);
    });
  }

  test('a_half_percent_is_400', async () => refused(await fastcgi(stack, 'GET', '/users/%4'), 400, 'bad_request'));
  test('no_answer_lets_another_origin_read', async () => {
    for (const path of ['/health', '/me', '/nothing']) {
      const { headers } = await ask('GET', path, { headers: { origin: 'https://evil.example', cookie: alice.cookie } });
      assert.deepEqual(Object.keys(headers).filter((name) => name.startsWith('access-control')), []);
    }
  });
});

describe('another site', () => {
  const json = { 'content-type': 'application/json' };
  const cookie = () => ({ cookie: alice.cookie });
  const message = () => ({ text: 'x', key: newKey() });
  const post = (headers, body = message()) => ask('POST', '/rooms/lobby/messages', { headers: { ...cookie(), ...headers }, body });
  const own = () => new URL(stack.url).origin;

  const wrong = [
    ['nothing', {}], ['cross-site', { 'sec-fetch-site': 'cross-site' }], ['same-site', { 'sec-fetch-site': 'same-site' }],
    ['none', { 'sec-fetch-site': 'none' }], ['evil', { origin: 'https://evil.example' }], ['null', { origin: 'null' }],
    ['a lookalike', () => ({ origin: `${own()}.evil.example` })], ['another scheme', () => ({ origin: own().replace('http', 'https') })],
    ['another port', () => ({ origin: `${own()}0` })],
    ['good metadata and a bad origin', { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }],
    ['a good origin and bad metadata', () => ({ 'sec-fetch-site': 'cross-site', origin: own() })],
    ['plain text', () => ({ origin: own(), 'content-type': 'text/plain' })],
    ['a form', () => ({ origin: own(), 'content-type': 'application/x-www-form-urlencoded' })],
    ['a multipart form', () => ({ origin: own(), 'content-type': 'multipart/form-data; boundary=x' })],
  ];
  for (const [what, headers] of wrong) {
    test(`with the cookie and ${what} is 403`, async () => {
      const given = typeof headers === 'function' ? headers() : headers;
      refused(await post(given), 403, 'cross_site');
    });
  }

  test('with_the_cookie_and_a_type_left_out_is_403', async () => {
    const parameters = { HTTP_COOKIE: alice.cookie, HTTP_SEC_FETCH_SITE: 'same-origin', CONTENT_TYPE: '' };
    refused(await fastcgi(stack, 'POST', '/rooms/lobby/messages', { body: message(), parameters }), 403, 'cross_site');
  });

  test('our_own_pages_may', async () => {
    for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: own() }, { origin: own(), 'sec-fetch-site': 'same-origin' },
      { origin: own(), 'content-type': 'application/json; charset=utf-8' }]) {
      assert.equal((await post(headers)).status, 201);
    }
  });

  test('behind_tls_the_origin_is_https', async () => {
    const cookieName = '__Host-stonechat';
    const parameters = (origin) => ({ HTTPS: 'on', HTTP_COOKIE: `${cookieName}=${alice.token}`, HTTP_ORIGIN: origin });
    const send = (origin) => fastcgi(stack, 'POST', '/rooms/lobby/messages', { body: message(), parameters: parameters(origin) });
    assert.equal((await send('https://chat.example')).status, 201);
    refused(await send('http://chat.example'), 403, 'cross_site');
  });

  test('a_token_in_the_header_is_proof_enough', async () => {
    const headers = { authorization: `Bearer ${alice.token}`, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    assert.equal((await ask('POST', '/rooms/lobby/messages', { headers, body: message() })).status, 201);
  });

  test('every_change_by_cookie_is_held_to_it', async () => {
    const rows = [['PATCH', '/me'], ['DELETE', '/me'], ['PUT', '/me/password'], ['DELETE', '/sessions'], ['DELETE', '/sessions/current'],
      ['POST', '/tickets'], ['POST', '/rooms'], ['PUT', '/rooms/lobby/members/me'], ['DELETE', '/rooms/lobby/members/me'],
      ['PUT', '/rooms/lobby/read'], ['POST', '/broadcasts']];
    for (const [method, path] of rows) {
      const answer = await ask(method, path, { headers: { ...cookie(), origin: 'https://evil.example' } });
      assert.equal(answer.status, 403, path);
      assert.equal(answer.body.code, path === '/broadcasts' ? 'forbidden' : 'cross_site', path);
    }
    assert.equal((await alice.call('GET', '/me')).status, 200);
  });

  test('cannot_sign_anybody_in_or_up', async () => {
    const body = JSON.stringify({ name: alice.name, password: alice.password });
    for (const path of ['/sessions', '/users']) {
      for (const headers of [{ ...json, origin: 'https://evil.example' }, { ...json, origin: 'null' }, { ...json, 'sec-fetch-site': 'cross-site' },
        { 'content-type': 'text/plain' }, { 'content-type': 'application/x-www-form-urlencoded' }]) {
        refused(await ask('POST', path, { headers, body }), 403, 'cross_site');
      }
    }
    assert.equal((await ask('POST', '/sessions', { headers: json, body })).status, 201);
    assert.equal((await ask('POST', '/sessions', { headers: { ...json, origin: own() }, body })).status, 201);
  });
});

describe('a body', () => {
  const send = (body) => alice.call('POST', '/rooms/lobby/messages', body);
  const key = 'key-00000000';
  const nested = (depth) => `{"text":"x","key":"${key}","x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  const members = (count) => `{"text":"x","key":"${newKey()}"${Array.from({ length: count - 2 }, (_, i) => `,"m${i}":0`).join('')}}`;
  const rows = [
    ['nothing', ''], ['a word', 'hello'], ['a list', '[]'], ['a text', '"x"'], ['cut short', `{"text":"x","key":"${key}"`],
    ['with more behind it', `{"text":"x","key":"${key}"} {}`], ['with a member twice', `{"text":"x","key":"${key}","text":"y"}`],
    ['with NUL in a text', `{"text":"a\\u0000b","key":"${key}"}`], ['with a raw NUL', `{"text":"a\0b","key":"${key}"}`],
    ['with a NUL behind it', `{"text":"x","key":"${key}"}\0`], ['with a lone surrogate', `{"text":"\\ud800","key":"${key}"}`],
    ['with a raw line break', `{"text":"a\nb","key":"${key}"}`], ['with a comma too many', `{"text":"x","key":"${key}",}`],
    ['17 levels deep', nested(17)], ['30,000 levels deep', nested(30_000)], ['of 65 members', members(65)],
    ['with a number that nothing holds', `{"text":"x","key":"${key}","x":1e999}`],
  ];
  for (const [what, body] of rows) {
    test(`${what.replaceAll(' ', '_')}_is_400`, async () => refused(await send(body), 400, 'bad_json'));
  }

  test('that_is_not_utf8_is_422_and_says_so', async () => {
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe4, 0xbd]]) {
      const body = Buffer.concat([Buffer.from('{"text":"'), Buffer.from(bytes), Buffer.from(`","key":"${key}"}`)]);
      const answer = await send(body);
      refused(answer, 422, 'invalid');
      assert.deepEqual(answer.body.errors.map(({ field, code }) => `${field} ${code}`), ['body utf8']);
    }
  });

  test('16_levels_deep_or_of_64_members_is_fine', async () => {
    assert.equal((await send(nested(16).replace(key, newKey()))).status, 201);
    assert.equal((await send(members(64))).status, 201);
  });

  test('of_64_kib_is_fine_and_a_byte_more_413', async () => {
    const sized = (bytes) => {
      const body = `{"text":"x","key":"${newKey()}","pad":""}`;
      return body.replace('"pad":""', `"pad":"${'p'.repeat(bytes - body.length)}"`);
    };
    assert.equal((await fastcgi(stack, 'POST', '/rooms/lobby/messages', { body: sized(65536), token: alice.token })).status, 201);
    refused(await fastcgi(stack, 'POST', '/rooms/lobby/messages', { body: sized(65537), token: alice.token }), 413, 'too_large');
    const unannounced = { body: sized(65537), token: alice.token, parameters: { CONTENT_LENGTH: '' } };
    refused(await fastcgi(stack, 'POST', '/rooms/lobby/messages', unannounced), 413, 'too_large');
  });

  test('shorter_than_announced_is_400', async () => {
    const parameters = { CONTENT_LENGTH: 500 };
    refused(await fastcgi(stack, 'POST', '/rooms/lobby/messages', { body: { text: 'x', key }, token: alice.token, parameters }), 400, 'bad_request');
  });

  test('of_colliding_or_very_many_names_costs_little', async () => {
    const body = `{${Array.from({ length: 6000 }, (_, i) => `"${i.toString(36)}":0`).join(',')}}`;
    const { ms, status } = await fastcgi(stack, 'POST', '/rooms/lobby/messages', { body, token: alice.token });
    assert.equal(status, 400);
    assert.ok(ms < 500, `${ms} ms`);
  });
});

describe('guessing', () => {
  let guarded, victim;
  before(async () => {
    guarded = await startStack({ set: { 'limits.logins_per_minute': 10 } });
    victim = await signUp(guarded.url);
  });
  after(() => guarded?.stop());

  const guess = (address, name = victim.name, password = 'wrong') =>
    fastcgi(guarded, 'POST', '/sessions', { body: { name, password }, address });

  test('at_one_account_from_one_address_has_to_wait_after_five_and_the_owner_has_not', async () => {
    const statuses = [];
    for (let i = 0; i < 8; i++) statuses.push(await guess('192.0.2.1'));
    assert.deepEqual(statuses.map(({ status }) => status), [401, 401, 401, 401, 401, 429, 429, 429]);
    refused(statuses[6], 429, 'rate_limited');
    assert.match(statuses[6].headers['retry-after'], /^[12]$/);
    refused(await guess('192.0.2.1', victim.name, victim.password), 429, 'rate_limited');
    assert.equal((await guess('192.0.2.2', victim.name, victim.password)).status, 201);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.equal((await guess('192.0.2.1')).status, 401);
    const { headers } = await guess('192.0.2.1');
    assert.equal(headers['retry-after'], '2');
  });

  test('at_many_accounts_from_one_address_is_429_after_ten', async () => {
    const answers = [];
    for (let i = 0; i < 12; i++) answers.push(await guess('192.0.2.3', newName()));
    assert.deepEqual(answers.map(({ status }) => status), [...Array(10).fill(401), 429, 429]);
    assert.ok(Number(answers[11].headers['retry-after']) > 40);
    assert.equal((await guess('192.0.2.4', newName())).status, 401);
  });

  test('what_was_right_does_not_count', async () => {
    for (let i = 0; i < 15; i++) assert.equal((await guess('192.0.2.5', victim.name, victim.password)).status, 201, `${i}`);
  });

  test('one_network_of_ipv6_counts_as_one_address', async () => {
    const answers = [];
    for (let i = 0; i < 12; i++) answers.push(await guess(`2001:db8::${i + 1}`, newName()));
    assert.deepEqual(answers.map(({ status }) => status).slice(9), [401, 429, 429]);
    assert.equal((await guess('2001:db8:0:1::1', newName())).status, 401);
  });

  test('a_header_of_the_client_changes_no_address', async () => {
    const statuses = [];
    for (let i = 0; i < 12; i++) {
      const headers = { 'x-forwarded-for': `203.0.113.${i}`, 'x-real-ip': `203.0.113.${i}`, forwarded: `for=203.0.113.${i}` };
      const answer = await request(guarded.url, 'POST', '/api/v1/sessions', { body: { name: newName(), password: 'wrong' }, headers });
      statuses.push(answer.status);
    }
    assert.ok(statuses.includes(429));
  });

  test('new_accounts_of_one_address_are_counted_too', async () => {
    const register = (address) => fastcgi(guarded, 'POST', '/users', { body: { name: newName(), password: 'kestrel-over-the-moor' }, address });
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push((await register('192.0.2.6')).status);
    assert.deepEqual(statuses, [...Array(10).fill(201), 429, 429]);
    assert.equal((await register('192.0.2.7')).status, 201);
  });
});

describe('a session', () => {
  let brief;
  before(async () => {
    brief = await startStack({ set: {
      'limits.logins_per_minute': 0, 'accounts.session_idle_s': 2, 'accounts.session_max_s': 5, 'accounts.sessions_per_user': 2,
    } });
  });
  after(() => brief?.stop());
  const alive = async (person) => (await person.call('GET', '/me')).status === 200;
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  test('unused_for_its_time_has_ended_and_used_it_lives_to_its_last_day', async () => {
    const [idle, busy] = [await signUp(brief.url), await signUp(brief.url)];
    const began = Date.now();
    while (Date.now() - began < 3500) {
      assert.ok(await alive(busy));
      await pause(250);
    }
    assert.ok(!(await alive(idle)));
    await pause(5200 - (Date.now() - began));
    assert.ok(!(await alive(busy)));
  });

  test('too_many_ends_the_one_unused_longest', async () => {
    const first = await signUp(brief.url);
    const [second, third] = [await first.anotherDevice(), await first.anotherDevice()];
    assert.deepEqual([await alive(first), await alive(second), await alive(third)], [false, true, true]);
  });
});
