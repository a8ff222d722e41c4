/*
 * memory: what a worker holds at rest, and what each idle connection adds.
 *
 *   ./dev bench memory [--connections N] [--users N] [--only NAME,NAME] [--json]
 *
 * At rest: the private pages (smaps_rollup: Private_Clean + Private_Dirty) of the process that serves,
 * before anybody is connected; what it shares with its master or with other programs isn't in it
 * (Pss, of all its processes, has that in part, Rss in full). A connection: by
 * how much the proportional set (Pss) of the server and its children has grown, divided by
 * connections, after 10 messages that all have received. What the kernel holds for sockets is in
 * neither. Ours are signed in, each a member of one room; the peers know no sessions and have one
 * room. All on unix sockets without nginx; `after`: what of the growth is still there when all
 * have gone.
 */
import { parseArgs } from 'node:util';
import { contenders, pushd, startContender } from './contenders.mjs';
import { Load, faultsOf, verdict } from './load.mjs';
import { openSite } from './site.mjs';
import { number, show } from './table.mjs';
import { familyOf, privateOf, residentOf, shareOf, sumOf } from '../support/process.mjs';
import { sleep } from '../support/wait.mjs';

const SETTLE_MS = 2000;
const MESSAGES = 10;
const MIB = 1 << 20;

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    users: { type: 'string', default: '100' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const connections = Number(options.connections);

const share = (pid) => sumOf(familyOf(pid), shareOf);

async function measure(contender, site) {
  const server = await startContender({ ...contender, command: contender.command ?? pushd() }, site);
  await sleep(SETTLE_MS);
  const family = familyOf(server.pid);
  const base = privateOf(family.at(-1));
  const rest = { processes: family.length, base, resident: sumOf(family, residentOf), share: share(server.pid) };
  const load = await Load.start({
    ...server.publisher, groups: { all: { connections, ...server.group } }, servers: { server: server.pid },
  });
  try {
    await load.enter('all');
    await load.during(`rate ${MESSAGES * 2}`, 500, 0);
    const state = await load.settle();
    await sleep(SETTLE_MS);
    const full = share(server.pid);
    await load.end();
    await sleep(SETTLE_MS);
    return {
      ...rest, each: (full - rest.share) / connections, after: share(server.pid) - rest.share, faults: faultsOf(state),
    };
  } finally {
    await load.end();
    await server.stop();
  }
}

const names = options.only.split(',').filter(Boolean);
const wanted = contenders.filter(({ name, is_here, most = Infinity }) =>
  is_here() && connections <= most && name !== 'coalescing floor' && (!names.length || names.includes(name)));
const site = await openSite({ users: Number(options.users) });
try {
  const results = {};
  for (const contender of wanted) results[contender.name] = await measure(contender, site);
  if (options.json) console.log(JSON.stringify(results));
  else {
    console.log(`${connections} connections, of ${options.users} users where they have a name`);
    show([['', 'private MiB', 'Pss MiB', 'Rss MiB', 'processes', 'bytes a connection', 'MiB after', 'faults'],
      ...Object.entries(results).map(([name, it]) => [name, number(it.base / MIB), number(it.share / MIB),
        number(it.resident / MIB), it.processes, number(it.each, 0), number(it.after / MIB), verdict(name, it.faults)])]);
  }
} finally {
  await site.close();
}
process.exit();
