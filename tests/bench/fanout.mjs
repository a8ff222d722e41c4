/*
 * fanout: what one more reader of a message costs, beside the floor and beside the peers.
 *
 *   node tests/bench/fanout.mjs [--connections N,N] [--rounds N] [--seconds N] [--rate N]
 *                               [--only NAME,NAME] [--json]
 *
 * Needs STONECHAT_BUILD with bench-load and bench-floor in it, as ./dev bench has. One room, one
 * message of about 200 bytes again and again, every contender on a unix socket of its own without
 * nginx before it. Twice each: at a fixed rate of deliveries, and saturated, with as many messages
 * under way as bench-load allows. Rounds are interleaved, so that a bad minute of the machine meets
 * all; figures are medians. What counts is the ratio: processor time of the server alone, by that of
 * the floor (see floor.c); when saturated also by that of the coalescing one.
 */
import { parseArgs } from 'node:util';
import { contenders, startContender } from './contenders.mjs';
import { load, openSite } from './site.mjs';

const MESSAGES_LEAST = 10;
const FAULTS = ['gaps', 'duplicates', 'missing', 'closed'];

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '100,1000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
    rate: { type: 'string', default: '20000' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/* --- measuring --- */

async function measure(contender, site, connections) {
  const server = await startContender(contender, site);
  const run = (rate, seconds) => load(['--connections', connections, '--server', server.pid,
    '--seconds', seconds, '--rate', rate, ...server.load]);
  const rate = options.rate / connections;
  try {
    const fixed = await run(rate, Math.max(options.seconds, MESSAGES_LEAST / rate));
    const saturated = await run(0, options.seconds);
    return { fixed, saturated };
  } finally {
    await server.stop();
  }
}

/* {connections: {name: [{fixed, saturated}, ...]}}; who fails is out, and that is said. */
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
const faultsOf = (runs) => runs.flatMap(({ fixed, saturated }) => [fixed, saturated])
  .reduce((sum, run) => sum + FAULTS.reduce((all, key) => all + run[key], 0), 0);
const line = (title, cells) => {
  const width = cells * 11 - 2;
  return `  ${title.padStart((width + title.length) >> 1, '-').padEnd(width, '-')}`;
};
const cell = (number, digits = 2) => (Number.isFinite(number) ? number.toFixed(digits) : '–').padStart(11);

function row(name, runs, all) {
  const cpu = (of, load) => figure(of, load, 'cpu_us');
  const [floor, coalescing] = [all.floor, all['coalescing floor']];
  return `${name.padEnd(18)}${[
    cell(cpu(runs, 'fixed')),
    cell(cpu(runs, 'fixed') / cpu(floor, 'fixed')),
    cell(figure(runs, 'fixed', 'p99_us') / 1000),
    cell(cpu(runs, 'saturated'), 3),
    cell(cpu(runs, 'saturated') / cpu(floor, 'saturated')),
    cell(cpu(runs, 'saturated') / cpu(coalescing, 'saturated')),
    cell(figure(runs, 'saturated', 'per_second') / 1000, 0),
    cell(figure(runs, 'saturated', 'cpu_share') * 100, 0),
    cell(faultsOf(runs), 0),
  ].join('')}`;
}

function show(results) {
  for (const [n, all] of Object.entries(results)) {
    console.log(`\n${`${n} connections`.padEnd(18)}${line(` ${options.rate} deliveries/s `, 3)}${line(' saturated ', 6)}`);
    console.log(`${''.padEnd(18)}${['CPU us', 'x floor', 'p99 ms', 'CPU us', 'x floor', 'x coalesc.', '1000/s', '% of core', 'faults']
      .map((title) => title.padStart(11)).join('')}`);
    for (const [name, runs] of Object.entries(all)) console.log(row(name, runs, all));
  }
}

const names = options.only.split(',').filter(Boolean);
const wanted = contenders.filter(({ name, is_here }) => is_here() && (!names.length || names.includes(name)));
const site = await openSite();
try {
  const results = await measureAll(site, wanted, options.connections.split(',').map(Number));
  if (options.json) console.log(JSON.stringify(results));
  else {
    const away = contenders.filter((one) => !one.is_here()).map(({ name }) => name);
    console.log(`CPU us: of the server, for one delivery; medians of ${options.rounds} rounds of ${options.seconds} s`
      + `${away.length ? `; not here: ${away.join(', ')}` : ''}`);
    show(results);
  }
} finally {
  await site.close();
}
process.exit();
