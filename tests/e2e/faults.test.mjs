/*
 * What breaks, and what nobody may notice of it: Redis loses a message, its scripts, all its data,
 * its memory, its life; programs are killed, stopped and asked to go.
 *
 * In each case: no acknowledged message is lost, none comes twice, live connections see every
 * entry in order (client.mjs checks that by itself) or are told so by `reset`, requests are
 * answered by 503 within two seconds, and nothing has to be started by hand.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newKey, newText, request, signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { familyOf, isAlive } from '../support/process.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

/* The contract's "2 s at most", and what a busy machine may add. */
const REFUSED_MS = 2500;
let stack, alice, bob;

before(async () => {
  stack = await startStack({ set: { 'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0 } });
  alice = await signUp(stack.url);
  bob = await signUp(stack.url);
});
after(() => stack?.stop());
beforeEach(() => healthy());

const messages = (room) => `/rooms/${room}/messages`;
const rest = (path) => request(stack.url, 'GET', path).catch(() => ({}));

/* Both programs well again. */
const healthy = () => until('health', async () =>
  (await rest('/api/v1/health')).status === 200 && (await rest('/health')).status === 200);

/* Kills a program as soon as it runs. */
async function slay(name) {
  await until(`${name} to run`, () => isAlive(stack.pid(name)));
  return stack.kill(name, 'SIGKILL');
}

/* Posts until acknowledged, with one key; gives {message, tries}. */
async function insist(person, room) {
  const body = { text: newText(), key: newKey() };
  for (let tries = 1; ; tries++) {
    const answer = await person.call('POST', messages(room), body, { timeout_ms: 4000 }).catch(() => ({ status: 0 }));
    if (answer.status === 201 || answer.status === 200) return { message: answer.body.message, tries };
    assert.ok([0, 502, 503, 504].includes(answer.status), `${answer.status} ${answer.text}`);
    await sleep(100);
  }
}

/* That the history of the room is exactly these messages. */
async function holdsExactly(room, expected) {
  await healthy();
  const bySeq = [...expected].sort((a, b) => a.seq - b.seq);
  assert.deepEqual(await alice.history(room), bySeq);
}

describe('a subscription that is lost', () => {
  test('in_the_middle_of_a_stream_leaves_no_gap', async () => {
    const room = await alice.openRoom();
    await bob.join(room);
    const connections = await Promise.all([alice, bob].map((who) => who.reach()));
    await Promise.all(connections.map((connection) => connection.sync()));
    let cutting = true;
    const cutter = (async () => {
      while (cutting) {
        await stack.redis('CLIENT', 'KILL', 'TYPE', 'pubsub');
        await sleep(40);
      }
    })();
    const posted = await inParallel(4, Array(400).fill(), () => alice.post(room));
    cutting = false;
    await cutter;
    const last = Math.max(...posted.map(({ seq }) => seq));
    for (const connection of connections) {
      await connection.entry(room, last);
      assert.ok(!connection.over);
      await connection.close();
    }
  });

  test('just_before_the_last_message_is_noticed_without_another', async () => {
    const connection = await bob.reach();
    await connection.sync();
    for (let round = 0; round < 10; round++) {
      const [, message] = await Promise.all([
        stack.redis('CLIENT', 'KILL', 'TYPE', 'pubsub'),
        alice.post('lobby'),
      ]);
      await connection.entry('lobby', message.seq, 5000);
    }
    await connection.close();
  });

  test('all_of_redis_clients_are_cut_again_and_again', async () => {
    const connection = await bob.reach();
    await connection.sync();
    for (let round = 0; round < 8; round++) {
      await stack.redis('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await stack.redis('CLIENT', 'KILL', 'TYPE', 'pubsub');
      const { message } = await insist(alice, 'lobby');
      await connection.entry('lobby', message.seq, 5000);
    }
    await connection.close();
  });

  test('a_revocation_that_was_missed_still_ends_the_connection', async () => {
    for (let round = 0; round < 5; round++) {
      const device = await bob.anotherDevice();
      const connection = await device.reach();
      await connection.sync();
      await Promise.all([
        stack.redis('CLIENT', 'KILL', 'TYPE', 'pubsub'),
        device.must(204, 'DELETE', '/sessions/current'),
      ]);
      assert.equal((await connection.end(10_000)).code, 4401);
    }
  });

  test('a_membership_that_was_missed_still_begins_and_ends_delivery', async () => {
    for (let round = 0; round < 5; round++) {
      const room = await alice.openRoom();
      const connection = await bob.reach();
      await connection.sync();
      await Promise.all([stack.redis('CLIENT', 'KILL', 'TYPE', 'pubsub'), bob.join(room)]);
      await connection.next((frame) => frame.type === 'joined' && frame.room === room, 10_000);
      await Promise.all([
        stack.redis('CLIENT', 'KILL', 'TYPE', 'pubsub'),
        bob.must(204, 'DELETE', `/rooms/${room}/members/me`),
      ]);
      await connection.next((frame) => frame.type === 'left' && frame.room === room, 10_000);
      await connection.close();
    }
  });
});

describe('redis that forgets', () => {
  test('its_scripts_is_taught_them_again', async () => {
    const connection = await bob.reach();
    await stack.redis('SCRIPT', 'FLUSH');
    const messagesNow = await inParallel(8, Array(40).fill(), () => alice.post('lobby'));
    await stack.redis('SCRIPT', 'FLUSH');
    const again = await alice.reach({ cursors: { lobby: 0 } });
    await again.next((frame) => frame.type === 'caught_up' || frame.type === 'reset');
    await connection.entry('lobby', Math.max(...messagesNow.map(({ seq }) => seq)));
    await Promise.all([connection.close(), again.close()]);
  });

  test('what_a_room_said_last_as_a_restore_does_is_told_by_reset', async () => {
    const room = await alice.openRoom();
    for (let i = 0; i < 3; i++) await alice.post(room);
    const keys = [`{r:${room}}:room`, `{r:${room}}:log`];
    for (const key of keys) await stack.redis('COPY', key, `{r:${room}}:old:${key.split(':').pop()}`);
    const live = await alice.reach();
    const lost = [];
    for (let i = 0; i < 4; i++) lost.push(await alice.post(room));
    await live.entry(room, lost[3].seq);
    for (const key of keys) await stack.redis('COPY', `{r:${room}}:old:${key.split(':').pop()}`, key, 'REPLACE');

    const next = await alice.post(room);
    assert.equal(next.seq, lost[0].seq);
    const told = await live.next((frame) => frame.type === 'reset' && frame.room === room);
    assert.ok(told.seq >= next.seq - 1);
    const back = await alice.reach({ cursors: { [room]: [lost[0].seq, lost[0].at] } });
    assert.equal((await back.next('reset')).seq, next.seq);
    const after = await alice.post(room);
    await live.entry(room, after.seq);
    await back.entry(room, after.seq);
    await Promise.all([live.close(), back.close()]);
  });
});

describe('redis without memory', () => {
  test('refuses_what_is_new_with_503_and_goes_on_by_itself', async () => {
    const connection = await bob.reach();
    const kept = await alice.post('lobby');
    await stack.redis('CONFIG', 'SET', 'maxmemory', '1');
    try {
      const refused = await alice.call('POST', messages('lobby'), { text: newText(), key: newKey() });
      assert.deepEqual([refused.status, refused.body?.code], [503, 'unavailable']);
      assert.ok(Number(refused.headers['retry-after']) >= 1);
      assert.ok(refused.ms < REFUSED_MS);
      const page = await alice.call('GET', `${messages('lobby')}?limit=1`);
      assert.deepEqual([page.status, page.body?.messages], [200, [kept]]);
      await connection.sync();
      await (await alice.reach()).close();
    } finally {
      await stack.redis('CONFIG', 'SET', 'maxmemory', '0');
    }
    const { message } = await insist(alice, 'lobby');
    assert.equal(message.seq, kept.seq + 1);
    await connection.entry('lobby', message.seq);
    await connection.close();
  });
});

describe('redis that is frozen', () => {
  test('for_five_seconds_is_503_in_two_and_each_message_comes_once', async () => {
    const room = await alice.openRoom();
    const connection = await alice.reach();
    const stranger = await signUp(stack.url); // of whom the push daemon has never heard
    const posted = [await alice.post(room)];
    stack.kill('redis', 'SIGSTOP');
    const thaw = sleep(5000).then(() => stack.kill('redis', 'SIGCONT'));
    try {
      const body = { text: newText(), key: newKey() };
      const requests = [['POST', messages(room), body], ['GET', messages(room)], ['GET', '/rooms'], ['GET', '/me'],
        ['GET', '/health']];
      const upgrades = [alice, stranger].map((who) => refusalOf(() => who.connect()));
      for (const answer of await Promise.all(Array(20).fill(requests).flat().map((one) => alice.call(...one)))) {
        assert.equal(answer.status, 503, answer.text);
        assert.match(answer.headers['content-type'], /^application\/problem\+json/);
        assert.ok(Number(answer.headers['retry-after']) >= 1);
        assert.ok(answer.ms < REFUSED_MS, `after ${answer.ms} ms`);
      }
      for (const { status, ms } of await Promise.all(upgrades)) {
        assert.equal(status, 503);
        assert.ok(ms < REFUSED_MS, `an upgrade after ${ms} ms`);
      }
      await until('the push daemon to notice', async () => (await rest('/health')).status === 503, 3000);
      posted.push((await insistOn(alice, room, body)).message);
      const others = await inParallel(6, Array(12).fill(), () => insist(alice, room));
      posted.push(...others.map(({ message }) => message));
    } finally {
      await thaw;
    }
    await connection.entry(room, posted.length + 1);
    assert.ok(!connection.over);
    await holdsExactly(room, posted);
    await connection.close();
  });

  /* How, and after how long, an upgrade is refused. */
  async function refusalOf(attempt) {
    const began = performance.now();
    const status = await attempt().then(() => 101, (error) => error.status);
    return { status, ms: performance.now() - began };
  }

  async function insistOn(person, room, body) {
    return until('the message', async () => {
      const answer = await person.call('POST', messages(room), body).catch(() => ({}));
      return (answer.status === 201 || answer.status === 200) && answer.body;
    });
  }
});

describe('redis that is killed', () => {
  test('comes_back_with_all_that_was_acknowledged', async () => {
    const room = await alice.openRoom();
    const connection = await alice.reach();
    const posted = [];
    for (let round = 0; round < 3; round++) {
      const batch = inParallel(6, Array(30).fill(), () => insist(alice, room));
      await sleep(30);
      await slay('redis');
      posted.push(...(await batch).map(({ message }) => message));
    }
    await connection.entry(room, posted.length + 1);
    assert.ok(!connection.over, 'the connection has ended');
    await holdsExactly(room, posted);
    await connection.close();
  });
});

describe('stonechat-fcgi that is killed', () => {
  test('in_the_middle_costs_a_retry_and_nothing_else', async () => {
    const room = await alice.openRoom();
    const connection = await alice.reach();
    const posted = [];
    for (let round = 0; round < 3; round++) {
      const batch = inParallel(8, Array(40).fill(), () => insist(alice, room));
      await sleep(20);
      await slay('fcgi');
      posted.push(...(await batch).map(({ message }) => message));
    }
    await connection.entry(room, posted.length + 1);
    await holdsExactly(room, posted);
    await connection.close();
  });

  test('is_answered_for_by_nginx_in_the_same_form', async () => {
    const pid = stack.pid('fcgi');
    stack.kill('fcgi', 'SIGKILL');
    const answers = [];
    await until('its return', async () => {
      const answer = await request(stack.url, 'GET', '/api/v1/health');
      answers.push(answer);
      return answer.status === 200 && stack.pid('fcgi') !== pid;
    }, 5000);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      assert.ok([502, 503, 504].includes(answer.status), answer.text);
      assert.match(answer.headers['content-type'], /^application\/problem\+json/);
      assert.equal(answer.body.status, answer.status);
      assert.ok(Number(answer.headers['retry-after']) >= 1);
    }
  });

  test('ends_by_SIGTERM_within_five_seconds_and_no_answer_is_cut', async () => {
    const pid = stack.pid('fcgi');
    const room = await alice.openRoom();
    const batch = inParallel(8, Array(60).fill(), () => insist(alice, room));
    await sleep(20);
    stack.kill('fcgi', 'SIGTERM');
    await until('its end', () => !isAlive(pid), 5000);
    const posted = (await batch).map(({ message }) => message);
    await holdsExactly(room, posted);
  });
});

describe('stonechat-pushd that goes', () => {
  const back = (connection, who) => who.reach({ cursors: connection.order.resume });

  test('killed_leaves_a_hole_that_resume_fills', async () => {
    let connection = await bob.reach();
    await connection.sync();
    for (let round = 0; round < 3; round++) {
      await slay('pushd');
      assert.ok([1006, 1012].includes((await connection.end()).code));
      const { seq } = await alice.post('lobby');
      connection = await back(connection, bob);
      await connection.entry('lobby', seq);
    }
    await connection.close();
  });

  test('by_SIGTERM_tells_everybody_when_to_come_back', async () => {
    const pid = stack.pid('pushd');
    const connections = await Promise.all(Array.from({ length: 8 }, () => bob.reach()));
    await Promise.all(connections.map((connection) => connection.sync()));
    stack.kill('pushd', 'SIGTERM');
    for (const connection of connections) {
      const { code, reason } = await connection.end(5000);
      assert.ok([1001, 1012].includes(code), `${code} ${reason}`);
      assert.match(reason, /retry_ms\D*\d+/);
    }
    await until('its end', () => !isAlive(pid), 5000);
    const { seq } = await alice.post('lobby');
    for (const connection of connections.slice(0, 2)) {
      const again = await back(connection, bob);
      await again.entry('lobby', seq);
      await again.close();
    }
  });

  test('stopped_for_three_seconds_has_lost_nothing', async () => {
    const connection = await bob.reach();
    await connection.sync();
    const daemon = familyOf(stack.pid('pushd'));
    for (const pid of daemon) process.kill(pid, 'SIGSTOP');
    const posted = await inParallel(4, Array(50).fill(), () => alice.post('lobby'));
    await sleep(3000);
    for (const pid of daemon) process.kill(pid, 'SIGCONT');
    await connection.entry('lobby', Math.max(...posted.map(({ seq }) => seq)));
    await connection.close();
  });
});

test('the_logs_tell_of_no_secret_and_no_crash', () => {
  assert.deepEqual([...leaksIn(stack.dir), ...deathsIn(stack.dir)], []);
});

describe('redis that has lost everything', () => {
  test('is_no_silence_and_can_be_used_again', async () => {
    const connections = await Promise.all([alice, bob].map((who) => who.reach()));
    await alice.post('lobby');
    await Promise.all(connections.map((connection) => connection.sync()));
    await stack.redis('FLUSHALL');
    const newcomer = await signUp(stack.url);
    const theirs = await newcomer.reach();
    const { seq } = await newcomer.post('lobby');
    await theirs.entry('lobby', seq);
    for (const connection of connections) {
      await until('reset or 4401', () =>
        connection.over?.code === 4401 || connection.frames.some(({ type, room }) => type === 'reset' && room === 'lobby'));
    }
    await theirs.close();
  });
});
