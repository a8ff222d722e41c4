/*
 * contenders: who is measured, one row each, and how each is started.
 *
 * All listen on unix sockets, read the same Redis and run one process that does the work. A contender
 * that this machine doesn't have is left out.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../support/stack.mjs';
import { sleep, until } from '../support/wait.mjs';

const peers = join(dirname(fileURLToPath(import.meta.url)), 'peers');
const NCHAN = join(root, 'build/bin/nchan/usr/lib/nginx/modules/ngx_nchan_module.so');
const PATH = `${process.env.PATH}:/usr/sbin:/sbin:${join(root, 'build/bin')}`;

const has = (program) => {
  try {
    return Boolean(execFileSync('/bin/sh', ['-c', `command -v ${program}`], { env: { PATH } }));
  } catch {
    return false;
  }
};

/* What starts each; for `site` see site.mjs. */
export const floor = (...flags) => (site, listen) => [
  join(process.env.STONECHAT_BUILD, 'bench-floor'),
  ...flags, '--redis', site.redis, '--rooms', site.rooms, '--listen', listen,
];
/* A stonechat-pushd of its own, instead of the site's: one worker, unless told otherwise. */
export const pushd = (...flags) => (site, listen) =>
  [join(process.env.STONECHAT_BUILD, 'stonechat-pushd'), '-c', site.conf, '--set', `push.socket=${listen}`,
   '--set', 'push.workers=1', '--set', 'log.level=error', ...flags];
const node = (peer) => (site, listen) => ['node', join(peers, peer), site.redis, site.channel, listen];
const php = (site, listen) => ['php', join(peers, 'loop.php'), site.redis, site.channel, listen];

function nchan(site, listen) {
  const words = {
    USER: process.getuid() ? '' : 'user root root;', DIR: site.dir, MODULE: NCHAN, LISTEN: listen, PUBLISH: `${listen}.in`,
  };
  const conf = readFileSync(join(peers, 'nchan.conf.in'), 'utf8').replace(/@([A-Z]+)@/g, (_, word) => words[word]);
  writeFileSync(join(site.dir, 'nchan.conf'), conf);
  return ['nginx', '-e', 'stderr', '-p', site.dir, '-c', join(site.dir, 'nchan.conf')];
}

const always = () => true;

/*
 * name       as in the table
 * command    what starts it; null: it runs already, as part of the site
 * is_here    whether this machine has it
 * most       connections that it can take
 * group      options of a group of bench-load
 * to         where orders go, unless that is Redis
 * orders     which: [one message, many in one]
 */
export const contenders = [
  { name: 'floor', command: floor(), is_here: always },
  { name: 'coalescing floor', command: floor('--coalesce'), is_here: always },
  { name: 'stonechat-pushd', command: null, is_here: always, group: (site) => ({ credentials: site.people }) },
  {
    name: 'Nchan', command: nchan, is_here: () => has('nginx') && existsSync(NCHAN),
    to: (listen) => `${listen}.in`, orders: ['post', 'post'],
  },
  { name: 'Node ws', command: node('ws.mjs'), is_here: always },
  {
    name: 'Socket.IO', command: node('socketio.mjs'), is_here: always, orders: ['socketIo', 'socketIoBatch'],
    group: () => ({ path: '/socket.io/?EIO=4&transport=websocket', say: '40', greetings: 2 }),
  },
  { name: 'PHP select', command: php, is_here: () => has('php'), most: 1000 },
];

export const contender = (name) => contenders.find((row) => row.name === name);

/*
 * Starts one; gives what Load.start needs of it, and `stop`:
 *   {pid, group: options of a group, publisher: {order, to}, batch: the file of many in one, stop}
 * `under`: a program and its arguments that runs it.
 */
export async function startContender(row, site, under = []) {
  const { name, command, group = () => ({}), orders: [one, many] = ['message', 'batch'] } = row;
  const listen = command ? join(site.dir, `${name.replace(/\W/g, '')}.sock`) : site.push;
  const about = {
    group: { target: listen, ...group(site) },
    publisher: { order: site.orders[one], to: row.to?.(listen) ?? site.redis },
    batch: site.orders[many],
  };
  if (!command) return { ...about, pid: site.pid(), stop: async () => {} };
  const [program, ...args] = [...under, ...command(site, listen)];
  rmSync(listen, { force: true });
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PATH } });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await until(`${name} listens`, () => {
    if (child.exitCode !== null) throw new Error(`${name} has ended by itself`);
    return existsSync(listen);
  });
  await sleep(300); // the socket is there before the subscription
  return { ...about, pid: child.pid, stop: () => (child.kill(), ended) };
}
