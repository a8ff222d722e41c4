/*
 * Searching over REST: what is found, where it is shown, and how one goes on; by reading alone and
 * by the index, in one room and in all of one's own.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root, startStack } from '../support/stack.mjs';
import { newKey, signUp } from '../support/client.mjs';
import { until } from '../support/wait.mjs';

const BATCH = 1024; // entries that are indexed together
const BLOCK = 128; // entries of which the index knows apart
const CALL = 64; // blocks that one call reads

let stack, alice, bob;

before(async () => {
  stack = await startStack({ set: {
    'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0, 'limits.rooms_per_hour': 0, 'limits.searches_per_minute': 0,
  } });
  [alice, bob] = await Promise.all([signUp(stack.url), signUp(stack.url)]);
});
after(() => stack?.stop());

const search = (person, room, q, more = {}) =>
  person.call('GET', `${room ? `/rooms/${room}` : ''}/search?${new URLSearchParams({ q, ...more })}`);

async function found(person, room, q, more) {
  const answer = await search(person, room, q, more);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

/* All pages, as one list. */
async function all(person, room, q, more = {}) {
  const messages = [];
  for (let next = null, calls = 0; ; calls++) {
    const page = await found(person, room, q, { ...more, ...(next && { [room ? 'before' : 'cursor']: next }) });
    messages.push(...page.messages);
    ({ next } = page);
    if (next === null) return { messages, calls };
    assert.ok(calls < 1000, 'there is an end to it');
  }
}

function refused(answer, status, code, fault) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
  if (fault) assert.deepEqual(answer.body.errors.map(({ field, code: word }) => `${field} ${word}`), [fault]);
}

const texts = ({ messages }) => messages.map(({ text }) => text);
const shown = ({ text, highlights }) => highlights.map(([from, to]) => [...text].slice(from, to).join(''));

/* Writes many messages of Alice's at once, as the script would, and as read by her. */
async function fill(room, lines) {
  const append = `
    for i = 2, #ARGV do
      local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
      local n = redis.call('HINCRBY', KEYS[1], 'n', 1)
      local time = redis.call('TIME')
      redis.call('XADD', KEYS[2], seq .. '-0', 'e', string.format('{"type":"message","seq":%d,"n":%d,"at":%d,', seq, n,
        time[1] * 1000 + math.floor(time[2] / 1000)) .. ARGV[1] .. ARGV[i])
    end
    return redis.call('HGET', KEYS[1], 'seq')`;
  const head = `"room":"${room}","from":${JSON.stringify({ id: alice.id, name: alice.name, display: alice.name })},`;
  let last;
  for (let i = 0; i < lines.length; i += 500) {
    const tails = lines.slice(i, i + 500).map((text) => `${JSON.stringify({ text, key: newKey() }).slice(1)}`);
    last = await stack.redis('eval', append, '2', `{r:${room}}:room`, `{r:${room}}:log`, head, ...tails);
  }
  await alice.must(204, 'PUT', `/rooms/${room}/read`, { seq: Number(last) });
}

const page = async (person, room) => (await person.must(200, 'GET', `/rooms/${room}/messages`)).messages;

const indexed = async (room) => Number(await stack.redis('hget', `{r:${room}}:room`, 'indexed'));

/* Searches until the index has come as far as it goes. */
async function index(room) {
  const seq = Number(await stack.redis('hget', `{r:${room}}:room`, 'seq'));
  const blocks = Math.floor(seq / BATCH) * (BATCH / BLOCK);
  await until('the index', async () => (await indexed(room)) === blocks || !(await search(alice, room, 'nothing at all')));
}

describe('one room', () => {
  test('is_searched_for_a_folded_part_newest_first', async () => {
    const room = await alice.openRoom();
    const kept = [];
    for (const text of ['The Roses are out', '你好，世界', 'ＲＯＳＥ', 'Die Straße', 'a rose \n by any name']) kept.push(await alice.post(room, text));
    const rows = [
      ['rose', [['rose'], ['ＲＯＳＥ'], ['Rose']]], ['世界', [['世界']]], ['世', [['世']]], ['STRASSE', [['Straße']]],
      ['rose by', [['rose \n by']]], ['  Rose ', [['rose'], ['ＲＯＳＥ'], ['Rose']]], ['o', [['o'], ['Ｏ'], ['o', 'o']]],
      ['nowhere', []], ['界世', []],
    ];
    for (const [q, marks] of rows) {
      const page = await found(alice, room, q);
      assert.deepEqual(page.messages.map(shown), marks, q);
      assert.equal(page.next, null);
    }
    const [newest] = (await found(alice, room, 'by any')).messages;
    assert.deepEqual(newest, { ...kept[4], highlights: [[9, 15]] });
  });

  test('finds_what_is_escaped_in_json', async () => {
    const room = await alice.openRoom();
    await alice.post(room, 'say "roses"\tand \\ go');
    for (const q of ['"roses"', 'and \\ go', 'roses" and']) assert.equal((await found(alice, room, q)).messages.length, 1, q);
    assert.equal((await found(alice, room, alice.name)).messages.length, 0, 'only texts are searched');
  });

  test('goes_on_where_next_says', async () => {
    const room = await alice.openRoom();
    for (let i = 0; i < 7; i++) await alice.post(room, i % 2 ? `other ${i}` : `word ${i}`);
    const first = await found(alice, room, 'word', { limit: 3 });
    assert.deepEqual(texts(first), ['word 6', 'word 4', 'word 2']);
    assert.equal(first.next, first.messages[2].seq);
    const second = await found(alice, room, 'word', { limit: 3, before: first.next });
    assert.deepEqual([texts(second), second.next], [['word 0'], null]);
    const just = await found(alice, room, 'word', { limit: 4 });
    assert.deepEqual([just.messages.length, just.next], [4, null], 'nothing more is known to be nothing more');
    assert.deepEqual(await found(alice, room, 'word', { before: 1 }), { messages: [], next: null });
  });

  test('is_refused_to_who_is_not_in_it', async () => {
    refused(await search(bob, await alice.openRoom(), 'x'), 403, 'forbidden');
    refused(await search(bob, await alice.openRoom('private'), 'x'), 404, 'not_found');
    refused(await search(bob, 'nosuchroom', 'x'), 404, 'not_found');
    refused(await search(bob, 'No-Such', 'x'), 404, 'not_found');
  });

  test('wants_1_to_100_characters_that_can_be_seen', async () => {
    const room = await alice.openRoom();
    const rows = [['', 'q too_short'], [' \u3000', 'q blank'], ['\u200b', 'q blank'], ['a\nb', 'q characters'], ['x'.repeat(101), 'q too_long']];
    for (const where of [room, null]) {
      for (const [q, fault] of rows) refused(await search(alice, where, q), 422, 'invalid', fault);
      await found(alice, where, '世'.repeat(100));
      refused(await search(alice, where, 'x', { limit: 0 }), 422, 'invalid', 'limit range');
      refused(await search(alice, where, 'x', { limit: 201 }), 422, 'invalid', 'limit range');
    }
    refused(await alice.call('GET', `/rooms/${room}/search`), 422, 'invalid', 'q required');
    refused(await search(alice, room, 'x', { before: 0 }), 422, 'invalid', 'before range');
    for (const cursor of ['x', 'MSBsb2JieQ', '!', Buffer.from('1 lobby 1 ').toString('base64url')]) {
      refused(await search(alice, null, 'x', { cursor }), 422, 'invalid', 'cursor characters');
    }
  });
});

describe('what has changed', () => {
  test('is_found_as_it_stands_now', async () => {
    const room = await alice.openRoom();
    const [edited, deleted, erased] = [await alice.post(room, 'first draft'), await alice.post(room, 'secret draft'), await alice.post(room, 'erased draft')];
    await alice.must(200, 'PATCH', `/rooms/${room}/messages/${edited.seq}`, { text: 'second version' });
    await alice.must(204, 'DELETE', `/rooms/${room}/messages/${deleted.seq}`);
    const entry = JSON.stringify({ type: 'message', ...erased, from: { id: alice.id, name: 'deleted', display: '' } });
    await stack.redis('hset', `{r:${room}}:fold`, erased.seq, JSON.stringify({ entry }));
    await stack.redis('xdel', `{r:${room}}:log`, `${erased.seq}-0`);
    assert.deepEqual(texts(await found(alice, room, 'draft')), ['erased draft']);
    const [message] = (await found(alice, room, 'version')).messages;
    assert.deepEqual(message, { ...(await page(alice, room)).find(({ seq }) => seq === edited.seq), highlights: [[7, 14]] });
  });
});

describe('a large room', () => {
  const words = ['alpha', 'beta', 'gamma', '项目', '会议', '明天'];
  const line = (i) => `${words[i % 6]} ${words[(i * 7 + 1) % 6]} line ${i}${i % 1000 === 777 ? ' 稀有 rarity' : ''}${i === 50 ? ' 🦄' : ''}`;
  const COUNT = 3 * BATCH + 300;
  let room;
  const lines = Array.from({ length: COUNT }, (_, i) => line(i));
  const wanted = (part) => lines.filter((text) => text.includes(part)).reverse();

  const rows = ['rarity', '稀有', 'line 77', '🦄', '项目 beta', '目', 'ar', 'nosuchword', '无此', 'z', 'gamma gamma', 'e 1'];

  before(async () => {
    room = await alice.openRoom();
    await fill(room, lines);
  });

  test('is_found_in_before_it_is_indexed', async () => {
    assert.equal(await stack.redis('exists', `{r:${room}}:ix:0`), '0');
    for (const q of ['rarity', 'z']) assert.deepEqual(texts(await all(alice, room, q, { limit: 200 })), wanted(q));
  });

  test('is_indexed_by_who_notices', async () => {
    await index(room);
    assert.equal(await indexed(room), 24);
    assert.deepEqual([...Buffer.from(await stack.redis('--raw', 'hget', `{r:${room}}:ix:0`, '🦄'))], [0]);
  });

  for (const q of rows) {
    test(`gives_all_of_${q}_and_nothing_else`, async () => {
      for (const limit of [200, 7]) assert.deepEqual(texts(await all(alice, room, q, { limit })), wanted(q));
    });
  }

  test('is_read_only_where_the_index_says', async () => {
    const reads = async () => Number(/cmdstat_xrange:calls=(\d+)/.exec(await stack.redis('info', 'commandstats'))?.[1] ?? 0);
    const was = await reads();
    await found(alice, room, '🦄');
    const few = (await reads()) - was;
    assert.ok(few <= 4, `${few} blocks, of which 3 are not in the index yet`);
  });

  test('is_found_in_after_an_edit_or_a_delete', async () => {
    const [message] = (await found(alice, room, 'line 50 ')).messages.slice(-1);
    const path = `/rooms/${room}/messages/${message.seq}`;
    await alice.must(200, 'PATCH', path, { text: '全新的说法 brandnew' });
    for (const q of ['新的说', 'BRANDNEW', '法 b']) assert.deepEqual((await found(alice, room, q)).messages.map(({ seq }) => seq), [message.seq]);
    assert.deepEqual((await found(alice, room, '🦄')).messages, []);
    await alice.must(200, 'PATCH', path, { text: message.text });
    assert.deepEqual(texts(await found(alice, room, '🦄')), [message.text]);
    const [rare] = (await found(alice, room, 'rarity')).messages;
    await alice.must(204, 'DELETE', `/rooms/${room}/messages/${rare.seq}`);
    assert.deepEqual(texts(await all(alice, room, 'rarity')), wanted('rarity').slice(1));
  });

  test('an_edit_that_came_before_the_index_is_in_it', async () => {
    const other = await alice.openRoom();
    await fill(other, Array.from({ length: BATCH - 10 }, () => 'filler'));
    await alice.must(200, 'PATCH', `/rooms/${other}/messages/20`, { text: 'edited early' });
    assert.equal(await stack.redis('exists', `{r:${other}}:ix:0`), '0');
    await fill(other, Array.from({ length: BATCH }, () => 'filler'));
    await until('the index', async () => (await indexed(other)) === 8 || !(await search(alice, other, 'early')));
    assert.deepEqual(texts(await found(alice, other, 'early')), ['edited early']);
  });

  test('indexed_again_is_the_same', async () => {
    const before_ = await stack.redis('--raw', 'hgetall', `{r:${room}}:ix:0`);
    await stack.redis('hset', `{r:${room}}:room`, 'indexed', '8');
    await index(room);
    assert.equal(await stack.redis('--raw', 'hgetall', `{r:${room}}:ix:0`), before_);
  });

  test('is_indexed_by_who_sends_what_fills_a_batch', async () => {
    const seq = Number(await stack.redis('hget', `{r:${room}}:room`, 'seq'));
    await fill(room, Array.from({ length: 4 * BATCH - seq - 1 }, () => 'filler'));
    const { seq: last } = await alice.post(room, 'the last one');
    assert.equal(last, 4 * BATCH);
    await until('the index', async () => (await indexed(room)) === 32);
    assert.deepEqual(texts(await found(alice, room, 'last one')), ['the last one']);
  });
});

describe('the index of what leaves the log', () => {
  const shared = readFileSync(join(root, 'common/scripts/shared/index.lua'), 'utf8');
  const script = `local room = KEYS[1]\n${shared}\ndrop_index(tonumber(ARGV[1]), tonumber(ARGV[2]))`;
  const SEGMENT = 32768;
  const rows = [
    ['nothing that is whole', 0, SEGMENT - 1, [0, 1, 2, 3]], ['one segment', 0, SEGMENT, [1, 2, 3]],
    ['the rest of one', SEGMENT - 5, SEGMENT + 5, [1, 2, 3]], ['two of them', SEGMENT, 3 * SEGMENT + 1, [0, 3]],
    ['all, with the room', 7, 3 * SEGMENT + 1 + SEGMENT, []],
  ];
  for (const [what, low, high, left] of rows) {
    test(`goes_with_${what.replaceAll(' ', '_')}`, async () => {
      const keys = [0, 1, 2, 3].map((segment) => `{r:gone}:ix:${segment}`);
      for (const key of keys) await stack.redis('hset', key, 'ab', 'x');
      await stack.redis('eval', script, '1', '{r:gone}:room', low, high);
      const has = await Promise.all(keys.map((key) => stack.redis('exists', key)));
      assert.deepEqual(has.flatMap((one, segment) => (one === '1' ? [segment] : [])), left);
    });
  }
});

describe('a room too large for one call', () => {
  test('is_read_in_bounded_steps_when_the_index_cannot_help', async () => {
    const room = await alice.openRoom();
    await alice.post(room, 'the q is here');
    await fill(room, Array.from({ length: CALL * BLOCK + 500 }, () => 'x'));
    const first = await found(alice, room, 'q');
    assert.deepEqual(first.messages, []);
    assert.ok(first.next > 1);
    const { messages, calls } = await all(alice, room, 'q');
    assert.deepEqual([messages.length, calls], [1, 1]);
  });
});

describe('all of one\'s own rooms', () => {
  test('are_searched_newest_first_whatever_the_room', async () => {
    const person = await signUp(stack.url);
    const rooms = [await person.openRoom(), await person.openRoom('private'), await person.openRoom()];
    const sent = [];
    for (let i = 0; i < 20; i++) sent.push(await person.post(rooms[(i * 7) % 3], i % 4 ? `needle ${i}` : `hay ${i}`));
    const other = await alice.openRoom();
    await alice.post(other, 'needle of somebody else');
    const mine = sent.filter(({ text }) => text.startsWith('needle')).reverse();
    for (const limit of [200, 4, 1]) {
      const { messages } = await all(person, null, 'needle', { limit });
      assert.deepEqual(messages.map(({ seq, room }) => [room, seq]), mine.map(({ seq, room }) => [room, seq]));
      assert.deepEqual(messages[0].highlights, [[0, 6]]);
    }
    assert.deepEqual(await found(person, null, 'nowhere'), { messages: [], next: null });
  });

  test('those_that_were_left_are_not_among_them', async () => {
    const room = await alice.openRoom();
    await bob.join(room);
    await bob.post(room, 'a needle to be left behind');
    assert.equal((await found(bob, null, 'left behind')).messages.length, 1);
    await bob.must(204, 'DELETE', `/rooms/${room}/members/me`);
    assert.equal((await found(bob, null, 'left behind')).messages.length, 0);
  });

  test('many_messages_of_one_instant_are_each_shown_once', async () => {
    const person = await signUp(stack.url);
    const at = Date.now();
    const rooms = [];
    for (let i = 0; i < 5; i++) rooms.push(await person.openRoom());
    for (const room of rooms) {
      for (let seq = 2; seq < 5; seq++) {
        const entry = { type: 'message', seq, n: seq - 1, at, room, from: { id: person.id, name: 'p', display: 'p' }, text: `twin ${seq}`, key: newKey() };
        await stack.redis('xadd', `{r:${room}}:log`, `${seq}-0`, 'e', JSON.stringify(entry));
      }
      await stack.redis('hset', `{r:${room}}:room`, 'seq', '4', 'n', '3');
    }
    const { messages } = await all(person, null, 'twin', { limit: 2 });
    assert.equal(messages.length, 15);
    assert.equal(new Set(messages.map(({ room, seq }) => `${room} ${seq}`)).size, 15);
  });

  test('many_rooms_are_searched_in_bounded_steps', async () => {
    const person = await signUp(stack.url);
    const rooms = [];
    for (let i = 0; i < CALL + 20; i++) rooms.push(await person.openRoom());
    for (const room of rooms) await person.post(room, 'in every room');
    const { messages, calls } = await all(person, null, 'every');
    assert.deepEqual(messages.map(({ room }) => room).sort(), rooms.sort());
    assert.ok(messages.every(({ at }, i) => i === 0 || at <= messages[i - 1].at));
    assert.ok(calls >= 1);
  });
});

describe('too often', () => {
  test('is_refused_until_the_minute_is_over', async () => {
    const strict = await startStack({ set: { 'limits.searches_per_minute': 2, 'limits.logins_per_minute': 0 } });
    try {
      const person = await signUp(strict.url);
      await found(person, 'lobby', 'x');
      await found(person, null, 'x');
      const answer = await search(person, 'lobby', 'x');
      refused(answer, 429, 'rate_limited');
      assert.ok(Number(answer.headers['retry-after']) > 0);
    } finally {
      await strict.stop();
    }
  });
});
