/*
 * What the clock ends: connections that answer no ping, and sessions that have run out.
 */
import assert from 'node:assert/strict';
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
