/*
 * post: what it costs to take a message, beside the floor and beside the peers.
 *
 *   ./dev bench post [--clients N] [--rounds N] [--seconds N] [--threads N] [--only NAME,NAME] [--json]
 *
 * POST of a message of some 60 characters by wrk, 64 clients that each send the next one when the
 * last is answered, through nginx, every program on a unix socket behind it. All do the same in
 * Redis: the one script call that stonechat-fcgi makes. CPU us a request: of nginx, the program and
 * Redis. The floor is the smallest libfcgi program that makes that call (post_floor.c), as libfcgi is
 * used as a rule, and with connections that nginx keeps, for which it needs a thread each. Rounds are
 * interleaved; medians; what counts is the ratio. Then the same by 1 and by all clients with Redis's
 * log synchronised to the disk before each answer (`always`, as provided) and once a second.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { callOf } from './call.mjs';
import { posters, startPoster } from './posters.mjs';
import { openSite } from './site.mjs';
import { median, number, show } from './table.mjs';
import { PARTS, cpuOfAll, figuresOf, wrk } from './wrk.mjs';

const { values: options } = parseArgs({
  options: {
    clients: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const names = options.only.split(',').filter(Boolean);
const wanted = posters.filter(({ name, is_here }) => is_here() && (!names.length || names.includes(name)));

/* --- measuring --- */

let runs = 0;
const send = (url, people, clients, seconds) =>
  wrk('post.lua', url, { clients, seconds, args: [people, `${process.pid}-${runs++}`] });

const messages = async (site) => Number(await site.stack.redis('HGET', site.channel.replace(':live', ':room'), 'n'));

/* What was answered has been written, and at most what was under way at the beginning and the end besides. */
function faults(sent, written, clients) {
  if (sent.bad || sent.lost) return `${sent.bad} refused, ${sent.lost} lost`;
  const more = written - sent.requests;
  return more < 0 || more > 2 * clients ? `${written} written of ${sent.requests}` : '';
}

async function measure(row, site, clients = Number(options.clients)) {
  const poster = await startPoster(row, site);
  const pids = { ...poster.pids, redis: site.stack.pid('redis') };
  try {
    await send(poster.url, site.people, clients, 1); // warm
    const before = { cpu: cpuOfAll(pids), messages: await messages(site) };
    const sent = await send(poster.url, site.people, clients, options.seconds);
    const after = { cpu: cpuOfAll(pids), messages: await messages(site) };
    const wrong = faults(sent, after.messages - before.messages, clients);
    if (wrong) {
      console.error(`${row.name}: ${wrong}`);
      process.exitCode = 1;
    }
    return figuresOf(sent, before.cpu, after.cpu);
  } finally {
    await poster.stop();
  }
}

async function inTurn(rows, measureOne) {
  const results = {};
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const row of rows) (results[row.name] ??= []).push(await measureOne(row));
  }
  return results;
}

/* --- the disk --- */

const DISKS = ['everysec', 'always'].flatMap((fsync) => [1, Number(options.clients)].map((clients) =>
  ({ name: `${fsync}, ${clients} client${clients > 1 ? 's' : ''}`, fsync, clients })));

async function onDisk({ fsync, clients }, site) {
  await site.stack.redis('CONFIG', 'SET', 'appendonly', 'yes');
  await site.stack.redis('CONFIG', 'SET', 'appendfsync', fsync);
  return measure(posters[0], site, clients);
}

/* --- the tables --- */

const of = (all, key) => median(all.map((run) => run[key]));
const COLUMNS = ['per_second', ...PARTS, 'all', 'p50_ms', 'p99_ms'];
const figures = (all) => COLUMNS.map((key) => number(of(all, key), key === 'per_second' ? 0 : 1));

/* By how much another one's CPU exceeds ours, in the rounds' median of ratios. */
const ratio = (ours, all) => number(median(all.map((run, i) => run.all / ours[i].all)));

function report({ peers, disks }) {
  const titles = ['', 'requests/s', ...PARTS.map((part) => `${part} us`), 'all us', 'p50 ms', 'p99 ms'];
  const ours = peers['stonechat-fcgi'];
  show([[...titles, 'x ours'], ...Object.entries(peers).map(([name, all]) =>
    [name, ...figures(all), ours ? ratio(ours, all) : '–'])]);
  if (!disks) return;
  console.log('\nstonechat-fcgi, by how Redis writes its log');
  show([titles, ...Object.entries(disks).map(([name, all]) => [name, ...figures(all)])]);
}

const set = { 'limits.messages_per_10s': 0, ...(options.threads && { 'http.threads': options.threads }) };
const site = await openSite({ users: 20, set });
try {
  const [token, room] = readFileSync(site.people, 'utf8').split('\n', 1)[0].split(' ');
  const threads = /^threads=(\d+)$/m.exec(readFileSync(site.conf, 'utf8'))?.[1] ?? site.settingsOf(['http.threads']).split('=')[1];
  const about = { ...site, call: join(site.dir, 'call'), threads, clients: Number(options.clients) };
  writeFileSync(about.call, (await callOf(site.stack, room, token)).join('\n'));
  const results = { peers: await inTurn(wanted, (row) => measure(row, about)) };
  if (!names.length) results.disks = await inTurn(DISKS, (row) => onDisk(row, about));
  if (options.json) console.log(JSON.stringify(results));
  else report(results);
} finally {
  await site.close();
}
process.exit();
