/*
 * Clients that read slowly or never: no buffer grows without bound, the others notice nothing, and
 * whoever wakes gets every entry, in order, once.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { startStack } from '../support/stack.mjs';
import { MARK, newKey, signUp } from '../support/client.mjs';
import { Order } from '../support/order.mjs';
import { descriptorsOf, familyOf, residentOf, sumOf } from '../support/process.mjs';
import { OP, Raw, frame, text } from '../support/raw.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

const SLEEPERS = 12;
const MESSAGES = 2000;
const QUEUE_BYTES = 65536;
/* What a sleeper may cost: its queue, what is on its way there, and bookkeeping. */
const COST_BYTES = 4 * QUEUE_BYTES;
const TEXT = `${MARK} ${'0123456789abcdef'.repeat(256)}`.slice(0, 4000);

/* A sanitizer would keep what was freed for a while, and memory is what is measured here. */
const FRANK = ':quarantine_size_mb=0:thread_local_quarantine_size_kb=0';

let stack, alice, pid, room;

before(async () => {
  stack = await startStack({
    set: {
      'limits.messages_per_10s': 0,
      'limits.logins_per_minute': 0,
      'push.queue_bytes': QUEUE_BYTES,
      'push.heartbeat_s': 60,
    },
    env: { ASAN_OPTIONS: (process.env.ASAN_OPTIONS ?? '') + FRANK },
  });
  alice = await signUp(stack.url);
  room = await alice.openRoom();
  pid = stack.pid('pushd');
});
after(() => stack?.stop());

const postIn = (where) => alice.post(where, TEXT, newKey());
const post = () => postIn(room);
const resident = () => sumOf(familyOf(pid), residentOf);

async function sleeper({ cursors = {} } = {}) {
  const raw = await Raw.open({ path: join(stack.dir, 'push.sock') }, { Authorization: `Bearer ${alice.token}` });
  raw.write(text({ type: 'resume', cursors }));
  raw.order = new Order(cursors);
  raw.order.take(raw.welcome);
  raw.socket.pause();
  return raw;
}

/* Reads on until entry `last` has come. */
async function wake(raw, last, where = room) {
  raw.socket.resume();
  while (raw.order.cursors[where][0] < last) raw.order.take(await raw.json());
}

test('never_reading_costs_little_harms_nobody_and_loses_nothing', async (t) => {
  const reader = await alice.connect();
  const sleepers = await inParallel(4, Array(SLEEPERS).fill(), () => sleeper());
  await inParallel(8, Array(50).fill(), post);
  const before = resident();
  let most = 0;
  const watch = setInterval(() => { most = Math.max(most, resident()); }, 50);
  const posted = await inParallel(8, Array(MESSAGES).fill(), post);
  const last = Math.max(...posted.map(({ seq }) => seq));
  await reader.entry(room, last).finally(() => clearInterval(watch));
  t.diagnostic(`${SLEEPERS} sleepers, ${MESSAGES} messages: ${((most - before) / 1024).toFixed(0)} KiB more at most`);
  assert.ok(most - before < SLEEPERS * COST_BYTES, `${most - before} bytes more`);

  for (const raw of sleepers) {
    await wake(raw, last);
    assert.deepEqual(raw.order.faults, []);
  }
  const next = await post();
  for (const raw of sleepers) {
    await wake(raw, next.seq);
    assert.deepEqual(raw.order.faults, []);
    raw.drop();
  }
  await reader.close();
});

test('reading_slowly_loses_nothing_either', async () => {
  const raw = await sleeper();
  const posting = inParallel(8, Array(600).fill(), post);
  const sips = setInterval(() => {
    raw.socket.resume();
    setTimeout(() => raw.socket.pause(), 2);
  }, 30);
  const last = Math.max(...(await posting).map(({ seq }) => seq));
  await sleep(300);
  clearInterval(sips);
  await wake(raw, last);
  assert.deepEqual(raw.order.faults, []);
  raw.drop();
});

test('falling_asleep_at_any_point_of_a_replay_loses_nothing', async () => {
  const before = await inParallel(8, Array(130).fill(), post);
  const end = Math.max(...before.map(({ seq }) => seq));
  const depths = Array.from({ length: 40 }, (_, i) => 10 + 3 * i);
  const sleepers = await inParallel(4, depths, (depth) => sleeper({ cursors: { [room]: end - depth } }));
  const after = await inParallel(8, Array(60).fill(), post);
  const last = Math.max(...after.map(({ seq }) => seq));
  for (const raw of sleepers) {
    await wake(raw, last);
    assert.deepEqual(raw.order.faults, []);
    raw.drop();
  }
});

test('catching_up_in_several_rooms_at_once_forgets_none', async () => {
  const rooms = await Promise.all(Array.from({ length: 3 }, () => alice.openRoom()));
  const ends = await Promise.all(rooms.map(async (one, i) =>
    Math.max(...(await inParallel(4, Array(60 + i).fill(one), postIn)).map(({ seq }) => seq))));
  for (let depth = 0; depth < 24; depth++) {
    const raw = await sleeper({ cursors: Object.fromEntries(rooms.map((one, i) => [one, ends[i] - 20 - (i ? 0 : depth)])) });
    for (const [i, one] of rooms.entries()) await wake(raw, ends[i], one);
    assert.deepEqual(raw.order.faults, []);
    raw.drop();
  }
});

test('never_reading_pongs_grows_nothing', async () => {
  const raw = await sleeper();
  const before = resident();
  for (let i = 0; i < 200; i++) raw.write(frame(OP.ping, 'x'.repeat(125)));
  await post();
  assert.ok(resident() - before < 2 << 20);
  raw.drop();
});

test('a_sleeper_that_hangs_up_gives_its_memory_and_descriptor_back', async () => {
  const before = sumOf(familyOf(pid), residentOf);
  for (let round = 0; round < 3; round++) {
    const sleepers = await inParallel(4, Array(SLEEPERS).fill(), () => sleeper());
    await inParallel(8, Array(100).fill(), post);
    for (const raw of sleepers) raw.drop();
  }
  await until('the memory back', () => resident() - before < 4 << 20);
});

test('coming_and_going_a_thousand_times_leaves_nothing', async () => {
  const comeAndGo = (count) => inParallel(8, Array(count).fill(), async (_, i) => {
    const raw = await sleeper({ cursors: { [room]: 1 + (i % 50) } });
    raw.drop();
  });
  await comeAndGo(200);
  const worker = familyOf(pid).at(-1);
  const [memory, descriptors] = [resident(), descriptorsOf(worker)];
  await comeAndGo(1000);
  await until('the descriptors back', () => descriptorsOf(worker) <= descriptors);
  assert.ok(resident() - memory < 2 << 20, `${resident() - memory} bytes more`);
});

test('notices_to_a_sleeper_are_bounded_too', async () => {
  const sleepers = await inParallel(4, Array(SLEEPERS).fill(), () => sleeper());
  const before = resident();
  const notice = JSON.stringify({ pad: 'x'.repeat(60000) });
  for (let i = 0; i < 100; i++) await stack.redis('PUBLISH', 'chat:message', notice);
  const grown = resident() - before;
  assert.ok(grown < SLEEPERS * COST_BYTES + (4 << 20), `${grown} bytes more`);
  const { seq } = await post();
  for (const raw of sleepers) {
    await wake(raw, seq);
    assert.deepEqual(raw.order.faults, []);
    assert.ok(!raw.over, 'closed');
    raw.drop();
  }
});
