/*
 * posters: who takes POSTs of messages in the post bench, one row each, and how each is started.
 *
 * All listen on unix sockets behind an nginx, reach the same Redis, and make the very script call
 * that stonechat-fcgi makes (call.mjs). One that this machine doesn't have is left out.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, root } from '../support/stack.mjs';
import { sleep, until } from '../support/wait.mjs';

const peers = join(dirname(fileURLToPath(import.meta.url)), 'peers');
const FPM = join(root, 'build/bin/php-fpm');
const PATH = `${process.env.PATH}:/usr/sbin:/sbin:${join(root, 'build/bin')}:${FPM}`;
const NO_ROOT = process.getuid() !== 0;
const FPM_CHILDREN = 16;

const FASTCGI = ['REQUEST_METHOD $request_method', 'REQUEST_URI $request_uri', 'CONTENT_LENGTH $content_length'];
const params = (rows) => rows.map((row) => `fastcgi_param ${row};`).join(' ');
const byFastcgi = (...rows) => `fastcgi_pass peer; ${params([...FASTCGI, ...rows])}`;

const floor = (threads) => (site, listen) =>
  [join(process.env.STONECHAT_BUILD, 'bench-post-floor'), site.redis, site.call, listen, `${threads(site)}`];
const node = (site, listen) => ['node', join(peers, 'post.mjs'), site.redis, site.call, listen];

function php(site, listen) {
  const conf = join(site.dir, 'php-fpm.conf');
  writeFileSync(conf, ['[global]', 'daemonize = no', 'error_log = /dev/stderr', 'log_level = warning', '[post]',
    `listen = ${listen}`, 'listen.mode = 0600', 'pm = static', `pm.max_children = ${FPM_CHILDREN}`,
    ...(NO_ROOT ? [] : ['user = root', 'group = root']), ''].join('\n'));
  return ['php-fpm', '--nodaemonize', ...(NO_ROOT ? [] : ['--allow-to-run-as-root']), '--fpm-config', conf];
}

/*
 * name     as in the table
 * command  what starts it; none: it is the site's own, behind the site's nginx
 * pass     what its nginx does with a request
 * keep     how many connections to it nginx keeps; none: each is for one request
 * is_here  whether this machine has it
 */
const always = () => true;
export const posters = [
  { name: 'stonechat-fcgi', is_here: always },
  { name: 'floor', command: floor(({ threads }) => threads), pass: () => byFastcgi(), is_here: always },
  {
    name: 'floor kept', command: floor(({ clients }) => clients), keep: 'keepalive 64;', is_here: always,
    pass: () => `fastcgi_keep_conn on; ${byFastcgi()}`,
  },
  {
    name: 'php-fpm', command: php, is_here: () => existsSync(join(FPM, 'php-fpm')),
    pass: (site) => byFastcgi(`SCRIPT_FILENAME ${join(peers, 'post.php')}`, `CALL ${site.call}`, `REDIS ${site.redis}`),
  },
  {
    name: 'Node http', command: node, is_here: always, keep: 'keepalive 64;',
    pass: () => 'proxy_pass http://peer; proxy_http_version 1.1; proxy_set_header Connection "";',
  },
];

/* The packages' own list of modules, which php-fpm would find in a folder of its package. */
const phpFolder = () =>
  execFileSync('php', ['--ini'], { encoding: 'utf8' }).match(/additional .ini files in: (\S+)/)?.[1] ?? '';

function start([program, ...args], env = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PATH, ...env } });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return { pid: child.pid, has_ended: () => child.exitCode !== null, stop: () => (child.kill(), ended) };
}

async function nginxBefore(row, site, listen) {
  const port = await freePort();
  const words = {
    USER: NO_ROOT ? '' : 'user root root;', DIR: site.dir, ROOT: root, LISTEN: listen, PORT: port,
    KEEP: row.keep ?? '', PASS: row.pass(site),
  };
  const text = readFileSync(join(peers, 'post.conf.in'), 'utf8').replace(/@([A-Z]+)@/g, (_, word) => words[word]);
  writeFileSync(join(site.dir, 'peer.conf'), text);
  const nginx = start(['nginx', '-e', 'stderr', '-p', site.dir, '-c', join(site.dir, 'peer.conf')]);
  return { ...nginx, url: `http://127.0.0.1:${port}` };
}

/* Starts one: {url, pids: {program, nginx}, stop}. */
export async function startPoster(row, site) {
  const { name, command } = row;
  if (!command) {
    return { url: site.stack.url, pids: { program: site.stack.pid('fcgi'), nginx: site.stack.pid('nginx') }, stop: () => {} };
  }
  const listen = join(site.dir, `${name.replace(/\W/g, '')}.sock`);
  rmSync(listen, { force: true });
  const program = start(command(site, listen), name === 'php-fpm' ? { PHP_INI_SCAN_DIR: phpFolder() } : {});
  await until(`${name} listens`, () => {
    if (program.has_ended()) throw new Error(`${name} has ended by itself`);
    return existsSync(listen);
  });
  const nginx = await nginxBefore(row, site, listen);
  await sleep(300); // both, until they take requests
  return {
    url: nginx.url, pids: { program: program.pid, nginx: nginx.pid },
    stop: async () => { await nginx.stop(); await program.stop(); },
  };
}
