/*
 * Everybody comes back at once: the daemon is restarted, and some hundred clients return with their
 * cursors, a few entries behind.
 *
 * A room's log is read about once, however many wait for it; a handshake costs few commands; nobody
 * misses an entry or gets one twice. Who is told to go is told when to come back, each at a moment
 * of its own, the more of them the longer.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { startMonitor } from '../support/monitor.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

const PEOPLE = 25;
const DEVICES = 20;
const CLIENTS = PEOPLE * DEVICES;
const ROOMS = 3;
const BEHIND = 6; // entries a room
const COMMANDS = 3; // of one handshake
/* The daemon's own, however many clients there are; and what a departure costs. */
const HOUSEKEEPING = ['hdel', 'publish', 'ping', 'hello', 'auth', 'select', 'info', 'role', 'wait', 'script'];

let stack, people, rooms;

before(async () => {
  stack = await startStack({ set: { 'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0 } });
  people = await inParallel(4, Array(PEOPLE).fill(), () => signUp(stack.url));
  rooms = await Promise.all(Array.from({ length: ROOMS }, () => people[0].openRoom()));
  for (const room of rooms) {
    await inParallel(4, people.slice(1), (person) => person.join(room));
    await inParallel(4, Array(20).fill(), () => people[0].post(room));
  }
});
after(() => stack?.stop());

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const costOf = (commands) =>
  sum(Object.entries(commands).filter(([name]) => !HOUSEKEEPING.includes(name)).map(([, count]) => count));
const ownerOf = (i) => people[i % PEOPLE];

/* As many clients, live in all their rooms. */
async function crowd(count) {
  const clients = await inParallel(16, Array(count).fill(), (_, i) => ownerOf(i).reach());
  await Promise.all(clients.map((client) => client.sync()));
  return clients;
}

/* Calls of this command so far, scripts' own included. */
async function callsOf(command) {
  const stats = await stack.redis('INFO', 'commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

/* Each by its own retry_ms, if it was told one; then again and again, as browsers do. */
async function comeBack(client, i) {
  const { reason } = client.over;
  await sleep(/retry_ms/.test(reason) ? JSON.parse(reason).retry_ms : Math.random() * 500);
  return ownerOf(i).reach({ cursors: client.order.resume });
}

/* Ends the daemon by `signal`; what is written while everybody is away has to reach them all. Gives
 * what the storm has cost. */
async function storm(clients, signal) {
  const monitor = await startMonitor(stack);
  const readsBefore = await callsOf('xrange') + await callsOf('xrevrange');
  stack.kill('pushd', signal);
  await Promise.all(clients.map((client) => client.end()));
  const last = await Promise.all(rooms.map(async (room) =>
    (await inParallel(1, Array(BEHIND).fill(), () => people[0].post(room))).at(-1).seq));
  const began = performance.now();
  const back = await Promise.all(clients.map(comeBack));
  await inParallel(50, back, async (client) => {
    await until('all that was missed', () => rooms.every((room, i) => client.order.cursors[room][0] >= last[i]));
    assert.deepEqual(client.order.faults, []);
  });
  const took_ms = performance.now() - began;
  const reads = await callsOf('xrange') + await callsOf('xrevrange') - readsBefore;
  return { back, reads, took_ms, commands: await monitor.stop() };
}

function judge({ back, reads, took_ms, commands }, t) {
  t.diagnostic(`${CLIENTS} back in ${took_ms.toFixed(0)} ms; ${reads} ranges of logs; ${JSON.stringify(commands)}`);
  /* The lobby's log, too; and what the newest entry is. */
  assert.ok(reads <= 3 * (ROOMS + 1), `${reads} ranges were read of ${ROOMS + 1} rooms`);
  const posted = ROOMS * BEHIND * 2; // who asks, and the message
  const handshakes = costOf(commands) - posted - reads;
  assert.ok(handshakes <= CLIENTS * COMMANDS, `${handshakes} commands for ${CLIENTS} handshakes`);
  for (const { order } of back) assert.equal(order.entries, ROOMS * BEHIND);
}

test('after_a_kill_each_room_is_read_about_once', async (t) => {
  const clients = await crowd(CLIENTS);
  const seen = await storm(clients, 'SIGKILL');
  judge(seen, t);
  await Promise.all(seen.back.map((client) => client.close()));
});

test('after_a_farewell_each_has_a_moment_of_its_own', async (t) => {
  const clients = await crowd(CLIENTS);
  const seen = await storm(clients, 'SIGTERM');
  judge(seen, t);
  const moments = clients.map(({ over }) => {
    assert.equal(over.code, 1012);
    return JSON.parse(over.reason).retry_ms;
  });
  assert.equal(new Set(moments).size, CLIENTS);
  await Promise.all(seen.back.map((client) => client.close()));
});

test('the_more_there_are_the_longer_they_are_spread', async (t) => {
  const spreadOf = async (count) => {
    const clients = await crowd(count);
    stack.kill('pushd', 'SIGTERM');
    const moments = await Promise.all(clients.map(async (client) => JSON.parse((await client.end()).reason).retry_ms));
    await until('a daemon', async () => (await people[0].reach()).close());
    return Math.max(...moments) - Math.min(...moments);
  };
  const [few, many] = [await spreadOf(20), await spreadOf(CLIENTS)];
  t.diagnostic(`20 are spread over ${few} ms, ${CLIENTS} over ${many} ms`);
  assert.ok(many > few, `${few} ms for 20, ${many} ms for ${CLIENTS}`);
});

test('one_by_one_a_handshake_costs_no_more', async (t) => {
  const monitor = await startMonitor(stack);
  for (const person of people) await (await person.reach({ cursors: { [rooms[0]]: 20 } })).close();
  const commands = await monitor.stop();
  t.diagnostic(JSON.stringify(commands));
  const handshakes = costOf(commands) - (commands.xrange ?? 0) - (commands.xrevrange ?? 0);
  assert.ok(handshakes <= PEOPLE * COMMANDS, `${handshakes} commands for ${PEOPLE} handshakes`);
});

test('nothing_has_died_by_itself', () => assert.deepEqual(deathsIn(stack.dir), []));
