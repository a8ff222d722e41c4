/*
 * GET /events, through nginx as a browser has it: live and at once, resumed by Last-Event-ID across
 * whatever happens, with ids that are true; who is let in; and readers that are slow, or speak.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { newText, request, signUp } from '../support/client.mjs';
import { Events, cursorsOf } from '../support/events.mjs';
import { Raw } from '../support/raw.mjs';
import { startStack } from '../support/stack.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

const LISTED = 'https://host.example';
let stack, alice, bob, direct;

before(async () => {
  stack = await startStack({
    set: {
      'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0, 'limits.rooms_per_hour': 0,
      'limits.connections_per_user': 0,
      'push.origins': LISTED, 'push.queue_bytes': 65536,
    },
  });
  direct = { socketPath: join(stack.dir, 'push.sock') };
  [alice, bob] = [await signUp(stack.url), await signUp(stack.url)];
});
after(() => stack.stop());

const as = (person, headers) => ({ authorization: `Bearer ${person.token}`, ...headers });
const open = (person, options = {}) => Events.open(stack.url, { ...options, headers: as(person, options.headers) });
const entriesOf = (reader, room) =>
  reader.events.filter(({ data }) => data.room === room && 'at' in data).map(({ data }) => data.seq);
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('the_stream_is_for_nobody_else_and_kept_nowhere', async () => {
  for (const target of [stack.url, direct]) {
    const reader = await Events.open(target, { headers: as(alice) });
    assert.equal(reader.headers['content-type'], 'text/event-stream');
    assert.equal(reader.headers['cache-control'], 'no-store');
    assert.equal(reader.headers['x-content-type-options'], 'nosniff');
    assert.equal(reader.headers['access-control-allow-origin'], undefined);
    assert.equal(reader.headers['content-encoding'], undefined);
    if (target === direct) {
      assert.equal(reader.headers['x-accel-buffering'], 'no');
      assert.equal(reader.headers.connection, 'close');
    }
    reader.drop();
  }
});

test('each_event_arrives_at_once_and_bears_the_cursor_after_it', async () => {
  const reader = await open(alice);
  for (let i = 0; i < 20; i++) {
    const message = await bob.post('lobby');
    const { data, id, at_ms } = await reader.entry('lobby', message.seq);
    assert.ok(performance.now() - at_ms < 1000);
    const { type, ...rest } = data;
    assert.equal(type, 'message');
    assert.deepEqual(rest, message);
    assert.deepEqual(cursorsOf(id).lobby, [message.seq, message.at]);
  }
  reader.drop();
});

test('what_comes_is_what_a_websocket_gets', async () => {
  const [reader, socket] = [await open(alice), await alice.connect()];
  await socket.sync();
  const messages = [];
  for (let i = 0; i < 5; i++) messages.push(await bob.post('lobby', `${newText()} "\\ 你好 \n data: x\n\n`));
  const { seq } = messages.at(-1);
  await Promise.all([reader.entry('lobby', seq), socket.entry('lobby', seq)]);
  const last = (list) => list.filter((data) => data.type === 'message').slice(-5);
  assert.deepEqual(last(reader.events.map(({ data }) => data)), last(socket.frames));
  await socket.close();
  reader.drop();
});

test('a_first_connection_is_live_after_welcome_without_waiting', async () => {
  const reader = await open(alice);
  const began = performance.now();
  const message = await bob.post('lobby');
  await reader.entry('lobby', message.seq);
  assert.ok(performance.now() - began < 900);
  assert.equal(reader.events.some(({ data }) => data.type === 'caught_up'), false);
  reader.drop();
});

test('passing_events_have_no_id_and_a_notice_may_be_of_many_lines', async () => {
  const reader = await open(alice);
  const before = reader.id;
  await stack.redis('publish', 'chat:message', '{\n  "title": "Hello",\r\n  "text": "a\\nb"\n}');
  const notice = await reader.next('notice');
  assert.deepEqual(notice.data.data, { title: 'Hello', text: 'a\nb' });
  assert.equal(notice.hasId, false);
  assert.equal(reader.id, before);
  reader.drop();
});

/* Reads, again and again from the last id, until `seq` of `room` has come; gives all seqs seen. */
async function readUntil(person, id, room, seq, seen = []) {
  for (;;) {
    const reader = await until('a way in', async () => {
      const one = await open(person, { id }).catch(() => null);
      return one?.status === 200 && one;
    });
    await reader.entry(room, seq).catch(() => {});
    assert.deepEqual(reader.order.faults, []);
    seen.push(...entriesOf(reader, room));
    id = reader.id;
    reader.drop();
    if (seen.includes(seq)) return seen;
  }
}

for (const signal of ['SIGTERM', 'SIGKILL']) {
  test(`nothing_is_lost_or_doubled_across_a_restart_by_${signal}`, async () => {
    const reader = await open(alice);
    const first = await bob.post('lobby');
    await reader.entry('lobby', first.seq);
    const posts = (async () => {
      let message;
      for (let i = 0; i < 60; i++) message = await bob.post('lobby').then((got) => sleep(10).then(() => got));
      return message;
    })();
    await sleep(100);
    stack.kill('pushd', signal);
    const closing = await reader.end();
    if (signal === 'SIGTERM') {
      assert.equal(closing.code, 1012);
      assert.equal(JSON.parse(closing.reason).retry_ms, reader.retry);
      assert.ok(reader.retry >= 100);
    }
    const last = await posts;
    const seen = await readUntil(alice, reader.id, 'lobby', last.seq, entriesOf(reader, 'lobby'));
    assert.deepEqual(seen, range(first.seq, last.seq));
  });
}

test('two_rooms_go_on_where_each_of_them_stood', async () => {
  const carol = await signUp(stack.url);
  const room = await carol.openRoom();
  const reader = await open(carol);
  const here = await carol.post(room);
  await reader.entry(room, here.seq);
  const there = await carol.post('lobby');
  await reader.entry('lobby', there.seq);
  assert.deepEqual(Object.keys(cursorsOf(reader.id)), ['lobby', room]);
  reader.drop();
  const [more, most] = [await carol.post(room), await carol.post('lobby')];
  const again = await open(carol, { id: reader.id });
  await again.next(({ type, room: where }) => type === 'caught_up' && where === room);
  await until('both', () => again.events.filter(({ data }) => data.type === 'caught_up').length === 2);
  assert.deepEqual(entriesOf(again, room), [more.seq]);
  assert.deepEqual(entriesOf(again, 'lobby'), range(there.seq + 1, most.seq));
  again.drop();
});

test('a_first_connection_may_say_in_the_address_where_it_stands', async () => {
  const [first, second] = [await bob.post('lobby'), await bob.post('lobby')];
  const id = `lobby.${first.seq}.${first.at}`;
  const reader = await open(alice, { query: `?${new URLSearchParams({ last_event_id: id })}` });
  await reader.entry('lobby', second.seq);
  assert.deepEqual(entriesOf(reader, 'lobby')[0], second.seq);
  reader.drop();
  const newer = await open(alice, { query: `?last_event_id=lobby.0.0`, id });
  assert.equal((await newer.next(({ seq }) => seq)).data.seq, second.seq);
  newer.drop();
});

test('a_room_that_is_not_named_is_reset_and_one_that_was_left_is_told', async () => {
  const carol = await signUp(stack.url);
  const rooms = [await carol.openRoom(), await carol.openRoom()];
  const reader = await open(carol, { id: `${rooms[0]}.1.0,nosuchroom.1.0` });
  await reader.next(({ type, code }) => type === 'error' && code === 'not_found');
  const resets = reader.events.concat(await reader.next('reset'), await reader.next('reset'));
  await reader.next(({ type, room }) => type === 'caught_up' && room === rooms[0]);
  const told = new Set(resets.filter(({ data }) => data.type === 'reset').map(({ data }) => data.room));
  assert.deepEqual([...told].sort(), ['lobby', rooms[1]].sort());
  assert.deepEqual(Object.keys(cursorsOf(reader.id)).sort(), ['lobby', ...rooms].sort());
  await carol.must(201, 'POST', `/rooms/${rooms[1]}/messages`, { text: newText(), key: `key-${Date.now()}` });
  await reader.next(({ type, room }) => type === 'message' && room === rooms[1]);
  reader.drop();
});

test('joining_and_leaving_change_the_id', async () => {
  const carol = await signUp(stack.url);
  const room = await bob.openRoom();
  const reader = await open(carol);
  await carol.join(room);
  const joined = await reader.next(({ type, room: where }) => type === 'joined' && where === room);
  assert.equal(cursorsOf(joined.id)[room], joined.data.seq - 1);
  await reader.entry(room, joined.data.seq);
  const id = reader.id;
  await carol.must(204, 'DELETE', `/rooms/${room}/members/me`);
  const left = await reader.next(({ type, room: where }) => type === 'left' && where === room);
  assert.ok(room in cursorsOf(id) && !(room in cursorsOf(left.id)));
  reader.drop();
});

test('a_cursor_beyond_the_end_or_of_another_log_is_reset', async () => {
  const message = await bob.post('lobby');
  for (const id of [`lobby.${message.seq + 1000}.0`, `lobby.${message.seq}.${message.at + 1}`]) {
    const reader = await open(alice, { id });
    const reset = await reader.next('reset');
    assert.ok(reset.data.seq >= message.seq);
    assert.equal(cursorsOf(reset.id).lobby, reset.data.seq);
    reader.drop();
  }
});

test('what_is_no_id_is_refused_before_anything', async () => {
  const wrong = ['lobby', 'lobby.1', 'lobby.x.1', 'lobby.-1.1', 'Lobby.1.1', 'lobby.1.1,', 'lobby.1.1,lobby.2.2', '1', `a.${'9'.repeat(30)}.1`];
  for (const id of wrong) {
    const { status, body } = await Events.open(stack.url, { id });
    assert.equal(status, 400, id);
    assert.equal(body.code, 'bad_request');
    assert.equal((await Events.open(stack.url, { query: `?last_event_id=${encodeURIComponent(id)}` })).status, 400, id);
  }
});

test('who_may_read_is_who_may_open_a_websocket', async () => {
  const cookie = { cookie: alice.cookie };
  const own = stack.url;
  const attempts = [
    [401, 'unauthenticated', {}],
    [401, 'unauthenticated', { authorization: 'Bearer nonsense' }],
    [200, null, cookie],
    [200, null, { ...cookie, 'sec-fetch-site': 'same-origin' }],
    [200, null, { ...cookie, origin: own }],
    [403, 'cross_site', { ...cookie, origin: 'https://evil.example' }],
    [403, 'cross_site', { ...cookie, origin: 'null' }],
    [403, 'cross_site', { ...cookie, 'sec-fetch-site': 'cross-site' }],
    [403, 'cross_site', { ...cookie, 'sec-fetch-site': 'none' }],
    [403, 'cross_site', { ...cookie, origin: own, 'sec-fetch-site': 'same-site' }],
    [200, null, { ...cookie, origin: LISTED, 'sec-fetch-site': 'cross-site' }],
    [200, null, { authorization: `Bearer ${alice.token}`, origin: 'https://evil.example' }],
  ];
  for (const [status, code, headers] of attempts) {
    const reader = await Events.open(stack.url, { headers });
    assert.equal(reader.status, status, JSON.stringify(headers));
    if (code) assert.equal(reader.body.code, code);
    assert.equal(reader.headers['access-control-allow-origin'], headers.origin === LISTED ? LISTED : undefined);
    assert.equal(reader.headers['access-control-allow-credentials'], headers.origin === LISTED ? 'true' : undefined);
    if (headers.origin === LISTED) assert.match(reader.headers.vary, /Origin/);
    reader.drop?.();
  }
  const query = `?ticket=${await alice.ticket()}`;
  const reader = await Events.open(stack.url, { query });
  assert.equal(reader.status, 200);
  reader.drop();
  assert.equal((await Events.open(stack.url, { query })).status, 401);
});

test('other_methods_and_addresses_are_refused_as_problems', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const { status, headers, body } = await request(stack.url, method, '/events', { headers: as(alice) });
    assert.deepEqual([status, headers.allow, body.code], [405, 'GET', 'method_not_allowed']);
  }
  assert.equal((await request(stack.url, 'GET', '/events/')).status, 404);
});

test('a_session_that_ends_ends_its_readers', async () => {
  const device = await alice.anotherDevice();
  const [reader, other] = [await open(device), await open(alice)];
  const began = performance.now();
  await alice.must(204, 'DELETE', `/sessions/${device.session.id}`);
  assert.deepEqual(await reader.end(), { code: 4401, reason: 'session_ended' });
  assert.ok(performance.now() - began < 1500);
  assert.equal((await Events.open(stack.url, { headers: as(device), id: reader.id })).status, 401);
  const message = await bob.post('lobby');
  await other.entry('lobby', message.seq);
  other.drop();
});

test('a_slow_reader_loses_nothing_and_no_id_says_too_much', async () => {
  const reader = await Events.open(direct, { headers: as(alice) });
  reader.answer.pause();
  const long = 'x'.repeat(3900);
  const first = await bob.post('lobby', `${newText()} ${long}`);
  const posted = await inParallel(4, Array.from({ length: 400 }), () => bob.post('lobby', `${newText()} ${long}`));
  const last = Math.max(...posted.map(({ seq }) => seq));
  assert.match(stack.log('pushd'), /queue_shed/);
  reader.answer.resume();
  await reader.entry('lobby', last);
  assert.deepEqual(entriesOf(reader, 'lobby'), range(first.seq, last));
  const entries = reader.events.filter(({ data }) => 'at' in data);
  for (const { id, data } of entries) assert.deepEqual(cursorsOf(id).lobby, [data.seq, data.at]);
  reader.drop();
});

test('a_slow_reader_that_is_cut_anywhere_goes_on_from_its_id', async () => {
  const rooms = ['lobby', await alice.openRoom()];
  await alice.must(200, 'PUT', `/rooms/${rooms[1]}/members/me`);
  let id, newest = {};
  const seen = { [rooms[0]]: [], [rooms[1]]: [] };
  for (let round = 0; round < 6; round++) {
    const reader = await Events.open(direct, { headers: as(alice), id });
    reader.answer.pause();
    await inParallel(4, Array.from({ length: 60 }), async (_, i) => {
      const room = rooms[i % 2];
      const { seq } = await alice.post(room, `${newText()} ${'y'.repeat(3000)}`);
      newest[room] = Math.max(newest[room] ?? 0, seq);
    });
    if (round % 2) await alice.openRoom(); // something that must arrive, in the midst of what is shed
    reader.answer.resume();
    await reader.next(({ type }) => type === 'message');
    for (let i = 0; i < 7 * round; i++) await reader.next('message');
    reader.drop();
    assert.deepEqual(reader.order.faults, []);
    for (const room of rooms) seen[room].push(...entriesOf(reader, room));
    id = reader.id;
  }
  const reader = await open(alice, { id });
  for (const room of rooms) {
    if (!seen[room].includes(newest[room])) await until(`all of ${room}`, () => entriesOf(reader, room).includes(newest[room]));
    const all = [...seen[room], ...entriesOf(reader, room)];
    assert.deepEqual(all, range(all[0], all.at(-1)));
  }
  reader.drop();
});

test('what_a_reader_says_is_passed_over_and_too_much_ends_it', async () => {
  const raw = await Raw.connect({ path: direct.socketPath });
  const head = `GET /events HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${alice.token}\r\n\r\n`;
  raw.write(head + head);
  assert.equal((await raw.head()).status, 200);
  const message = await bob.post('lobby');
  await until('the message', () => raw.bytes.includes(`"seq":${message.seq},`));
  assert.equal(raw.bytes.toString().split('"welcome"').length, 2);
  for (let i = 0; i < 60 && !raw.over; i++) {
    raw.write('x'.repeat(1000));
    await sleep(5);
  }
  await until('the end', () => raw.over);
  assert.match(raw.bytes.toString(), /event: close\ndata: \{"code":4429,/);
  raw.drop();
});

test('heartbeats_are_comments_and_who_takes_nothing_is_cut', async () => {
  const other = await startStack({
    set: { 'push.heartbeat_s': 1, 'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0, 'push.queue_bytes': 65536 },
  });
  try {
    const dan = await signUp(other.url);
    const reader = await Events.open(other.url, { headers: as(dan) });
    await until('three comments', () => reader.comments >= 3);
    const stopped = await Events.open({ socketPath: join(other.dir, 'push.sock') }, { headers: as(dan) });
    stopped.answer.pause();
    await inParallel(4, Array.from({ length: 100 }), () => dan.post('lobby', `${newText()} ${'z'.repeat(3900)}`));
    await until('the stopped one is gone', () => /client_gone .*no_pong/.test(other.log('pushd')));
    assert.equal(reader.over, undefined);
    reader.drop();
    stopped.drop();
  } finally {
    await other.stop();
  }
});
