/*
 * Settings of the push daemon at the ends of their ranges.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { startStack } from '../support/stack.mjs';
import { MARK, newKey, signUp } from '../support/client.mjs';
import { Raw, text, upgrade } from '../support/raw.mjs';
import { inParallel, until } from '../support/wait.mjs';

const CONNECTIONS = 10;
const FOREIGN = 'https://shop.example';
let stack, alice;

before(async () => {
  stack = await startStack({
    set: {
      'push.connections': CONNECTIONS,
      'push.queue_bytes': 4096,
      'push.origins': `https://other.example ${FOREIGN}`,
      'limits.client_frames_per_s': 0,
      'limits.messages_per_10s': 0,
      'limits.logins_per_minute': 0,
    },
  });
  alice = await signUp(stack.url);
});
after(() => stack?.stop());

const statusOf = (headers) =>
  alice.connect({ headers }).then((connection) => connection.close().then(() => 101), ({ status }) => status);

test('a_connection_more_than_allowed_is_refused_and_let_in_once_there_is_room', async () => {
  const all = await inParallel(4, Array(CONNECTIONS).fill(), () => alice.connect());
  const refused = await alice.connect().catch((error) => error);
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.headers['retry-after']) >= 1);
  await Promise.all(all.map((connection) => connection.sync()));
  await all[0].close();
  const newcomer = await alice.reach();
  await newcomer.sync();
  await Promise.all([newcomer, ...all.slice(1)].map((connection) => connection.close()));
});

test('further_origins_are_those_that_are_listed', async () => {
  assert.equal(await statusOf({ cookie: alice.cookie, origin: FOREIGN }), 101);
  for (const origin of ['https://other.example https://shop.example', 'http://shop.example', `${FOREIGN}.evil.example`,
    'https://shop', 'https://', '']) {
    assert.equal(await statusOf({ cookie: alice.cookie, origin }), 403, origin);
  }
});

test('without_a_limit_a_thousand_frames_a_second_are_answered', async () => {
  const raw = await Raw.connect({ path: join(stack.dir, 'push.sock') });
  raw.write(upgrade({ Authorization: `Bearer ${alice.token}` }));
  await raw.head();
  assert.equal((await raw.json()).type, 'welcome');
  for (let i = 0; i < 1000; i++) {
    raw.write(text({ type: 'ping', id: String(i) }));
    if (i % 20 === 19) for (let j = i - 19; j <= i; j++) assert.equal((await raw.json()).id, String(j));
  }
  raw.drop();
});

test('entries_larger_than_the_queue_arrive_all_the_same', async () => {
  const room = await alice.openRoom();
  const big = (i) => `${MARK} ${i} ${'大'.repeat(3900)}`;
  const live = await alice.reach();
  const posted = await inParallel(4, Array(30).fill(), (_, i) => alice.post(room, big(i), newKey()));
  const last = Math.max(...posted.map(({ seq }) => seq));
  await live.entry(room, last);
  const back = await alice.reach({ cursors: { [room]: 0 } });
  await back.next('caught_up');
  assert.equal(back.order.entries, last);
  const notice = { pad: 'x'.repeat(60000) };
  await stack.redis('PUBLISH', 'chat:message', JSON.stringify(notice));
  for (const connection of [live, back]) {
    await until('the notice', () => connection.frames.some(({ type }) => type === 'notice'));
    await connection.close();
  }
});
