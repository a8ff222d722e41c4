/*
 * A Redis that is failed over by its sentinels: both programs follow it by themselves.
 *
 * One master, two replicas, three sentinels. The replication links are stalled before the master is
 * killed, since on loopback a kill alone loses nothing. With `redis.wait_replicas` no message that
 * was acknowledged is lost; what only the old master had is told by `reset` to those who saw it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { startRelay } from '../support/relay.mjs';
import { DOWN_AFTER_MS, MASTER, SENTINEL_PASSWORD, startSentinels } from '../support/servers.mjs';
import { signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { fresh, healthy, holdsExactly, insist, pidsOf, post, refusedProperly } from '../support/steady.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

/* The sentinels' own time, what we may add, and what a busy machine may. */
const BACK_MS = DOWN_AFTER_MS + 3000 + 2000;
let servers, stack, alice, bob, programs;

before(async () => {
  servers = await startSentinels();
  await servers.settled();
  stack = await startStack({ set: {
    'redis.url': servers.url, 'redis.sentinel_password': SENTINEL_PASSWORD,
    'redis.wait_replicas': 1, 'redis.wait_ms': 300, 'log.level': 'debug',
    'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0,
  } });
  alice = await signUp(stack.url);
  bob = await signUp(stack.url);
  programs = pidsOf(stack);
});
after(async () => {
  await stack?.stop();
  servers?.stop();
});

/* The connection has been given everything of the room up to `seq`, or told to load it. */
const isShown = (live, room, seq) => live.next((frame) =>
  frame.room === room && ((frame.seq === seq && 'at' in frame) || (frame.type === 'reset' && frame.seq >= seq)));

test('there_is_no_redis_of_the_stack_itself', () => {
  assert.throws(() => stack.pid('redis'), /ENOENT/);
});

test('replicas_that_lag_behind_are_503_and_a_master_that_dies_then_takes_no_acknowledged_message_along', async (t) => {
  const { master, replicas } = await servers.roles();
  const room = await alice.openRoom();
  await bob.join(room);
  const live = await bob.reach();
  const posted = await inParallel(4, Array(40).fill(), () => alice.post(room));

  const relays = await Promise.all(replicas.map(() => startRelay(master.port)));
  t.after(() => relays.forEach((relay) => relay.close()));
  await Promise.all(replicas.map((one, i) => one.ask('REPLICAOF', '127.0.0.1', `${relays[i].port}`)));
  posted.push(await insist(alice, room));
  relays.forEach((relay) => relay.cut());
  const phantoms = Array.from({ length: 6 }, fresh);
  (await Promise.all(phantoms.map((body) => post(alice, room, body)))).forEach(refusedProperly);
  const reads = ['/me', '/rooms', '/sessions', `/rooms/${room}/messages`, `/rooms/${room}/members`];
  for (const path of reads) await alice.must(200, 'GET', path);
  await until('what only the master has to be seen', () =>
    phantoms.every(({ key }) => live.frames.some((frame) => frame.key === key)));

  const began = performance.now();
  master.kill('SIGKILL');
  posted.push(await insist(alice, room, phantoms[0]));
  const back_ms = performance.now() - began;
  t.diagnostic(`writes are back after ${Math.round(back_ms)} ms (down-after ${DOWN_AFTER_MS} ms)`);
  assert.ok(back_ms < BACK_MS, `writes are back after ${back_ms} ms`);
  await live.next((frame) => frame.type === 'reset' && frame.room === room);
  posted.push(...await inParallel(4, Array(20).fill(), () => insist(alice, room)));
  await live.entry(room, Math.max(...posted.map(({ seq }) => seq)));
  await healthy(stack);
  await holdsExactly(alice, room, posted);
  assert.deepEqual(pidsOf(stack), programs);
  await live.close();
  await master.start();
  await servers.settled();
}, { timeout: 120_000 });

for (const signal of ['SIGKILL', 'SIGSTOP']) {
  test(`a_failover_by_${signal}_in_the_middle_of_a_stream_loses_and_doubles_nothing`, async (t) => {
    const { master } = await servers.roles();
    const room = await alice.openRoom();
    await bob.join(room);
    const live = await bob.reach();
    await live.sync();
    let isOver = false;
    const stream = inParallel(4, Array(4).fill(), async () => {
      const mine = [];
      while (!isOver) mine.push(await insist(alice, room));
      return mine;
    });
    await sleep(300);
    const began = performance.now();
    master.kill(signal);
    await until('another master', async () => (await servers.roles()).master !== master);
    t.diagnostic(`the sentinels took ${Math.round(performance.now() - began)} ms`);
    const first = await insist(alice, room);
    t.diagnostic(`writes are back after ${Math.round(performance.now() - began)} ms`);
    if (signal === 'SIGSTOP') master.kill('SIGCONT'); // it still believes to be the master
    isOver = true; // nothing is published any more that would tell of what was missed
    const posted = (await stream).flat().concat(first);
    await isShown(live, room, Math.max(...posted.map(({ seq }) => seq)));
    await healthy(stack);
    await holdsExactly(alice, room, posted);
    assert.equal(live.over, null);
    assert.deepEqual(pidsOf(stack), programs);
    await live.close();
    if (signal === 'SIGKILL') await master.start();
    await servers.settled();
  }, { timeout: 120_000 });
}

test('sentinels_that_are_gone_are_missed_by_nobody_while_the_master_lives', async () => {
  const live = await bob.reach();
  servers.sentinels.slice(0, 2).forEach((sentinel) => sentinel.kill('SIGKILL'));
  await sleep(3000);
  servers.sentinels[2].kill('SIGSTOP');
  await sleep(3000);
  await healthy(stack);
  const { seq } = await alice.post('lobby');
  await live.entry('lobby', seq);
  await live.close();
  servers.sentinels[2].kill('SIGCONT');
});

test('the_logs_tell_of_no_secret_and_no_crash', () => {
  assert.deepEqual([...leaksIn(stack.dir), ...deathsIn(stack.dir)], []);
  assert.ok(/event=redis_link_lost .*pause_ms=\d+/.test(stack.log('pushd')), 'no pause in the log');
});
