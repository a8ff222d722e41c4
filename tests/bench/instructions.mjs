/*
 * instructions: how many a delivery costs in user space, the same on every run.
 *
 *   node tests/bench/instructions.mjs [--connections N] [--messages N] [--keep DIR]
 *
 * Under callgrind, which counts instead of measuring, each contender gets two runs that differ in the
 * number of messages alone: the difference, by deliveries, is what one costs; start and sign-in
 * drop out. Once with messages that come one by one, once with 32 that come in one read. The
 * kernel's part, which is the larger one, isn't counted: that is fanout's to tell. With --keep the
 * files for callgrind_annotate stay.
 */
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contenders, startContender } from './contenders.mjs';
import { build, load, openSite } from './site.mjs';

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '100' },
    messages: { type: 'string', default: '640' },
    keep: { type: 'string' },
  },
});
const connections = Number(options.connections);
const messages = Number(options.messages);
const WAYS = [{ title: 'one by one', burst: 1, rate: 100 }, { title: '32 in one read', burst: 32, rate: 10 }];

/* One of its own, instead of the site's. */
const alone = (site, listen) =>
  [join(build, 'stonechat-pushd'), '-c', site.conf, '--set', `push.socket=${listen}`, '--set', 'push.workers=1',
   '--set', 'log.level=error'];
const rows = contenders
  .filter(({ name }) => /floor|pushd/.test(name))
  .map((row) => ({ ...row, command: row.command ?? alone }));

/* The process of a family that has done most is the one that delivers. */
function most(dir) {
  const totals = readdirSync(dir).map((file) =>
    Number(/^(?:totals|summary): (\d+)/m.exec(readFileSync(join(dir, file), 'utf8'))?.[1] ?? 0));
  return Math.max(...totals);
}

async function run(row, site, { burst, rate }, bursts, into) {
  mkdirSync(into, { recursive: true });
  const server = await startContender(row, site,
    ['valgrind', '-q', '--tool=callgrind', `--callgrind-out-file=${into}/callgrind.%p`]);
  let figures;
  try {
    figures = await load(['--connections', connections, '--warm', 0, '--rate', rate, '--burst', burst,
      '--seconds', bursts / rate, ...server.load]);
  } finally {
    await server.stop();
  }
  if (figures.gaps + figures.missing) throw new Error(`${row.name}: ${JSON.stringify(figures)}`);
  return { deliveries: figures.messages * connections, instructions: most(into) };
}

async function perDelivery(row, site, way) {
  const into = join(options.keep ?? site.dir, `${row.name} ${way.title}`.replace(/ /g, '-'));
  const few = await run(row, site, way, messages / way.burst / 4, join(into, 'few'));
  const many = await run(row, site, way, messages / way.burst, join(into, 'many'));
  return (many.instructions - few.instructions) / (many.deliveries - few.deliveries);
}

const site = await openSite();
try {
  console.log(`instructions in user space a delivery, ${connections} connections`);
  console.log(`${''.padEnd(20)}${WAYS.map(({ title }) => title.padStart(16)).join('')}`);
  for (const row of rows) {
    const figures = [];
    for (const way of WAYS) figures.push(await perDelivery(row, site, way));
    console.log(`${row.name.padEnd(20)}${figures.map((figure) => figure.toFixed(1).padStart(16)).join('')}`);
  }
} finally {
  await site.close();
}
process.exit();
