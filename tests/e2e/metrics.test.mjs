/*
 * GET /metrics of the push daemon with three workers: whichever of them answers, it tells of all.
 * Counters move as what is done here makes them, and never fall, not even when a worker dies.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newKey, request, signUp } from '../support/client.mjs';
import { childrenOf } from '../support/process.mjs';
import { OP, Raw, frame, text } from '../support/raw.mjs';
import { ask, scrape } from '../support/scrape.mjs';
import { inParallel, until } from '../support/wait.mjs';

const WORKERS = 3;
const CONNECTIONS = 30;
const QUEUE_BYTES = 4096;
let stack, socket, alice;

before(async () => {
  stack = await startStack({
    set: {
      'push.workers': WORKERS,
      'push.queue_bytes': QUEUE_BYTES,
      'limits.messages_per_10s': 0,
      'limits.logins_per_minute': 0,
    },
  });
  socket = join(stack.dir, 'push.sock');
  alice = await signUp(stack.url);
});
after(() => stack?.stop());

const metrics = () => scrape(socket, 'stonechat_pushd_');

/* What has been added to each of `names` by `deed`, once that is at least what is expected (a
 * scrape may come before the worker has got so far). */
async function rises(expected, deed) {
  const earlier = await metrics();
  await deed();
  const risen = (now) => Object.fromEntries(Object.keys(expected).map((name) => {
    assert.ok(name in now, name);
    return [name, now[name] - earlier[name]];
  }));
  let last;
  await until(`${JSON.stringify(expected)}`, async () => {
    last = risen(await metrics());
    return Object.entries(expected).every(([name, by]) => last[name] >= by);
  }).catch((error) => assert.deepEqual(last, expected, error.message));
  return last;
}

const exactly = async (expected, deed) => assert.deepEqual(await rises(expected, deed), expected);

describe('figures', () => {
  test('are_the_same_whichever_worker_is_asked', async () => {
    const all = await inParallel(1, Array(12).fill(), metrics);
    for (const one of all) {
      assert.deepEqual([0, 1, 2].map((worker) => one[`worker_up{worker="${worker}"}`]), [1, 1, 1]);
      assert.equal(one.worker_starts_total, WORKERS);
      assert.equal(one['sign_ins_total{result="ok"}'], 0);
      assert.ok(one.canary_age_seconds < 3);
    }
    const counts = all.map((one) => one.connections_accepted_total);
    for (const [i, count] of counts.slice(1).entries()) assert.ok(count > counts[i], `${counts}`);
  });

  test('of_clocks_go_on_by_themselves', async () => {
    const names = ['loop_lag_seconds', 'redis_command_seconds', 'canary_round_trip_seconds'];
    await rises(Object.fromEntries(names.map((name) => [`${name}_count`, WORKERS])), () => {});
    const now = await metrics();
    for (const name of names) {
      assert.equal(now[`${name}_bucket{le="+Inf"}`], now[`${name}_count`]);
      assert.ok(now[`${name}_sum`] < now[`${name}_count`]);
    }
  });

  test('are_for_this_machine_only', async () => {
    for (const path of ['/metrics', '/metrics/', '/metrics?a=b', '/api/v1/metrics', '/api/metrics']) {
      const { status, text: body } = await request(stack.url, 'GET', path);
      assert.equal(status, 404, path);
      assert.doesNotMatch(body, /stonechat_pushd/);
    }
    for (const header of ['x-real-ip', 'x-forwarded-proto'])
      assert.equal((await ask(socket, '/metrics', { [header]: 'http' })).status, 404);
    assert.equal((await ask(socket, '/metrics/')).status, 404);
  });
});

describe('what_is_counted', () => {
  test('connections_and_sign_ins_of_all_workers', async () => {
    let open;
    await exactly({ 'sign_ins_total{result="ok"}': CONNECTIONS }, async () => {
      open = await inParallel(4, Array(CONNECTIONS).fill(), () => alice.connect());
    });
    /* Once those that asked before are gone: all of them, and the one that asks. */
    await until('their number', async () => (await metrics()).connections === CONNECTIONS + 1);
    const { users, rooms, connections } = await metrics();
    assert.ok(users >= 1 && users <= WORKERS && rooms >= 1 && rooms <= WORKERS);
    const { seq } = await alice.post('lobby');
    for (const one of open) await one.entry('lobby', seq);
    await exactly({ client_closes_total: CONNECTIONS }, () => Promise.all(open.map((one) => one.close())));
    await until('connections to end', async () => (await metrics()).connections <= connections - CONNECTIONS);
  });

  test('refusals_by_their_reason', async () => {
    await exactly({
      'sign_ins_total{result="refused"}': 2,
      'refusals_total{status="401",reason="unauthenticated"}': 2,
      'refusals_total{status="404",reason="not_found"}': 1,
      'closes_total{code="4401",reason="unauthenticated"}': 0,
    }, async () => {
      for (let i = 0; i < 2; i++)
        await assert.rejects(alice.connect({ headers: { authorization: 'Bearer nobody.s1.x' } }));
      await ask(socket, '/nowhere');
    });
  });

  test('frames_and_bytes_both_ways', async () => {
    const one = await alice.connect();
    await one.sync();
    const risen = await rises({ frames_received_total: 5, frames_sent_total: 5, bytes_sent_total: 5 * 20, bytes_received_total: 5 * 40 },
      async () => { for (let i = 0; i < 5; i++) await one.sync(); });
    assert.equal(risen.frames_received_total, 5);
    await one.close();
  });

  test('closes_by_their_code', async () => {
    const device = await alice.anotherDevice();
    const one = await device.connect();
    await exactly({ 'closes_total{code="4401",reason="session_ended"}': 1, client_closes_total: 0 }, async () => {
      await device.must(204, 'DELETE', '/sessions/current');
      await one.end();
    });
    const rude = await alice.connect();
    await exactly({ 'closes_total{code="1003",reason="unsupported_data"}': 1 }, async () => {
      rude.socket.send(Buffer.from([1]));
      await rude.end();
    });
  });

  test('catching_up_after_resume', async () => {
    const room = await alice.openRoom();
    for (let i = 0; i < 5; i++) await alice.post(room);
    let back;
    await exactly({ 'catch_ups_total{cause="resume"}': 1, entries_replayed_total: 5, resets_total: 0 }, async () => {
      back = await alice.connect({ cursors: { [room]: 1 } });
      await back.next('caught_up');
    });
    await exactly({ 'catch_ups_total{cause="resume"}': 1, resets_total: 1 }, async () => {
      const lost = await alice.connect({ cursors: { [room]: 99 } });
      await lost.next('reset');
      await lost.close();
    });
    await back.close();
  });

  test('publications_and_notices', async () => {
    const one = await alice.connect();
    await one.sync();
    await rises({ publications_total: 1 }, () => alice.post('lobby'));
    await exactly({ notices_total: WORKERS, notices_dropped_total: WORKERS }, async () => {
      await stack.redis('PUBLISH', 'chat:message', '{"a":1}');
      await stack.redis('PUBLISH', 'chat:message', 'no object');
    });
    await one.close();
  });

  test('a_gap_that_is_seen_and_filled', async () => {
    const room = await alice.openRoom();
    const one = await alice.connect();
    const first = await alice.post(room);
    await one.entry(room, first.seq);
    const [id, , json] = (await stack.redis('XREVRANGE', `{r:${room}}:log`, '+', '-', 'COUNT', '1')).split('\n');
    const next = { ...JSON.parse(json), seq: first.seq + 1, n: first.n + 1, key: newKey() };
    assert.equal(id, `${first.seq}-0`);
    await exactly({ gaps_seen_total: 1, gaps_filled_total: 1, missed_entries_total: 2, 'log_reads_total{for="gap"}': 1 }, async () => {
      for (const field of ['seq', 'n']) await stack.redis('HINCRBY', `{r:${room}}:room`, field, '1');
      await stack.redis('XADD', `{r:${room}}:log`, `${next.seq}-0`, 'e', JSON.stringify(next));
      const { seq } = await alice.post(room);
      assert.equal(seq, next.seq + 1);
      await one.entry(room, seq);
    });
    await one.close();
  });

  test('a_slow_reader_s_queue_and_its_return', async () => {
    const room = await alice.openRoom();
    const slow = await Raw.open({ path: socket }, { Authorization: `Bearer ${alice.token}` });
    slow.write(text({ type: 'resume', cursors: {} }));
    slow.write(frame(OP.ping, 'x'));
    while ((await slow.frame()).opcode !== OP.pong);
    slow.socket.pause();
    let last;
    await rises({ sheds_total: 1, 'catch_ups_total{cause="shed"}': 1 }, async () => {
      for (let i = 0; i < 150; i++) last = await alice.post(room, 'x'.repeat(4000));
    });
    await rises({ entries_replayed_total: 1 }, async () => {
      slow.socket.resume();
      while ((await slow.json()).seq !== last.seq);
    });
    await until('an empty queue', async () => (await metrics()).queue_bytes === 0);
    slow.drop();
  });
});

describe('what_goes_wrong', () => {
  test('a_link_that_is_cut_is_counted_for_each_worker', async () => {
    await exactly({ 'link_losses_total{link="subscriptions"}': WORKERS, 'link_losses_total{link="commands"}': 0 },
      () => stack.redis('CLIENT', 'KILL', 'TYPE', 'pubsub'));
  });

  test('a_canary_that_stays_away_grows_old', async () => {
    stack.kill('redis', 'SIGSTOP');
    try {
      await until('age', async () => (await metrics()).canary_age_seconds > 1.5, 5000);
    } finally {
      stack.kill('redis', 'SIGCONT');
    }
    await until('a young one', async () => (await metrics()).canary_age_seconds < 1);
  });

  test('a_worker_that_is_killed_leaves_its_counters_and_takes_its_gauges', async () => {
    const open = await inParallel(4, Array(CONNECTIONS).fill(), () => alice.reach());
    const earlier = await metrics();
    assert.ok(earlier.connections >= CONNECTIONS);
    for (const pid of childrenOf(stack.pid('pushd'))) process.kill(pid, 'SIGKILL');
    await Promise.all(open.map((one) => one.end()));
    const now = await until('new workers', async () => {
      const found = await metrics().catch(() => null);
      return found?.worker_starts_total === earlier.worker_starts_total + WORKERS && found;
    });
    assert.ok(now.connections <= WORKERS, `${now.connections} connections`);
    assert.equal(now.rooms + now.users, 0);
    for (const [name, value] of Object.entries(earlier))
      if (/_total\b|_count$|_bucket\b/.test(name)) assert.ok(now[name] >= value, `${name}: ${value}, then ${now[name]}`);
    await (await alice.reach()).close();
  });
});
