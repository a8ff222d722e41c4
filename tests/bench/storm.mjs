/*
 * storm: ten thousand come back at once, with their cursors, while messages go on.
 *
 *   ./dev bench storm [--connections N] [--established N] [--rooms N] [--rate N] [--rounds N]
 *                     [--only kill,term,cut] [--json]
 *
 * kill: the daemon is ended by kill -9 and all try again until it is back. term: by SIGTERM, and each
 * stays away for the retry_ms of its Close 1012. cut: it goes on, but all connections are lost at one
 * moment. Meanwhile others, the established, go on reading in the same rooms: at a second daemon of the
 * same Redis, or, with cut, at the same one. Times are from the signal until a connection has its
 * whole replay. Reads of logs are XRANGE and XREVRANGE as Redis has counted them, both daemons
 * together. Whoever misses one message, or gets one twice, is a fault.
 */
import { parseArgs } from 'node:util';
import { contender, pushd, startContender } from './contenders.mjs';
import { Load, faultsOf, verdict } from './load.mjs';
import { between, commandStats } from './redis.mjs';
import { openSite } from './site.mjs';
import { median, ms, number, show } from './table.mjs';
import { isAlive } from '../support/process.mjs';
import { sleep } from '../support/wait.mjs';

const CALM_MS = 3000;

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    established: { type: 'string', default: '1000' },
    rooms: { type: 'string', default: '100' },
    rate: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '1' },
    only: { type: 'string', default: 'kill,term,cut' },
    json: { type: 'boolean', default: false },
  },
});
const connections = Number(options.connections);

/* What happens to those who return. The daemon leads a process group of its own. */
const BLOWS = {
  kill: (site) => process.kill(-site.pid(), 'SIGKILL'),
  term: (site) => process.kill(site.pid(), 'SIGTERM'),
  cut: (_, load) => load.say('cut returning'),
};

/* Connections that have been let in so far, or are about to be. */
const arrivalsOf = ({ tries, crowded, unheard, refused }) => tries - crowded - unheard - refused;
const arrivals = (state) => arrivalsOf(state.groups.returning);

async function strike(blow, site, load) {
  const before = { state: await load.say('fresh'), commands: await commandStats(site.stack), pid: site.pid() };
  const was = arrivals(before.state);
  await load.say('begin returning');
  await BLOWS[blow](site, load);
  if (blow !== 'cut') await load.until('the daemon is gone', () => !isAlive(before.pid));
  const after = await load.until('all are back', (state) =>
    arrivals(state) - was >= connections && state.groups.returning.in === connections);
  await sleep(500);
  return { before, after, commands: between(before.commands, await commandStats(site.stack)) };
}

function figures({ before, after, commands }, calm, end) {
  const [was, is] = [before.state.groups.returning, after.groups.returning];
  const since = (name) => is[name] - was[name];
  const lost = arrivalsOf(after.groups.established) - arrivalsOf(before.state.groups.established);
  return {
    p50_ms: ms(is.entering.p50_us), p99_ms: ms(is.entering.p99_us), max_ms: ms(is.entering.max_us),
    reads: (commands.xrange ?? 0) + (commands.xrevrange ?? 0), commands,
    tries: since('tries') - since('crowded'), refused: since('refused'), unheard: since('unheard'),
    restarts: since('restarts'), crowded: since('crowded'),
    calm_p99_ms: ms(calm.groups.established.latency.p99_us), storm_p99_ms: ms(after.groups.established.latency.p99_us),
    storm_max_ms: ms(after.groups.established.latency.max_us), faults: { ...faultsOf(end), ...(lost && { lost }) },
  };
}

async function measure(blow, site, beside) {
  const here = await startContender(contender('stonechat-pushd'), site);
  const group = { credentials: site.people };
  const load = await Load.start({
    ...here.publisher,
    groups: {
      established: { connections: options.established, target: blow === 'cut' ? site.push : beside.group.target, returns: true, ...group },
      returning: { connections, target: site.push, opening: 0, returns: true, ...group },
    },
  });
  try {
    await load.enter('established');
    await load.enter('returning');
    const [, calm] = await load.during(`rate ${options.rate}`, CALM_MS);
    const taken = await strike(blow, site, load);
    return figures(taken, calm, await load.settle());
  } finally {
    await load.end();
  }
}

const ROWS = [
  ['ms until back: p50', 'p50_ms', 0], ['  p99', 'p99_ms', 0], ['  the last', 'max_ms', 0],
  ['connections tried', 'tries', 0], ['  answered 503', 'refused', 0], ['  nobody listened', 'unheard', 0],
  ['  the queue was full', 'crowded', 0], ['closed with 1012', 'restarts', 0],
  ['log reads', 'reads', 0], ['established p99 ms before', 'calm_p99_ms', 1],
  ['  in the storm', 'storm_p99_ms', 1], ['  at most', 'storm_max_ms', 1],
];

function report(results) {
  console.log(`${connections} connections come back to ${options.rooms} rooms, ${options.rate} messages a second, `
    + `${options.established} established; medians of ${options.rounds}`);
  const all = Object.entries(results);
  show([['', ...all.map(([blow]) => blow)],
    ...ROWS.map(([title, key, digits]) => [title, ...all.map(([, runs]) => number(median(runs.map((run) => run[key])), digits))]),
    ['faults', ...all.map(([blow, runs]) => runs.map(({ faults }) => verdict(blow, faults)).find((said) => said !== 'none') ?? 'none')]]);
}

const site = await openSite({
  rooms: Number(options.rooms), users: connections, set: { 'push.connections': connections + Number(options.established) + 100 },
});
const beside = await startContender({ ...contender('stonechat-pushd'), name: 'beside', command: pushd() }, site);
try {
  const results = {};
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const blow of options.only.split(',')) (results[blow] ??= []).push(await measure(blow, site, beside));
  }
  if (options.json) console.log(JSON.stringify(results));
  else report(results);
} finally {
  await beside.stop();
  await site.close();
}
process.exit();
