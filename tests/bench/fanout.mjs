/*
 * fanout: what one more reader of a message costs, beside the floor and beside the peers.
 *
 *   ./dev bench fanout [--connections N,N] [--rounds N] [--seconds N] [--rate N] [--only NAME,NAME]
 *                      [--json]
 *
 * One room, one message of about 200 bytes again and again, every contender on a unix socket of its
 * own without nginx before it, and one process that does the work. Twice each: at a fixed rate of
 * deliveries, and saturated, where orders of 16 messages each are sent for as long as too few are on
 * their way, so that neither Redis nor the publisher is what is waited for. Rounds are interleaved,
 * so that a bad minute of the machine meets all; figures are medians. What counts is the ratio:
 * processor time of the server alone, by that of the floor (see floor.c), which reads the same
 * publications from the same Redis and writes to the same kind of socket; when saturated also by
 * that of the coalescing one.
 */
import { parseArgs } from 'node:util';
import { contenders, pushd, startContender } from './contenders.mjs';
import { Load, cpuBetween, faultsOf, verdict } from './load.mjs';
import { openSite } from './site.mjs';
import { median, ms, number, show } from './table.mjs';

const MESSAGES_LEAST = 10;

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '100,1000,10000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
    rate: { type: 'string', default: '20000' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});

/* --- measuring --- */

const figures = ([before, after]) => ({
  ...cpuBetween(before, after, 'server'),
  p99_us: after.groups.all.latency.p99_us,
  per_second: ((after.deliveries - before.deliveries) * 1e9) / (after.at_ns - before.at_ns),
});

/* At a rate what is looked at has to be whole: so many messages, and all of them delivered. */
async function atRate(load, rate, seconds) {
  await load.during(`rate ${rate}`, 0);
  const before = await load.settle().then(() => load.say('fresh'));
  await load.during(`rate ${rate}`, seconds * 1000, 0);
  return figures([before, await load.settle()]);
}

async function saturated(load, batch, seconds) {
  await load.say(`orders ${batch}`);
  const taken = figures(await load.during('flood', seconds * 1000));
  return { taken, state: await load.settle() };
}

async function measure(contender, site, connections) {
  const server = await startContender(contender, site);
  const load = await Load.start({
    ...server.publisher, groups: { all: { connections, ...server.group } }, servers: { server: server.pid },
  });
  const rate = options.rate / connections;
  try {
    await load.enter('all');
    const fixed = await atRate(load, rate, Math.max(options.seconds, MESSAGES_LEAST / rate));
    const { taken, state } = await saturated(load, server.batch, options.seconds);
    return { fixed, saturated: taken, faults: faultsOf(state) };
  } finally {
    await load.end();
    await server.stop();
  }
}

/* {connections: {name: [{fixed, saturated, faults}, ...]}}; who fails is out, and that is said. */
async function measureAll(site, wanted, sizes) {
  const results = Object.fromEntries(sizes.map((n) => [n, {}]));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const n of sizes) {
      for (const contender of wanted.filter(({ most = Infinity }) => n <= most)) {
        const taken = await measure(contender, site, n).catch((error) => {
          console.error(`${contender.name}, ${n} connections: ${error.message}`);
        });
        if (taken) (results[n][contender.name] ??= []).push(taken);
      }
    }
  }
  return results;
}

/* --- the table --- */

const figure = (runs, load, key) => (runs ? median(runs.map((run) => run[load][key])) : NaN);
const cpu = (runs, load) => figure(runs, load, 'cpu_us');
const faultsIn = (runs) => runs.flatMap(({ faults }) => Object.values(faults)).reduce((a, b) => a + b, 0);

const row = (name, runs, { floor, 'coalescing floor': coalescing }) => [
  name,
  number(cpu(runs, 'fixed')), number(cpu(runs, 'fixed') / cpu(floor, 'fixed')),
  number(ms(figure(runs, 'fixed', 'p99_us'))), '|',
  number(cpu(runs, 'saturated'), 3), number(cpu(runs, 'saturated') / cpu(floor, 'saturated')),
  number(cpu(runs, 'saturated') / cpu(coalescing, 'saturated')),
  number(figure(runs, 'saturated', 'per_second') / 1000, 0), number(figure(runs, 'saturated', 'share') * 100, 0), '|',
  faultsIn(runs),
];

function report(results) {
  for (const [n, all] of Object.entries(results)) {
    console.log(`\n${n} connections: at ${options.rate} deliveries a second | saturated`);
    show([['', 'CPU us', 'x floor', 'p99 ms', '|', 'CPU us', 'x floor', 'x coalesc.', '1000/s', '% of core', '|', 'faults'],
      ...Object.entries(all).map(([name, runs]) => row(name, runs, all))]);
    for (const { faults } of all['stonechat-pushd'] ?? []) verdict(`stonechat-pushd, ${n} connections`, faults);
  }
}

const names = options.only.split(',').filter(Boolean);
/* All are started in the same way, ours too: the kernel schedules what is of another session differently. */
const wanted = contenders
  .filter(({ name, is_here }) => is_here() && (!names.length || names.includes(name)))
  .map((row) => ({ ...row, command: row.command ?? pushd() }));
const site = await openSite();
try {
  const results = await measureAll(site, wanted, options.connections.split(',').map(Number));
  const away = contenders.filter((one) => !one.is_here()).map(({ name }) => name);
  if (options.json) console.log(JSON.stringify(results));
  else {
    console.log(`CPU us: of the server, for one delivery; medians of ${options.rounds} rounds of ${options.seconds} s`
      + `${away.length ? `; not here: ${away.join(', ')}` : ''}`);
  }
  if (!options.json) report(results);
} finally {
  await site.close();
}
process.exit();
