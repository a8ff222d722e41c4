/*
 * Messages over REST: sent once however often they are posted, read back page by page, counted as
 * unread exactly, and kept to the byte.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newKey, newText, signUp } from '../support/client.mjs';
import { inParallel, sleep } from '../support/wait.mjs';

let stack, alice, bob;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0, 'limits.rooms_per_hour': 0 } });
  [alice, bob] = await Promise.all([signUp(stack.url), signUp(stack.url)]);
});
after(() => stack?.stop());

function refused(answer, status, code, fault) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
  if (fault) assert.deepEqual(answer.body.errors.map(({ field, code: word }) => `${field} ${word}`), [fault].flat());
}

async function sharedRoom() {
  const room = await alice.openRoom('private');
  await stack.redis('hset', `{r:${room}}:room`, 'kind', 'public');
  await bob.join(room);
  return room;
}

const send = (person, room, body) => person.call('POST', `/rooms/${room}/messages`, body);
const page = (person, room, query = '') => person.must(200, 'GET', `/rooms/${room}/messages${query}`);
const seqs = ({ messages }) => messages.map(({ seq }) => seq);

test('reading_on_message_by_message_costs_redis_what_is_read_and_not_what_is_left', async () => {
  const room = await sharedRoom(), key = `{r:${room}}`;
  const first = (await alice.post(room, 'x')).seq;
  const { seq, n } = await bob.post(room, 'y'.repeat(4000)); // what alice has said is not read yet
  const entry = await stack.redis('XRANGE', `${key}:log`, `${seq}-0`, `${seq}-0`);
  const filler = entry.slice(entry.indexOf('{'));
  const COUNT = 1500; // as if he had said it all
  await stack.redis('EVAL', `for i = 1, ${COUNT} do
    local s, n = ${seq} + i, ${n} + i
    local e = string.gsub(ARGV[1], '"seq":%d+,"n":%d+', '"seq":' .. s .. ',"n":' .. n, 1)
    redis.call('XADD', KEYS[1], s .. '-0', 'e', e)
  end
  redis.call('HSET', KEYS[2], 'seq', ${seq} + ${COUNT}, 'n', ${n} + ${COUNT}, 'last', ${seq} + ${COUNT})
  redis.call('HSET', KEYS[3], '${bob.id}', '0 0 ' .. (${COUNT} + 1))`, '3', `${key}:log`, `${key}:room`, `${key}:read`, filler);
  const busy = async () => Number(/used_cpu_user_main_thread:([\d.]+)/.exec(await stack.redis('INFO', 'cpu'))[1]);
  const unread = async () => (await bob.must(200, 'GET', `/rooms/${room}`)).room.unread;
  const before = await busy();
  for (let at = first; at < first + 100; at++) await bob.must(204, 'PUT', `/rooms/${room}/read`, { seq: at });
  const took = (await busy()) - before;
  assert.ok(took < 0.3, `${took} s of Redis`);
  assert.equal(await unread(), 0, 'what is left is his own');
  await bob.must(204, 'PUT', `/rooms/${room}/read`, { seq: seq + COUNT });
  assert.equal(await unread(), 0);
  assert.equal(await stack.redis('HGET', `${key}:read`, bob.id), `${seq + COUNT} ${n + COUNT} 0`);
});

describe('sending', () => {
  test('gives_the_message_as_the_log_has_it', async () => {
    const room = await sharedRoom();
    const [text, key] = [newText(), newKey()];
    const answer = await send(alice, room, { text, key, seq: 99, from: bob.id, type: 'member', at: 1 });
    assert.equal(answer.status, 201);
    const { message } = answer.body;
    assert.deepEqual(Object.keys(message), ['seq', 'n', 'at', 'room', 'from', 'text', 'key']);
    assert.deepEqual([message.seq, message.n, message.room, message.text, message.key], [3, 1, room, text, key]);
    assert.deepEqual(message.from, { id: alice.id, name: alice.name, display: alice.name });
    assert.ok(Math.abs(message.at - Date.now()) < 60_000);
    const entry = await stack.redis('--raw', 'xrange', `{r:${room}}:log`, '3-0', '3-0');
    assert.deepEqual(JSON.parse(entry.split('\n')[2]), { type: 'message', ...message });
  });

  test('again_under_the_same_key_gives_the_first_one_and_sends_nothing', async () => {
    const room = await sharedRoom();
    const key = newKey();
    const first = await send(alice, room, { text: newText(), key });
    const again = await send(alice, room, { text: newText(), key });
    assert.deepEqual([first.status, again.status], [201, 200]);
    assert.deepEqual(again.body, first.body);
    assert.equal((await alice.history(room)).length, 1);
    assert.equal((await send(bob, room, { text: newText(), key })).status, 201);
    assert.equal((await send(alice, await sharedRoom(), { text: newText(), key })).status, 201);
    const ttl = Number(await stack.redis('pttl', `{r:${room}}:key:${alice.id}:${key}`));
    assert.ok(ttl > 6.9 * 86_400_000 && ttl <= 7 * 86_400_000);
  });

  test('at_once_under_the_same_key_is_one_message', async () => {
    const room = await sharedRoom();
    for (let round = 0; round < 5; round++) {
      const body = { text: newText(), key: newKey() };
      const answers = await Promise.all(Array.from({ length: 12 }, () => send(alice, room, body)));
      assert.equal(answers.filter(({ status }) => status === 201).length, 1);
      assert.equal(answers.filter(({ status }) => status === 200).length, 11);
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    }
    assert.equal((await alice.history(room)).length, 5);
  });

  test('by_many_at_once_leaves_no_hole_in_the_numbers', async () => {
    const room = await sharedRoom();
    await inParallel(16, Array.from({ length: 100 }), (_, i) => (i % 2 ? alice : bob).post(room));
    const history = await alice.history(room);
    assert.deepEqual(history.map(({ n }) => n), Array.from({ length: 100 }, (_, i) => i + 1));
    assert.deepEqual(history.map(({ seq }) => seq), Array.from({ length: 100 }, (_, i) => i + 3));
  });
});

describe('a text', () => {
  const texts = [
    ['the protocol of redis', '\r\n*1\r\n$8\r\nFLUSHALL\r\n'], ['quotes and backslashes', '"\\" \\u0041 \\n '],
    ['markup', '<script>alert(1)</script><img src=x onerror=alert(1)>&amp;'], ['lua', `]] .. redis.call('FLUSHALL') --`],
    ['format directives', '%s%n%d {0} ${x} {r:lobby}:room'], ['many scripts', '你好 שלום مرحبا 👩‍👩‍👧 e\u0301 \u{10FFFD}'],
    ['spaces around it', '  a\tb\n '], ['a line separator', 'a\u2028b'], ['slashes', 'a/b\\/c'],
  ];
  for (const [what, text] of texts) {
    test(`of_${what.replaceAll(' ', '_')}_is_kept_to_the_byte`, async () => {
      const room = await sharedRoom();
      const message = await alice.post(room, text);
      assert.equal(message.text, text);
      assert.deepEqual((await page(bob, room)).messages, [message]);
      assert.equal((await bob.must(200, 'GET', '/rooms')).rooms[0].last.text, text);
    });
  }

  test('may_have_4000_characters_of_any_kind_within_16_kib', async () => {
    const room = await sharedRoom();
    await alice.post(room, 'x'.repeat(4000));
    await alice.post(room, '🐦'.repeat(4000));
    refused(await send(alice, room, { text: 'x'.repeat(4001), key: newKey() }), 422, 'invalid', 'text too_long');
  });

  const key = 'key-00000000';
  const rows = [
    ['nothing', {}, ['text required', 'key required']], ['an empty text', { text: '', key }, 'text too_short'],
    ['a blank text', { text: ' \n\u3000', key }, 'text blank'], ['an invisible text', { text: '\u200b', key }, 'text blank'],
    ['a bell', { text: 'a\u0007', key }, 'text characters'], ['an escape', { text: '\u001b[2J', key }, 'text characters'],
    ['a number', { text: 1, key }, 'text type'], ['no key', { text: 'x' }, 'key required'],
    ['a key of 7', { text: 'x', key: '1234567' }, 'key too_short'], ['a key of 65', { text: 'x', key: 'k'.repeat(65) }, 'key too_long'],
    ['a key with a colon', { text: 'x', key: 'key:0000' }, 'key characters'],
    ['a key with a line break', { text: 'x', key: 'key-000\r\n' }, 'key characters'],
  ];
  for (const [what, body, fault] of rows) {
    test(`${what}_is_422`, async () => refused(await send(alice, 'lobby', body), 422, 'invalid', fault));
  }
});

describe('history', () => {
  let room, all;
  before(async () => {
    room = await sharedRoom();
    for (let i = 0; i < 5; i++) await alice.post(room); // seq 3..7
    await bob.must(204, 'DELETE', `/rooms/${room}/members/me`); // 8
    await bob.join(room); // 9
    for (let i = 0; i < 5; i++) await bob.post(room); // 10..14
    all = [3, 4, 5, 6, 7, 10, 11, 12, 13, 14];
  });

  test('begins_with_the_newest', async () => {
    const newest = await page(alice, room);
    assert.deepEqual(seqs(newest), all);
    assert.deepEqual([newest.first, newest.last, newest.more], [1, 14, false]);
    const three = await page(alice, room, '?limit=3');
    assert.deepEqual([seqs(three), three.first, three.last, three.more], [[12, 13, 14], 12, 14, true]);
  });

  test('goes_back_and_forth_from_a_number', async () => {
    const rows = [
      ['?before=12&limit=2', [10, 11], 10, 11, true], ['?before=10&limit=2', [6, 7], 6, 9, true],
      ['?before=3', [], 1, 2, false], ['?before=1', [], 0, 0, false], ['?before=4&limit=1', [3], 3, 3, true],
      ['?before=999', all, 1, 14, false], ['?after=0&limit=2', [3, 4], 1, 4, true], ['?after=7&limit=1', [10], 8, 10, true],
      ['?after=13', [14], 14, 14, false], ['?after=14', [], 0, 0, false], ['?after=999', [], 0, 0, false],
    ];
    for (const [query, wanted, first, last, more] of rows) {
      const got = await page(alice, room, query);
      assert.deepEqual([seqs(got), got.first, got.last, got.more, got.seq], [wanted, first, last, more, 14], query);
    }
  });

  test('in_pages_of_any_size_shows_each_message_once', async () => {
    for (const limit of [1, 2, 3, 7, 200]) {
      const [back, forth] = [[], []];
      for (let query = `?limit=${limit}`, more = true; more; ) {
        const got = await page(alice, room, query);
        back.unshift(...seqs(got));
        ({ more } = got);
        query = `?limit=${limit}&before=${got.first}`;
      }
      for (let after = 0, more = true; more; ) {
        const got = await page(alice, room, `?limit=${limit}&after=${after}`);
        forth.push(...seqs(got));
        ({ more, last: after } = got);
      }
      assert.deepEqual([back, forth], [all, all], `limit ${limit}`);
    }
  });

  test('refuses_what_is_no_place_in_it', async () => {
    const rows = [['before=0', 'before range'], ['before=-1', 'before type'], ['before=x', 'before type'], ['after=1.5', 'after type'],
      ['limit=0', 'limit range'], ['limit=201', 'limit range'], ['before=99999999999999999999', 'before range'],
      ['before=5&after=2', 'after choice']];
    for (const [query, fault] of rows) {
      refused(await alice.call('GET', `/rooms/${room}/messages?${query}`), 422, 'invalid', fault);
    }
    await page(alice, room, '?limit=200');
  });
});

describe('unread', () => {
  const unread = async (person, room) => (await person.must(200, 'GET', `/rooms/${room}`)).room.unread;
  const read = (person, room, seq) => person.must(204, 'PUT', `/rooms/${room}/read`, { seq });

  test('counts_what_others_wrote_since_and_nothing_of_one_s_own', async () => {
    const room = await sharedRoom();
    await alice.post(room);
    await alice.post(room);
    const { seq } = await alice.post(room);
    assert.deepEqual([await unread(alice, room), await unread(bob, room)], [0, 3]);
    await bob.post(room);
    assert.deepEqual([await unread(alice, room), await unread(bob, room)], [1, 3]);
    await read(bob, room, seq - 1);
    assert.equal(await unread(bob, room), 1);
    await read(bob, room, seq);
    assert.equal(await unread(bob, room), 0);
    await read(bob, room, 1);
    assert.equal(await unread(bob, room), 0);
  });

  test('is_exact_in_any_mixture_of_writing_reading_joining_and_leaving', async () => {
    const room = await sharedRoom();
    const carol = await signUp(stack.url);
    let dice = 7;
    const throwDice = (n) => (dice = (dice * 48271) % 2147483647) % n;
    let log = [], marks = { [alice.id]: 1, [bob.id]: 2 };
    for (let step = 0; step < 150; step++) {
      const person = throwDice(2) ? alice : bob;
      const move = throwDice(10);
      if (move < 6) {
        const message = await person.post(room);
        const pending = log.some(({ seq, from }) => seq > marks[person.id] && from !== person.id);
        log.push({ seq: message.seq, from: person.id });
        if (!pending) marks[person.id] = message.seq;
      } else if (move < 9) {
        const { room: now } = await person.must(200, 'GET', `/rooms/${room}`);
        const seq = throwDice(now.seq + 1);
        await read(person, room, seq);
        marks[person.id] = Math.max(marks[person.id], seq);
      } else if (await carol.call('PUT', `/rooms/${room}/members/me`).then(({ status }) => status === 200)) {
        await carol.must(204, 'DELETE', `/rooms/${room}/members/me`);
      }
      for (const someone of [alice, bob]) {
        const wanted = log.filter(({ seq, from }) => seq > marks[someone.id] && from !== someone.id).length;
        assert.equal(await unread(someone, room), wanted, `step ${step}`);
      }
    }
  });

  test('is_exact_over_thousands_of_entries', async () => {
    const room = await sharedRoom();
    const { seq: first } = await alice.post(room);
    await bob.post(room);
    await stack.redis('eval', `
      for i = 1, 5000 do
        local seq = redis.call('hincrby', KEYS[1], 'seq', 1)
        local n = redis.call('hincrby', KEYS[1], 'n', 1)
        local from = i % 5 == 0 and ARGV[2] or ARGV[1]
        redis.call('xadd', KEYS[2], seq .. '-0', 'e', '{"type":"message","seq":' .. seq .. ',"n":' .. n ..
          ',"at":1790000000000,"room":"' .. ARGV[3] .. '","from":{"id":"' .. from .. '","name":"x","display":"x"},"text":"x","key":"k"}')
        redis.call('hset', KEYS[1], 'last', seq)
      end
      redis.call('hset', KEYS[3], ARGV[2], string.format('%d %d %d', ARGV[4], 1, 1001))
    `, '3', `{r:${room}}:room`, `{r:${room}}:log`, `{r:${room}}:read`, alice.id, bob.id, room, `${first}`);
    assert.equal(await unread(bob, room), 4000);
    await read(bob, room, first + 1 + 4500);
    assert.equal(await unread(bob, room), 400);
    await read(bob, room, first + 1 + 5000);
    assert.equal(await unread(bob, room), 0);
  });

  test('beyond_the_end_is_refused_and_moving_it_is_told', async () => {
    const room = await sharedRoom();
    const { seq } = await alice.post(room);
    const connection = await alice.connect();
    await connection.sync();
    refused(await bob.call('PUT', `/rooms/${room}/read`, { seq: seq + 1 }), 422, 'invalid', 'seq range');
    refused(await bob.call('PUT', `/rooms/${room}/read`, { seq: -1 }), 422, 'invalid', 'seq range');
    await read(bob, room, seq);
    assert.deepEqual(await connection.next('read'), {
      type: 'read', room, user: { id: bob.id, name: bob.name, display: bob.display ?? bob.name }, seq,
    });
    connection.socket.close();
  });
});

describe('too many messages', () => {
  let limited;
  before(async () => {
    limited = await startStack({ set: { 'limits.logins_per_minute': 0 } });
  });
  after(() => limited?.stop());

  test('are_429_beyond_20_in_10_s_and_others_are_not_held_up', async () => {
    const [fast, slow] = [await signUp(limited.url), await signUp(limited.url)];
    const began = performance.now();
    const post = (person) => person.call('POST', '/rooms/lobby/messages', { text: 'x', key: newKey() });
    refused(await fast.call('POST', '/rooms/lobby/messages', { text: '', key: newKey() }), 422, 'invalid');
    const answers = await inParallel(5, Array.from({ length: 21 }), () => post(fast));
    assert.equal(answers.filter(({ status }) => status === 201).length, 20);
    const late = answers.find(({ status }) => status === 429);
    refused(late, 429, 'rate_limited');
    const wait = Number(late.headers['retry-after']);
    assert.ok(wait >= 1 && wait <= 10, `${wait}`);
    assert.equal((await post(slow)).status, 201);
    await sleep(Math.max(0, wait * 1000 - (performance.now() - began)) + 500);
    assert.equal((await post(fast)).status, 201);
  });
});
