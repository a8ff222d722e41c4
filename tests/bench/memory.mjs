/*
 * memory: what each program holds after start, and the push daemon with many idle connections.
 *
 *   node tests/bench/memory.mjs [--connections N] [--users N]
 *
 * Resident memory is what `ps` shows; the share counts pages that several processes have in common
 * once (PSS). The connections are made on the push daemon's own socket, so that nginx's part is
 * not in the figures; what the kernel holds for the sockets isn't either.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';
import { descriptorsOf, familyOf, residentOf, shareOf, sumOf } from '../support/process.mjs';
import { Raw, text } from '../support/raw.mjs';
import { inParallel, sleep } from '../support/wait.mjs';

const PROGRAMS = ['redis', 'fcgi', 'pushd', 'nginx'];
const SETTLE_MS = 2000;

const { values: options } = parseArgs({
  options: { connections: { type: 'string', default: '10000' }, users: { type: 'string', default: '100' } },
});
const [connections, users] = [options.connections, options.users].map(Number);

const mib = (bytes) => (bytes / (1 << 20)).toFixed(1).padStart(9);

async function take(stack) {
  const figures = {};
  for (const name of PROGRAMS) {
    const pids = familyOf(stack.pid(name));
    figures[name] = { processes: pids.length, resident: sumOf(pids, residentOf), share: sumOf(pids, shareOf) };
  }
  return figures;
}

function show(title, figures) {
  console.log(`\n${title.padEnd(36)} processes  resident     share   MiB`);
  for (const [name, { processes, resident, share }] of Object.entries(figures)) {
    console.log(`  ${name.padEnd(34)} ${String(processes).padStart(9)} ${mib(resident)} ${mib(share)}`);
  }
}

const stack = await startStack({ set: { 'limits.logins_per_minute': 0, 'push.heartbeat_s': 600 } });
try {
  await sleep(SETTLE_MS);
  const atStart = await take(stack);
  show('after start', atStart);

  const people = await inParallel(2, Array(users).fill(), () => signUp(stack.url));
  const signedUp = await take(stack);
  const target = { path: join(stack.dir, 'push.sock') };
  const began = performance.now();
  const raws = await inParallel(20, Array(connections).fill(), async (_, i) => {
    const raw = await Raw.open(target, { Authorization: `Bearer ${people[i % users].token}` });
    raw.write(text({ type: 'resume', cursors: {} }));
    return raw;
  });
  const took = (performance.now() - began) / 1000;
  await sleep(SETTLE_MS);
  const full = await take(stack);
  show(`with ${connections} connections of ${users} users`, full);
  const each = (full.pushd.share - signedUp.pushd.share) / connections;
  console.log(`\n${Math.round(each)} bytes of stonechat-pushd a connection; `
    + `opened in ${took.toFixed(1)} s, ${Math.round(connections / took)} a second`);

  for (const raw of raws) raw.drop();
  await sleep(SETTLE_MS);
  show('after they have gone', await take(stack));
  console.log(`  pushd has ${descriptorsOf(stack.pid('pushd'))} descriptors open`);
} finally {
  await stack.stop();
}
process.exit();
