/*
 * load_page: what the page costs before it can be used, on a first visit and when one comes again.
 *
 *   ./dev bench load_page [--rounds N] [--json]
 *
 * The site as it is deployed (nginx/stonechat.conf: TLS, HTTP/2), in Chromium, as it is and under slow
 * 4G as Lighthouse has it: 562 ms a request, 1.44 Mbit/s, a CPU four times as slow. `painted` is the
 * first contentful paint; `usable` when the room's messages stand there and it can be written in.
 * Bytes and requests are those that nginx has sent, heads included, to the page and to its workers; "of the
 * page" as DevTools count them, without the workers. Medians.
 */
import { parseArgs } from 'node:util';
import { median, number, show } from './table.mjs';
import { startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';
import { deployedSite, measureVisit } from '../support/visit.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const VISITS = [
  ['first', { fresh: true }],
  ['again', {}],
  ['first, slow 4G', { fresh: true, slow: true }],
  ['again, slow 4G', { slow: true }],
];

const KEYS = [
  (visit) => visit.bytes,
  (visit) => visit.requests,
  (visit) => visit.page.bytes,
  (visit) => visit.page.requests,
  (visit) => visit.paint_ms,
  (visit) => visit.usable_ms,
];

const stack = await startStack({ set: unhurried() });
const site = await deployedSite(stack);
try {
  await site.reader.kept();
  const results = Object.fromEntries(VISITS.map(([name]) => [name, []]));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [name, how] of VISITS) results[name].push(await measureVisit(site, how));
  }
  if (options.json) {
    console.log(JSON.stringify(results));
  } else {
    const of = (all, key) => number(median(all.map((one) => key(one))), 0);
    show([['visit', 'bytes', 'requests', 'bytes of the page', 'requests of it', 'painted ms', 'usable ms'],
      ...Object.entries(results).map(([name, all]) =>
        [name, ...KEYS.map((key) => of(all, key))])]);
  }
} finally {
  await site.close();
  await stack.stop();
}
process.exit();
