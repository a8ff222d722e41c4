/*
 * What the clock ends: connections that answer no ping, and sessions that have run out; and what a
 * clock of Redis's that has stepped back does not keep from ending.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';
import { OP, Raw, frame, text } from '../support/raw.mjs';

const HEARTBEAT_S = 1;
const SESSION_S = 6;
let stack;

before(async () => {
  stack = await startStack({
    set: { 'push.heartbeat_s': HEARTBEAT_S, 'accounts.session_max_s': SESSION_S, 'limits.logins_per_minute': 0 },
  });
});
after(() => stack?.stop());

const open = (person) =>
  Raw.open({ path: join(stack.dir, 'push.sock') }, { Authorization: `Bearer ${person.token}` });

describe('time', { concurrency: 3 }, () => {
  test('no_pong_is_4408', async () => {
    const raw = await open(await signUp(stack.url));
    assert.equal(raw.welcome.heartbeat, HEARTBEAT_S);
    const began = performance.now();
    const { code } = await raw.conclusion();
    const took = performance.now() - began;
    assert.equal(code, 4408);
    assert.ok(took > 900 && took < 4000, `after ${took} ms`);
  });

  test('pongs_keep_it_alive', async () => {
    const raw = await open(await signUp(stack.url));
    for (let pings = 0; pings < 3; ) {
      const { opcode, payload } = await raw.frame();
      assert.notEqual(opcode, OP.close, String(payload));
      if (opcode !== OP.ping) continue;
      pings++;
      raw.write(frame(OP.pong, payload));
    }
    raw.write(text({ type: 'ping', id: 'alive' }));
    assert.equal((await raw.json()).id, 'alive');
    raw.drop();
  });

  test('a_session_that_runs_out_closes_with_4401', async () => {
    const person = await signUp(stack.url);
    const began = performance.now();
    const connections = await Promise.all([person.connect(), person.connect()]);
    for (const connection of connections) {
      const { code } = await connection.end();
      const took = performance.now() - began;
      assert.equal(code, 4401);
      assert.ok(took > (SESSION_S - 1) * 1000 && took < (SESSION_S + 5) * 1000, `after ${took} ms`);
    }
    assert.equal((await person.call('GET', '/me')).status, 401);
    await assert.rejects(person.connect(), { status: 401 });
  });
});

describe('after Redis\'s clock has stepped back by an hour', () => {
  const later = () => String(Date.now() + 3_600_000);
  const call = async (script, ...words) => {
    const text = await readFile(new URL(`../../common/scripts/${script}.lua`, import.meta.url), 'utf8');
    return (await stack.redis('EVAL', text, ...words)).split('\n');
  };

  test('a_worker_that_has_died_is_not_alive_for_an_hour', async () => {
    const beat = () => call('node_beat', '1', 'nodes:then', 'here', '1', '', '100', '200', '1000');
    await stack.redis('ZADD', 'nodes:then', later(), 'died');
    assert.equal((await beat())[2], '+here+died');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual((await beat()).slice(2), ['~died+here', 'died']);
  });

  test('a_large_room_is_told_and_those_of_that_time_are_forgotten', async () => {
    const keys = ['{r:then}:online', '{r:then}:online_told'];
    await stack.redis('ZADD', keys[0], later(), 'gone');
    await stack.redis('SET', keys[1], `7 ${later()}`);
    const told = await call('room_online', '2', ...keys, '{r:then}:live', 'then', '60000', '5000', '1', 'ada', '0');
    assert.deepEqual(told, ['ok', '1', '-1']);
  });
});
