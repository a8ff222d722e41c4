/*
 * soak: everything is killed all the time, and nobody loses a word.
 *
 *   node tests/e2e/soak.mjs [--seconds N] [--seed N] [--url URL --dir DIR]
 *
 * Eight posters send messages, each again with the same key until it is acknowledged; four readers
 * reconnect with their cursors; meanwhile stonechat-fcgi, stonechat-pushd and redis-server are each
 * killed with -9 about once a second, at random. In the end, every acknowledged message must be in
 * the log exactly once, as it was acknowledged, and every reader must have seen every entry
 * exactly once, in order, byte for byte as the log holds it.
 *
 * Without --url it starts a stack of its own.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { parseArgs, promisify } from 'node:util';
import { startStack } from '../support/stack.mjs';
import { Connection, newKey, newText, request, signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { isLogged } from '../support/order.mjs';
import { isAlive, nameOf } from '../support/process.mjs';
import { sleep, until } from '../support/wait.mjs';

const POSTERS = 8;
const READERS = 4;
/* Of one poster; together they send at most 40 a second. */
const POST_EVERY_MS = 200;
const KILL_EVERY_MS = 1000;
const ANSWER_MS = 4000;
const CATCH_UP_MS = 60_000;
const VICTIMS = { fcgi: 'stonechat-fcgi', pushd: 'stonechat-pushd', redis: 'redis-server' };

/* Mulberry32: a small generator, so that a run can be repeated by its seed. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/* ---- those who write ---- */

class Poster {
  constructor(person, room) {
    Object.assign(this, { person, room, acknowledged: [], retries: 0, repeats: 0, pending: null });
  }

  async run(isOver) {
    while (!isOver()) {
      const began = Date.now();
      await this.send({ key: newKey(), text: newText() });
      await sleep(Math.max(0, began + POST_EVERY_MS - Date.now()));
    }
  }

  /* One message, until it is acknowledged. */
  async send(body) {
    this.pending = body.key;
    for (let pause = 50; ; pause = Math.min(pause * 2, 400)) {
      const answer = await this.person
        .call('POST', `/rooms/${this.room}/messages`, body, { timeout_ms: ANSWER_MS })
        .catch(() => ({ status: 0 }));
      if (answer.status === 201 || answer.status === 200) {
        if (answer.status === 200) this.repeats++;
        this.acknowledged.push(answer.body.message);
        this.pending = null;
        return;
      }
      if (![0, 502, 503, 504].includes(answer.status)) {
        throw new Error(`POST was answered ${answer.status}: ${answer.text}`);
      }
      this.retries++;
      await sleep(pause);
    }
  }
}

/* ---- those who read ---- */

class Reader {
  constructor(person, room) {
    Object.assign(this, { person, room, seen: [], cursor: [0, 0], reconnects: 0, caughtUp: 0, replayed: 0 });
    this.faults = [];
    this.resets = 0;
  }

  async run(isOver) {
    for (let pause = 50; !isOver(); ) {
      try {
        const began = Date.now();
        this.connection = await this.open();
        await this.connection.ended;
        pause = Date.now() - began > 1000 ? 50 : pause;
      } catch (error) {
        if (error.status && ![502, 503, 504].includes(error.status)) {
          this.faults.push(`the upgrade was answered ${error.status}: ${error.text}`);
        }
      }
      if (!isOver()) await sleep(pause);
      pause = Math.min(pause * 2, 500);
      this.reconnects++;
    }
  }

  open() {
    let replaying = true;
    const address = `${this.person.url.replace(/^http/, 'ws')}/ws`;
    const headers = { authorization: `Bearer ${this.person.token}` };
    const cursors = { [this.room]: this.cursor[0] ? this.cursor : 0 };
    return Connection.open(address, {
      cursors,
      headers,
      onFrame: (frame, text) => {
        if (frame.room !== this.room) return;
        if (frame.type === 'caught_up') {
          replaying = false;
          this.caughtUp++;
        }
        if (frame.type === 'reset') this.resets++;
        if (!isLogged(frame)) return;
        if (replaying) this.replayed++;
        if (frame.seq !== this.cursor[0] + 1) this.faults.push(`${frame.seq} came after ${this.cursor[0]}`);
        this.cursor = [frame.seq, frame.at];
        this.seen.push(text);
      },
    });
  }
}

/* ---- he who kills ---- */

class Killer {
  constructor(dir, random) {
    Object.assign(this, { dir, random, kills: { fcgi: 0, pushd: 0, redis: 0 } });
  }

  /* Each victim on its own, after pauses of one second in the mean. */
  run(isOver) {
    return Promise.all(Object.keys(VICTIMS).map(async (which) => {
      while (!isOver()) {
        await sleep(KILL_EVERY_MS * (0.2 + 1.6 * this.random()));
        if (!isOver()) this.kill(which);
      }
    }));
  }

  kill(which) {
    try {
      const pid = Number(readFileSync(join(this.dir, `${which}.pid`), 'utf8'));
      if (!isAlive(pid) || nameOf(pid) !== VICTIMS[which]) return;
      process.kill(pid, 'SIGKILL');
      this.kills[which]++;
    } catch {
      // Dead already, and not back yet.
    }
  }
}

/* ---- the checks ---- */

class Checks {
  constructor() {
    this.passed = 0;
    this.failed = 0;
  }

  /* `differences`: what is wrong, as sentences; the first ones are shown. */
  check(what, differences) {
    if (differences.length) this.failed++;
    else this.passed++;
    console.log(`${differences.length ? 'not ok' : 'ok'} - ${what}`);
    for (const one of differences.slice(0, 3)) console.log(`    ${one}`);
    if (differences.length > 3) console.log(`    and ${differences.length - 3} more`);
  }
}

const withoutType = ({ type, ...rest }) => rest;
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/* The log as Redis holds it: texts in order of their ids. */
async function logOf(redis, room) {
  const answer = await redis('--json', 'XRANGE', `{r:${room}}:log`, '-', '+');
  return JSON.parse(answer).map(([id, [, text]]) => ({ id, text, entry: JSON.parse(text) }));
}

function checkDense(log) {
  const wrong = [];
  let n = 0;
  log.forEach(({ id, entry }, i) => {
    if (entry.type === 'message') n++;
    if (id !== `${i + 1}-0` || entry.seq !== i + 1) wrong.push(`place ${i + 1} holds ${id}, seq ${entry.seq}`);
    if (entry.n !== n) wrong.push(`entry ${id} says n ${entry.n} instead of ${n}`);
  });
  return wrong;
}

function checkAcknowledged(log, acknowledged) {
  const byKey = new Map();
  for (const { entry } of log) {
    if (entry.type !== 'message') continue;
    byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), withoutType(entry)]);
  }
  const wrong = acknowledged.flatMap((message) => {
    const found = byKey.get(message.key) ?? [];
    if (found.length !== 1) return [`${message.key} is in the log ${found.length} times`];
    if (same(found[0], message)) return [];
    return [`acknowledged: ${JSON.stringify(message)}, in the log: ${JSON.stringify(found[0])}`];
  });
  if (byKey.size !== acknowledged.length) wrong.push(`${acknowledged.length} acknowledged, ${byKey.size} in the log`);
  return wrong;
}

function checkHistory(log, history) {
  const messages = log.filter(({ entry }) => entry.type === 'message').map(({ entry }) => withoutType(entry));
  if (messages.length !== history.length) return [`${messages.length} in the log, ${history.length} by REST`];
  return messages.flatMap((message, i) => (same(message, history[i]) ? [] : [`${message.seq} differs`]));
}

function checkReader(log, reader) {
  const wrong = [...reader.faults];
  if (reader.resets) wrong.push(`${reader.resets} resets`);
  if (reader.seen.length !== log.length) wrong.push(`saw ${reader.seen.length} of ${log.length} entries`);
  log.forEach(({ id, text }, i) => {
    if (i < reader.seen.length && reader.seen[i] !== text) wrong.push(`${id} was seen as ${reader.seen[i]}`);
  });
  return wrong;
}

/* ---- the run ---- */

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    url: { type: 'string' },
    dir: { type: 'string' },
  },
});

/* A stack that runs already, as startStack would give it. */
function existingStack({ url, dir }) {
  const redis = async (...args) =>
    (await promisify(execFile)('redis-cli', ['-s', join(dir, 'redis.sock'), ...args], { maxBuffer: 1 << 30 })).stdout;
  return { url, dir, redis, stop: async () => {} };
}

async function play(stack, seconds, seed) {
  const owner = await signUp(stack.url);
  const room = await owner.openRoom();
  const people = [];
  for (let i = 0; i < POSTERS + READERS; i++) people.push(await signUp(stack.url));
  for (const person of people) await person.join(room);
  const posters = people.slice(0, POSTERS).map((person) => new Poster(person, room));
  const readers = people.slice(POSTERS).map((person) => new Reader(person, room));
  const killer = new Killer(stack.dir, randomFrom(seed));

  const end = Date.now() + seconds * 1000;
  let readersMayStop = false;
  const isOver = () => Date.now() > end;
  const reading = readers.map((reader) => reader.run(() => readersMayStop));
  await Promise.all([killer.run(isOver), ...posters.map((poster) => poster.run(isOver))]);

  await until('health', async () =>
    (await request(stack.url, 'GET', '/api/v1/health').catch(() => ({}))).status === 200, CATCH_UP_MS);
  const log = await logOf(stack.redis, room);
  await until('the readers', () => readers.every(({ cursor }) => cursor[0] >= log.length), CATCH_UP_MS).catch(() => {});
  readersMayStop = true;
  for (const { connection } of readers) connection?.socket.terminate();
  await Promise.all(reading);
  return { owner, room, posters, readers, killer, log };
}

async function judge(stack, { owner, posters, readers, room, killer, log }) {
  const total = (of, field) => of.reduce((sum, one) => sum + one[field], 0);
  const acknowledged = posters.flatMap((poster) => poster.acknowledged);
  console.log(`kills: ${Object.entries(killer.kills).map(([which, count]) => `${VICTIMS[which]} ${count}`).join(', ')}`);
  console.log(`messages: ${acknowledged.length} acknowledged, ${total(posters, 'retries')} retries, `
    + `${total(posters, 'repeats')} answered as a repeat`);
  console.log(`readers: ${total(readers, 'reconnects')} reconnects, ${total(readers, 'caughtUp')} times caught up, `
    + `${total(readers, 'replayed')} entries replayed`);

  const checks = new Checks();
  checks.check(`the log of ${log.length} entries is dense`, checkDense(log));
  checks.check('every acknowledged message is in it once, as acknowledged', checkAcknowledged(log, acknowledged));
  checks.check('REST tells the same', checkHistory(log, await owner.history(room)));
  readers.forEach((reader, i) => {
    checks.check(`reader ${i + 1} saw every entry once, in order`, checkReader(log, reader));
  });
  checks.check('something was killed, and something sent', [
    ...Object.entries(killer.kills).flatMap(([which, count]) => (count ? [] : [`no ${which}`])),
    ...(acknowledged.length ? [] : ['no messages']),
  ]);
  checks.check('nothing has died but by our hand', deathsIn(stack.dir));
  checks.check('the logs keep no secret', leaksIn(stack.dir));
  return checks;
}

const seed = Number(options.seed);
console.log(`soak: ${options.seconds} s, seed ${seed}`);
const stack = options.url
  ? existingStack(options)
  : await startStack({ set: { 'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0 } });
try {
  const checks = await judge(stack, await play(stack, Number(options.seconds), seed));
  console.log(`${checks.passed} passed, ${checks.failed} failed`);
  process.exitCode = checks.failed ? 1 : 0;
} finally {
  await stack.stop();
}
process.exit();
