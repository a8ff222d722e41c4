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
import { sleep } from '../support/wait.mjs';
import { notices } from './delivery_notices.mjs';
import { resume } from './delivery_resume.mjs';

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

const seqs = (frames) => frames.map(({ seq }) => seq);

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
    assert.deepEqual(outside.of(room), []);
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
    assert.ok(device.of(room).every((frame) => !(frame.seq >= after.seq)));
    const again = await bob.connect({ cursors: { [room]: 0 } });
    await again.sync();
    assert.deepEqual(again.of(room), []);
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
