/*
 * A room's whole log as NDJSON: complete, in order, for members only, at constant memory, and no
 * way to hold the program up.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newText, signUp } from '../support/client.mjs';
import { fill } from '../support/log.mjs';
import { residentOf } from '../support/process.mjs';
import { until } from '../support/wait.mjs';

/* AddressSanitizer keeps what was given back for a while, where a test measures memory it may not. */
const FRANK = ':quarantine_size_mb=0:thread_local_quarantine_size_kb=0';
const MANY = 50_000;
const MEGABYTE = 1 << 20;

let stack, alice;

before(async () => {
  stack = await startStack({ set: {
    'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0, 'limits.rooms_per_hour': 0, 'limits.exports_per_hour': 0,
  }, env: { ASAN_OPTIONS: (process.env.ASAN_OPTIONS ?? '') + FRANK } });
  alice = await signUp(stack.url);
});
after(() => stack?.stop());

const seed = (room, count, bytes) => fill(stack, room, alice.id, count, { bytes });

/* The answer as it comes; `answer.complete` tells whether it came to its end. */
function open(who, room, agent = new http.Agent()) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${who.token}` };
    http.get(`${stack.url}/api/v1/rooms/${room}/export`, { headers, agent }, resolve).on('error', reject);
  });
}

/* Every line, in order, without a gap, parsed and given to `see`; how many there were. */
async function walk(answer, see = () => {}) {
  let rest = '', seq = 0;
  for await (const piece of answer.setEncoding('utf8')) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const entry = JSON.parse(line);
      assert.equal(entry.seq, ++seq);
      see(entry);
    }
  }
  assert.equal(rest, '');
  return seq;
}

const fcgiBytes = () => residentOf(stack.pid('fcgi'));

test('an_export_is_what_was_sent_byte_by_byte', async () => {
  const room = await alice.openRoom();
  const live = await alice.connect({ cursors: { [room]: 0 } });
  const texts = ['one', '漢字 and 🌹', 'three\nlines\n"quoted"'].map((text) => `${text} ${newText()}`);
  for (const text of texts) await alice.post(room, text);
  await live.entry(room, 4);
  const answer = await alice.call('GET', `/rooms/${room}/export`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'application/x-ndjson');
  assert.equal(answer.headers['content-disposition'], `attachment; filename="${room}.ndjson"`);
  assert.equal(answer.headers['cache-control'], 'no-store');
  const sent = live.texts.filter((text) => JSON.parse(text).room === room && JSON.parse(text).at);
  assert.equal(answer.text, sent.map((text) => `${text}\n`).join(''));
  await live.close();
});

test('an_erased_entry_is_there_as_what_stands_in_its_place', async () => {
  const room = await alice.openRoom();
  for (let i = 0; i < 5; i++) await alice.post(room);
  const tombstone = (seq) => `{"type":"message","seq":${seq},"n":${seq - 1},"at":1,"room":"${room}","from":{"id":"u"},"deleted":true}`;
  for (const seq of [3, 4]) {
    await stack.redis('HSET', `{r:${room}}:fold`, `${seq}`, JSON.stringify({ entry: tombstone(seq) }));
    await stack.redis('XDEL', `{r:${room}}:log`, `${seq}-0`);
  }
  const { text } = await alice.call('GET', `/rooms/${room}/export`);
  const lines = text.trimEnd().split('\n');
  assert.deepEqual(lines.map((line) => JSON.parse(line).seq), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(lines.slice(2, 4), [tombstone(3), tombstone(4)]);
});

test('it_is_for_members_and_admins', async () => {
  const [bob, admin] = [await signUp(stack.url), await signUp(stack.url)];
  await stack.redis('HSET', `{u:${admin.id}}:user`, 'role', 'admin');
  const [open_, hidden] = [await alice.openRoom(), await alice.openRoom('private')];
  assert.equal((await bob.call('GET', `/rooms/${open_}/export`)).body.code, 'forbidden');
  assert.equal((await bob.call('GET', `/rooms/${hidden}/export`)).body.code, 'not_found');
  assert.equal((await bob.call('GET', '/rooms/nosuchroom/export')).body.code, 'not_found');
  assert.equal((await admin.call('GET', `/rooms/${hidden}/export`)).status, 200);
});

test('fifty_thousand_messages_come_in_order_and_in_constant_memory', async () => {
  const room = await alice.openRoom();
  await seed(room, MANY, 400);
  assert.equal(await walk(await open(alice, room)), MANY + 1);
  const before = fcgiBytes();
  let most = 0, bytes = 0;
  const answer = await open(alice, room);
  answer.on('data', (piece) => { bytes += piece.length; });
  const seen = await walk(answer, ({ seq }) => { if (seq % 5000 === 0) most = Math.max(most, fcgiBytes()); });
  assert.equal(seen, MANY + 1);
  assert.ok(answer.complete);
  assert.ok(bytes > 20 * MEGABYTE);
  assert.ok(most - before < 8 * MEGABYTE, `${(most - before) / MEGABYTE} MB more for ${bytes / MEGABYTE} MB`);
});

test('it_ends_where_the_log_ended_when_it_began', async () => {
  const room = await alice.openRoom();
  await seed(room, 20_000, 400);
  const answer = await open(alice, room);
  await alice.post(room);
  assert.equal(await walk(answer), 20_001);
});

test('who_is_put_out_of_the_room_meanwhile_gets_a_part_that_is_known_as_one', async () => {
  const bob = await signUp(stack.url);
  const room = await alice.openRoom();
  await bob.join(room);
  await seed(room, MANY, 1000);
  const answer = await open(bob, room);
  await bob.must(204, 'DELETE', `/rooms/${room}/members/me`);
  await assert.rejects(walk(answer));
  assert.equal(answer.complete, false);
});

test('few_at_a_time_and_who_stops_reading_is_cut', async () => {
  const room = await alice.openRoom();
  await seed(room, MANY, 1000);
  const stopped = await Promise.all([open(alice, room), open(alice, room)]);
  const ends = stopped.map((answer) => new Promise((resolve) => answer.once('close', resolve).once('error', resolve)));
  const third = await alice.call('GET', `/rooms/${room}/export`);
  assert.equal(third.status, 503);
  assert.equal(third.body.code, 'busy');
  assert.ok(Number(third.headers['retry-after']) >= 1);
  assert.equal((await alice.call('GET', '/me')).status, 200);
  /* Nobody reads; both have to go by themselves. */
  await until('a place', async () => (await alice.call('GET', '/rooms/lobby/export')).status === 200, 40_000);
  stopped.forEach((answer) => answer.resume());
  await Promise.all(ends);
  for (const answer of stopped) assert.equal(answer.complete, false);
  assert.match(stack.log('fcgi'), /event=export_cut/);
});

test('as_often_as_the_setting_says', async () => {
  const bob = await signUp(stack.url);
  const few = await startStack({ set: { 'limits.exports_per_hour': 2 } });
  try {
    const carol = await signUp(few.url);
    assert.equal((await carol.call('GET', '/rooms/nosuchroom/export')).status, 404); // counts for nothing
    for (const status of [200, 200, 429]) assert.equal((await carol.call('GET', '/rooms/lobby/export')).status, status);
    assert.equal((await bob.call('GET', '/rooms/lobby/export')).status, 200);
  } finally {
    await few.stop();
  }
});
