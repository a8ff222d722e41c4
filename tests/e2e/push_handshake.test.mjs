/*
 * The way into /ws: who may open a WebSocket, and what becomes of requests that are not one.
 *
 * What a browser or client does goes through nginx; what no proxy would let through goes straight
 * to the push daemon's socket.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { startStack } from '../support/stack.mjs';
import { request, signUp } from '../support/client.mjs';
import { Raw, text, upgrade } from '../support/raw.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { childrenOf, cpuOf, descriptorsOf } from '../support/process.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

const HANDSHAKE_S = 2;
const TICKET_S = 3;
let stack, alice, direct;

const bearer = () => ({ Authorization: `Bearer ${alice.token}` });

/* The status of an upgrade through nginx with these headers: 101, or what it is refused with. */
async function knock(headers, path = '/ws') {
  try {
    const connection = await alice.connect({ headers, path });
    await connection.close();
    return 101;
  } catch (error) {
    if (error.status) return error.status;
    throw error;
  }
}

/* The answer of the push daemon itself to these bytes. */
async function answerTo(bytes, ms) {
  const raw = await Raw.connect(direct);
  raw.write(bytes);
  const answer = await raw.head(ms);
  raw.drop();
  return answer;
}

before(async () => {
  stack = await startStack({
    set: { 'push.handshake_s': HANDSHAKE_S, 'accounts.ticket_s': TICKET_S, 'limits.logins_per_minute': 0 },
  });
  direct = { path: join(stack.dir, 'push.sock') };
  alice = await signUp(stack.url);
});
after(() => stack?.stop());

describe('credentials', () => {
  test('without_any_it_is_401_before_any_upgrade', async () => {
    assert.equal(await knock({}), 401);
    const answer = await answerTo(upgrade());
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['sec-websocket-accept'], undefined);
  });

  for (const [what, make] of Object.entries({
    'an empty bearer': () => 'Bearer ',
    'a bearer that is no token': () => 'Bearer ../../etc/passwd',
    'a token with another secret': () => `Bearer ${alice.token.slice(0, -6)}AAAAAA`,
    'a token of another user': () => `Bearer ${alice.token.replace(/^[^.]+/, 'nobody')}`,
    'a token cut short': () => `Bearer ${alice.token.slice(0, -1)}`,
    'a token with more behind it': () => `Bearer ${alice.token}A`,
    'a token of 4,000 characters': () => `Bearer ${'a'.repeat(4000)}`,
    'Basic': () => `Basic ${Buffer.from('alice:password').toString('base64')}`,
  })) {
    test(`${what.replaceAll(' ', '_')}_is_401`, async () => {
      assert.equal(await knock({ authorization: make() }), 401);
    });
  }

  test('authorization_bearer_opens_from_any_origin', async () => {
    assert.equal(await knock(bearer()), 101);
    assert.equal(await knock({ ...bearer(), origin: 'https://evil.example' }), 101);
  });

  test('a_ticket_opens_once', async () => {
    const path = `/ws?ticket=${await alice.ticket()}`;
    assert.equal(await knock({ origin: 'https://evil.example' }, path), 101);
    assert.equal(await knock({}, path), 401);
  });

  test('of_parallel_uses_of_one_ticket_exactly_one_opens', async () => {
    for (let round = 0; round < 5; round++) {
      const path = `/ws?ticket=${await alice.ticket()}`;
      const statuses = await Promise.all(Array.from({ length: 8 }, () => knock({}, path)));
      assert.deepEqual(statuses.sort(), [101, ...Array(7).fill(401)]);
    }
  });

  test('a_ticket_runs_out', async () => {
    const path = `/ws?ticket=${await alice.ticket()}`;
    await sleep((TICKET_S + 0.5) * 1000);
    assert.equal(await knock({}, path), 401);
  });

  test('a_ticket_dies_with_its_session', async () => {
    const device = await alice.anotherDevice();
    const path = `/ws?ticket=${await device.ticket()}`;
    await device.must(204, 'DELETE', '/sessions/current');
    assert.equal(await knock({}, path), 401);
  });

  test('tickets_that_never_were_are_401', async () => {
    for (const ticket of ['', 'x', 'A'.repeat(43), `${alice.token}`, '%00', '*', 'a'.repeat(3000)]) {
      assert.equal(await knock({}, `/ws?ticket=${ticket}`), 401, ticket.slice(0, 20));
    }
  });

  test('a_session_that_was_ended_opens_nothing', async () => {
    const device = await alice.anotherDevice();
    await device.must(204, 'DELETE', '/sessions/current');
    assert.equal(await knock({ authorization: `Bearer ${device.token}` }), 401);
  });
});

describe('the cookie and the Origin', () => {
  const own = () => stack.url.replace(/\/$/, '');

  test('the_sites_own_origin_opens', async () => {
    assert.equal(await knock({ cookie: alice.cookie, origin: own() }), 101);
    assert.equal(await knock({ cookie: `a=b; ${alice.cookie}; c=d`, origin: own() }), 101);
  });

  for (const [what, make] of Object.entries({
    'absent': () => undefined,
    'empty': () => '',
    'null': () => 'null',
    'evil': () => 'http://evil.example',
    'evil with our port': () => `http://evil.example:${stack.port}`,
    'ours as a prefix': () => `${own()}.evil.example`,
    'ours as a suffix': () => own().replace('://', '://evil.'),
    'ours as user': () => `${own()}@evil.example`,
    'ours in its path': () => `http://evil.example/${own()}`,
    'https for http': () => own().replace('http:', 'https:'),
    'without the port': () => own().replace(/:\d+$/, ''),
    'another port': () => own().replace(/:\d+$/, ':1'),
    'a digit more': () => `${own()}1`,
    'two of them': () => `${own()} ${own()}`,
  })) {
    test(`origin_${what.replaceAll(' ', '_')}_is_403`, async () => {
      const origin = make();
      assert.equal(await knock({ cookie: alice.cookie, ...(origin === undefined ? {} : { origin }) }), 403);
    });
  }

  test('a_bad_cookie_is_401', async () => {
    const [name] = alice.cookie.split('=');
    for (const value of ['', 'x', `${alice.cookie.slice(name.length + 1, -4)}AAAA`]) {
      assert.equal(await knock({ cookie: `${name}=${value}`, origin: own() }), 401);
    }
  });

  test('another_cookie_with_the_token_is_401', async () => {
    const value = alice.cookie.split('=')[1];
    assert.equal(await knock({ cookie: `xstonechat=${value}`, origin: own() }), 401);
    assert.equal(await knock({ cookie: `sid="stonechat=${value}"`, origin: own() }), 401);
  });
});

describe('requests that are no handshake', () => {
  const cases = {
    'no key': [400, () => upgrade({ ...bearer(), 'Sec-WebSocket-Key': undefined })],
    'a key of 15 bytes': [400, () => upgrade({ ...bearer(), 'Sec-WebSocket-Key': randomBytes(15).toString('base64') })],
    'a key that is not base64': [400, () => upgrade({ ...bearer(), 'Sec-WebSocket-Key': '!'.repeat(24) })],
    'version 8': [426, () => upgrade({ ...bearer(), 'Sec-WebSocket-Version': '8' })],
    'version 14': [426, () => upgrade({ ...bearer(), 'Sec-WebSocket-Version': '14' })],
    'no version': [426, () => upgrade({ ...bearer(), 'Sec-WebSocket-Version': undefined })],
    'no Upgrade': [426, () => upgrade({ ...bearer(), Upgrade: undefined, Connection: undefined })],
    'Upgrade to something else': [426, () => upgrade({ ...bearer(), Upgrade: 'h2c' })],
    'POST': [405, () => upgrade(bearer(), { line: 'POST /ws HTTP/1.1' })],
    'another path': [404, () => upgrade(bearer(), { line: 'GET /wss HTTP/1.1' })],
    'HTTP/1.0': [[400, 426, 505], () => upgrade(bearer(), { line: 'GET /ws HTTP/1.0' })],
    'HTTP/9': [[400, 505], () => upgrade(bearer(), { line: 'GET /ws HTTP/9.9' })],
    'no request line': [400, () => `${randomBytes(40).toString('hex')}\r\n\r\n`],
    'binary rubbish': [400, () => Buffer.concat([Buffer.from([0, 1, 255, 254, 13, 10, 0]), Buffer.from('\r\n\r\n')])],
    'a header without a colon': [400, () => upgrade(bearer()).replace('\r\n\r\n', '\r\nnonsense\r\n\r\n')],
    'a blank before the colon': [400, () => upgrade({ ...bearer(), 'X-A ': 'b' })],
    'a folded header': [400, () => upgrade({ ...bearer(), 'X-A': 'b\r\n c' })],
    'NUL in the name of a header': [400, () => upgrade({ ...bearer(), 'X-\0A': 'b' })],
    'NUL in a header': [400, () => upgrade({ ...bearer(), 'X-A': 'b\0c' })],
    'two keys': [400, () => upgrade({ ...bearer(), 'X-A': `b\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}` })],
    'a head of 9 KB': [431, () => upgrade({ ...bearer(), 'X-A': 'a'.repeat(9000) })],
    'a head without end': [431, () => `GET /ws HTTP/1.1\r\n${'X-A: b\r\n'.repeat(3000)}`],
  };
  for (const [what, [statuses, make]] of Object.entries(cases)) {
    test(`${what.replaceAll(/[ /]/g, '_')}_is_${[statuses].flat().join('_or_')}`, async () => {
      const answer = await answerTo(make());
      assert.ok([statuses].flat().includes(answer.status), answer.text);
    });
  }

  test('a_wrong_version_is_told_the_right_one', async () => {
    const answer = await answerTo(upgrade({ ...bearer(), 'Sec-WebSocket-Version': '8' }));
    assert.equal(answer.headers['sec-websocket-version'], '13');
  });

  test('a_wrong_method_is_told_the_right_one', async () => {
    const answer = await answerTo(upgrade(bearer(), { line: 'DELETE /ws HTTP/1.1' }));
    assert.equal(answer.headers.allow, 'GET');
  });

  test('refusals_are_problem_documents', async () => {
    for (const headers of [{}, { cookie: alice.cookie, origin: 'null' }, { ...bearer(), 'sec-websocket-version': '8' }]) {
      const answer = await request(stack.url, 'GET', '/ws', {
        headers: { connection: 'upgrade', upgrade: 'websocket', ...headers },
      });
      assert.match(answer.headers['content-type'], /^application\/problem\+json/);
      assert.equal(answer.body.status, answer.status);
      assert.match(answer.body.code, /^[a-z_]+$/);
    }
  });
});

describe('handshakes that are odd but legal', () => {
  const open = (bytes) => Raw.connect(direct).then((raw) => (raw.write(bytes), raw));

  test('what_is_sent_right_behind_the_head_is_not_lost', async () => {
    const raw = await open(Buffer.concat([
      Buffer.from(upgrade(bearer())),
      text({ type: 'resume', cursors: {} }),
      text({ type: 'ping', id: 'early' }),
    ]));
    assert.equal((await raw.head()).status, 101);
    assert.equal((await raw.json()).type, 'welcome');
    assert.deepEqual(await raw.json(), { type: 'pong', id: 'early' });
    raw.drop();
  });

  test('names_and_tokens_of_headers_are_without_case', async () => {
    const raw = await open(upgrade({
      ...bearer(), Upgrade: undefined, Connection: undefined, uPGRADE: 'WebSocket', cONNECTION: 'keep-alive, UPGRADE',
    }));
    assert.equal((await raw.head()).status, 101);
    raw.drop();
  });

  test('a_head_that_comes_byte_by_byte_in_time_opens', async () => {
    const raw = await Raw.connect(direct);
    raw.socket.setNoDelay?.(true);
    for (const byte of Buffer.from(upgrade(bearer()))) {
      raw.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    assert.equal((await raw.head()).status, 101);
    raw.drop();
  });

  test('the_subprotocol_is_chosen_if_offered_and_not_required', async () => {
    const offered = await alice.connect({ protocol: ['other.v9', 'stonechat.v1'] });
    assert.equal(offered.socket.protocol, 'stonechat.v1');
    await offered.close();
    const raw = await open(upgrade({ ...bearer(), 'Sec-WebSocket-Protocol': 'other.v9' }));
    const answer = await raw.head();
    assert.equal(answer.status, 101);
    assert.equal(answer.headers['sec-websocket-protocol'], undefined);
    raw.drop();
  });

  test('compression_is_not_agreed_to_unasked', async () => {
    const raw = await open(upgrade(bearer()));
    assert.equal((await raw.head()).headers['sec-websocket-extensions'], undefined);
    raw.drop();
  });
});

describe('handshakes that do not end', () => {
  test('one_byte_a_second_is_cut', async () => {
    const raw = await Raw.connect(direct);
    const bytes = Buffer.from(upgrade(bearer()));
    const began = Date.now();
    let at = 0;
    const drip = setInterval(() => raw.write(bytes.subarray(at, ++at)), 1000);
    const { how } = await raw.conclusion({ ms: (HANDSHAKE_S + 8) * 1000 }).finally(() => clearInterval(drip));
    const took = Date.now() - began;
    assert.ok(['end', 'close'].includes(how), how);
    assert.ok(took >= (HANDSHAKE_S - 0.2) * 1000, `cut after ${took} ms`);
  });

  test('three_hundred_of_them_keep_nobody_out', async () => {
    const idle = await inParallel(50, Array(300).fill(), () => Raw.connect(direct));
    for (const raw of idle) raw.write('GET /ws HTTP/1.1\r\nHost: ');
    const began = performance.now();
    const connection = await alice.connect();
    assert.ok(performance.now() - began < 1000);
    await Promise.all(idle.map((raw) => raw.conclusion({ ms: (HANDSHAKE_S + 8) * 1000 })));
    await connection.sync();
    await connection.close();
  });

  test('half_a_head_and_a_hang_up_harm_nothing', async () => {
    for (const how of ['end', 'destroy']) {
      const raw = await Raw.connect(direct);
      raw.write('GET /ws HTTP/1.1\r\nHo');
      raw.socket[how]();
    }
    const raw = await Raw.connect(direct);
    raw.write(upgrade(bearer())); // and gone while Redis is asked
    raw.drop();
    assert.equal(await knock(bearer()), 101);
  });
});

describe('descriptors that have run out', () => {
  const SPARE = 20;
  const worker = () => childrenOf(stack.pid('pushd'))[0];
  const limit = (count) => execFileSync('prlimit', [`--pid=${worker()}`, `--nofile=${count}:`]);

  test('are_waited_for_without_spinning_and_nobody_is_lost', async () => {
    const connection = await alice.connect();
    const before = descriptorsOf(worker());
    const usual = /Max open files\s+(\d+)/.exec(readFileSync(`/proc/${worker()}/limits`, 'utf8'))[1];
    limit(before + SPARE);
    const all = await inParallel(20, Array(3 * SPARE).fill(), () => Raw.connect(direct));
    try {
      for (const raw of all) raw.write(upgrade(bearer()));
      await until('the limit', () => descriptorsOf(worker()) >= before + SPARE);
      const cpu = cpuOf(worker());
      await sleep(1000);
      const used = cpuOf(worker()) - cpu;
      assert.ok(used < 200, `${used} ms of processor in a second`);
      await connection.sync();
      for (const raw of all.slice(0, 2 * SPARE)) raw.drop();
      for (const raw of all.slice(2 * SPARE)) assert.equal((await raw.head()).status, 101);
    } finally {
      limit(usual);
      for (const raw of all) raw.drop();
    }
    await until('all of them back', () => descriptorsOf(worker()) <= before);
    await connection.close();
    assert.equal(await knock(bearer()), 101);
  });
});

test('health_of_the_push_daemon_is_ok', async () => {
  const answer = await request(stack.url, 'GET', '/health');
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.status, 'ok');
  assert.equal((await answerTo('GET /health HTTP/1.1\r\nHost: x\r\n\r\n')).status, 200);
});

test('the_logs_tell_of_no_secret_and_no_crash', () => {
  assert.deepEqual([...leaksIn(stack.dir), ...deathsIn(stack.dir)], []);
});
