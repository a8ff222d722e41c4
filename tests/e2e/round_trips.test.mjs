/*
 * How often a request has to wait for Redis: once for what people do all the time. Counted at a
 * relay before Redis: a round trip begins when somebody whose questions are all answered asks again.
 * Signs of life, which are no scripts, don't count.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newKey, newText, signUp } from '../support/client.mjs';
import { fastcgi } from '../support/fastcgi.mjs';
import { startRelay } from '../support/relay.mjs';
import { startRedis } from '../support/servers.mjs';
import { until } from '../support/wait.mjs';

const MANY = 200;
/* Now and then a session is confirmed anew, and the programs have scripts to run of their own. */
const SPARE = MANY / 20;

let redis, relay, stack, alice;

before(async () => {
  redis = await startRedis();
  relay = await startRelay(redis.port, { counts: (bytes) => bytes.includes('EVALSHA') });
  stack = await startStack({ set: {
    'redis.url': redis.url.replace(/\d+$/, `${relay.port}`), 'limits.logins_per_minute': 0,
    'limits.messages_per_10s': 4 * MANY, 'accounts.session_cache_s': 60, 'http.threads': 1,
  } });
  alice = await signUp(stack.url);
});
after(async () => {
  await stack?.stop();
  relay?.close();
  redis?.stop();
});

const call = async (status, method, path, body) => {
  const answer = await fastcgi(stack, method, path, { body, token: alice.token });
  assert.equal(answer.status, status, answer.text);
};
const send = () => call(201, 'POST', '/rooms/lobby/messages', { text: newText(), key: newKey() });

async function tripsOf(deed) {
  const turns = relay.turns;
  for (let i = 0; i < MANY; i++) await deed(i);
  return relay.turns - turns;
}

const rows = [
  ['sending_a_message', send],
  ['reading_the_history', () => call(200, 'GET', '/rooms/lobby/messages?limit=20')],
  ['marking_as_read', (i) => call(204, 'PUT', '/rooms/lobby/read', { seq: i + 1 })],
];

describe('one round trip is enough for', () => {
  before(() => until('the session to be remembered', async () => {
    const turns = relay.turns;
    await send();
    await send();
    return relay.turns - turns < 4;
  }));

  for (const [name, deed] of rows) {
    test(name, async () => {
      const trips = await tripsOf(deed);
      assert.ok(trips >= MANY && trips < MANY + SPARE, `${trips} for ${MANY}`);
    });
  }
});

test('what_is_remembered_of_nobody_takes_two_for_the_history', async () => {
  const trips = await tripsOf(() => call(200, 'GET', '/rooms/lobby'));
  assert.ok(trips >= 2 * MANY, `${trips} for ${MANY}`);
});
