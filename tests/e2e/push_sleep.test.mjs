/*
 * Readers, and daemons, that sleep (sleepers.mjs): what they cost meanwhile, and that nothing is
 * lost or comes twice when they wake.
 *
 * Here they sleep for seconds. `node tests/e2e/sleepers.mjs` does it for an hour.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { familyOf } from '../support/process.mjs';
import { judgeSleep, sleepThrough } from './sleepers.mjs';

const SETTINGS = { heartbeat_s: 1, queue_bytes: 65536 };
let stack;

before(async () => {
  stack = await startStack({
    set: {
      'limits.messages_per_10s': 0,
      'limits.logins_per_minute': 0,
      'push.heartbeat_s': SETTINGS.heartbeat_s,
      'push.queue_bytes': SETTINGS.queue_bytes,
    },
  });
});
after(() => stack?.stop());

test('readers_that_stop_cost_little_and_miss_nothing', async (t) => {
  const seen = await sleepThrough(stack, { seconds: 8, every_ms: 5, ...SETTINGS });
  t.diagnostic(JSON.stringify(seen));
  judgeSleep(seen, SETTINGS);
});

test('a_daemon_that_sleeps_longer_than_its_heartbeat_shows_nothing_twice', async () => {
  const alice = await signUp(stack.url);
  const room = await alice.openRoom();
  const asleep = await alice.reach();
  await asleep.sync();
  const before = await alice.post(room);
  await asleep.entry(room, before.seq);
  const posted = [];
  const daemon = familyOf(stack.pid('pushd'));
  for (const pid of daemon) process.kill(pid, 'SIGSTOP');
  for (let i = 0; i < 40; i++) posted.push(await alice.post(room));
  await new Promise((resolve) => setTimeout(resolve, 6000));
  for (const pid of daemon) process.kill(pid, 'SIGCONT');

  const { order } = asleep;
  let connection = asleep;
  const { seq } = posted.at(-1);
  while (order.cursors[room][0] < seq && !asleep.over) await asleep.entry(room, seq).catch(() => {});
  if (asleep.over) connection = await alice.reach({ cursors: order.resume });
  const next = await alice.post(room);
  await connection.entry(room, next.seq);
  assert.deepEqual([...order.faults, ...connection.order.faults], []);
  await connection.close();
  assert.deepEqual(deathsIn(stack.dir), []);
});
