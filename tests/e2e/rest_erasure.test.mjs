/*
 * A closed account: gone at once, and a little later named nowhere in the logs, whose messages
 * stay or go as was wished.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { MARK, newKey, newText, signUp } from '../support/client.mjs';
import { fill, sweep } from '../support/log.mjs';
import { sleep, until } from '../support/wait.mjs';

const NOBODY = { name: 'deleted', display: 'Deleted account' };

let stack, bob, carol;

before(async () => {
  stack = await startStack({ set: {
    'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0, 'limits.rooms_per_hour': 0, 'limits.exports_per_hour': 0,
  } });
  [bob, carol] = [await signUp(stack.url), await signUp(stack.url)];
});
after(() => stack?.stop());

const newcomer = () => signUp(stack.url, { display: `Display "of" \\${newKey()}` });
const close = (who, more) => who.must(204, 'DELETE', '/me', { password: who.password, ...more });
const isDone = async (who) => (await stack.redis('HEXISTS', 'erasures', who.id)) === '0';

async function erased(who) {
  if (!(await isDone(who))) await sweep(stack, 'erasures');
  await until('the erasure', () => isDone(who));
  assert.equal(await stack.redis('EXISTS', `{u:${who.id}}:erasure`, `{u:${who.id}}:past`), '0');
}

/* All that Redis holds, key by key, as text. */
async function everything() {
  const read = { hash: ['HGETALL'], string: ['GET'], set: ['SMEMBERS'], zset: ['ZRANGE', 0, -1], stream: ['XRANGE', '-', '+'], list: ['LRANGE', 0, -1] };
  const keys = (await stack.redis('--scan')).split('\n').filter(Boolean);
  const texts = keys.map(async (key) => {
    const [command, ...rest] = read[await stack.redis('TYPE', key)] ?? ['EXISTS'];
    return `${key}\n${await stack.redis('--raw', command, key, ...rest.map(String))}`;
  });
  return (await Promise.all(texts)).join('\n');
}

async function entriesOf(who, room) {
  const { text } = await who.call('GET', `/rooms/${room}/export`);
  const entries = text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(entries.map(({ seq }) => seq), entries.map((_, i) => i + 1), 'no gap');
  return entries;
}

/* A room of Bob's with Carol and somebody who has done all that leaves a trace there. */
async function traced(alice) {
  const room = await bob.openRoom();
  await alice.join(room);
  await carol.join(room);
  const [first, second, third] = [await alice.post(room), await alice.post(room), await alice.post(room)];
  const { seq } = await bob.post(room);
  const at = `/rooms/${room}/messages`, edited = `edited ${newText()}`;
  await alice.must(200, 'PATCH', `${at}/${first.seq}`, { text: edited });
  await alice.must(204, 'DELETE', `${at}/${second.seq}`);
  await alice.must(204, 'PUT', `${at}/${seq}/reactions/%F0%9F%91%8D`);
  await carol.must(204, 'PUT', `${at}/${third.seq}/reactions/%F0%9F%8C%B9`);
  await bob.must(204, 'PUT', `/rooms/${room}/pins/${third.seq}`);
  return { room, first, second, third, seq, edited };
}

test('kept_messages_are_nobodys_and_otherwise_as_they_were', async () => {
  const alice = await newcomer();
  const { room, first, second, third, seq, edited: text } = await traced(alice);
  const early = await bob.openRoom();
  await alice.join(early);
  await alice.must(204, 'DELETE', `/rooms/${early}/members/me`); // the newest entry there names her
  const live = await carol.connect({ cursors: { [room]: 0 } });
  await close(alice);
  await erased(alice);

  const held = await everything();
  assert.ok(!held.includes(alice.name) && !held.includes(JSON.stringify(alice.display).slice(1, -1)) && !held.includes(alice.display));
  const from = { id: alice.id, ...NOBODY };
  const { messages } = await bob.must(200, 'GET', `/rooms/${room}/messages`);
  const of = (wanted) => messages.find((message) => message.seq === wanted);
  const { edited_at, ...edited } = of(first.seq);
  assert.ok(edited_at > 0);
  assert.deepEqual(edited, { ...first, from, text });
  assert.deepEqual(of(third.seq), { ...third, from, pinned: true, reactions: [{ emoji: '🌹', count: 1, mine: false }] });
  assert.equal(of(second.seq).deleted, true);
  assert.deepEqual(of(second.seq).from, from);
  assert.deepEqual(of(seq).reactions, [{ emoji: '👍', count: 1, mine: false }]);

  await entriesOf(bob, early);
  const entries = await entriesOf(bob, room);
  for (const one of entries) {
    for (const person of [one.from, one.user]) if (person?.id === alice.id) assert.deepEqual(person, from);
  }
  const again = await bob.connect({ cursors: { [room]: 0 } });
  await again.next((frame) => frame.type === 'caught_up' && frame.room === room);
  assert.deepEqual(again.of(room).filter((frame) => 'at' in frame), entries);
  await live.entry(room, entries.length);
  await live.close();
  await again.close();
});

test('erased_messages_go_as_if_their_author_had_deleted_each', async () => {
  const alice = await newcomer();
  const { room, first, third, seq, edited } = await traced(alice);
  await carol.must(204, 'PUT', `/rooms/${room}/read`, { seq: first.seq });
  const live = await carol.connect({ cursors: { [room]: first.seq } });
  await close(alice, { messages: 'erase' });
  await erased(alice);

  const held = await everything();
  for (const gone of [alice.name, alice.display, first.text, third.text, edited]) assert.ok(!held.includes(gone), gone);
  const { messages } = await bob.must(200, 'GET', `/rooms/${room}/messages`);
  assert.deepEqual(messages.filter(({ deleted }) => !deleted).map((message) => message.seq), [seq]);
  assert.deepEqual(messages.find((message) => message.seq === third.seq),
    { seq: third.seq, n: third.n, at: third.at, room, from: { id: alice.id, ...NOBODY }, deleted: true });
  assert.deepEqual((await bob.must(200, 'GET', `/rooms/${room}/pins`)).messages, []);
  for (const target of [first.seq, third.seq]) {
    const told = await live.next((frame) => frame.type === 'deleted' && frame.target === target);
    assert.deepEqual(told.from, { id: alice.id, ...NOBODY });
  }
  assert.equal((await carol.must(200, 'GET', `/rooms/${room}`)).room.unread, 1);
  await entriesOf(bob, room);
  await live.close();
});

test('the_account_itself_is_gone_at_once', async () => {
  const alice = await newcomer();
  const live = await alice.connect();
  await close(alice);
  assert.equal((await live.end()).code, 4401);
  assert.equal((await alice.call('GET', '/me')).status, 401);
  assert.equal((await bob.call('GET', `/users/${alice.id}`)).status, 404);
  await erased(alice);
});

test('a_wish_that_came_to_nothing_erases_nothing', async () => {
  const alice = await newcomer();
  const room = await alice.openRoom();
  const message = await alice.post(room);
  const wrong = await alice.call('DELETE', '/me', { password: 'not my password', messages: 'erase' });
  assert.equal(wrong.body.code, 'bad_credentials');
  await stack.redis('HSET', 'erasures', alice.id, 'erase'); // noted, and then Redis was away
  await sweep(stack, 'erasures');
  await sleep(500);
  assert.deepEqual((await alice.history(room)), [message]);
  await stack.redis('HDEL', 'erasures', alice.id);
});

test('a_program_that_dies_in_the_middle_goes_on_where_it_was', async () => {
  const alice = await newcomer();
  const room = await bob.openRoom();
  await alice.join(room);
  const count = 12_000;
  await fill(stack, room, alice.id, count);
  await bob.post(room);
  await stack.redis('HSET', `{r:${room}}:read`, alice.id, `2 0 ${count}`);
  await close(alice, { messages: 'erase' });
  await until('a beginning', async () => Number(await stack.redis('HGET', `{u:${alice.id}}:erasure`, room)) > 0);
  stack.kill('fcgi', 'SIGKILL');
  await erased(alice);
  assert.equal(Number(await stack.redis('ZCARD', `{r:${room}}:gone`)), count);
  assert.doesNotMatch(await stack.redis('--raw', 'XRANGE', `{r:${room}}:log`, '-', '+'), /xxxx/);
  assert.equal((await carol.call('PUT', `/rooms/${room}/members/me`)).status, 201);
  await entriesOf(bob, room);
});

test('nobody_can_take_the_name_of_nobody', async () => {
  const answer = await bob.call('POST', '/users', { name: 'Deleted', password: `${MARK}-${newText()}` });
  assert.ok([409, 422].includes(answer.status), answer.text);
});
