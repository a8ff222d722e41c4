/*
 * slow: readers that have stopped, beside good ones in one busy room.
 *
 *   ./dev bench slow [--good N] [--stopped N] [--rate N] [--bytes N] [--seconds N]
 *                    [--rounds N] [--json]
 *
 * All are in one room of `rate` messages a second with a text of `bytes`, so that within `seconds`
 * sockets and queues are full. In each round the good ones are measured three times, `seconds` each:
 * alone, beside others that read as they do, and beside those when they have stopped reading.
 * Then these wake, and must get everything, in order and once; as they must after having been
 * away while the good ones were alone. `good` and `stopped` have processes of their own on the
 * generator's side. Memory: of the daemon with all connected, at its most in each phase, and after
 * waking; the bound to hold is push.queue_bytes a connection and, where this version knows it,
 * push.queue_total_bytes in all.
 */
import { parseArgs } from 'node:util';
import { Load, cpuBetween, faultsOf, verdict } from './load.mjs';
import { contender, startContender } from './contenders.mjs';
import { openSite } from './site.mjs';
import { median, ms, number, show } from './table.mjs';
import { sleep } from '../support/wait.mjs';
import { scrape } from '../support/scrape.mjs';

const LOOK_MS = 100;
const MIB = 1 << 20;

const { values: options } = parseArgs({
  options: {
    good: { type: 'string', default: '1000' },
    stopped: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '40' },
    bytes: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '12' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const [good, stopped, rate, seconds, rounds] =
  ['good', 'stopped', 'rate', 'seconds', 'rounds'].map((name) => Number(options[name]));

/* The good ones' figures over `seconds`, and the most memory seen meanwhile. */
async function listen(load) {
  await sleep(500);
  const before = await load.say('fresh');
  let after, most = 0;
  for (const until = Date.now() + seconds * 1000; Date.now() < until; await sleep(LOOK_MS)) {
    after = await load.look();
    most = Math.max(most, after.servers.pushd.rss);
  }
  const { p50_us, p99_us, max_us } = after.groups.good.latency;
  return { p50_us, p99_us, max_us, rss: most, ...cpuBetween(before, after, 'pushd') };
}

async function wake(load) {
  const began = performance.now();
  await load.say('hear stopped');
  const state = await load.settle(60_000);
  return { ms: performance.now() - began, rss: state.servers.pushd.rss, state };
}

async function oneRound(load, push) {
  await load.say('away stopped');
  await load.say(`rate ${rate}`);
  const alone = await listen(load);
  await load.enter('stopped');
  const reading = await listen(load);
  await load.say('deaf stopped');
  const silent = await listen(load);
  const metrics = await scrape(push, 'stonechat_pushd_');
  const { state, ...woken } = await wake(load);
  return { alone, reading, silent, woken, sheds: metrics.sheds_total, queue_bytes: metrics.queue_bytes, faults: faultsOf(state) };
}

function report(rest, taken, bound) {
  const of = (way, key) => median(taken.map((round) => round[way][key]));
  const row = (title, way) => [title, number(ms(of(way, 'p50_us'))), number(ms(of(way, 'p99_us'))),
    number(ms(of(way, 'max_us'))), number(of(way, 'cpu_us')), number(of(way, 'rss') / MIB, 1)];
  console.log(`${good} good readers, ${stopped} that stop; ${rate} messages of ${options.bytes} bytes a second; ${rounds} rounds of ${seconds} s`);
  show([['', 'p50 ms', 'p99 ms', 'most ms', 'CPU us', 'Rss MiB'],
    row('alone', 'alone'), row('beside others that read', 'reading'), row('beside those, stopped', 'silent')]);
  console.log(`good ones' p99 beside the stopped: x ${number(of('silent', 'p99_us') / of('alone', 'p99_us'))} of alone`);
  console.log(`pushd: ${number(rest / MIB, 1)} MiB with all connected, ${bound}; waiting at the end of a stop: `
    + `${number(median(taken.map((round) => round.queue_bytes)) / MIB, 1)} MiB, queues dropped so far: ${taken.at(-1).sheds}`);
  console.log(`woken: all had everything after ${number(median(taken.map((round) => round.woken.ms)), 0)} ms, `
    + `then ${number(of('woken', 'rss') / MIB, 1)} MiB; faults: ${verdict('slow', taken.at(-1).faults)}`);
}

const site = await openSite({ bytes: Number(options.bytes) });
const server = await startContender(contender('stonechat-pushd'), site);
const load = await Load.start({
  ...server.publisher, servers: { pushd: server.pid },
  groups: { good: { connections: good, ...server.group }, stopped: { connections: stopped, ...server.group } },
});
try {
  await load.enter('good');
  const rest = (await load.enter('stopped')).servers.pushd.rss;
  const taken = [];
  for (let i = 0; i < rounds; i++) taken.push(await oneRound(load, site.push));
  if (options.json) console.log(JSON.stringify({ rest, taken }));
  else report(rest, taken, site.settingsOf(['push.queue_bytes', 'push.queue_total_bytes']));
} finally {
  await load.end();
  await site.close();
}
process.exit();
