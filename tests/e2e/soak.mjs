/*
 * soak: everything breaks all the time, and nobody loses a word.
 *
 *   node tests/e2e/soak.mjs [--seconds N] [--seed N]
 *
 * Eight posters send messages until each is acknowledged; readers of every form come back with
 * their cursors, some of them slow (soak_people.mjs); meanwhile programs are killed, stopped, asked
 * to go and reloaded, and Redis is killed, frozen, cut off and drowned (soak_faults.mjs). In the
 * end every acknowledged message must be in the log exactly once, as it was acknowledged, every
 * reader must have seen every entry exactly once, in order, byte for byte as the log holds it, and
 * the daemons must be as small as at the beginning.
 *
 * It has a stack and a Redis of its own. A run on a build with sanitizers fails by their reports.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { descriptorsOf, familyOf, residentOf, sumOf } from '../support/process.mjs';
import { startRelay } from '../support/relay.mjs';
import { startRedis } from '../support/servers.mjs';
import { healthy } from '../support/steady.mjs';
import { sleep, until } from '../support/wait.mjs';
import { Checks, checkAcknowledged, checkDense, checkHistory, checkReader } from './soak_checks.mjs';
import { Misfortune, randomFrom } from './soak_faults.mjs';
import { FORMS, Poster, Reader } from './soak_people.mjs';

const POSTERS = 8;
const WORKERS = 3;
const CATCH_UP_MS = 120_000;
/* What the daemons may have grown by: rooms' tails, and what malloc keeps. */
const GROWTH = { bytes: 24 << 20, descriptors: 2 };
/* A sanitizer would keep what was freed for a while. */
const FRANK = 'quarantine_size_mb=0:thread_local_quarantine_size_kb=0';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

/* ---- the site ---- */

async function openSite() {
  const reports = mkdtempSync(join(tmpdir(), 'stonechat-reports-'));
  const redis = await startRedis();
  const relay = await startRelay(redis.port);
  const path = (name) => `log_path='${join(reports, name)}':${process.env[`${name.toUpperCase()}_OPTIONS`] ?? ''}`;
  const stack = await startStack({
    set: {
      'redis.url': redis.url.replace(`${redis.port}`, `${relay.port}`),
      'push.workers': WORKERS,
      'push.heartbeat_s': 3,
      'push.queue_bytes': 8192,
      'limits.messages_per_10s': 0,
      'limits.logins_per_minute': 0,
    },
    env: { ASAN_OPTIONS: `${path('asan')}:${FRANK}`, UBSAN_OPTIONS: `print_stacktrace=1:${path('ubsan')}` },
  });
  return {
    stack,
    redis,
    relay,
    reports: () => readdirSync(reports).map((name) => readFileSync(join(reports, name), 'utf8').slice(0, 2000)),
    async close() {
      await stack.stop();
      relay.close();
      redis.stop();
      rmSync(reports, { recursive: true });
    },
  };
}

/* The log as Redis holds it: texts in order of their ids. */
async function logOf(redis, room) {
  const log = [];
  for (let from = '-'; ; from = `(${log.at(-1).id}`) {
    const page = JSON.parse(await redis.ask('--json', 'XRANGE', `{r:${room}}:log`, from, '+', 'COUNT', '500'));
    if (page.length === 0) return log;
    log.push(...page.map(([id, [, text]]) => ({ id, text, entry: JSON.parse(text) })));
  }
}

function sizeOf(stack) {
  const family = familyOf(stack.pid('pushd'));
  return { bytes: sumOf(family, residentOf), descriptors: sumOf(family, descriptorsOf) };
}

/* ---- the run ---- */

async function play(site, seconds, seed) {
  const owner = await signUp(site.stack.url);
  const room = await owner.openRoom();
  const people = [];
  for (let i = 0; i < POSTERS + FORMS.length; i++) people.push(await signUp(site.stack.url));
  for (const person of people) await person.join(room);
  const posters = people.slice(0, POSTERS).map((person) => new Poster(person, room));
  const readers = people.slice(POSTERS).map((person, i) => new Reader(site.stack, person, room, FORMS[i]));
  const misfortune = new Misfortune({ ...site, room }, seed);

  let readersMayStop = false;
  const reading = readers.map((reader, i) => reader.run(() => readersMayStop, randomFrom(seed + 100 + i)));
  await until('the readers', () => readers.every(({ cursor }) => cursor[0] > 0), CATCH_UP_MS);
  const before = sizeOf(site.stack);
  const end = Date.now() + seconds * 1000;
  const isOver = () => Date.now() > end;
  await Promise.all([misfortune.run(isOver), ...posters.map((poster) => poster.run(isOver))]);

  await healthy(site.stack, CATCH_UP_MS);
  const log = await logOf(site.redis, room);
  for (const reader of readers) reader.wake();
  await until('the readers', () => readers.every(({ cursor }) => cursor[0] >= log.length), CATCH_UP_MS).catch(() => {});
  await sleep(5000); // for those who are just parting
  const after = sizeOf(site.stack);
  readersMayStop = true;
  for (const reader of readers) reader.end();
  await Promise.all(reading);
  return { owner, room, posters, readers, misfortune, log, before, after };
}

const checkGrowth = (before, after) => Object.keys(GROWTH)
  .filter((what) => after[what] > before[what] + GROWTH[what])
  .map((what) => `${before[what]} ${what} in the beginning, ${after[what]} in the end`);

async function judge(site, { owner, posters, readers, room, misfortune, log, before, after }) {
  const total = (of, field) => of.reduce((sum, one) => sum + one[field], 0);
  const acknowledged = posters.flatMap((poster) => poster.acknowledged);
  const faults = [...misfortune.counts];
  console.log(`faults: ${faults.reduce((sum, [, count]) => sum + count, 0)}`);
  for (const [name, count] of faults) console.log(`    ${String(count).padStart(5)}  ${name}`);
  console.log(`messages: ${acknowledged.length} acknowledged, ${total(posters, 'retries')} retries, `
    + `${total(posters, 'repeats')} answered as a repeat`);
  console.log(`readers: ${total(readers, 'reconnects')} reconnects, ${total(readers, 'caughtUp')} times caught up, `
    + `${total(readers, 'replayed')} entries replayed, ${total(readers, 'naps')} naps`);
  console.log(`pushd: ${before.bytes >> 20} MiB and ${before.descriptors} descriptors in the beginning, `
    + `${after.bytes >> 20} MiB and ${after.descriptors} in the end`);

  const checks = new Checks();
  checks.check(`the log of ${log.length} entries is dense`, checkDense(log));
  checks.check('every acknowledged message is in it once, as acknowledged', checkAcknowledged(log, acknowledged));
  checks.check('REST tells the same', checkHistory(log, await owner.history(room)));
  for (const reader of readers) {
    checks.check(`the reader ${reader.form.name} saw every entry once, in order`, checkReader(log, reader));
  }
  checks.check('something broke, and something was sent', [
    ...(faults.some(([, count]) => count) ? [] : ['no faults']),
    ...(acknowledged.length ? [] : ['no messages']),
  ]);
  checks.check('the push daemon is as small as before', checkGrowth(before, after));
  checks.check('nothing has died but by our hand', deathsIn(site.stack.dir));
  checks.check('the logs keep no secret', leaksIn(site.stack.dir));
  return checks;
}

const seed = Number(options.seed);
console.log(`soak: ${options.seconds} s, seed ${seed}`);
const site = await openSite();
try {
  const checks = await judge(site, await play(site, Number(options.seconds), seed));
  await site.stack.stop(); // what sanitizers find when a program ends, too
  checks.check('no sanitizer has anything to report', site.reports());
  console.log(`${checks.passed} passed, ${checks.failed} failed`);
  process.exitCode = checks.failed ? 1 : 0;
} finally {
  await site.close();
}
process.exit();
