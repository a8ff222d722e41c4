/*
 * What passes by without being kept: typing, read; and choosing which rooms one wants to hear.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';

let stack, alice, bob, eve, room;

before(async () => {
  stack = await startStack({
    set: {
      'push.workers': 2,
      'limits.messages_per_10s': 0,
      'limits.logins_per_minute': 0,
      'limits.client_frames_per_s': 0,
    },
  });
  [alice, bob, eve] = await Promise.all([signUp(stack.url), signUp(stack.url), signUp(stack.url)]);
  room = await alice.openRoom();
  await bob.join(room);
});
after(() => stack?.stop());

const live = async (person) => {
  const connection = await person.connect();
  await connection.sync();
  return connection;
};
const closeAll = (...all) => Promise.all(all.map((connection) => connection.close()));
const heard = (connection, type) => connection.frames.filter((frame) => frame.type === type);
const seqsIn = (connection, id) => connection.frames.filter((frame) => frame.room === id && frame.type === 'message')
  .map(({ seq }) => seq);

test('typing_is_told_to_the_room_and_to_nobody_else', async () => {
  const [writer, reader, stranger] = await Promise.all([alice, bob, eve].map(live));
  writer.say({ type: 'typing', room });
  const frame = await reader.next('typing');
  assert.deepEqual(frame, { type: 'typing', room, user: { id: alice.id, name: alice.name, display: alice.user.display } });
  await stranger.sync();
  assert.deepEqual(heard(stranger, 'typing'), []);
  await closeAll(writer, reader, stranger);
});

test('typing_all_the_time_is_told_now_and_then', async () => {
  const [writer, reader] = await Promise.all([alice, bob].map(live));
  for (let i = 0; i < 50; i++) writer.say({ type: 'typing', room });
  await writer.sync();
  const { seq } = await alice.post(room);
  await reader.entry(room, seq);
  assert.equal(heard(reader, 'typing').length, 1);
  await closeAll(writer, reader);
});

test('typing_where_one_is_not_in_is_an_error_and_told_to_nobody', async () => {
  const [reader, stranger] = await Promise.all([bob, eve].map(live));
  for (const id of [room, 'nosuchroom']) {
    stranger.say({ type: 'typing', room: id });
    assert.equal((await stranger.next('error')).code, 'not_found');
  }
  const { seq } = await alice.post(room);
  await reader.entry(room, seq);
  assert.deepEqual(heard(reader, 'typing'), []);
  await closeAll(reader, stranger);
});

test('typing_is_not_in_the_log', async () => {
  const writer = await live(alice);
  const before = await stack.redis('XLEN', `{r:${room}}:log`);
  writer.say({ type: 'typing', room });
  await writer.next('typing');
  assert.equal(await stack.redis('XLEN', `{r:${room}}:log`), before);
  await writer.close();
});

test('unsubscribe_ends_what_comes_of_a_room_and_subscribe_begins_at_its_end', async () => {
  const reader = await live(bob);
  reader.say({ type: 'unsubscribe', rooms: [room] });
  await reader.sync();
  const missed = await alice.post(room);
  const elsewhere = await alice.post('lobby');
  await reader.entry('lobby', elsewhere.seq);
  assert.deepEqual(seqsIn(reader, room), []);
  reader.order.unsubscribe(room);
  reader.say({ type: 'subscribe', rooms: [room] });
  assert.equal((await reader.next('caught_up')).seq, missed.seq);
  const { seq } = await alice.post(room);
  await reader.entry(room, seq);
  assert.deepEqual(seqsIn(reader, room), [seq]);
  const also = await alice.post('lobby');
  await reader.entry('lobby', also.seq);
  await reader.close();
});

test('the_first_subscribe_narrows_to_what_it_names', async () => {
  const reader = await live(bob);
  reader.order.unsubscribe('lobby');
  reader.say({ type: 'subscribe', rooms: [room] });
  await reader.next('caught_up');
  await alice.post('lobby');
  const { seq } = await alice.post(room);
  await reader.entry(room, seq);
  assert.deepEqual(seqsIn(reader, 'lobby'), []);
  await reader.close();
});

test('subscribing_before_resume_spares_the_replay_of_the_rest', async () => {
  const { seq } = await alice.post('lobby');
  const reader = await bob.connect({ cursors: null });
  reader.order.cursors[room] = [0];
  reader.say({ type: 'subscribe', rooms: [room] });
  reader.say({ type: 'resume', cursors: { [room]: 0 } });
  await reader.next('caught_up');
  await reader.sync();
  assert.ok(seqsIn(reader, room).length > 0);
  assert.ok(!seqsIn(reader, 'lobby').includes(seq));
  await reader.close();
});

test('subscribing_where_one_is_not_in_is_an_error_and_brings_nothing', async () => {
  const stranger = await live(eve);
  stranger.say({ type: 'subscribe', rooms: [room, 'nosuchroom', 'lobby'] });
  await stranger.next('error');
  await stranger.next('error');
  await alice.post(room);
  const { seq } = await alice.post('lobby');
  await stranger.entry('lobby', seq);
  assert.deepEqual(seqsIn(stranger, room), []);
  await stranger.close();
});

test('a_room_left_while_not_wanted_is_told_all_the_same', async () => {
  const own = await bob.openRoom();
  await eve.join(own);
  const reader = await live(eve);
  reader.say({ type: 'unsubscribe', rooms: [own] });
  await reader.sync();
  await eve.must(204, 'DELETE', `/rooms/${own}/members/me`);
  assert.equal((await reader.next('left')).room, own);
  await reader.close();
});
