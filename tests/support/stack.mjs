/*
 * stack: a whole Stonechat of its own for one test file: private Redis, both programs, nginx.
 *
 *   const stack = await startStack({ set: { 'limits.logins_per_minute': 0 } });
 *   after(() => stack.stop());
 *   await fetch(stack.url + '/api/v1/health');
 *
 * It does what a person would: ./dev up --detach on a free port in a temporary folder. The
 * programs are those of STONECHAT_BUILD when that is set, else they are built first. A stack that
 * its test forgets, or whose test is interrupted, is stopped when the process ends.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/* All clients of a test come from one address, and may be very many in one room. */
const CROWDED = { 'limits.requests_per_s': 0, 'limits.room_messages_per_10s': 0 };

/* And whoever happens to register first is like everybody else, where the test isn't about that. */
const EQUALS = { 'accounts.first_admin': 'no' };

const running = new Set();
process.once('exit', () => running.forEach((stack) => stack.stopNow()));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/* Runs ./dev with `args`; resolves to { code, output } whatever comes of it. */
export function dev(args, env = {}) {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...env }, maxBuffer: 1 << 24 };
    execFile(join(root, 'dev'), args, options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code ?? 1 : 0, output: stdout + stderr }));
  });
}

/* A port of 127.0.0.1 that nobody listens on at the moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/*
 * Starts a stack and resolves once it is healthy; rejects with all that ./dev said.
 *   set   settings: { 'section.key': value }
 *   port  default: a free one
 *   dir   default: a new temporary folder, removed again by stop()
 *   env   further variables for ./dev and the programs
 */
export async function startStack({ set = {}, port, dir, env = {} } = {}) {
  const home = dir ?? mkdtempSync(join(tmpdir(), 'stonechat-'));
  const stack = stackIn(home, port ?? (await freePort()), dir === undefined);
  const settings = Object.entries({ ...CROWDED, ...EQUALS, ...set }).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  running.add(stack);
  const { code, output } = await dev(
    ['up', '--detach', '--dir', home, '--port', `${stack.port}`, ...settings], env);
  if (code === 0) return stack;
  await stack.stop();
  throw new Error(`./dev up ended with ${code}:\n${output}`);
}

function stackIn(dir, port, temporary) {
  const forget = () => {
    running.delete(stack);
    if (temporary) rmSync(dir, { recursive: true, force: true });
  };
  const stack = {
    dir,
    port,
    url: `http://127.0.0.1:${port}`,

    /* What redis-cli prints for this command, without the newline at its end. */
    redis: (...args) => run('redis-cli', ['-s', join(dir, 'redis.sock'), ...args]),

    /* The process id of 'redis', 'fcgi', 'pushd' (its master) or 'nginx' (likewise). */
    pid: (name) => Number(readFileSync(join(dir, `${name}.pid`), 'utf8')),

    /* Sends a signal and returns the process id that it went to. */
    kill(name, signal = 'SIGKILL') {
      const pid = stack.pid(name);
      process.kill(pid, signal);
      return pid;
    },

    /* What 'redis', 'fcgi', 'pushd', 'nginx', 'access' or 'supervisor' has logged so far. */
    log: (name) => readFileSync(join(dir, 'log', `${name}.log`), 'utf8'),

    async stop() {
      await dev(['down', '--dir', dir]);
      forget();
    },

    stopNow() {
      spawnSync(join(root, 'dev'), ['down', '--dir', dir]);
      forget();
    },
  };
  return stack;
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(' ')}: ${stderr || error.message}`));
      else resolve(stdout.replace(/\n$/, ''));
    });
  });
}
