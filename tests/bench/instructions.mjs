/*
 * instructions: how many a delivery costs in user space, the same on every run.
 *
 *   ./dev bench instructions [--connections N] [--messages N] [--top N] [--keep DIR] [--json]
 *
 * Under callgrind, which counts instead of measuring, each contender gets two runs that differ in the
 * number of messages alone: the difference, by deliveries, is what one costs; start and sign-in
 * drop out. Once with messages that come one by one, once with 32 that come in one read. The
 * kernel's part, which is the larger one, isn't counted: that is fanout's to tell. The functions
 * that cost most follow, by themselves, without those that they call. With --keep the files for
 * callgrind_annotate stay.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contenders, pushd, startContender } from './contenders.mjs';
import { Load, faultsOf, verdict } from './load.mjs';
import { openSite } from './site.mjs';
import { number, show } from './table.mjs';
import { sleep } from '../support/wait.mjs';

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '100' },
    messages: { type: 'string', default: '640' },
    top: { type: 'string', default: '5' },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const messages = Number(options.messages);
const WAYS = [{ title: 'one by one', burst: 1, rate: 100 }, { title: '32 in one read', burst: 32, rate: 10 }];

const rows = contenders
  .filter(({ name }) => /floor|pushd/.test(name))
  .map((row) => ({ ...row, command: row.command ?? pushd() }));

/* --- callgrind's files --- */

const total = (file) => Number(/^(?:totals|summary): (\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);

/* The process of a family that has done most is the one that delivers. */
const busiest = (dir) => readdirSync(dir).map((name) => join(dir, name)).sort((a, b) => total(b) - total(a))[0];

/* Function -> instructions of its own. */
function functionsOf(file) {
  const text = execFileSync('callgrind_annotate', ['--threshold=100', file], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const found = new Map();
  for (const [, count, where] of text.matchAll(/^ *([\d,]+) (?:\( *[\d.]+%\))? +\S*?:(\S+)/gm)) {
    const name = where.replace(/'\d+$/, '');
    found.set(name, (found.get(name) ?? 0) + Number(count.replace(/,/g, '')));
  }
  return found;
}

/* --- runs --- */

async function run(row, site, { burst, rate }, bursts, into) {
  mkdirSync(into, { recursive: true });
  const server = await startContender(row, site,
    ['valgrind', '-q', '--tool=callgrind', `--callgrind-out-file=${into}/callgrind.%p`]);
  const load = await Load.start({
    ...server.publisher, groups: { all: { connections: options.connections, ...server.group } },
  });
  let state;
  try {
    await load.enter('all');
    await load.say(`rate ${rate} ${burst}`);
    await sleep((bursts * 1000) / rate);
    state = await load.settle();
  } finally {
    await load.end();
    await server.stop();
  }
  verdict(row.name, faultsOf(state));
  const file = busiest(into);
  return { deliveries: state.deliveries, instructions: total(file), functions: functionsOf(file) };
}

async function perDelivery(row, site, way) {
  const into = join(options.keep ?? site.dir, `${row.name} ${way.title}`.replace(/ /g, '-'));
  const few = await run(row, site, way, messages / way.burst / 4, join(into, 'few'));
  const many = await run(row, site, way, messages / way.burst, join(into, 'many'));
  const deliveries = many.deliveries - few.deliveries;
  const functions = [...many.functions]
    .map(([name, count]) => ({ name, each: (count - (few.functions.get(name) ?? 0)) / deliveries }))
    .sort((a, b) => b.each - a.each).slice(0, Number(options.top));
  return { each: (many.instructions - few.instructions) / deliveries, functions };
}

function report(results) {
  console.log(`instructions in user space a delivery, ${options.connections} connections`);
  show([['', ...WAYS.map(({ title }) => title)],
    ...Object.entries(results).map(([name, all]) => [name, ...all.map(({ each }) => number(each, 1))])]);
  for (const [i, { title }] of WAYS.entries()) {
    console.log(`\nwhere stonechat-pushd spends them, ${title}`);
    show(results['stonechat-pushd'][i].functions.map(({ name, each }) => [name, number(each, 1)]));
  }
}

const site = await openSite();
try {
  const results = {};
  for (const row of rows) {
    results[row.name] = [];
    for (const way of WAYS) results[row.name].push(await perDelivery(row, site, way));
  }
  if (options.json) console.log(JSON.stringify(results));
  else report(results);
} finally {
  await site.close();
}
process.exit();
