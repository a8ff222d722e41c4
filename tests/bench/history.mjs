/*
 * history: what a page of a room's history costs, near its beginning and at its end.
 *
 *   ./dev bench history [--messages N] [--clients N] [--rounds N] [--seconds N] [--json]
 *
 * One room with a million messages of some 60 characters; pages of 50, read by wrk through nginx: the
 * one that ends at message 100, one in the middle, and the newest. CPU us a request: of nginx, the
 * program and Redis. Rounds are interleaved; medians; a page must cost the same wherever it lies.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openSite } from './site.mjs';
import { median, number, show } from './table.mjs';
import { PARTS, cpuOfAll, figuresOf, wrk } from './wrk.mjs';
import { request } from '../support/client.mjs';

const PAGE = 50, BATCH = 10_000;

const { values: options } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    clients: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const messages = Number(options.messages), clients = Number(options.clients);

/* As message_send.lua leaves them; the room's one entry so far is that somebody has joined. */
const FILL = `
local room, log = unpack(KEYS)
local count, tail = tonumber(ARGV[1]), ARGV[2]
for i = 1, count do
    local seq, n = redis.call('HINCRBY', room, 'seq', 1), redis.call('HINCRBY', room, 'n', 1)
    redis.call('XADD', log, seq .. '-0', 'e',
        string.format('{"type":"message","seq":%d,"n":%d,"at":%d,', seq, n, 1700000000000 + seq) .. tail)
end
redis.call('HSET', room, 'last', redis.call('HGET', room, 'seq'))`;

async function fill(stack, room, user) {
  const tail = JSON.stringify({
    room, from: { id: user, name: user, display: user }, text: 'What is said here, about as long as people write.', key: 'benchkey',
  }).slice(1);
  for (let left = messages; left > 0; left -= BATCH) {
    await stack.redis('EVAL', FILL, '2', `{r:${room}}:room`, `{r:${room}}:log`, `${Math.min(left, BATCH)}`, tail);
  }
}

async function measure(site, url, token) {
  const pids = { program: site.stack.pid('fcgi'), nginx: site.stack.pid('nginx'), redis: site.stack.pid('redis') };
  const before = cpuOfAll(pids);
  const sent = await wrk('get.lua', url, { clients, seconds: options.seconds, args: [token] });
  if (sent.bad || sent.lost) throw new Error(`${sent.bad} refused, ${sent.lost} lost`);
  return figuresOf(sent, before, cpuOfAll(pids));
}

/* What is measured is the page that it is taken for. */
async function check(url, token, last) {
  const { body } = await request(url, 'GET', '', { headers: { authorization: `Bearer ${token}` } });
  if (body.messages.length !== PAGE || body.messages.at(-1).seq !== last) throw new Error(`${url}: not the page that ends at ${last}`);
}

const of = (all, key) => median(all.map((run) => run[key]));

function report(results) {
  const [first] = Object.values(results);
  console.log(`pages of ${PAGE} of ${messages} messages, ${clients} clients`);
  show([['page that ends at', 'requests/s', ...PARTS.map((part) => `${part} us`), 'all us', 'p50 ms', 'p99 ms', 'x first'],
    ...Object.entries(results).map(([name, all]) => [name, number(of(all, 'per_second'), 0),
      ...[...PARTS, 'all', 'p50_ms', 'p99_ms'].map((key) => number(of(all, key), 1)),
      number(median(all.map((run, i) => run.all / first[i].all)))])]);
}

const site = await openSite({ users: 1 });
try {
  const [token, room] = readFileSync(site.people, 'utf8').split('\n', 1)[0].split(' ');
  await fill(site.stack, room, token.split('.')[0]);
  const head = messages + 1;
  const ends = [100, Math.floor(head / 2), head];
  const results = {};
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const end of ends) {
      const url = `${site.stack.url}/api/v1/rooms/${room}/messages?before=${end + 1}&limit=${PAGE}`;
      await check(url, token, end);
      (results[`${end}`] ??= []).push(await measure(site, url, token));
    }
  }
  if (options.json) console.log(JSON.stringify(results));
  else report(results);
} finally {
  await site.close();
}
process.exit();
