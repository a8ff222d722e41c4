/*
 * servers: Redis servers and sentinels of a test's own, on ports of loopback, in one folder.
 *
 *   const servers = await startSentinels();      // a master, two replicas, three sentinels
 *   startStack({ set: { 'redis.url': servers.url } });
 *
 * All of them ask for a password.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, root } from './stack.mjs';
import { until } from './wait.mjs';

const PASSWORD = 'p@ss/word';
export const SENTINEL_PASSWORD = 'of the sentinels';
export const MASTER = 'chat';
export const DOWN_AFTER_MS = 1500;

const running = new Set();
process.once('exit', () => running.forEach((server) => server.process.kill('SIGKILL')));

/* One redis-server with these lines of configuration. */
export class Server {
  constructor(folder, port, lines, { args = [], password = PASSWORD } = {}) {
    Object.assign(this, { folder, port, args, password, conf: join(folder, 'redis.conf') });
    mkdirSync(folder, { recursive: true });
    writeFileSync(this.conf, lines.concat(`port ${port}`, `dir "${folder}"`, 'bind 127.0.0.1', '').join('\n'));
  }

  static redis(folder, port, lines = []) {
    return new Server(folder, port, [
      `include "${join(root, 'common/redis.conf')}"`, `requirepass "${PASSWORD}"`, `masterauth "${PASSWORD}"`,
      'repl-diskless-sync-delay 0', 'repl-ping-replica-period 1', ...lines]);
  }

  start() {
    const log = openSync(join(this.folder, 'log'), 'a');
    this.process = spawn('redis-server', [this.conf, ...this.args], { stdio: ['ignore', log, log] });
    running.add(this);
    return until(`redis-server on ${this.port}`, () => this.ask('PING').then((text) => text === 'PONG', () => false));
  }

  /* SIGKILL: resolves when it is gone. */
  kill(signal = 'SIGKILL') {
    this.process.kill(signal);
    if (signal !== 'SIGKILL' || this.process.exitCode !== null || this.process.signalCode !== null) return undefined;
    return new Promise((resolve) => this.process.once('exit', resolve));
  }

  get url() {
    return `redis://:${encodeURIComponent(this.password)}@127.0.0.1:${this.port}`;
  }

  get log() {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }

  /* What redis-cli prints. */
  ask(...words) {
    return new Promise((resolve, reject) => {
      const env = { ...process.env, REDISCLI_AUTH: this.password };
      execFile('redis-cli', ['-p', `${this.port}`, ...words], { env }, (error, out, wrong) =>
        error ? reject(new Error(wrong || error.message)) : resolve(out.trimEnd()));
    });
  }
}

/* One Redis by itself; `stop` ends it and removes its folder. */
export async function startRedis(lines = []) {
  const folder = mkdtempSync(join(tmpdir(), 'stonechat-servers-'));
  const server = Server.redis(folder, await freePort(), lines);
  await server.start();
  return Object.assign(server, {
    stop() {
      server.kill();
      running.delete(server);
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

export async function startSentinels() {
  const folder = mkdtempSync(join(tmpdir(), 'stonechat-servers-'));
  const ports = await Promise.all(Array.from({ length: 6 }, freePort));
  const all = ports.slice(0, 3).map((port) => Server.redis(join(folder, `${port}`), port));
  await Promise.all(all.map((one) => one.start()));
  await Promise.all(all.slice(1).map((one) => one.ask('REPLICAOF', '127.0.0.1', `${all[0].port}`)));
  const sentinels = ports.slice(3).map((port) => new Server(join(folder, `${port}`), port, [
    `requirepass "${SENTINEL_PASSWORD}"`, `sentinel sentinel-pass "${SENTINEL_PASSWORD}"`,
    `sentinel monitor ${MASTER} 127.0.0.1 ${all[0].port} 2`, `sentinel auth-pass ${MASTER} "${PASSWORD}"`,
    `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`, `sentinel failover-timeout ${MASTER} 5000`,
  ], { args: ['--sentinel'], password: SENTINEL_PASSWORD }));
  await Promise.all(sentinels.map((sentinel) => sentinel.start()));
  const servers = {
    sentinels,
    url: `sentinel://:${encodeURIComponent(PASSWORD)}@${sentinels.map(({ port }) => `127.0.0.1:${port}`)}/${MASTER}`,

    /* What the sentinels say is the master, and the others. */
    async roles() {
      const [, port] = (await sentinels[0].ask('SENTINEL', 'get-master-addr-by-name', MASTER)).split('\n');
      const master = all.find((one) => `${one.port}` === port);
      return { master, replicas: all.filter((one) => one !== master) };
    },

    /* All sentinels know of each other and of the replicas, which follow: a failover may come. */
    settled: () => until('the sentinels and replicas to settle', async () => {
      const { master, replicas } = await servers.roles();
      const links = await Promise.all(replicas.map((one) => one.ask('INFO', 'replication').catch(() => '')));
      const views = await Promise.all(sentinels.map((one) => one.ask('SENTINEL', 'master', MASTER)));
      const wanted = { 'num-other-sentinels': '2', 'num-slaves': '2', port: `${master.port}`, flags: 'master' };
      return links.every((text) => /master_link_status:up/.test(text)) && views.every((text) => {
        const words = text.split('\n');
        return Object.entries(wanted).every(([name, value]) => words[words.indexOf(name) + 1] === value);
      });
    }, 60_000),

    stop() {
      for (const server of [...all, ...sentinels]) {
        server.kill('SIGKILL');
        running.delete(server);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return servers;
}
