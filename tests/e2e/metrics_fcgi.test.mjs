/*
 * The figures of stonechat-fcgi, and the way to them for a scraper on this machine: a loopback
 * address of their own, which also leads to those of the push daemon.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { request, signUp } from '../support/client.mjs';
import { Raw } from '../support/raw.mjs';
import { ask, scrape } from '../support/scrape.mjs';
import { inParallel, until } from '../support/wait.mjs';

let stack, alice, figures;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0, 'http.threads': 8 } });
  figures = { host: '127.0.0.2', port: stack.port };
  alice = await signUp(stack.url);
});
after(() => stack?.stop());

const metrics = () => scrape(figures, 'stonechat_fcgi_', '/metrics/fcgi');

/* `deed` raises each of `names` by so much; a request is counted when its answer is out. */
async function rises(expected, deed) {
  const before = await metrics();
  await deed();
  let risen;
  await until(JSON.stringify(expected), async () => {
    const now = await metrics();
    risen = Object.fromEntries(Object.keys(expected).map((name) => [name, now[name] - before[name]]));
    return Object.entries(expected).every(([name, by]) => risen[name] >= by);
  }).catch((error) => assert.deepEqual(risen, expected, error.message));
  assert.deepEqual(risen, expected);
}

const of = (method, route, status) => `requests_total{method="${method}",route="${route && `/api/v1/${route}`}",status="${status}xx"}`;

describe('what is counted', () => {
  test('requests_by_route_and_class_of_status', async () => {
    await rises({
      [of('POST', 'rooms/{room}/messages', 2)]: 3,
      [of('POST', 'rooms/{room}/messages', 4)]: 1,
      [of('GET', 'me', 2)]: 1,
      [of('GET', 'me', 4)]: 1,
      [of('', '', 4)]: 2,
      request_seconds_count: 8,
    }, async () => {
      for (let i = 0; i < 3; i++) await alice.post('lobby');
      await alice.must(422, 'POST', '/rooms/lobby/messages', {});
      await alice.must(200, 'GET', '/me');
      await request(stack.url, 'GET', '/api/v1/me');
      await request(stack.url, 'GET', '/api/v1/nowhere');
      await alice.call('PUT', '/me');
    });
  });

  test('what_redis_takes_and_what_is_going_on', async () => {
    const before = await metrics();
    await rises({ redis_failures_total: 0 }, () => alice.post('lobby'));
    const now = await metrics();
    assert.ok(now.redis_command_seconds_count > before.redis_command_seconds_count);
    assert.deepEqual([now.breaker_open, now.hashes_running, now.hashes_waiting, now.log_lines_dropped_total, now.threads], [0, 0, 0, 0, 8]);
    assert.ok(Math.abs(Date.now() / 1000 - now.process_start_time_seconds) < 600);
  });

  test('passwords_that_are_being_hashed', async () => {
    const tries = inParallel(6, Array(12).fill(), () =>
      request(stack.url, 'POST', '/api/v1/sessions', { body: { name: alice.name, password: alice.password } }));
    const seen = await until('a hasher at work', async () => {
      const now = await metrics();
      return now.hashes_running > 0 && now;
    });
    assert.ok(seen.requests_in_flight > 0);
    await tries;
    await until('none', async () => (await metrics()).requests_in_flight === 0);
  });

  test('a_redis_that_is_away', async () => {
    stack.kill('redis', 'SIGSTOP');
    try {
      await until('the breaker', async () => {
        await alice.call('GET', '/me');
        return (await metrics()).breaker_open === 1;
      });
      assert.ok((await metrics()).redis_failures_total > 0);
    } finally {
      stack.kill('redis', 'SIGCONT');
    }
    await until('it closed', async () => {
      await alice.call('GET', '/me');
      return (await metrics()).breaker_open === 0;
    });
  });
});

describe('the way to the figures', () => {
  test('leads_to_those_of_the_push_daemon_too', async () => {
    const push = await scrape(figures, 'stonechat_pushd_', '/metrics/pushd');
    assert.deepEqual(Object.keys(push), Object.keys(await scrape(join(stack.dir, 'push.sock'), 'stonechat_pushd_')));
  });

  test('is_for_looking_only_and_leads_nowhere_else', async () => {
    for (const path of ['/', '/metrics', '/metrics/', '/metrics/fcgi/', '/api/v1/me', '/health', '/ws', '/index.html']) {
      assert.equal((await ask(figures, path)).status, 404, path);
    }
    for (const path of ['/metrics/fcgi', '/metrics/pushd']) {
      assert.equal((await request(`http://127.0.0.2:${stack.port}`, 'POST', path)).status, 403);
      assert.equal((await ask(figures, path, { host: 'evil.example' })).status, 421);
    }
  });

  test('is_not_to_be_had_by_the_site', async () => {
    const paths = ['/metrics/fcgi', '/metrics/pushd', '/metrics', '/api/metrics', '/api/../metrics/fcgi', '/api/v1/../../metrics',
      '/api/%2e%2e/metrics', '/metrics/../api/v1/x', '/metrics?/../api/'];
    for (const path of paths) {
      for (const host of [`127.0.0.1:${stack.port}`, `127.0.0.2:${stack.port}`, '127.0.0.2']) {
        const raw = await Raw.connect({ host: '127.0.0.1', port: stack.port });
        raw.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nRemote-Addr:\r\nConnection: close\r\n\r\n`);
        const { status } = await raw.head();
        assert.ok([400, 404, 421].includes(status), `${path} ${host}: ${status}`);
        assert.doesNotMatch(String(raw.bytes), /stonechat_(fcgi|pushd)_/);
        raw.drop();
      }
    }
  });
});
