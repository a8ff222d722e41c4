/*
 * Many clients that don't read: their queues together stay within one bound, whatever each may have.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { startStack } from '../support/stack.mjs';
import { MARK, newKey, signUp } from '../support/client.mjs';
import { Order } from '../support/order.mjs';
import { Raw, text } from '../support/raw.mjs';
import { scrape } from '../support/scrape.mjs';
import { inParallel, until } from '../support/wait.mjs';

const SLEEPERS = 20;
const MESSAGES = 600;
const TOTAL_BYTES = 1 << 20;
/* One more frame each, which is let in when the total is just below. */
const SLACK_BYTES = SLEEPERS * 40_000;
const TEXT = `${MARK} ${'0123456789abcdef'.repeat(256)}`.slice(0, 4000);

let stack, alice, room;
const queued = async () => (await scrape(join(stack.dir, 'push.sock'), 'stonechat_pushd_')).queue_bytes;

before(async () => {
  stack = await startStack({
    set: {
      'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0, 'push.heartbeat_s': 60,
      'push.queue_bytes': 16 << 20, 'push.queue_total_bytes': TOTAL_BYTES,
    },
  });
  alice = await signUp(stack.url);
  room = await alice.openRoom();
});
after(() => stack?.stop());

async function sleeper() {
  const raw = await Raw.open({ path: join(stack.dir, 'push.sock') }, { Authorization: `Bearer ${alice.token}` });
  raw.write(text({ type: 'resume', cursors: {} }));
  raw.order = new Order({});
  raw.order.take(raw.welcome);
  raw.socket.pause();
  return raw;
}

test('all_queues_together_stay_within_their_bound_and_nothing_is_lost', async (t) => {
  const reader = await alice.connect();
  const sleepers = await inParallel(4, Array(SLEEPERS).fill(), sleeper);
  let most = 0;
  const watch = setInterval(async () => { most = Math.max(most, await queued()); }, 20);
  const posted = await inParallel(8, Array(MESSAGES).fill(), () => alice.post(room, TEXT, newKey()));
  const last = Math.max(...posted.map(({ seq }) => seq));
  await reader.entry(room, last).finally(() => clearInterval(watch));
  assert.deepEqual(reader.order.faults, []);
  t.diagnostic(`at most ${most} bytes in ${SLEEPERS} queues`);
  assert.ok(most > TOTAL_BYTES / 2, 'the bound was never near');
  assert.ok(most < TOTAL_BYTES + SLACK_BYTES, `${most} bytes`);

  for (const raw of sleepers) {
    raw.socket.resume();
    while (raw.order.cursors[room][0] < last) raw.order.take(await raw.json());
    assert.deepEqual(raw.order.faults, []);
    raw.drop();
  }
  await until('empty queues', async () => await queued() === 0);
  await reader.close();
});
