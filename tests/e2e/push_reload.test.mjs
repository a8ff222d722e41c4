/*
 * The push daemon's start and its SIGHUP: what the system must grant, which settings are taken over
 * while it runs, and that nobody's connection notices.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';
import { childrenOf } from '../support/process.mjs';
import { Raw, text, upgrade } from '../support/raw.mjs';
import { inParallel, until } from '../support/wait.mjs';

const WORKERS = 2;
const SITE = 'https://shop.example';
const BUILD = process.env.STONECHAT_BUILD ?? join(root, 'build/plain');
const PROGRAM = join(BUILD, 'stonechat-pushd');
let stack, alice, direct, file, original;

before(async () => {
  stack = await startStack({
    set: { 'push.workers': WORKERS, 'limits.client_frames_per_s': 0, 'limits.logins_per_minute': 0 },
  });
  direct = { path: join(stack.dir, 'push.sock') };
  file = join(stack.dir, 'stonechat.conf');
  original = readFileSync(file, 'utf8');
  alice = await signUp(stack.url);
});
after(() => stack?.stop());

const run = (command, ...args) => new Promise((resolve) => {
  execFile(command, args, (error, out, err) => resolve({ code: error?.code ?? 0, out, err }));
});

const linesOf = (event) => stack.log('pushd').split('\n').filter((line) => line.includes(` event=${event} `));

/* The daemon reads `more` below what the stack was started with; gives the line that it logs. */
async function reload(more, event = 'settings_reloaded') {
  const before = linesOf(event).length;
  writeFileSync(file, `${original}\n${more}\n`);
  stack.kill('pushd', 'SIGHUP');
  return until(event, () => linesOf(event)[before]);
}

async function knock(headers) {
  const raw = await Raw.connect(direct);
  raw.write(upgrade(headers));
  const { status } = await raw.head();
  raw.drop();
  return status;
}

const byCookie = () => knock({ Cookie: alice.cookie, Origin: SITE });
const byBearer = () => knock({ Authorization: `Bearer ${alice.token}`, 'X-Real-IP': '192.0.2.1' });

/* Until every worker answers so: each takes what the socket brings it. */
const allAnswer = (status, ask) => until(`${status} from all`, async () => {
  const all = await inParallel(1, Array(6 * WORKERS).fill(), ask);
  return all.every((one) => one === status);
});

test('without_the_descriptors_it_needs_it_does_not_start_and_says_what_to_do', async () => {
  for (const only of [[], ['-t']]) {
    const { code, err } = await run('prlimit', '--nofile=500:900', PROGRAM, '-c', file,
      '--set', 'push.connections=1000', '--set', 'push.socket=other.sock', ...only);
    assert.equal(code, 2, err);
    assert.match(err, /^stonechat-pushd: push\.connections: 1000 .* 1128 .* 900 .*LimitNOFILE.*ulimit.*lower this\n$/);
  }
  const fine = await run('prlimit', '--nofile=500:1128', PROGRAM, '-c', file, '-t', '--set', 'push.connections=1000');
  assert.equal(fine.code, 0, fine.err);
});

test('each_worker_may_open_as_many_as_it_promises', () => {
  for (const pid of childrenOf(stack.pid('pushd'))) {
    const [, soft] = /Max open files\s+(\d+)/.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'));
    assert.ok(Number(soft) >= 16000 + 64, soft);
  }
});

test('settings_are_taken_over_by_every_worker_and_no_connection_ends', async () => {
  const inside = await inParallel(4, Array(8).fill(), () => alice.reach());
  const pids = childrenOf(stack.pid('pushd'));
  assert.equal(await byCookie(), 403);
  const line = await reload(`[push]\norigins = ${SITE}`);
  assert.match(line, /changed=push\.origins$/);
  await allAnswer(101, byCookie);
  await reload('');
  await allAnswer(403, byCookie);
  for (const one of inside) await one.sync();
  assert.deepEqual(childrenOf(stack.pid('pushd')), pids);
  for (const one of inside) await one.close();
});

test('a_limit_that_is_lowered_holds_for_newcomers_and_spares_who_is_inside', async () => {
  const open = async () => {
    const raw = await Raw.connect(direct);
    raw.write(upgrade({ Authorization: `Bearer ${alice.token}`, 'X-Real-IP': '192.0.2.1' }));
    await raw.head();
    return raw;
  };
  const inside = await inParallel(2, Array(4).fill(), open);
  await reload('[limits]\nconnections_per_address = 4');
  await allAnswer(429, byBearer);
  for (const raw of inside) {
    raw.write(text({ type: 'ping', id: 'x' }));
    while ((await raw.json()).type !== 'pong');
  }
  await reload('');
  await allAnswer(101, byBearer);
  for (const raw of inside) raw.drop();
});

test('what_is_wrong_is_refused_and_all_stays_as_it_was', async () => {
  await reload(`[push]\norigins = ${SITE}`);
  await allAnswer(101, byCookie);
  const count = linesOf('settings_reloaded').length;
  const line = await reload('[push]\norigins =\nheartbeat_s = never', 'reload_refused');
  assert.match(line, /why=".*stonechat\.conf:\d+: push\.heartbeat_s: `never` is not a whole number"/);
  assert.equal(linesOf('settings_reloaded').length, count);
  await allAnswer(101, byCookie);
});

test('what_needs_a_restart_is_named_in_one_line', async () => {
  const line = await reload('[push]\nworkers = 5\nsocket = new.sock\n[redis]\nurl = redis://:secret@localhost', 'setting_needs_restart');
  assert.match(line, /settings="redis\.url push\.socket push\.workers"$/);
  assert.equal(childrenOf(stack.pid('pushd')).length, WORKERS);
  assert.doesNotMatch(stack.log('pushd'), /secret/);
  await (await alice.reach()).close();
});

test('a_worker_that_is_started_later_has_what_the_others_have', async () => {
  await reload(`[push]\norigins = ${SITE}`);
  const pids = childrenOf(stack.pid('pushd'));
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await until('new workers', () => {
    const now = childrenOf(stack.pid('pushd'));
    return now.length === WORKERS && !now.some((pid) => pids.includes(pid));
  });
  await until('the new door', async () => (await byCookie().catch(() => 0)) === 101);
  await allAnswer(101, byCookie);
});

test('a_hundred_hangups_at_once_end_nobody', async () => {
  const one = await alice.reach();
  const pids = childrenOf(stack.pid('pushd'));
  for (let i = 0; i < 100; i++) stack.kill('pushd', 'SIGHUP');
  await reload('[log]\nlevel = debug');
  await one.sync();
  await until('debug lines', async () => (await byCookie(), linesOf('conn_state').length > 0));
  assert.deepEqual(childrenOf(stack.pid('pushd')), pids);
  await one.close();
});
