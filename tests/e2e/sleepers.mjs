/*
 * sleepers: readers that stop for a while, as a laptop does whose lid is closed, and wake again.
 *
 *   node tests/e2e/sleepers.mjs [--seconds 3600] [--every_ms 500]
 *
 * does it for an hour, with the settings that a site has; push_sleep.test.mjs does it for seconds,
 * with a faster heartbeat. Two kinds of them: the dead ones neither read nor send, and are closed by
 * 4408 after a ping that nobody has answered; the deaf ones never read but say that they live, so
 * they stay. Meanwhile somebody writes and others read. What sleepers cost the daemon is watched,
 * and given back once they are gone; everybody who wakes, reconnecting with a cursor where that is
 * needed, gets every entry once and in order.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startStack } from '../support/stack.mjs';
import { MARK, newKey, signUp } from '../support/client.mjs';
import { Order } from '../support/order.mjs';
import { descriptorsOf, familyOf, residentOf, sumOf } from '../support/process.mjs';
import { OP, Raw, frame, text } from '../support/raw.mjs';
import { scrape } from '../support/scrape.mjs';
import { sleep, until } from '../support/wait.mjs';

const KINDS = { dead: 4, deaf: 4 };
const PONG_EVERY_MS = 500;
/* What the daemon, and this machine, may take to part with somebody. */
const LAST_WORDS_S = 8;
/* Large, so that a sleeper's queue is full soon. */
const TEXT = `${MARK} ${'0123456789abcdef'.repeat(256)}`.slice(0, 4000);

class Sleeper {
  constructor(person, room, kind, target) {
    Object.assign(this, { person, room, kind, target, order: new Order({}) });
  }

  async open() {
    const cursors = this.order.resume;
    this.raw = await Raw.open(this.target, { Authorization: `Bearer ${this.person.token}` });
    this.raw.write(text({ type: 'resume', cursors }));
    this.order = new Order(cursors);
    this.order.take(this.raw.welcome);
  }

  fallAsleep() {
    this.raw.socket.pause();
    if (this.kind === 'deaf') {
      this.pongs = setInterval(() => this.raw.write(frame(OP.pong, 'alive')), PONG_EVERY_MS);
    }
  }

  /* Reads what is there, reconnects if it ended, and reads on to entry `last`. Gives the code of
   * the Close that was found, if any. */
  async wake(last) {
    clearInterval(this.pongs);
    this.raw.socket.resume();
    let code = null;
    while (this.order.cursors[this.room][0] < last) {
      const frame = await this.raw.json().catch((error) => error);
      if (!(frame instanceof Error)) {
        this.order.take(frame);
        continue;
      }
      assert.equal(code, null, `closed twice: ${frame.message}`);
      code = Number(/closed: (\d+)/.exec(frame.message)?.[1] ?? 1006);
      assert.deepEqual(this.order.faults, []);
      this.raw.drop();
      await this.open();
    }
    assert.deepEqual(this.order.faults, []);
    return code;
  }
}

/* What the daemon has in hand. */
async function burdenOf(stack) {
  const family = familyOf(stack.pid('pushd'));
  const metrics = await scrape(join(stack.dir, 'push.sock'), 'stonechat_pushd_');
  return {
    connections: metrics.connections,
    given_up: metrics['closes_total{code="4408",reason="no_pong"}'],
    queued: metrics.queue_bytes,
    resident: sumOf(family, residentOf),
    descriptors: sumOf(family, descriptorsOf),
  };
}

/*
 * Puts sleepers to sleep for so long while somebody writes every `every_ms`; half of them come
 * by nginx. Gives what was seen: {posted, codes, gone_ms, most, before, asleep, after}: by which
 * codes they were closed, when the dead were gone, the most bytes that were queued, and burdens of
 * the daemon before they came, at the end of their sleep, and when all were gone again.
 */
export async function sleepThrough(stack, { seconds, every_ms }) {
  const writer = await signUp(stack.url);
  const room = await writer.openRoom();
  const reader = await writer.connect();
  await reader.sync();
  const before = await burdenOf(stack);
  const targets = [{ path: join(stack.dir, 'push.sock') }, { host: '127.0.0.1', port: stack.port }];
  const sleepers = [];
  for (const [kind, count] of Object.entries(KINDS)) {
    for (let i = 0; i < count; i++) {
      const sleeper = new Sleeper(writer, room, kind, targets[i % targets.length]);
      sleepers.push(sleeper);
      await sleeper.open();
      sleeper.fallAsleep();
    }
  }

  let posted = 0, last = 0, most = 0, asleep, gone_ms;
  const began = Date.now();
  while (Date.now() - began < seconds * 1000) {
    ({ seq: last } = await writer.post(room, TEXT, newKey()));
    posted++;
    asleep = await burdenOf(stack);
    most = Math.max(most, asleep.queued);
    if (asleep.connections <= before.connections + KINDS.deaf) gone_ms ??= Date.now() - began;
    await sleep(every_ms);
  }
  await reader.entry(room, last);
  const codes = {};
  for (const sleeper of sleepers) {
    const code = await sleeper.wake(last);
    codes[sleeper.kind] = [...(codes[sleeper.kind] ?? []), code];
  }
  for (const { raw } of sleepers) raw.drop();
  const after = await until('the sleepers to be gone', async () => {
    const burden = await burdenOf(stack);
    return burden.connections <= before.connections && burden;
  });
  await reader.close();
  return { posted, codes, gone_ms, most, before, asleep, after };
}

/* What has to be true of that. */
export function judgeSleep({ codes, gone_ms, most, before, asleep, after }, { heartbeat_s, queue_bytes }) {
  const { dead, deaf } = KINDS;
  /* Where the kernel's buffers were full as well, no Close frame went through. */
  assert.deepEqual(codes.dead.filter((code) => code !== 4408 && code !== 1006), [], 'how the dead ended');
  assert.equal(after.given_up - before.given_up, dead, 'closed for want of a pong');
  assert.deepEqual(codes.deaf, Array(deaf).fill(null), 'the deaf were closed');
  assert.equal(asleep.connections, before.connections + deaf, 'the dead are still there');
  assert.ok(gone_ms < (2 * heartbeat_s + LAST_WORDS_S) * 1000, `the dead were gone after ${gone_ms} ms`);
  assert.ok(most <= (dead + deaf) * (queue_bytes + 8192), `${most} bytes were queued`);
  assert.ok(asleep.queued <= deaf * (queue_bytes + 8192), `${asleep.queued} bytes are queued for the deaf`);
  assert.equal(after.queued, 0);
  assert.ok(after.descriptors <= before.descriptors, `${after.descriptors} descriptors instead of ${before.descriptors}`);
}

async function main() {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '3600' }, every_ms: { type: 'string', default: '500' } },
  });
  const settings = { heartbeat_s: 25, queue_bytes: 262144 };
  const stack = await startStack({ set: { 'limits.messages_per_10s': 0 } });
  try {
    const seen = await sleepThrough(stack, { seconds: Number(values.seconds), every_ms: Number(values.every_ms), ...settings });
    console.log(JSON.stringify(seen, null, 2));
    judgeSleep(seen, settings);
    console.log('1 passed, 0 failed');
  } finally {
    await stack.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main().then(() => process.exit());
