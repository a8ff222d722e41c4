/*
 * What a live connection receives, and what not: one suite for one worker of the push daemon
 * (push_delivery.test.mjs) and for several (push_workers.test.mjs), where a person's connections
 * lie in different processes.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newKey, newText, signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

/* Within which a revoked session's connections must be closed. */
const REVOKED_MS = 1000;

export function deliverySuite(set) {
  const scene = {};
  before(async () => {
    scene.stack = await startStack({
      set: { 'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0, 'limits.rooms_per_hour': 0, ...set },
    });
    scene.alice = await signUp(scene.stack.url, { display: 'Alice A.' });
    scene.bob = await signUp(scene.stack.url);
    scene.carol = await signUp(scene.stack.url);
  });
  after(() => scene.stack?.stop());

  describe('welcome', () => welcome(scene));
  describe('resume', () => resume(scene));
  describe('live', () => live(scene));
  describe('membership', () => membership(scene));
  describe('sessions', () => sessions(scene));
  describe('notices', () => notices(scene));
  test('the_logs_tell_of_no_secret_and_no_crash', () => {
    assert.deepEqual([...leaksIn(scene.stack.dir), ...deathsIn(scene.stack.dir)], []);
  });
  return scene;
}

/* Everything that belongs to `room` among the frames. */
const ofRoom = (connection, room) => connection.frames.filter((frame) => frame.room === room);
const seqs = (frames) => frames.map(({ seq }) => seq);
const publish = ({ stack }, channel, text) => stack.redis('PUBLISH', channel, text);

function welcome(scene) {
  test('is_first_and_tells_who_and_where', async () => {
    const { alice } = scene;
    const room = await alice.openRoom();
    const { seq } = await alice.post(room);
    const connection = await alice.connect();
    const { type, user, heartbeat, rooms, conn } = connection.welcome;
    assert.equal(connection.frames[0].type, 'welcome');
    assert.equal(type, 'welcome');
    assert.match(conn, /^[a-z0-9]{1,32}$/);
    assert.deepEqual(user, alice.user);
    assert.ok(heartbeat >= 1);
    assert.deepEqual(rooms.find(({ id }) => id === room), { id: room, seq });
    assert.ok(rooms.some(({ id }) => id === 'lobby'));
    await connection.close();
  });

  test('each_connection_has_its_own_conn', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => scene.alice.connect()));
    assert.equal(new Set(all.map(({ welcome: { conn } }) => conn)).size, 20);
    await Promise.all(all.map((connection) => connection.close()));
  });
}

function resume(scene) {
  /* A room of Alice's with `count` messages, and their entries. */
  async function roomWith(count) {
    const room = await scene.alice.openRoom();
    const posted = [];
    for (let i = 0; i < count; i++) posted.push(await scene.alice.post(room));
    return { room, posted };
  }
  const back = (cursors, who = scene.alice) => who.connect({ cursors });

  test('replays_what_came_after_the_cursor_then_is_caught_up', async () => {
    const { room, posted } = await roomWith(6);
    const connection = await back({ [room]: [posted[2].seq, posted[2].at] });
    const mark = await connection.next('caught_up');
    assert.deepEqual(mark, { type: 'caught_up', room, seq: posted[5].seq });
    const replayed = ofRoom(connection, room).filter(({ type }) => type === 'message');
    assert.deepEqual(replayed, posted.slice(3).map((message) => ({ type: 'message', ...message })));
    await connection.close();
  });

  test('takes_a_plain_seq_and_starts_from_nothing', async () => {
    const { room, posted } = await roomWith(3);
    const connection = await back({ [room]: 0 });
    await connection.next('caught_up');
    assert.deepEqual(seqs(ofRoom(connection, room).slice(0, -1)), [1, ...seqs(posted)]);
    await connection.close();
  });

  test('replays_more_than_one_page', async () => {
    const { room } = await roomWith(1);
    await inParallel(32, Array(700).fill(), () => scene.alice.post(room));
    const connection = await back({ [room]: 0 });
    const { seq } = await connection.next('caught_up');
    assert.equal(seq, 702);
    assert.equal(connection.order.entries, 702);
    await connection.close();
  });

  test('at_the_end_already_is_caught_up_at_once', async () => {
    const { room, posted: [{ seq, at }] } = await roomWith(1);
    const connection = await back({ [room]: [seq, at] });
    assert.deepEqual(await connection.next('caught_up'), { type: 'caught_up', room, seq });
    await connection.close();
  });

  test('beyond_the_end_is_a_reset_and_goes_on_live', async () => {
    const { room, posted: [first] } = await roomWith(1);
    let end = first.seq;
    for (const beyond of [() => [end + 5, first.at], () => end + 1, () => 2 ** 52]) {
      const connection = await back({ [room]: beyond() });
      const mark = await connection.next((frame) => ['reset', 'caught_up', 'message'].includes(frame.type));
      assert.deepEqual(mark, { type: 'reset', room, seq: end });
      ({ seq: end } = await scene.alice.post(room));
      await connection.entry(room, end);
      await connection.close();
    }
  });

  test('with_another_at_is_a_reset', async () => {
    const { room, posted } = await roomWith(3);
    const connection = await back({ [room]: [posted[0].seq, posted[0].at + 1] });
    assert.deepEqual(await connection.next('reset'), { type: 'reset', room, seq: posted[2].seq });
    assert.equal(connection.order.entries, 0);
    await connection.close();
  });

  test('of_a_trimmed_log_is_a_reset', async () => {
    const { room, posted } = await roomWith(6);
    await scene.stack.redis('XTRIM', `{r:${room}}:log`, 'MINID', `${posted[4].seq}-0`);
    const connection = await back({ [room]: [posted[1].seq, posted[1].at] });
    assert.equal((await connection.next((frame) => frame.room === room)).type, 'reset');
    await connection.close();
  });

  test('leaves_a_room_that_is_not_named_live', async () => {
    const one = await roomWith(2);
    const other = await roomWith(2);
    const connection = await back({ [one.room]: [one.posted[0].seq, one.posted[0].at] });
    await connection.next('caught_up');
    const { seq } = await scene.alice.post(other.room);
    await connection.entry(other.room, seq);
    assert.deepEqual(seqs(ofRoom(connection, other.room)), [seq]);
    await connection.close();
  });

  test('without_it_nothing_comes_for_a_second_then_everything', async () => {
    const { room } = await roomWith(1);
    const opened = performance.now();
    const connection = await back(null);
    const first = await scene.alice.post(room);
    const second = await scene.alice.post(room);
    await connection.entry(room, second.seq);
    assert.deepEqual(seqs(ofRoom(connection, room)), [first.seq, second.seq]);
    assert.ok(connection.times.at(-1) - opened > 800, `after ${connection.times.at(-1) - opened} ms`);
    await connection.close();
  });

  test('what_is_posted_between_welcome_and_resume_is_replayed', async () => {
    const { room, posted: [{ seq, at }] } = await roomWith(1);
    const connection = await back(null);
    connection.order.cursors[room] = [seq, at];
    const next = await scene.alice.post(room);
    connection.say({ type: 'resume', cursors: { [room]: [seq, at] } });
    await connection.entry(room, next.seq);
    /* Before the entry, when the daemon heard of it after the resume, or else right behind it. */
    if (!connection.frames.some(({ type }) => type === 'caught_up')) await connection.next('caught_up');
    await connection.close();
  });

  test('while_others_post_has_no_gap_and_nothing_twice', async () => {
    const { room } = await roomWith(1);
    let posting = true;
    const poster = (async () => {
      while (posting) await scene.alice.post(room);
    })();
    for (let round = 0; round < 12; round++) {
      const connection = await back({ [room]: round });
      const { seq } = await connection.next('caught_up');
      await connection.entry(room, seq + 3);
      await connection.close();
    }
    posting = false;
    await poster;
  });

  test('twice_harms_nothing', async () => {
    const { room, posted } = await roomWith(3);
    const connection = await back({ [room]: 0 });
    await connection.next('caught_up');
    connection.say({ type: 'resume', cursors: { [room]: 0 } });
    connection.say({ type: 'resume', cursors: { [room]: posted[2].seq + 9 } });
    const { seq } = await scene.alice.post(room);
    await connection.next((frame) => frame.seq === seq && frame.type === 'message');
    assert.deepEqual(seqs(ofRoom(connection, room).filter(({ type }) => type === 'message')),
      [...seqs(posted), seq]);
    await connection.close();
  });

  test('tells_nothing_of_rooms_that_one_is_not_in', async () => {
    const hidden = await scene.bob.openRoom('private');
    const open = await scene.bob.openRoom('public');
    for (const room of [hidden, open]) await scene.bob.post(room);
    const connection = await back({ [hidden]: 0, [open]: 0, nosuchroom: 3 });
    await connection.sync();
    for (const room of [hidden, open]) await scene.bob.post(room);
    const { seq } = await scene.alice.post('lobby');
    await connection.entry('lobby', seq);
    for (const room of [hidden, open, 'nosuchroom']) assert.deepEqual(ofRoom(connection, room), []);
    await connection.close();
  });
}

function live(scene) {
  test('everybody_in_the_room_gets_the_same_bytes_in_order', async () => {
    const { alice, bob, carol } = scene;
    const room = await alice.openRoom();
    await bob.join(room);
    const connections = await Promise.all([alice, alice, bob, bob].map((who) => who.connect()));
    const outside = await carol.connect();
    await Promise.all([outside, ...connections].map((connection) => connection.sync()));
    const posted = await Promise.all(Array.from({ length: 100 }, (_, i) => [alice, bob][i % 2].post(room)));
    const last = Math.max(...seqs(posted));
    await Promise.all(connections.map((connection) => connection.entry(room, last)));
    const texts = connections.map(({ texts: all }) => all.filter((text) => text.includes(room) && text.includes('"key"')));
    for (const one of texts) assert.deepEqual(one, texts[0]);
    const stored = await scene.stack.redis('XRANGE', `{r:${room}}:log`, '-', '+');
    for (const text of texts[0]) assert.ok(String(stored).includes(text));
    await outside.sync();
    assert.deepEqual(ofRoom(outside, room), []);
    await Promise.all([outside, ...connections].map((connection) => connection.close()));
  });

  test('the_frame_is_what_rest_answered', async () => {
    const connection = await scene.bob.connect();
    const text = 'a "quoted" \\ back\nslash\ttab 中文 😀 é \u2028 </script> ' + newText();
    const message = await scene.alice.post('lobby', text);
    const { type, ...rest } = await connection.entry('lobby', message.seq);
    assert.equal(type, 'message');
    assert.deepEqual(rest, message);
    assert.equal(rest.text, text);
    assert.deepEqual(Object.keys(rest.from).sort(), ['display', 'id', 'name']);
    await connection.close();
  });

  test('a_repeat_of_a_key_is_sent_to_nobody', async () => {
    const connection = await scene.bob.connect();
    const key = newKey();
    const first = await scene.alice.post('lobby', newText(), key);
    const again = await scene.alice.call('POST', '/rooms/lobby/messages', { text: newText(), key });
    assert.deepEqual([again.status, again.body.message], [200, first]);
    const next = await scene.alice.post('lobby');
    assert.equal(next.seq, first.seq + 1);
    await connection.entry('lobby', next.seq);
    await connection.close();
  });

  test('same_key_sent_many_times_at_once_is_one_message', async () => {
    const connection = await scene.bob.connect();
    const key = newKey();
    const text = newText();
    const answers = await Promise.all(Array.from({ length: 12 }, () =>
      scene.alice.call('POST', '/rooms/lobby/messages', { text, key })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array(11).fill(200), 201]);
    assert.equal(new Set(answers.map(({ body }) => JSON.stringify(body.message))).size, 1);
    const { seq } = await scene.alice.post('lobby');
    await connection.entry('lobby', seq);
    assert.equal(connection.frames.filter((frame) => frame.key === key).length, 1);
    await connection.close();
  });
}

function membership(scene) {
  test('joining_begins_delivery_on_every_device', async () => {
    const { alice, bob } = scene;
    const room = await alice.openRoom();
    await alice.post(room);
    const devices = await Promise.all(Array.from({ length: 4 }, () => bob.connect()));
    await Promise.all(devices.map((device) => device.sync()));
    await bob.join(room);
    const { seq } = await alice.post(room);
    for (const device of devices) {
      const joined = await device.next('joined');
      assert.equal(joined.room, room);
      const own = await device.entry(room, joined.seq);
      assert.deepEqual([own.type, own.op, own.user.id], ['member', 'joined', bob.id]);
      await device.entry(room, seq);
    }
    await Promise.all(devices.map((device) => device.close()));
  });

  test('the_others_see_who_comes_and_goes', async () => {
    const { alice, bob } = scene;
    const room = await alice.openRoom();
    const connection = await alice.connect();
    await bob.join(room);
    const came = await connection.next('member');
    assert.deepEqual([came.room, came.op, came.user.name], [room, 'joined', bob.name]);
    assert.deepEqual(came.from, came.user);
    await bob.must(204, 'DELETE', `/rooms/${room}/members/me`);
    const went = await connection.next('member');
    assert.deepEqual([went.op, went.user.id, went.seq], ['left', bob.id, came.seq + 1]);
    await connection.close();
  });

  test('leaving_ends_delivery_at_once', async () => {
    const { alice, bob } = scene;
    const room = await alice.openRoom();
    await bob.join(room);
    const device = await bob.connect();
    await device.sync();
    await bob.must(204, 'DELETE', `/rooms/${room}/members/me`);
    const after = await alice.post(room);
    assert.equal((await device.next('left')).room, room);
    const { seq } = await alice.post('lobby');
    await device.entry('lobby', seq);
    await device.sync();
    assert.ok(ofRoom(device, room).every((frame) => !(frame.seq >= after.seq)));
    const again = await bob.connect({ cursors: { [room]: 0 } });
    await again.sync();
    assert.deepEqual(ofRoom(again, room), []);
    await Promise.all([device.close(), again.close()]);
  });

  test('coming_and_going_while_others_post_loses_nothing', async () => {
    const { alice, bob } = scene;
    const room = await alice.openRoom();
    const device = await bob.connect();
    await device.sync();
    let posting = true;
    const poster = (async () => {
      while (posting) await alice.post(room);
    })();
    for (let round = 0; round < 8; round++) {
      await bob.join(room);
      const { seq } = await device.next('joined');
      await device.entry(room, seq + 3);
      await bob.must(204, 'DELETE', `/rooms/${room}/members/me`);
      await device.next('left');
    }
    posting = false;
    await poster;
    await device.sync();
    await device.close();
  });

  test('a_room_just_created_is_live_on_every_device_of_its_owner', async () => {
    const devices = await Promise.all([scene.bob.connect(), scene.bob.connect()]);
    await Promise.all(devices.map((device) => device.sync()));
    const room = await scene.bob.openRoom('private');
    const { seq } = await scene.bob.post(room);
    for (const device of devices) {
      assert.equal((await device.next('joined')).room, room);
      await device.entry(room, seq);
      await device.close();
    }
  });
}

function sessions(scene) {
  const endsSoon = async (connection, began) => {
    const { code } = await connection.end();
    const took = performance.now() - began;
    assert.equal(code, 4401);
    assert.ok(took < REVOKED_MS, `closed after ${Math.round(took)} ms`);
  };

  test('a_revoked_one_closes_its_connections_and_no_others', async () => {
    const person = await signUp(scene.stack.url);
    const device = await person.anotherDevice();
    const [kept, ...gone] = await Promise.all([person, device, device, device].map((who) => who.connect()));
    const began = performance.now();
    await person.must(204, 'DELETE', `/sessions/${device.session.id ?? device.session}`);
    for (const connection of gone) await endsSoon(connection, began);
    await kept.sync();
    await kept.close();
  });

  test('signing_out_everywhere_closes_all', async () => {
    const person = await signUp(scene.stack.url);
    const device = await person.anotherDevice();
    const all = await Promise.all([person, device].map((who) => who.connect()));
    const began = performance.now();
    await person.must(204, 'DELETE', '/sessions');
    for (const connection of all) await endsSoon(connection, began);
    assert.equal((await person.call('GET', '/me')).status, 401);
  });

  test('a_new_password_closes_the_others', async () => {
    const person = await signUp(scene.stack.url);
    const device = await person.anotherDevice();
    const kept = await person.connect();
    const gone = await device.connect();
    const began = performance.now();
    await person.must(204, 'PUT', '/me/password', { current: person.password, new: `${person.password}!` });
    await endsSoon(gone, began);
    await kept.sync();
    await kept.close();
  });

  test('a_deleted_account_is_gone_from_its_connections', async () => {
    const person = await signUp(scene.stack.url);
    const connection = await person.connect();
    const answer = await person.call('DELETE', '/me', { password: person.password });
    if (answer.status === 405 || answer.status === 404) return connection.close();
    assert.equal(answer.status, 204, answer.text);
    assert.equal((await connection.end()).code, 4401);
  });

  test('revoked_while_connecting_stays_open_nowhere', async () => {
    const person = await signUp(scene.stack.url);
    for (let round = 0; round < 6; round++) {
      const device = await person.anotherDevice();
      const opening = Array.from({ length: 4 }, () => device.connect().catch(({ status, message }) => status ?? message));
      if (round % 2) await sleep(round);
      await device.must(204, 'DELETE', '/sessions/current');
      for (const connection of await Promise.all(opening)) {
        if (typeof connection === 'object') assert.equal((await connection.end()).code, 4401);
      }
    }
  });
}

function notices(scene) {
  const notice = { type: 'notice', data: { hello: '世界', n: [1, { a: null }], at: 1.5 } };
  const json = JSON.stringify(notice.data);

  /* Connections of all three people, two of them in a room of their own. */
  async function audience() {
    const { alice, bob, carol } = scene;
    const room = await alice.openRoom();
    await bob.join(room);
    const connections = await Promise.all([alice, bob, carol, bob].map((who) => who.connect()));
    await Promise.all(connections.map((connection) => connection.sync()));
    return { room, connections };
  }
  const closeAll = (connections) => Promise.all(connections.map((connection) => connection.close()));

  test('to_everybody', async () => {
    const { connections } = await audience();
    await publish(scene, 'chat:message', json);
    for (const connection of connections) assert.deepEqual(await connection.next('notice'), notice);
    await closeAll(connections);
  });

  test('to_one_room', async () => {
    const { room, connections } = await audience();
    await publish(scene, `chat:message:room:${room}`, json);
    await publish(scene, 'chat:message', '{"last":1}');
    const isLast = (frame) => frame.type === 'notice' && frame.data.last === 1;
    for (const [i, connection] of connections.entries()) {
      await until('the last notice', () => connection.frames.some(isLast));
      const got = connection.frames.filter((frame) => frame.type === 'notice' && !isLast(frame));
      assert.deepEqual(got, i === 2 ? [] : [{ ...notice, room }]);
    }
    await closeAll(connections);
  });

  test('to_one_user', async () => {
    const { connections } = await audience();
    await publish(scene, `chat:message:user:${scene.bob.id}`, json);
    await publish(scene, 'chat:message', '{"last":1}');
    const isLast = (frame) => frame.type === 'notice' && frame.data.last === 1;
    for (const [i, connection] of connections.entries()) {
      await until('the last notice', () => connection.frames.some(isLast));
      const got = connection.frames.filter((frame) => frame.type === 'notice' && !isLast(frame));
      assert.deepEqual(got, i === 1 || i === 3 ? [notice] : []);
    }
    await closeAll(connections);
  });

  test('of_64_KiB_pass_and_of_one_byte_more_are_dropped', async () => {
    const { connections } = await audience();
    const sized = (bytes) => JSON.stringify({ pad: 'x'.repeat(bytes - '{"pad":""}'.length) });
    await publish(scene, 'chat:message', sized(65537));
    await publish(scene, 'chat:message', sized(65536));
    for (const connection of connections) {
      const { data } = await connection.next('notice');
      assert.equal(data.pad.length, 65536 - '{"pad":""}'.length);
    }
    await closeAll(connections);
  });

  test('that_are_no_JSON_object_are_dropped', async () => {
    const { connections } = await audience();
    const rubbish = ['', 'hello', '[]', '1', 'null', '"x"', '{', '{"a":1} x', '{"a":1,"a":2}', '{a:1}',
      '{"a":"\\ud800"}', "{'a':1}", '['.repeat(5000), '{"a":'.repeat(5000), '{"type":"revoked"}x'];
    for (const text of rubbish) await publish(scene, 'chat:message', text);
    for (const channel of ['chat:message:room:', 'chat:message:user:', 'chat:message:room:nosuch', 'chat:message:user:*']) {
      await publish(scene, channel, json);
    }
    await publish(scene, 'chat:message', '{"last":1}');
    for (const connection of connections) assert.deepEqual((await connection.next('notice')).data, { last: 1 });
    await closeAll(connections);
  });

  test('that_look_like_our_own_frames_stay_data', async () => {
    const { connections } = await audience();
    const forged = { type: 'revoked', session: '', room: 'lobby', seq: 1 };
    await publish(scene, 'chat:message', JSON.stringify(forged));
    for (const connection of connections) {
      assert.deepEqual(await connection.next('notice'), { type: 'notice', data: forged });
      await connection.sync();
    }
    await closeAll(connections);
  });
}
