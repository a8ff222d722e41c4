/*
 * latency: from POST sent to frame received, through nginx, as people at their browsers have it.
 *
 *   node tests/bench/latency.mjs [--seconds N] [--rate N] [--connections N] [--json]
 *
 * One room, all connections in it, messages at a steady rate whatever the answers do (open loop, so
 * that a stall is counted in full). Each message counts once for every connection. What the
 * measuring itself costs on the same machine is in the figures, and so is whatever else runs on
 * it: hence the load, and the processor time that each program has used for one message.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { startStack } from '../support/stack.mjs';
import { newKey, newText, signUp } from '../support/client.mjs';
import { cpuOf, familyOf, sumOf } from '../support/process.mjs';
import { inParallel, sleep, until, within } from '../support/wait.mjs';

const WARM_UP_MS = 1000;
const PROGRAMS = ['nginx', 'fcgi', 'redis', 'pushd'];
const KEY = /"key":"([^"]+)"/;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rate: { type: 'string', default: '100' },
    connections: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  },
});
const [seconds, rate, connections] = [options.seconds, options.rate, options.connections].map(Number);

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

function summary(samples) {
  const sorted = Float64Array.from(samples).sort();
  return { count: sorted.length, median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), most: sorted.at(-1) };
}

async function listen(person, onKey) {
  const socket = new WebSocket(`${person.url.replace(/^http/, 'ws')}/ws`, {
    headers: { authorization: `Bearer ${person.token}` },
    perMessageDeflate: false,
  });
  await within('welcome', new Promise((resolve, reject) => {
    socket.once('message', resolve);
    socket.once('error', reject);
  }));
  socket.on('message', (data) => {
    const key = KEY.exec(data)?.[1];
    if (key) onKey(key);
  });
  socket.send('{"type":"resume","cursors":{}}');
  return socket;
}

const cpu = (stack) =>
  Object.fromEntries(PROGRAMS.map((name) => [name, sumOf(familyOf(stack.pid(name)), cpuOf)]));

async function measure(stack) {
  const people = await inParallel(2, Array(10).fill(), () => signUp(stack.url));
  const room = await people[0].openRoom();
  for (const person of people.slice(1)) await person.join(room);

  const sent = new Map();
  const delivered = [];
  const answered = [];
  const onKey = (key) => {
    const began = sent.get(key);
    if (began !== undefined) delivered.push(performance.now() - began);
  };
  const sockets = await inParallel(10, Array(connections).fill(), (_, i) => listen(people[i % people.length], onKey));
  await sleep(WARM_UP_MS);

  const before = cpu(stack);
  const posts = [];
  const start = performance.now();
  for (let i = 0; i < seconds * rate; i++) {
    const due = start + (i * 1000) / rate;
    if (due > performance.now()) await sleep(due - performance.now());
    const key = newKey();
    const began = performance.now();
    sent.set(key, began);
    posts.push(people[i % people.length].post(room, newText(), key).then(() => answered.push(performance.now() - began)));
  }
  await Promise.all(posts);
  await until('the last frame', () => delivered.length >= posts.length * connections);
  const after = cpu(stack);
  for (const socket of sockets) socket.terminate();
  const used = Object.fromEntries(PROGRAMS.map((name) => [name, (after[name] - before[name]) / posts.length]));
  return { delivered: summary(delivered), answered: summary(answered), cpu: used };
}

const load = loadavg()[0].toFixed(1);
const stack = await startStack({ set: { 'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0 } });
try {
  const figures = await measure(stack);
  const number = (ms) => ms.toFixed(2).padStart(8);
  const row = ([what, { count, median, p99, most }]) =>
    `${what.padEnd(34)} ${number(median)} ${number(p99)} ${number(most)} ${String(count).padStart(9)}`;
  if (options.json) console.log(JSON.stringify(figures));
  else {
    console.log(`${rate} messages a second, ${connections} connections, ${seconds} s; load before: ${load}`);
    console.log(`${'ms'.padEnd(34)}   median      p99     most   samples`);
    console.log(row(['POST sent to frame received', figures.delivered]));
    console.log(row(['POST sent to answer received', figures.answered]));
    console.log(`ms of processor a message: ${PROGRAMS.map((name) => `${name} ${figures.cpu[name].toFixed(2)}`).join(', ')}`);
  }
} finally {
  await stack.stop();
}
process.exit();
