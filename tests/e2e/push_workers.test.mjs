/*
 * Delivery by three workers of the push daemon (delivery.mjs), and what one of them takes with it
 * when it dies.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deliverySuite } from './delivery.mjs';
import { childrenOf, descriptorsOf, isAlive } from '../support/process.mjs';
import { until } from '../support/wait.mjs';

const WORKERS = 3;
const CONNECTIONS = 60;
const scene = deliverySuite({ 'push.workers': WORKERS });

const workers = () => childrenOf(scene.stack.pid('pushd'));
const counts = (pids) => new Map(pids.map((pid) => [pid, descriptorsOf(pid)]));

describe('a worker that is killed', () => {
  test('takes_only_its_own_connections_and_is_replaced', async () => {
    const before = workers();
    assert.equal(before.length, WORKERS);
    const idle = counts(before);
    const all = [];
    for (let i = 0; i < CONNECTIONS; i++) all.push(await scene.alice.connect());
    const own = new Map([...counts(before)].map(([pid, count]) => [pid, count - idle.get(pid)]));
    const [victim, its] = [...own].find(([, count]) => count > 0 && count < CONNECTIONS)
      ?? assert.fail(`one worker has them all: ${[...own.values()]}`);

    process.kill(victim, 'SIGKILL');
    await until('its connections to end', () => all.filter(({ over }) => over).length >= its);
    const living = all.filter(({ over }) => !over);
    assert.equal(living.length, CONNECTIONS - its);
    const { seq } = await scene.bob.post('lobby');
    for (const connection of living) await connection.entry('lobby', seq);
    await until('a new worker', () => workers().length === WORKERS, 3000);
    assert.ok(!workers().includes(victim));
    for (const worker of before.filter((pid) => pid !== victim)) assert.ok(isAlive(worker));
    for (let i = 0; i < 12; i++) await (await scene.alice.connect()).close();
    await Promise.all(living.map((connection) => connection.close()));
  });

  test('leaves_clients_that_come_back_without_a_gap', async () => {
    const connections = await Promise.all(Array.from({ length: 12 }, () => scene.alice.connect()));
    await Promise.all(connections.map((connection) => connection.sync()));
    const first = await scene.bob.post('lobby');
    await Promise.all(connections.map((connection) => connection.entry('lobby', first.seq)));
    for (const worker of workers()) process.kill(worker, 'SIGKILL');
    await Promise.all(connections.map((connection) => connection.end()));
    const second = await scene.bob.post('lobby');
    const back = await Promise.all(connections.map(({ order }) =>
      scene.alice.reach({ cursors: order.resume })));
    for (const connection of back) {
      await connection.entry('lobby', second.seq);
      await connection.close();
    }
  });

  test('is_not_outlived_by_others_when_the_master_is_killed', async () => {
    const master = scene.stack.pid('pushd');
    const orphans = workers();
    const connection = await scene.alice.connect();
    process.kill(master, 'SIGKILL');
    await until('the old workers to end', () => !orphans.some(isAlive), 3000);
    await connection.end();
    await until('a new master', async () => {
      const now = scene.stack.pid('pushd');
      return now !== master && isAlive(now);
    });
    const again = await scene.alice.reach();
    await again.sync();
    await again.close();
  });
});
