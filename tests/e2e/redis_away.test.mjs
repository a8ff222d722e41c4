/*
 * Redis going away in every way but a failover: cut off without a word, its subscribers dropped,
 * loading, demoted, busy, without replicas, empty, and a hundred times in a row.
 *
 * Two stacks share one Redis: `near` reaches it directly, `far` through a relay that can be cut, so
 * that messages go on being written while `far` knows nothing of it. Nothing is ever restarted but
 * Redis.
 */
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { startRelay } from '../support/relay.mjs';
import { startRedis } from '../support/servers.mjs';
import { newText, signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { descriptorsOf, residentOf, sumOf } from '../support/process.mjs';
import { scrape } from '../support/scrape.mjs';
import { fresh, healthOf, healthy, holdsExactly, insist, pidsOf, post, refusedProperly } from '../support/steady.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

const FREE = { 'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0, 'log.level': 'debug' };
const DROPPED = 'overcoming of output buffer limits';
const STEADY_MS = 2000; // longer than the longest pause between two tries
/* 150 losses at 16 KB each would be twice that; AddressSanitizer keeps what was freed for a while. */
const MEMORY_BYTES = process.env.ASAN_OPTIONS === undefined ? 1 << 20 : 32 << 20;
const WORKERS = 4;
let redis, relay, near, far, alice, bob, programs;

before(async () => {
  redis = await startRedis(['key-load-delay 200']);
  relay = await startRelay(redis.port);
  [near, far] = await Promise.all([
    startStack({ set: { ...FREE, 'redis.url': redis.url } }),
    startStack({ set: { ...FREE, 'redis.url': redis.url.replace(`${redis.port}`, `${relay.port}`), 'push.workers': WORKERS } }),
  ]);
  alice = await signUp(near.url);
  bob = await signUp(far.url);
  programs = [near, far].flatMap(pidsOf);
});
after(async () => {
  await Promise.all([near?.stop(), far?.stop()]);
  relay?.close();
  redis?.stop();
});
afterEach(async () => {
  await Promise.all([near, far].map((stack) => healthy(stack)));
  assert.deepEqual([near, far].flatMap(pidsOf), programs);
});

async function sharedRoom() {
  const room = await alice.openRoom();
  await bob.join(room);
  const live = await bob.reach();
  await live.sync();
  return { room, live };
}

describe('a link that is cut without a word', () => {
  test('is_noticed_in_5_s_closes_nobody_for_30_s_and_leaves_no_gap', async (t) => {
    const { room, live } = await sharedRoom();
    relay.cut();
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    try {
      const calls = ['/me', '/rooms', `/rooms/${room}/messages`].map((path) => bob.call('GET', path));
      (await Promise.all([...calls, post(bob, room)])).forEach(refusedProperly);
      await until('health to be red', async () => !(await healthOf(far)).pushd, 5000);
      t.diagnostic(`/health is red after ${seconds().toFixed(1)} s`);
      assert.ok(seconds() < 5.5);
      for (let i = 0; seconds() < 31; i++) {
        await insist(alice, room);
        await sleep(300);
      }
      assert.equal(live.over, null);
    } finally {
      relay.mend();
    }
    const mended = performance.now();
    await healthy(far);
    t.diagnostic(`/health is green ${Math.round(performance.now() - mended)} ms after the mending`);
    const { seq } = await insist(alice, room);
    await live.entry(room, seq, 5000);
    await holdsExactly(alice, room, live.frames.filter(({ type }) => type === 'message').map(({ type, ...message }) => message));
    await live.close();
  }, { timeout: 90_000 });
});

describe('a subscriber that redis drops', () => {
  test('for_its_output_buffer_has_missed_nothing_when_it_wakes', async () => {
    const carol = await signUp(near.url); // whom `far` doesn't know: nothing is published to it
    const room = await carol.openRoom();
    const live = await carol.reach();
    await live.sync();
    const [, limits] = (await redis.ask('CONFIG', 'GET', 'client-output-buffer-limit')).split('\n');
    const losses = () => near.log('pushd').match(/redis_link_lost link=subscriptions/g)?.length ?? 0;
    const before = losses();
    await redis.ask('CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 64kb 64kb 1');
    const daemons = pidsOf(near).filter((pid) => pid !== near.pid('fcgi'));
    daemons.forEach((pid) => process.kill(pid, 'SIGSTOP'));
    const posted = [];
    try {
      const filler = JSON.stringify({ filler: 'x'.repeat(60_000) });
      while (!redis.log.includes(DROPPED)) {
        posted.push(await insist(carol, room));
        await inParallel(4, Array(8).fill(), () => redis.ask('PUBLISH', `chat:message:user:${carol.id}`, filler));
      }
      posted.push(await insist(carol, room));
    } finally {
      daemons.forEach((pid) => process.kill(pid, 'SIGCONT'));
      await redis.ask('CONFIG', 'SET', 'client-output-buffer-limit', limits);
    }
    await live.entry(room, posted.at(-1).seq);
    await until('the loss in the log', () => losses() > before);
    await holdsExactly(carol, room, posted);
    await live.close();
  }, { timeout: 60_000 });

  test('and_that_comes_back_to_a_redis_where_nothing_is_published_finds_out_by_its_canary', async (t) => {
    const other = await startRedis();
    t.after(() => other.stop());
    const { room, live } = await sharedRoom();
    const lost = () => far.log('pushd').match(/why="canary lost"/g)?.length ?? 0;
    relay.to = other.port;
    try {
      await redis.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await until('health to be red', async () => !(await healthOf(far)).pushd, 5000);
      await insist(alice, room);
      await until('the canary to be missed', () => lost() > 0, 8000);
    } finally {
      relay.to = redis.port;
    }
    const { seq } = await insist(alice, room);
    await live.entry(room, seq);
    assert.equal(live.over, null);
    await live.close();
  }, { timeout: 60_000 });

  test('and_whose_commands_follow_to_another_server_only_later_has_no_gap_either', async (t) => {
    const old = await startRedis();
    t.after(() => old.stop());
    const { room, live } = await sharedRoom();
    await old.ask('REPLICAOF', '127.0.0.1', `${redis.port}`);
    await until('a copy', async () => /master_link_status:up/.test(await old.ask('INFO', 'replication')));
    await old.ask('REPLICAOF', 'NO', 'ONE');
    const ups = (link) => far.log('pushd').match(new RegExp(`redis_link_up link=${link}`, 'g'))?.length ?? 0;
    const move = async (link, act) => {
      const goal = ups(link) + WORKERS;
      await act();
      await until(`${link} to be up`, () => ups(link) >= goal);
    };
    relay.to = old.port;
    await Promise.all([move('commands', () => relay.reset()), move('subscriptions', () => {})]);
    await healthy(far);
    const { seq } = await insist(alice, room);
    relay.to = redis.port;
    await move('subscriptions', () => old.ask('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    await live.sync();
    await move('commands', () => old.ask('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
    await live.entry(room, seq); // though nothing is published any more that would tell of it
    await live.close();
  }, { timeout: 60_000 });

  test('a_hundred_times_leaves_no_descriptor_and_no_memory_behind', async (t) => {
    const { room, live } = await sharedRoom();
    const daemons = pidsOf(far).filter((pid) => pid !== far.pid('fcgi'));
    const losses = async () => {
      const figures = await scrape(join(far.dir, 'push.sock'), 'stonechat_pushd_');
      return figures['link_losses_total{link="commands"}'] + figures['link_losses_total{link="subscriptions"}'];
    };
    const measure = () => ({ descriptors: sumOf(daemons, descriptorsOf), bytes: sumOf(daemons, residentOf) });
    const lost = await losses();
    let first;
    for (let goal = lost + 24; goal < lost + 150; goal += 24) {
      await until('the links to be lost', async () => {
        relay.reset();
        await sleep(50);
        return (await losses().catch(() => 0)) >= goal;
      }, 60_000);
      await healthy(far);
      await sleep(first ? 0 : STEADY_MS);
      first ??= measure();
    }
    await sleep(STEADY_MS);
    const last = measure();
    t.diagnostic(`${(await losses()) - lost} losses: ${JSON.stringify(first)} -> ${JSON.stringify(last)}`);
    assert.ok(last.descriptors <= first.descriptors + 2, JSON.stringify([first, last]));
    assert.ok(last.bytes < first.bytes + MEMORY_BYTES, JSON.stringify([first, last]));
    const pauses = [...far.log('pushd').matchAll(/event=redis_link_lost .*pause_ms=(\d+)/g)].map(([, ms]) => Number(ms));
    assert.ok(Math.max(...pauses) > 500 && Math.min(...pauses) >= 25 && new Set(pauses).size > 40, `${pauses}`);
    const { seq } = await insist(alice, room);
    await live.entry(room, seq);
    assert.equal(live.over, null);
    await live.close();
  }, { timeout: 120_000 });
});

describe('a redis that says no', () => {
  /* Writes are refused properly while `what` lasts; reading and live connections go on. */
  async function refusesWrites(begin, end) {
    const { room, live } = await sharedRoom();
    const kept = await alice.post(room);
    await begin();
    const body = fresh();
    try {
      await until('a refusal', async () => (await post(alice, room, body)).status === 503);
      refusedProperly(await post(alice, room, body));
      const page = await alice.call('GET', `/rooms/${room}/messages?limit=1`);
      assert.deepEqual([page.status, page.body?.messages], [200, [kept]]);
      await live.sync();
      await (await alice.reach()).close();
    } finally {
      await end();
    }
    const message = await insist(alice, room, body);
    assert.equal(message.seq, kept.seq + 1);
    await live.entry(room, message.seq);
    assert.equal(live.over, null);
    await live.close();
  }

  test('since_it_has_become_a_replica', () =>
    refusesWrites(() => redis.ask('REPLICAOF', '127.0.0.1', '1'), () => redis.ask('REPLICAOF', 'NO', 'ONE')));

  test('since_it_has_lost_its_replicas', () =>
    refusesWrites(() => redis.ask('CONFIG', 'SET', 'min-replicas-to-write', '1'),
      () => redis.ask('CONFIG', 'SET', 'min-replicas-to-write', '0')));

  test('since_it_is_out_of_memory_and_ends_no_session', async () => {
    const device = await bob.anotherDevice();
    await refusesWrites(() => redis.ask('CONFIG', 'SET', 'maxmemory', '1'), () => redis.ask('CONFIG', 'SET', 'maxmemory', '0'));
    await device.must(200, 'GET', '/me');
  });

  test('since_it_has_too_many_clients', async () => {
    const { room, live } = await sharedRoom();
    const line = connect(redis.port, '127.0.0.1').on('data', () => {});
    const say = (command) => line.write(`${command}\r\n`);
    const body = fresh();
    say(`AUTH ${redis.password}`);
    try {
      ['CONFIG SET maxclients 1', 'CLIENT KILL TYPE pubsub', 'CLIENT KILL TYPE normal'].forEach(say);
      await until('health to be red', async () => !(await healthOf(near)).fcgi);
      (await inParallel(8, Array(24).fill(), () => post(alice, room, body))).forEach(refusedProperly);
      await until('health to be red', async () => !(await healthOf(far)).pushd);
    } finally {
      say('CONFIG SET maxclients 10000');
    }
    const { seq } = await insist(alice, room, body);
    await live.entry(room, seq);
    assert.equal(live.over, null);
    await live.close();
    line.destroy();
  });

  test('since_a_script_keeps_it_busy', async () => {
    const { room, live } = await sharedRoom();
    const script = redis.ask('EVAL', 'while true do end', '0').catch((error) => error.message);
    const body = fresh();
    try {
      await sleep(800);
      const answers = await inParallel(8, Array(24).fill(), (_, i) => (i % 2 ? post(alice, room, body) : alice.call('GET', '/rooms')));
      answers.forEach(refusedProperly);
      await until('health to be red', async () => !(await healthOf(near)).pushd, 8000);
    } finally {
      await redis.ask('SCRIPT', 'KILL');
    }
    assert.match(await script, /killed/i);
    const { seq } = await insist(alice, room, body);
    await live.entry(room, seq);
    await live.close();
  });
});

test('a_clock_that_has_stepped_back_changes_no_order', async () => {
  const { room, live } = await sharedRoom();
  const kept = await alice.post(room);
  const script = `
    local seq, n = redis.call('HINCRBY', KEYS[1], 'seq', 1), redis.call('HINCRBY', KEYS[1], 'n', 1)
    local entry = string.format('{"type":"message","seq":%d,"n":%d,"at":%s,', seq, n, ARGV[1]) .. ARGV[2]
    redis.call('XADD', KEYS[2], seq .. '-0', 'e', entry)
    redis.call('PUBLISH', KEYS[3], entry)`;
  const tail = JSON.stringify({ room, from: kept.from, text: newText(), key: 'key-of-an-hour-ago' }).slice(1);
  const at = `${kept.at - 3_600_000}`;
  await redis.ask('EVAL', script, '3', ...['room', 'log', 'live'].map((name) => `{r:${room}}:${name}`), at, tail);
  await live.entry(room, kept.seq + 1);
  const last = await alice.post(room);
  await live.entry(room, last.seq);
  const cursors = [{ [room]: [kept.seq, kept.at] }, { [room]: [kept.seq + 1, Number(at)] }];
  for (const back of await Promise.all(cursors.map((one) => bob.reach({ cursors: one })))) {
    await back.next('caught_up');
    assert.ok(!back.frames.some(({ type }) => type === 'reset'));
    assert.equal(back.frames.filter(({ seq }) => seq === last.seq).length > 0, true);
    await back.close();
  }
  assert.deepEqual((await alice.history(room)).map(({ seq }) => seq), [kept.seq, kept.seq + 1, last.seq]);
  await live.close();
});

describe('a redis that is started anew', () => {
  test('is_waited_for_while_it_loads', async () => {
    const { room, live } = await sharedRoom();
    await redis.ask('EVAL', "for i = 1, 15000 do redis.call('SET', 'filler:' .. i, i) end", '0');
    const body = fresh();
    await redis.kill();
    const loaded = redis.start();
    const answers = [];
    let isLoading = true;
    loaded.then(() => { isLoading = false; });
    while (isLoading) {
      answers.push(await post(alice, room, body));
      await sleep(50);
    }
    assert.ok(near.log('fcgi').includes('LOADING'), 'it did not load for long');
    answers.filter(({ status }) => status !== 200 && status !== 201).forEach(refusedProperly);
    const { seq } = await insist(alice, room, body);
    await live.entry(room, seq);
    assert.equal(live.over, null);
    await live.close();
  });

  test('and_empty_is_no_silence_and_can_be_used_again', async () => {
    const live = [await alice.reach(), await bob.reach()];
    await Promise.all(live.map((connection) => connection.sync()));
    await redis.kill();
    for (const name of readdirSync(redis.folder).filter((one) => one.startsWith('append'))) {
      rmSync(join(redis.folder, name), { recursive: true });
    }
    await redis.start();
    await Promise.all([near, far].map((stack) => healthy(stack)));
    for (const connection of live) {
      await until('reset or 4401', () => connection.over?.code === 4401 ||
        connection.frames.some(({ type, room }) => type === 'reset' && room === 'lobby'));
    }
    const newcomer = await signUp(far.url);
    const theirs = await newcomer.reach();
    const { seq } = await newcomer.post('lobby', newText());
    await theirs.entry('lobby', seq);
    await theirs.close();
  });
});

test('the_logs_tell_of_no_secret_and_no_crash', () => {
  for (const { dir } of [near, far]) assert.deepEqual([...leaksIn(dir), ...deathsIn(dir)], []);
});
