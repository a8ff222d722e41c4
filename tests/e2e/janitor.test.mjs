/*
 * The chores of stonechat-fcgi: done, by one instance at a time, and no hindrance to its end.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, startStack } from '../support/stack.mjs';
import { scrape } from '../support/scrape.mjs';
import { isAlive } from '../support/process.mjs';
import { sleep, until } from '../support/wait.mjs';

const RUNS = 'chore_runs_total{chore="lobby"}';
const EVERY_MS = 10_000;
const BINARY = join(process.env.STONECHAT_BUILD ?? join(root, 'build/plain'), 'stonechat-fcgi');

let stack;

before(async () => { stack = await startStack(); });
after(() => stack?.stop());

const metrics = () => scrape({ host: '127.0.0.2', port: stack.port }, 'stonechat_fcgi_', '/metrics/fcgi');

/* One more instance beside the stack's, on the same Redis. */
function another() {
  const settings = [`http.socket=${stack.dir}/second.sock`, 'log.level=info'].flatMap((pair) => ['--set', pair]);
  return spawn(BINARY, ['-c', join(stack.dir, 'stonechat.conf'), ...settings], { stdio: 'ignore' });
}

test('the_lobby_comes_back_by_itself', async () => {
  await until('the first turn', async () => (await metrics())[RUNS] > 0);
  await stack.redis('DEL', '{r:lobby}:room');
  await until('the lobby', async () => (await stack.redis('HGET', '{r:lobby}:room', 'kind')) === 'public');
  const { 'chore_failures_total{chore="lobby"}': failures, 'chore_last_seconds{chore="lobby"}': took } = await metrics();
  assert.equal(failures, 0);
  assert.ok(took > 0 && took < 10, `${took} s`);
});

test('of_two_instances_one_does_a_chore_and_when_it_stops_the_other', async () => {
  const second = another();
  try {
    let turns = 0;
    for (let [end, last] = [Date.now() + 2.5 * EVERY_MS, 0]; Date.now() < end; await sleep(50)) {
      const left = Number(await stack.redis('PTTL', 'chore:lobby'));
      turns += left > last;
      last = left;
    }
    assert.ok(turns >= 2 && turns <= 3, `${turns} turns in the time of two`);
    stack.kill('fcgi', 'SIGSTOP');
    try {
      await stack.redis('DEL', '{r:lobby}:room');
      await until('the lobby', () => stack.redis('HGET', '{r:lobby}:room', 'kind'));
    } finally {
      stack.kill('fcgi', 'SIGCONT');
    }
  } finally {
    second.kill('SIGKILL');
  }
});

test('the_program_ends_within_a_second_and_logs_no_failure', async () => {
  const pid = stack.kill('fcgi', 'SIGTERM');
  const began = Date.now();
  await until('its end', () => !isAlive(pid));
  assert.ok(Date.now() - began < 1500, `after ${Date.now() - began} ms`);
  assert.doesNotMatch(stack.log('fcgi'), /chore_failed|unfinished/);
});
