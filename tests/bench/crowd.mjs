/*
 * crowd: a hundred thousand connections over several workers, held while messages go on.
 *
 *   ./dev bench crowd [--connections N] [--workers N] [--in-room N] [--rate N] [--seconds N]
 *                     [--floor-seconds N] [--json]
 *
 * Each connection is an account of its own with a session, in one room of `in-room`; `rate` messages
 * a second in all go to the rooms in turn. First the floor: as many workers with the same rooms and
 * the same connections, which know nothing of accounts, for `floor-seconds` (0: not at all). Then
 * stonechat-pushd for `seconds`. What is to be seen: every connection has every message of its room,
 * once and in order, for all that time; latency and processor time beside the floor's; memory of
 * all processes; how evenly the workers, which share one listening socket, have been chosen.
 * Generator, Redis and server share the machine.
 */
import { parseArgs } from 'node:util';
import { Load, cpuBetween, faultsOf, verdict } from './load.mjs';
import { contender, floor, startContender } from './contenders.mjs';
import { openSite } from './site.mjs';
import { ms, number, show } from './table.mjs';
import { descriptorsOf, familyOf } from '../support/process.mjs';
import { sleep } from '../support/wait.mjs';

const WORKER_CONNECTIONS = 18_000;
const WARM_MS = 2000;
const REPORT_MS = 15_000;
const MIB = 1 << 20;

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '100000' },
    workers: { type: 'string', default: '7' },
    'in-room': { type: 'string', default: '100' },
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '300' },
    'floor-seconds': { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
});
const connections = Number(options.connections);
const rooms = Math.round(connections / options['in-room']);

/* One line a while for whoever waits; gives the last state. */
async function hold(load, name, seconds) {
  let state = await load.look();
  for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
    await sleep(Math.min(REPORT_MS, until - Date.now()));
    state = await load.look();
    const { in: there, gaps, duplicates, latency } = state.groups.all;
    const late = (state.expected - state.deliveries) / (connections / rooms);
    console.error(`${name}: ${there} in, ${state.deliveries} deliveries, ${gaps} gaps, ${duplicates} duplicates, `
      + `p50 ${number(ms(latency.p50_us), 1)} ms, p99 ${number(ms(latency.p99_us), 1)} ms, most ${number(ms(latency.max_us), 0)} ms so far; ${number(late, 0)} messages on their way`);
  }
  return state;
}

async function measure(name, server, seconds) {
  const load = await Load.start({
    ...server.publisher, groups: { all: { connections, returns: true, ...server.group } }, servers: { server: server.pid },
  });
  try {
    const empty = await load.look();
    const opened = await load.enter('all');
    await sleep(WARM_MS);
    const full = await load.look();
    const spread = familyOf(server.pid).map(descriptorsOf).sort((a, b) => b - a).slice(0, Number(options.workers));
    const [before] = await load.during(`rate ${options.rate}`, 0, WARM_MS);
    const after = await hold(load, name, seconds);
    const end = await load.settle();
    const { p50_us, p99_us, max_us } = after.groups.all.latency;
    return {
      opened_ms: ms(opened.groups.all.entering.max_us), open_cpu_us: (full.servers.server.cpu_ns - empty.servers.server.cpu_ns) / 1000 / connections,
      refused: opened.groups.all.refused, ...cpuBetween(before, after, 'server'), p50_ms: ms(p50_us), p99_ms: ms(p99_us), max_ms: ms(max_us),
      empty: empty.servers.server.pss, full: full.servers.server.pss, end: end.servers.server.pss, spread,
      left: connections - end.groups.all.in, faults: faultsOf(end), deliveries: end.deliveries,
    };
  } finally {
    await load.end();
  }
}

const ROWS = [
  ['all in after s', ({ opened_ms }) => number(opened_ms / 1000, 1)],
  ['  CPU us a handshake', ({ open_cpu_us }) => number(open_cpu_us, 1)],
  ['  answered 503 meanwhile', ({ refused }) => refused],
  ['deliveries', ({ deliveries }) => deliveries],
  ['p50 ms', ({ p50_ms }) => number(p50_ms)], ['p99 ms', ({ p99_ms }) => number(p99_ms)], ['most ms', ({ max_ms }) => number(max_ms, 1)],
  ['CPU us a delivery', ({ cpu_us }) => number(cpu_us)], ['% of a core', ({ share }) => number(share * 100, 0)],
  ['Pss MiB empty', ({ empty }) => number(empty / MIB, 1)], ['  all in', ({ full }) => number(full / MIB, 1)],
  ['  at the end', ({ end }) => number(end / MIB, 1)],
  ['  bytes a connection', ({ empty, end }) => number((end - empty) / connections, 0)],
  ['descriptors of a worker, most', ({ spread }) => spread[0]], ['  least', ({ spread }) => spread.at(-1)],
];

function report(results) {
  console.log(`${connections} connections in ${rooms} rooms, ${options.workers} workers, ${options.rate} messages a second; `
    + `floor ${options['floor-seconds']} s, pushd ${options.seconds} s`);
  const all = Object.entries(results);
  show([['', ...all.map(([name]) => name)], ...ROWS.map(([title, cell]) => [title, ...all.map(([, it]) => cell(it))]),
    ['faults', ...all.map(([name, { faults, left }]) => verdict(name, left ? { ...faults, left } : faults))]]);
}

const site = await openSite({
  rooms, users: connections, set: { 'push.workers': options.workers, 'push.connections': WORKER_CONNECTIONS },
});
try {
  const results = {};
  if (options['floor-seconds'] > 0) {
    const row = { ...contender('floor'), command: floor('--workers', options.workers), group: () => ({ credentials: site.people, path: '/ws?room=' }) };
    const server = await startContender(row, site);
    results.floor = await measure('floor', server, Number(options['floor-seconds']));
    await server.stop();
  }
  results['stonechat-pushd'] = await measure('stonechat-pushd', await startContender(contender('stonechat-pushd'), site), Number(options.seconds));
  if (options.json) console.log(JSON.stringify(results));
  else report(results);
} finally {
  await site.close();
}
process.exit();
