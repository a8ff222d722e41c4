/*
 * What breaks around the programs: nginx, the disk that logs go to, the network to a client, the
 * log of a room that was cut short or comes from a backup.
 *
 * As in faults.test.mjs: nothing acknowledged is lost, nothing comes twice, and nobody has to start
 * anything by hand.
 */
import assert from 'node:assert/strict';
import { cpSync, closeSync, mkdtempSync, openSync, rmSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { Connection, newKey, newText, signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { isAlive } from '../support/process.mjs';
import { startRelay } from '../support/relay.mjs';
import { ask, scrape } from '../support/scrape.mjs';
import { startRedis } from '../support/servers.mjs';
import { fresh, healthy, holdsExactly, post } from '../support/steady.mjs';
import { inParallel, until } from '../support/wait.mjs';

const HEARTBEAT_S = 2;
let redis, stack, alice, bob;

before(async () => {
  redis = await startRedis();
  stack = await startStack({ set: {
    'redis.url': redis.url,
    'limits.messages_per_10s': 0,
    'limits.logins_per_minute': 0,
    'push.heartbeat_s': HEARTBEAT_S,
    'log.level': 'debug',
  } });
  alice = await signUp(stack.url);
  bob = await signUp(stack.url);
});
after(async () => {
  await stack?.stop();
  redis?.stop();
});
beforeEach(() => healthy(stack));

async function scene() {
  const room = await alice.openRoom();
  await bob.join(room);
  const connection = await bob.reach();
  await connection.sync();
  return { room, connection };
}

const metrics = () => scrape(join(stack.dir, 'push.sock'), 'stonechat_pushd_');

describe('nginx', () => {
  /* A kept connection that was just about to be closed costs a second try, with the same key. */
  function postAgain(room) {
    const body = fresh();
    return until('an acknowledgement', async () => {
      const answer = await post(alice, room, body).catch(() => ({}));
      return (answer.status === 201 || answer.status === 200) && answer.body.message;
    });
  }

  test('that_is_reloaded_closes_nobody', async () => {
    const { room, connection } = await scene();
    const posted = [];
    for (let round = 0; round < 3; round++) {
      stack.kill('nginx', 'SIGHUP');
      posted.push(...await inParallel(4, Array(20).fill(), () => postAgain(room)));
      await (await bob.reach()).close();
    }
    await connection.entry(room, Math.max(...posted.map(({ seq }) => seq)));
    assert.equal(connection.over, null);
    await holdsExactly(alice, room, posted);
    await connection.close();
  });

  test('that_is_killed_costs_a_reconnect_and_nothing_else', async () => {
    let { room, connection } = await scene();
    for (let round = 0; round < 3; round++) {
      const pid = stack.kill('nginx', 'SIGKILL');
      await connection.end();
      await until('another nginx', () => stack.pid('nginx') !== pid && isAlive(stack.pid('nginx')));
      await healthy(stack);
      const key = newKey();
      const post = () => alice.post(room, newText(), key).catch(() => null); // the killed one's worker may answer, or end
      const { seq } = await until('an answer', post);
      connection = await bob.reach({ cursors: connection.order.resume });
      await connection.entry(room, seq);
    }
    assert.equal(connection.of(room).filter(({ type }) => type === 'message').length, 1);
    await connection.close();
  });
});

describe('logs that can not be written', () => {
  /* Has a program started again with its log there; `undo` as it was. */
  async function logTo(make) {
    for (const name of ['pushd', 'fcgi']) {
      const log = join(stack.dir, 'log', `${name}.log`);
      rmSync(log, { force: true });
      make(log);
      const pid = stack.kill(name, 'SIGKILL');
      await until(`another ${name}`, () => stack.pid(name) !== pid && isAlive(stack.pid(name)));
    }
    await healthy(stack);
  }

  /* Each arrival and each departure is a line. */
  async function talk() {
    const { room, connection } = await scene();
    await inParallel(8, Array(1000).fill(), async () => (await bob.reach()).close());
    await inParallel(8, Array(100).fill(), () => alice.post(room));
    const { seq } = await alice.post(room);
    await connection.entry(room, seq);
    await connection.close();
    assert.equal((await ask(join(stack.dir, 'push.sock'), '/health')).status, 200);
    return (await metrics()).log_lines_dropped_total;
  }

  after(() => logTo(() => {}));

  test('since_the_disk_is_full_are_counted_and_nobody_is_kept_waiting', async () => {
    await logTo((log) => symlinkSync('/dev/full', log));
    assert.ok(await talk() > 0, 'no line was dropped');
  });

  test('since_nobody_reads_their_pipe_are_counted_and_nobody_is_kept_waiting', async () => {
    const held = [];
    await logTo((log) => {
      execFileSync('mkfifo', [log]);
      held.push(openSync(log, 'r+'));
    });
    try {
      assert.ok(await talk() > 0, 'no line was dropped');
    } finally {
      held.forEach(closeSync);
    }
  });
});

describe('a client whose network is gone without a word', () => {
  test('is_given_up_after_two_heartbeats_and_comes_back_complete', async () => {
    const relay = await startRelay(stack.port);
    const room = await alice.openRoom();
    await bob.join(room);
    const before = (await metrics()).connections;
    const headers = { authorization: `Bearer ${bob.token}` };
    const lost = await Connection.open(`ws://127.0.0.1:${relay.port}/ws`, { cursors: {}, headers });
    await lost.sync();
    const first = await alice.post(room);
    await lost.entry(room, first.seq);
    relay.cut();
    const began = performance.now();
    const posted = await inParallel(4, Array(30).fill(), () => alice.post(room));
    await until('the connection to be given up', async () => (await metrics()).connections <= before);
    const took = performance.now() - began;
    assert.ok(took < (2 * HEARTBEAT_S + 6) * 1000, `after ${took} ms`);
    const back = await bob.reach({ cursors: lost.order.resume });
    await back.entry(room, Math.max(...posted.map(({ seq }) => seq)));
    assert.equal(back.of(room).filter(({ type }) => type === 'message').length, posted.length);
    relay.close();
    await back.close();
  });
});

describe('a log', () => {
  test('trimmed_past_the_cursor_is_reset_and_never_a_silent_hole', async () => {
    const { room, connection } = await scene();
    const posted = [];
    for (let i = 0; i < 400; i++) posted.push(await alice.post(room)); // more than memory keeps
    const [old, kept] = [posted[10], posted[130]];
    await redis.ask('XTRIM', `{r:${room}}:log`, 'MINID', `${kept.seq}-0`);
    for (const cursor of [0, old.seq, [old.seq, old.at], kept.seq - 1]) {
      const back = await alice.reach({ cursors: { [room]: cursor } });
      assert.equal((await back.next((frame) => frame.room === room)).type, 'reset');
      const { seq } = await alice.post(room);
      await back.entry(room, seq);
      await back.close();
    }
    const back = await alice.reach({ cursors: { [room]: [kept.seq, kept.at] } });
    const { seq } = await alice.post(room);
    await back.entry(room, seq);
    await connection.entry(room, seq);
    assert.ok(![back, connection].some(({ frames }) => frames.some(({ type }) => type === 'reset')));
    await Promise.all([back.close(), connection.close()]);
  });

  test('that_comes_from_a_backup_is_told_by_reset_and_nothing_is_shown_that_it_does_not_hold', async () => {
    const { room, connection } = await scene();
    const kept = [];
    for (let i = 0; i < 5; i++) kept.push(await alice.post(room));
    const backup = join(mkdtempSync(join(tmpdir(), 'stonechat-backup-')), 'appendonlydir');
    cpSync(join(redis.folder, 'appendonlydir'), backup, { recursive: true });
    const gone = [];
    for (let i = 0; i < 4; i++) gone.push(await alice.post(room));
    await connection.entry(room, gone[3].seq);
    await redis.kill();
    rmSync(join(redis.folder, 'appendonlydir'), { recursive: true });
    cpSync(backup, join(redis.folder, 'appendonlydir'), { recursive: true });
    rmSync(join(backup, '..'), { recursive: true });
    await redis.start();
    await healthy(stack);

    await connection.next((frame) => frame.type === 'reset' && frame.room === room);
    const next = await alice.post(room);
    assert.equal(next.seq, gone[0].seq);
    await connection.entry(room, next.seq);
    assert.deepEqual(await alice.history(room), [...kept, next]);
    const past = await alice.reach({ cursors: { [room]: [gone[0].seq, gone[0].at] } });
    assert.equal((await past.next((frame) => frame.room === room)).type, 'reset');
    const before = await alice.reach({ cursors: { [room]: [kept[4].seq, kept[4].at] } });
    await before.entry(room, next.seq);
    await Promise.all([connection, past, before].map((one) => one.close()));
  });
});

test('nothing_has_died_by_itself', () => assert.deepEqual(deathsIn(stack.dir), []));
