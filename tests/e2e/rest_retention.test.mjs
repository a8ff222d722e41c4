/*
 * What a room keeps: by number and by age, with all that hangs on what goes, and nobody miscounts.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newKey, newText, signUp } from '../support/client.mjs';
import { fill, sweep } from '../support/log.mjs';
import { until } from '../support/wait.mjs';

const DAY_MS = 86_400_000;

let stack, alice, bob, carol;

before(async () => {
  stack = await startStack({ set: {
    'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0, 'limits.rooms_per_hour': 0, 'limits.exports_per_hour': 0,
  } });
  [alice, bob, carol] = [await signUp(stack.url), await signUp(stack.url), await signUp(stack.url)];
});
after(() => stack?.stop());

const keyOf = (room, name) => `{r:${room}}:${name}`;
const number = async (...command) => Number(await stack.redis(...command));
const trimmedOf = (room) => number('HGET', keyOf(room, 'room'), 'trimmed');

async function roomOfThree() {
  const room = await alice.openRoom();
  await bob.join(room);
  await carol.join(room);
  return room;
}

/* Sets what a room keeps and waits until just that is left: the log begins after entry `trimmed`. */
async function keep(room, fields, trimmed) {
  await stack.redis('HSET', keyOf(room, 'room'), ...Object.entries(fields).flat().map(String));
  await sweep(stack, 'retention');
  await until(`trimmed up to ${trimmed}`, async () => (await trimmedOf(room)) === trimmed);
}

const viewOf = async (who, room) => (await who.must(200, 'GET', `/rooms/${room}`)).room;

/* What `who` has not read, counted one by one. */
async function count(who, room) {
  const { read } = await viewOf(who, room);
  const messages = await who.history(room);
  return messages.filter(({ seq, deleted, from }) => seq > read && !deleted && from.id !== who.id).length;
}

async function countsRight(room) {
  for (const who of [alice, bob, carol]) assert.equal((await viewOf(who, room)).unread, await count(who, room));
}

test('the_newest_messages_stay_and_all_that_hung_on_the_others_goes', async () => {
  const room = await roomOfThree(); // entries 1 to 3
  const keys = Array.from({ length: 20 }, newKey);
  for (const key of keys) await alice.post(room, newText(), key); // 4 to 23
  await alice.must(200, 'PATCH', `/rooms/${room}/messages/5`, { text: newText() }); // 24
  await alice.must(200, 'PATCH', `/rooms/${room}/messages/22`, { text: newText() }); // 25
  await alice.must(204, 'DELETE', `/rooms/${room}/messages/6`); // 26
  await keep(room, { keep_messages: 8 }, 15);

  const history = await bob.history(room);
  assert.deepEqual(history.map(({ seq }) => seq), [16, 17, 18, 19, 20, 21, 22, 23]);
  const page = await bob.must(200, 'GET', `/rooms/${room}/messages?limit=8`);
  assert.equal(page.more, false);
  assert.deepEqual((await bob.must(200, 'GET', `/rooms/${room}/messages?before=16`)).messages, []);
  assert.equal((await bob.call('GET', `/rooms/${room}/messages/15`)).status, 404);
  assert.equal((await bob.call('GET', `/rooms/${room}/messages/16`)).status, 200);

  assert.equal(await number('XLEN', keyOf(room, 'log')), 11);
  assert.equal(await stack.redis('HKEYS', keyOf(room, 'fold')), '22');
  assert.equal(await number('ZCARD', keyOf(room, 'gone')), 0);
  const remembered = await Promise.all(keys.map((key) => number('EXISTS', keyOf(room, `key:${alice.id}:${key}`))));
  assert.equal(remembered.lastIndexOf(0), 11);
  const lines = (await bob.call('GET', `/rooms/${room}/export`)).text.trimEnd().split('\n');
  assert.deepEqual(lines.map((line) => JSON.parse(line).seq), Array.from({ length: 11 }, (_, i) => i + 16));
});

test('what_is_unread_stays_exact', async () => {
  const room = await roomOfThree();
  const people = [alice, bob, carol];
  for (let i = 0; i < 60; i++) await people[(i * 7 + (i >> 2)) % 3].post(room);
  for (const seq of [10, 30, 50]) {
    const author = (await alice.must(200, 'GET', `/rooms/${room}/messages/${seq}`)).message.from.id;
    await people.find(({ id }) => id === author).must(204, 'DELETE', `/rooms/${room}/messages/${seq}`);
  }
  await bob.must(204, 'PUT', `/rooms/${room}/read`, { seq: 12 });
  await carol.must(204, 'PUT', `/rooms/${room}/read`, { seq: 45 });
  await countsRight(room);
  for (const [keeps, trimmed] of [[50, 13], [35, 29], [20, 45], [3, 66]]) {
    await keep(room, { keep_messages: keeps }, trimmed);
    await countsRight(room);
    await bob.post(room);
    await countsRight(room);
    await stack.redis('HSET', keyOf(room, 'room'), 'keep_messages', '0');
  }
  await carol.must(204, 'PUT', `/rooms/${room}/read`, { seq: 68 });
  await countsRight(room);
});

test('what_is_older_goes_whoever_sent_it_and_however_much_it_is', async () => {
  const room = await roomOfThree();
  await stack.redis('XDEL', keyOf(room, 'log'), '1-0', '2-0', '3-0'); // they were sent today
  await stack.redis('HSET', keyOf(room, 'room'), 'trimmed', '3', 'trimmed_n', '0');
  await fill(stack, room, 'nobody', 12_000, { at: Date.now() - 40 * DAY_MS });
  await fill(stack, room, 'nobody', 500, { at: Date.now() - 10 * DAY_MS });
  await keep(room, { keep_days: 30 }, 12_003);
  assert.equal(await number('XLEN', keyOf(room, 'log')), 500);
  assert.equal((await viewOf(carol, room)).unread, 500);
  await countsRight(room);
});

test('the_newest_entry_stays_however_old_it_is', async () => {
  const room = await roomOfThree();
  await stack.redis('XDEL', keyOf(room, 'log'), '1-0', '2-0', '3-0');
  await stack.redis('HSET', keyOf(room, 'room'), 'trimmed', '3', 'trimmed_n', '0');
  await fill(stack, room, 'nobody', 5, { at: Date.now() - 40 * DAY_MS });
  await keep(room, { keep_days: 30 }, 7);
  const { seq } = await alice.post(room);
  assert.equal(seq, 9);
  assert.equal((await viewOf(carol, room)).unread, 2);
});

test('a_cursor_that_fell_off_is_reset_and_one_at_the_first_entry_is_not', async () => {
  const room = await roomOfThree();
  for (let i = 0; i < 10; i++) await alice.post(room);
  await keep(room, { keep_messages: 4 }, 9);
  const late = await bob.connect({ cursors: { [room]: 5 } });
  assert.deepEqual(await late.next((frame) => frame.room === room), { type: 'reset', room, seq: 13 });
  const edge = await carol.connect({ cursors: { [room]: 10 } });
  for (const seq of [11, 12, 13]) await edge.entry(room, seq);
  await edge.next((frame) => frame.type === 'caught_up' && frame.room === room);
  await late.close();
  await edge.close();
});

test('a_room_keeps_no_more_than_the_site_allows', async () => {
  const strict = await startStack({ set: { 'rooms.keep_messages': 5, 'limits.messages_per_10s': 0 } });
  try {
    const dora = await signUp(strict.url);
    const [long, short] = [await dora.openRoom(), await dora.openRoom()];
    await strict.redis('HSET', keyOf(long, 'room'), 'keep_messages', '100');
    await strict.redis('HSET', keyOf(short, 'room'), 'keep_messages', '2');
    for (let i = 0; i < 10; i++) {
      await dora.post(long);
      await dora.post(short);
    }
    await sweep(strict, 'retention');
    await until('both trimmed', async () =>
      (await dora.history(long)).length === 5 && (await dora.history(short)).length === 2);
  } finally {
    await strict.stop();
  }
});

test('owners_set_what_their_room_keeps_and_everybody_in_it_is_told', async () => {
  const room = await roomOfThree(); // entries 1 to 3
  for (let i = 0; i < 6; i++) await alice.post(room); // 4 to 9
  const { room: set } = await alice.must(200, 'PATCH', `/rooms/${room}`, { keep_days: 30, keep_messages: 2 }); // 10
  assert.deepEqual([set.keep_days, set.keep_messages], [30, 2]);
  assert.equal((await viewOf(bob, room)).keep_messages, 2);
  const lines = (await bob.call('GET', `/rooms/${room}/export`)).text.trimEnd().split('\n');
  const { type, from, keep_days: days, keep_messages: messages } = JSON.parse(lines.at(-1));
  assert.deepEqual([type, from.id, days, messages], ['room', alice.id, 30, 2]);
  await sweep(stack, 'retention');
  await until('trimmed up to 7', async () => (await trimmedOf(room)) === 7);

  const { room: back } = await alice.must(200, 'PATCH', `/rooms/${room}`, { keep_days: 0, keep_messages: 0 });
  assert.deepEqual(['keep_days' in back, 'keep_messages' in back], [false, false]);
});

test('what_a_room_keeps_is_for_its_owners_and_within_bounds', async () => {
  const room = await roomOfThree();
  await alice.must(200, 'PUT', `/rooms/${room}/members/${bob.id}`, { role: 'moderator' });
  for (const who of [bob, carol]) {
    assert.equal((await who.call('PATCH', `/rooms/${room}`, { keep_days: 1 })).body.code, 'forbidden');
    assert.equal((await who.call('PATCH', `/rooms/${room}`, { keep_messages: 1 })).body.code, 'forbidden');
  }
  await bob.must(200, 'PATCH', `/rooms/${room}`, { topic: 'as it was', keep_days: 0 }); // nothing new of it
  for (const fields of [{ keep_days: -1 }, { keep_days: 36_501 }, { keep_messages: 1_000_000_001 }, { keep_days: '7' }, { keep_messages: 1.5 }])
    assert.equal((await alice.call('PATCH', `/rooms/${room}`, fields)).body.code, 'invalid', JSON.stringify(fields));
});
