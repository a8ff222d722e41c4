/*
 * site: a stack with people in rooms, whose Redis all contenders read.
 *
 * Needs STONECHAT_BUILD with bench-load and bench-floor in it, as ./dev bench has.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../support/stack.mjs';
import { settings } from '../support/tables.mjs';
import { fileOf, message, post, socketIo } from './orders.mjs';
import { roomId, seed } from './seed.mjs';

const BATCH = 16;
/* Those that this version knows are set. */
const NO_LIMITS = {
  'limits.logins_per_minute': 0, 'limits.connections_per_user': 0, 'limits.connections_per_address': 0,
  'push.heartbeat_s': 600,
};

export const build = process.env.STONECHAT_BUILD;
if (!build) throw new Error('STONECHAT_BUILD is to name a build with -DSTONECHAT_BENCH=ON: see ./dev bench');

function known(settings) {
  const help = execFileSync(join(build, 'stonechat-pushd'), ['-h'], { encoding: 'utf8' });
  return Object.fromEntries(Object.entries(settings).filter(([key]) => help.includes(key.split('.')[1])));
}

/* What these settings are in a site, as a sentence; those that this version knows. */
const settingsOf = (keys) => {
  const defaults = settings();
  return keys.filter((key) => defaults.has(key)).map((key) => `${key}=${defaults.get(key)}`).join(', ');
};

/*
 * The orders of a message, one a room. `message`: one by one; `batch`: 16 in one, so that Redis is
 * not what is waited for. Socket.IO and Nchan know one room.
 */
async function writeOrders(stack, write, rooms, user, bytes) {
  const load = (script) => stack.redis('SCRIPT', 'LOAD', script);
  const all = async (count) => fileOf(await Promise.all(rooms.map((room) => message(load, room, user, count, bytes))));
  const io = socketIo(rooms[0], user);
  return {
    message: write('order.message', await all(1)),
    batch: write('order.batch', await all(BATCH)),
    socketIo: write('order.socketio', fileOf([io])),
    socketIoBatch: write('order.socketio.batch', fileOf([Buffer.concat(Array(BATCH).fill(io))])),
    post: write('order.post', fileOf([post(rooms[0], user)])),
  };
}

async function furnish(stack, dir, counts) {
  const write = (name, content) => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  await stack.redis('CONFIG', 'SET', 'appendonly', 'no'); // the disk is not what is measured
  const { people, cursors, user } = await seed(stack, counts);
  const rooms = Array.from({ length: counts.rooms }, (_, i) => roomId(i));
  return {
    stack,
    dir,
    conf: join(stack.dir, 'stonechat.conf'),
    redis: join(stack.dir, 'redis.sock'),
    push: join(stack.dir, 'push.sock'),
    pid: () => stack.pid('pushd'),
    settingsOf,
    rooms: write('rooms', rooms.map((room) => `${room}\n`).join('')),
    channel: `{r:${rooms[0]}}:live`,
    people: write('people', people.map((line) => `${line}\n`).join('')),
    cursors: write('cursors', cursors.map((line) => `${line}\n`).join('')),
    orders: await writeOrders(stack, write, rooms, user, counts.bytes),
  };
}

/* `bytes`: of a message's text, at least; `set`: further settings, those that this version knows. */
export async function openSite({ rooms = 1, users = 10, bytes = 0, set = {} } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'stonechat-bench-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const stack = await startStack({ set: known({ ...NO_LIMITS, ...set }) });
  const close = () => stack.stop();
  try {
    return { ...(await furnish(stack, dir, { rooms, users, bytes })), close };
  } catch (error) {
    await close();
    throw error;
  }
}
