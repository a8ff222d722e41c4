/*
 * nginx: its share of the whole chain, beside the same connections made to the daemon directly.
 *
 *   ./dev bench nginx [--connections N] [--rounds N] [--seconds N] [--rate N] [--json]
 *
 * The configuration is the one that ./dev up writes: TCP towards clients, a unix socket towards the
 * daemon, proxy_buffer_size 1k. Direct: the daemon's own socket. One room; at a fixed rate of
 * deliveries, and saturated. CPU us: a delivery's, of each program. Memory: by how much each program's
 * proportional set (Pss) has grown for an idle connection, user space alone. Interleaved; medians.
 */
import { parseArgs } from 'node:util';
import { Load, cpuBetween, faultsOf, verdict } from './load.mjs';
import { contender, startContender } from './contenders.mjs';
import { openSite } from './site.mjs';
import { median, ms, number, show } from './table.mjs';
import { sleep } from '../support/wait.mjs';

const SETTLE_MS = 1000;
const MESSAGES_LEAST = 10;

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    rate: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
  },
});
const connections = Number(options.connections);
const rate = options.rate / connections;
const PROGRAMS = ['pushd', 'nginx'];

const cpu = (before, after) => Object.fromEntries(PROGRAMS.map((name) => [name, cpuBetween(before, after, name).cpu_us]));

async function measure(site, target) {
  const server = await startContender(contender('stonechat-pushd'), site);
  const load = await Load.start({
    ...server.publisher, groups: { all: { connections, ...server.group, target } },
    servers: { pushd: site.pid(), nginx: site.stack.pid('nginx') },
  });
  try {
    const before = await load.look();
    await load.enter('all');
    await sleep(SETTLE_MS);
    const idle = await load.look();
    const [from] = await load.during(`rate ${rate}`, Math.max(options.seconds, MESSAGES_LEAST / rate) * 1000, 0);
    const to = await load.settle();
    await load.say(`orders ${server.batch}`);
    const flood = await load.during('flood', options.seconds * 1000);
    const end = await load.settle();
    const bytes = (name) => (idle.servers[name].pss - before.servers[name].pss) / connections;
    return {
      bytes: Object.fromEntries(PROGRAMS.map((name) => [name, bytes(name)])),
      fixed: { ...cpu(from, to), p99_ms: ms(to.groups.all.latency.p99_us) }, saturated: cpu(...flood), faults: faultsOf(end),
    };
  } finally {
    await load.end();
    await sleep(SETTLE_MS);
  }
}

/* Pages that an earlier crowd has left are used again: the first round tells what one costs. */
function row(name, runs) {
  const of = (load, key) => median(runs.map((run) => run[load][key]));
  const sums = ['fixed', 'saturated'].flatMap((load) => [of(load, 'pushd'), of(load, 'nginx'), of(load, 'pushd') + of(load, 'nginx')]);
  return [name, ...sums.slice(0, 3).map((value) => number(value)), number(of('fixed', 'p99_ms')), '|',
    ...sums.slice(3).map((value) => number(value, 3)), '|',
    ...PROGRAMS.map((program) => number(runs[0].bytes[program], 0)),
    runs.map(({ faults }) => verdict(name, faults)).find((said) => said !== 'none') ?? 'none'];
}

const site = await openSite({ users: 100 });
const WAYS = { 'through nginx': `127.0.0.1:${site.stack.port}`, direct: site.push };
try {
  const results = {};
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [way, target] of Object.entries(WAYS)) (results[way] ??= []).push(await measure(site, target));
  }
  if (options.json) console.log(JSON.stringify(results));
  else {
    console.log(`${connections} connections: CPU us at ${options.rate} deliveries a second | CPU us saturated | bytes an idle connection`);
    show([['', 'pushd', 'nginx', 'both', 'p99 ms', '|', 'pushd', 'nginx', 'both', '|', 'pushd', 'nginx', 'faults'],
      ...Object.entries(results).map(([way, runs]) => row(way, runs))]);
    console.log('(pushd\'s bytes: of the first crowd, which is the one through nginx; what it leaves is used again)');
  }
} finally {
  await site.close();
}
process.exit();
