/*
 * site: a stack with one room, whose Redis all contenders read, and the load generator.
 *
 * Needs STONECHAT_BUILD with bench-load and bench-floor in it, as ./dev bench has.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';
import { inParallel } from '../support/wait.mjs';
import { fileOf, liveChannel, message, post, socketIo } from './orders.mjs';

const USERS = 10;
const PATIENCE_MS = 120_000;
/* Those that this version knows are set. */
const NO_LIMITS = {
  'limits.logins_per_minute': 0, 'limits.connections_per_user': 0, 'limits.connections_per_address': 0,
  'push.heartbeat_s': 600,
};

export const build = process.env.STONECHAT_BUILD;
if (!build) throw new Error('STONECHAT_BUILD is to name a build with -DSTONECHAT_BENCH=ON: see ./dev bench');

function settings() {
  const known = execFileSync(join(build, 'stonechat-pushd'), ['-h'], { encoding: 'utf8' });
  return Object.fromEntries(Object.entries(NO_LIMITS).filter(([key]) => known.includes(key.split('.')[1])));
}

/* One room of ten people, their tokens, and the orders of a message there: what contenders.mjs
 * starts from. Settles all that with `stack`, writes files into `dir`. */
async function furnish(stack, dir) {
  const write = (name, content) => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  const people = await inParallel(2, Array(USERS).fill(), () => signUp(stack.url));
  const room = await people[0].openRoom();
  for (const person of people.slice(1)) await person.join(room);
  const { id } = people[0];
  await stack.redis('CONFIG', 'SET', 'appendonly', 'no'); // the disk is not what is measured
  const toRoom = await message((script) => stack.redis('SCRIPT', 'LOAD', script), room, id);
  return {
    dir,
    conf: join(stack.dir, 'stonechat.conf'),
    redis: join(stack.dir, 'redis.sock'),
    push: join(stack.dir, 'push.sock'),
    pid: () => stack.pid('pushd'),
    channel: liveChannel(room),
    tokens: write('tokens', people.map(({ token }) => `${token}\n`).join('')),
    orders: {
      message: write('order.message', fileOf([toRoom])),
      socketIo: write('order.socketio', fileOf([socketIo(room, id)])),
      post: write('order.post', fileOf([post(room, id)])),
    },
  };
}

export async function openSite() {
  const dir = mkdtempSync(join(tmpdir(), 'stonechat-bench-'));
  const stack = await startStack({ set: settings() });
  const close = async () => {
    await stack.stop();
    rmSync(dir, { recursive: true });
  };
  try {
    return { ...(await furnish(stack, dir)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/* Runs bench-load and gives what it prints. */
export function load(args) {
  return new Promise((resolve, reject) => {
    execFile(join(build, 'bench-load'), args.map(String), { timeout: PATIENCE_MS }, (error, stdout, stderr) =>
      (error ? reject(new Error(`bench-load ${args.join(' ')}: ${stderr || error.message}`)) : resolve(JSON.parse(stdout))));
  });
}
