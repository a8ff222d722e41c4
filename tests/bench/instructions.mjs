/*
 * instructions: how many a delivery, and a handshake, costs in user space, the same on every run.
 *
 *   ./dev bench instructions [--connections N] [--messages N] [--top N] [--keep DIR] [--json]
 *
 * Under callgrind, which counts instead of measuring, each contender gets two runs that differ in the
 * number of messages alone: the difference, by deliveries, is what one costs; start and sign-in
 * drop out. Once with messages that come one by one, once with 32 that come in one read; and two
 * runs that differ in the number of connections: a handshake's, ours with sign-in and cursor. The
 * kernel's part, which is the larger one, isn't counted: that is fanout's and handshakes' to tell.
 * The functions that cost most follow, by themselves, without those that they call. With --keep the
 * files for callgrind_annotate stay.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
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
const connections = Number(options.connections);
const HANDSHAKES = 800;

/* few, many: what the two runs differ in; `of`: by what of theirs the difference is divided. */
const delivering = (title, burst, rate) => ({
  title, rate, burst, of: 'deliveries', few: { connections, bursts: messages / burst / 4 }, many: { connections, bursts: messages / burst },
});
const WAYS = [
  { // the first, while a cursor has nothing to replay
    title: 'a handshake', rate: 0, burst: 1, of: 'connections',
    few: { connections: HANDSHAKES / 4, bursts: 0 }, many: { connections: HANDSHAKES, bursts: 0 },
  },
  delivering('one by one', 1, 100),
  delivering('32 in one read', 32, 10),
];

const rows = contenders
  .filter(({ name }) => /floor|pushd/.test(name))
  .map((row) => ({ ...row, command: row.command ?? pushd() }));

/* --- callgrind's files --- */

const total = (file) => Number(/^(?:totals|summary): (\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);

/* The process of a family that has done most is the one that delivers. */
const busiest = (dir) => readdirSync(dir).map((name) => join(dir, name)).sort((a, b) => total(b) - total(a))[0];

/* Function -> instructions of its own; a library without names counts as one. */
function functionsOf(file) {
  const text = execFileSync('callgrind_annotate', ['--threshold=100', file], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const found = new Map();
  for (const [, count, where, library] of text.matchAll(/^ *([\d,]+) (?:\( *[\d.]+%\))? +\S*?:(\S+)(?: \[(\S+)\])?/gm)) {
    const name = where.startsWith('0x') && library ? basename(library) : where.replace(/'\d+$/, '');
    found.set(name, (found.get(name) ?? 0) + Number(count.replace(/,/g, '')));
  }
  return found;
}

/* --- runs --- */

async function run(row, site, { burst, rate }, { connections, bursts }, into) {
  mkdirSync(into, { recursive: true });
  const server = await startContender(row, site,
    ['valgrind', '-q', '--tool=callgrind', `--callgrind-out-file=${into}/callgrind.%p`]);
  const { credentials, ...group } = server.group;
  const held = credentials && (bursts ? credentials : site.cursors);
  const load = await Load.start({ ...server.publisher, groups: { all: { connections, ...group, credentials: held } } });
  let state;
  try {
    await load.enter('all');
    if (bursts) await load.say(`rate ${rate} ${burst}`);
    await sleep(bursts ? (bursts * 1000) / rate : 0);
    state = await load.settle();
  } finally {
    await load.end();
    await server.stop();
  }
  verdict(row.name, faultsOf(state));
  const file = busiest(into);
  return { deliveries: state.deliveries, connections, instructions: total(file), functions: functionsOf(file) };
}

async function each(row, site, way) {
  const into = join(options.keep ?? site.dir, `${row.name} ${way.title}`.replace(/ /g, '-'));
  const few = await run(row, site, way, way.few, join(into, 'few'));
  const many = await run(row, site, way, way.many, join(into, 'many'));
  const count = many[way.of] - few[way.of];
  const functions = [...many.functions]
    .map(([name, own]) => ({ name, each: (own - (few.functions.get(name) ?? 0)) / count }))
    .sort((a, b) => b.each - a.each).slice(0, Number(options.top));
  return { each: (many.instructions - few.instructions) / count, functions };
}

function report(results) {
  console.log(`instructions in user space: a delivery's, to ${connections} connections; a handshake's`);
  show([['', ...WAYS.map(({ title }) => title)],
    ...Object.entries(results).map(([name, all]) => [name, ...all.map(({ each }) => number(each, 1))])]);
  for (const [i, { title }] of WAYS.entries()) {
    console.log(`\nwhere stonechat-pushd spends them, ${title}`);
    show(results['stonechat-pushd'][i].functions.map(({ name, each }) => [name, number(each, 1)]));
  }
}

const site = await openSite({ users: HANDSHAKES });
try {
  const results = {};
  for (const way of WAYS) {
    for (const row of rows) (results[row.name] ??= []).push(await each(row, site, way));
  }
  if (options.json) console.log(JSON.stringify(results));
  else report(results);
} finally {
  await site.close();
}
process.exit();
