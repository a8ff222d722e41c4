/*
 * handshakes: what letting people in costs: upgrade, sign-in, rooms, and the cursor resumed.
 *
 *   ./dev bench handshakes [--connections N] [--users N] [--rooms N] [--rounds N] [--only NAME,NAME]
 *                          [--json]
 *
 * Once with 100 on their way at a time, once all at the same moment. Ours present a token and a
 * cursor, and are in when the room's replay is done (`caught_up`); the floor and the peers only
 * upgrade, and Socket.IO has its own greeting besides. CPU us: of the server alone, for one; what it
 * lets Redis do isn't in it and is told by the commands: those that the daemon sends (seen by
 * MONITOR in a run of its own, since that costs time) and all that Redis has run for them, calls
 * inside scripts included. Rounds are interleaved; medians.
 */
import { parseArgs } from 'node:util';
import { contender, contenders, pushd, startContender } from './contenders.mjs';
import { Load, faultsOf, verdict } from './load.mjs';
import { between, commandStats, monitor } from './redis.mjs';
import { openSite } from './site.mjs';
import { median, ms, number, show } from './table.mjs';
import { sleep } from '../support/wait.mjs';

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    users: { type: 'string', default: '10000' },
    rooms: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const connections = Number(options.connections);
const WAYS = { '100 at a time': 100, 'all at once': 0 };

/* Each round starts a server that knows nobody yet. */
const fresh = (row) => (row.command ? row
  : { ...row, command: pushd('--set', 'push.connections=18000'), group: (site) => ({ credentials: site.cursors }) });

async function open(row, site, opening) {
  const server = await startContender(fresh(row), site);
  const load = await Load.start({
    groups: { all: { connections, opening, returns: true, ...server.group } }, servers: { server: server.pid },
  });
  try {
    const [before, commands] = [await load.look(), await commandStats(site.stack)];
    const after = await load.enter('all');
    await sleep(200);
    const later = await load.look(); // what has been put off
    const { entering, tries, crowded, refused } = after.groups.all;
    return {
      cpu_us: (later.servers.server.cpu_ns - before.servers.server.cpu_ns) / 1000 / connections,
      wall_ms: ms(entering.max_us), p50_ms: ms(entering.p50_us), p99_ms: ms(entering.p99_us),
      tries: tries - crowded, refused, commands: between(commands, await commandStats(site.stack)), faults: faultsOf(later),
    };
  } finally {
    await load.end();
    await server.stop();
  }
}

async function openMonitored(site) {
  const seen = await monitor(site.stack);
  await open(contender('stonechat-pushd'), site, WAYS['100 at a time']);
  const { info, command, monitor: _, ...sent } = await seen.stop();
  return sent;
}

const each = (counts) => Object.fromEntries(Object.entries(counts)
  .map(([name, count]) => [name, count / connections]).filter(([, count]) => count >= 0.005));
const total = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);
const list = (counts) => Object.entries(each(counts)).sort(([, a], [, b]) => b - a)
  .map(([name, count]) => `${name} ${number(count)}`).join(', ');

function report(results, sent) {
  console.log(`${connections} connections, ${options.users} users in ${options.rooms} rooms`);
  for (const [way, all] of Object.entries(results)) {
    const figure = (name, key) => median((all[name] ?? []).map((run) => run[key]));
    console.log(`\n${way}`);
    show([['', 'CPU us', 'x floor', 'wall ms', 'p50 ms', 'p99 ms', 'refused', 'faults'],
      ...Object.keys(all).map((name) => [name, number(figure(name, 'cpu_us'), 1),
        number(figure(name, 'cpu_us') / figure('floor', 'cpu_us')),
        ...['wall_ms', 'p50_ms', 'p99_ms', 'refused'].map((key) => number(figure(name, key), 0)),
        all[name].map(({ faults }) => verdict(name, faults)).find((said) => said !== 'none') ?? 'none'])]);
  }
  const ours = results['100 at a time']['stonechat-pushd']?.[0];
  if (!ours) return;
  console.log(`\nRedis commands a handshake: ${number(total(sent) / connections)} sent (${list(sent)})`);
  console.log(`  with what scripts call: ${number(total(ours.commands) / connections)} (${list(ours.commands)})`);
}

const names = options.only.split(',').filter(Boolean);
const wanted = contenders.filter(({ name, is_here, most = Infinity }) => is_here() && connections <= most
  && name !== 'coalescing floor' && (!names.length || names.includes(name)));
const site = await openSite({ rooms: Number(options.rooms), users: Number(options.users) });
try {
  const results = {};
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [way, opening] of Object.entries(WAYS)) {
      for (const row of wanted) {
        const taken = await open(row, site, opening).catch((error) => console.error(`${row.name}: ${error.message}`));
        if (taken) ((results[way] ??= {})[row.name] ??= []).push(taken);
      }
    }
  }
  const sent = wanted.some(({ name }) => name === 'stonechat-pushd') ? await openMonitored(site) : {};
  if (options.json) console.log(JSON.stringify({ results, sent }));
  else report(results, sent);
} finally {
  await site.close();
}
process.exit();
