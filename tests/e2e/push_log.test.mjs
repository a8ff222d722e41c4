/*
 * What the push daemon tells of itself: a line in the log for each decision, with the connection's,
 * user's and room's ids and never a secret; all that happens to the one user whom `log.user` names;
 * and the probes that a tracer finds in the program.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root, startStack } from '../support/stack.mjs';
import { MARK, newKey, signUp } from '../support/client.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { childrenOf } from '../support/process.mjs';
import { OP, Raw, frame, text, upgrade } from '../support/raw.mjs';
import { until } from '../support/wait.mjs';

const PROGRAM = join(process.env.STONECHAT_BUILD ?? join(root, 'build/plain'), 'stonechat-pushd');
let stack, alice, direct;

before(async () => {
  stack = await startStack({
    set: { 'push.queue_bytes': 4096, 'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0, 'limits.client_frames_per_s': 30 },
  });
  direct = { path: join(stack.dir, 'push.sock') };
  alice = await signUp(stack.url);
});
after(() => stack?.stop());

/* A line as {event, …}; values of ours have no escapes but in `why`. */
const read = (line) => Object.fromEntries(
  [...line.matchAll(/ (\w+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)].map(([, key, quoted, plain]) => [key, quoted ?? plain]));
const lines = () => stack.log('pushd').split('\n').filter(Boolean).map(read);

/* The one line that `deed` brings which holds all of `wanted`. */
async function brings(wanted, deed) {
  const fits = (line) => Object.entries(wanted).every(([key, value]) => line[key] === String(value));
  const before = lines().filter(fits).length;
  await deed();
  const found = await until(JSON.stringify(wanted), () => {
    const now = lines().filter(fits);
    return now.length > before && now.slice(before);
  });
  assert.equal(found.length, 1, JSON.stringify(found));
  return found[0];
}

const bearer = () => ({ Authorization: `Bearer ${alice.token}`, 'X-Real-IP': '192.0.2.7' });
const open = () => Raw.open(direct, bearer());

describe('a line for each decision', () => {
  test('somebody_is_let_in_and_leaves', async () => {
    let raw;
    const { conn, session } = await brings({ event: 'client_welcomed', user: alice.id, address: '192.0.2.7' },
      async () => { raw = await open(); });
    assert.equal(raw.welcome.conn, conn);
    assert.equal(session, alice.session.id);
    await brings({ event: 'client_gone', conn, user: alice.id, why: 'closed_by_client' }, () => raw.write(frame(OP.close, '')));
    const other = await open();
    await brings({ event: 'client_gone', conn: other.welcome.conn, user: alice.id, why: 'hung_up' }, () => other.drop());
  });

  test('somebody_is_put_out', async () => {
    for (const [why, bytes] of [
      ['unsupported_data', frame(OP.binary, 'x')],
      ['rate_limited', Buffer.concat(Array(100).fill(frame(OP.ping)))],
      ['bad_utf8', text(Buffer.from([0xff]))],
    ]) {
      const raw = await open();
      await brings({ event: 'client_gone', conn: raw.welcome.conn, user: alice.id, why }, () => raw.write(bytes));
      raw.drop();
    }
    const device = await alice.anotherDevice();
    const { welcome } = await device.connect();
    await brings({ event: 'client_gone', conn: welcome.conn, user: alice.id, why: 'session_ended' },
      () => device.must(204, 'DELETE', '/sessions/current'));
  });

  test('somebody_is_not_let_in', async () => {
    for (const [why, headers] of [
      ['unauthenticated', { Authorization: 'Bearer nobody.s1.x' }],
      ['cross_site', { Cookie: alice.cookie, Origin: 'https://evil.example' }],
      ['upgrade_required', { Upgrade: undefined }],
    ]) {
      await brings({ event: 'refused', why }, async () => {
        const raw = await Raw.connect(direct);
        raw.write(upgrade(headers));
        await raw.head();
        raw.drop();
      });
    }
  });

  test('a_cursor_is_refused', async () => {
    const room = await alice.openRoom();
    await brings({ event: 'reader_reset', user: alice.id, room, cursor: 99 }, async () => {
      const one = await alice.connect({ cursors: { [room]: 99 } });
      await one.next('reset');
      await one.close();
    });
  });

  test('a_queue_is_dropped', async () => {
    const room = await alice.openRoom();
    const slow = await open();
    slow.write(text({ type: 'resume', cursors: {} }));
    slow.write(frame(OP.ping, 'x'));
    while ((await slow.frame()).opcode !== OP.pong);
    slow.socket.pause();
    await brings({ event: 'queue_shed', conn: slow.welcome.conn, user: alice.id }, async () => {
      for (let i = 0; i < 120; i++) await alice.post(room, `${MARK}${'x'.repeat(3900)}`);
    });
    slow.drop();
  });

  test('a_gap_is_seen_and_filled', async () => {
    const room = await alice.openRoom();
    const one = await alice.connect();
    const { seq } = await alice.post(room);
    await one.entry(room, seq);
    const [, , json] = (await stack.redis('XREVRANGE', `{r:${room}}:log`, '+', '-', 'COUNT', '1')).split('\n');
    const lost = { ...JSON.parse(json), seq: seq + 1, n: seq + 1, key: newKey() };
    const filled = await brings({ event: 'gap_filled', room, upto: seq + 2 }, () =>
      brings({ event: 'gap_seen', room, seq, upto: seq + 2 }, async () => {
        for (const field of ['seq', 'n']) await stack.redis('HINCRBY', `{r:${room}}:room`, field, '1');
        await stack.redis('XADD', `{r:${room}}:log`, `${lost.seq}-0`, 'e', JSON.stringify(lost));
        await alice.post(room);
      }));
    assert.equal(filled.seq, String(seq + 2));
    await one.close();
  });

  test('a_log_is_another_one_with_one_line_for_all_readers', async () => {
    const room = await alice.openRoom();
    const all = await Promise.all([alice.connect(), alice.connect(), alice.connect()]);
    await alice.post(room);
    await brings({ event: 'log_rewritten', room, readers: 3 }, async () => {
      await stack.redis('DEL', `{r:${room}}:log`);
      await stack.redis('CLIENT', 'KILL', 'TYPE', 'pubsub');
      for (const one of all) await one.next('reset');
    });
    assert.equal(lines().filter((line) => line.event === 'reader_reset' && line.room === room).length, 0);
    for (const one of all) await one.close();
  });

  test('a_link_is_lost_and_up_again', async () => {
    await brings({ event: 'redis_link_up' }, () =>
      brings({ event: 'redis_link_lost' }, () => stack.redis('CLIENT', 'KILL', 'TYPE', 'pubsub')));
    await (await alice.reach()).close();
  });

  test('a_worker_dies_and_another_is_started', async () => {
    await brings({ event: 'worker_started' }, async () => {
      const [pid] = childrenOf(stack.pid('pushd'));
      await brings({ event: 'worker_gone', pid, signal: 9 }, () => process.kill(pid, 'SIGKILL'));
    });
    await (await alice.reach()).close();
  });
});

test('whom_log_user_names_is_followed_and_nobody_else', async () => {
  const file = join(stack.dir, 'stonechat.conf');
  const original = readFileSync(file, 'utf8');
  const follow = async (id) => {
    await brings({ event: 'settings_reloaded', changed: 'log.user' }, () => {
      writeFileSync(file, `${original}\n[log]\nuser = ${id}\n`);
      stack.kill('pushd', 'SIGHUP');
    });
  };
  const bob = await signUp(stack.url);
  const room = await bob.openRoom();
  await alice.join(room);
  const [his, hers] = [await bob.reach(), await alice.reach()];
  const followed = () => lines().filter(({ event }) => event === 'followed');
  assert.deepEqual(followed(), []);
  await follow(bob.id);
  await until('an entry on the connection that is open already', async () => {
    const { seq } = await alice.post(room, MARK);
    await hers.entry(room, seq);
    return followed().some((line) => line.what === 'entry' && line.seq === String(seq));
  });
  const back = await bob.connect({ cursors: { [room]: 1 } });
  await back.next('caught_up');
  await back.close();
  await until('its end', () => followed().some(({ conn, what }) => conn === back.welcome.conn && what === 'closed'));
  const story = followed().filter(({ conn }) => conn === back.welcome.conn);
  const told = (what) => story.find((line) => line.what === what);
  assert.equal(told('command').type, 'resume');
  assert.equal(told('opened').address, '127.0.0.1');
  assert.deepEqual([told('behind').room, told('behind').cursor], [room, '1']);
  assert.ok(story.some((line) => line.what === 'entry' && line.room === room && line.seq === '2'));
  assert.ok(story.some((line) => line.what === 'live' && line.room === room));
  assert.equal(told('closed').why, 'closed_by_client');
  for (const line of followed()) assert.deepEqual([line.user, line.level], [bob.id, 'debug']);
  await follow('');
  await until('silence', async () => {
    const count = followed().length;
    const { seq } = await alice.post(room);
    await his.entry(room, seq);
    return followed().length === count;
  });
  for (const one of [his, hers]) await one.close();
});

test('a_tracer_finds_every_probe', () => {
  const rows = [...readFileSync(join(root, 'pushd/probe.h'), 'utf8').matchAll(/^ {4}X\((\w+),/gm)].map(([, name]) => name);
  assert.ok(rows.length >= 9);
  const notes = execFileSync('readelf', ['-n', PROGRAM], { encoding: 'utf8' });
  const probes = [...notes.matchAll(/Provider: stonechat\s+Name: (\w+)\s+Location: (\w+), Base: \w+, Semaphore: (\w+)\s+Arguments: (.+)/g)];
  assert.deepEqual(probes.map(([, name]) => name).sort(), rows.sort());
  for (const [, name, location, semaphore, given] of probes) {
    assert.ok(Number(location) > 0 && Number(semaphore) > 0, name);
    assert.equal(given.trim().split(/\s+/).length, 4, name);
  }
});

test('no_secret_stands_in_any_log', () => assert.deepEqual(leaksIn(stack.dir), []));
