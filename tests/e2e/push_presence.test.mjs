/*
 * Who is online: told once to each connection that shares a small room, in numbers to large rooms,
 * true across workers and machines, and also after somebody was killed. And what rests on the same
 * notes in Redis: connections per user, `online` by REST, the cost of a handshake.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newKey, signUp } from '../support/client.mjs';
import { childrenOf, descriptorsOf, isAlive } from '../support/process.mjs';
import { scrape } from '../support/scrape.mjs';
import { sleep, until } from '../support/wait.mjs';

const WORKERS = 2;
const GRACE_S = 2;
const MOST = 5;
const SMALL = 6;
const PASSED_ON_MS = 2500; // a change is passed on once a second
let stack, lobby;

/* The default room is larger than SMALL, so that people meet in rooms of their own only. */
before(async () => {
  stack = await startStack({
    set: {
      'push.workers': WORKERS,
      'push.presence_grace_s': GRACE_S,
      'limits.connections_per_user': MOST,
      'limits.presence_members': SMALL,
      'limits.messages_per_10s': 0,
      'limits.logins_per_minute': 0,
      'limits.rooms_per_hour': 0,
    },
  });
  lobby = [];
  for (let i = 0; i <= SMALL; i++) lobby.push(await signUp(stack.url));
});
after(() => stack?.stop());

const workers = () => childrenOf(stack.pid('pushd'));
const metrics = () => scrape(join(stack.dir, 'push.sock'), 'stonechat_pushd_');

/* People who share `rooms` rooms, and nothing else that is small. */
async function friends(count, rooms = 1) {
  const people = [];
  for (let i = 0; i < count; i++) people.push(await signUp(stack.url));
  people.rooms = [];
  for (let i = 0; i < rooms; i++) {
    const room = await people[0].openRoom();
    for (const person of people.slice(1)) await person.join(room);
    people.rooms.push(room);
  }
  return people;
}

async function live(person) {
  const connection = await person.connect();
  await connection.sync();
  return connection;
}

/* A connection of each worker, by trying: the worker is the one that has a descriptor more. */
async function everywhere(person) {
  const held = new Map();
  const spare = [];
  while (held.size < WORKERS) {
    const before = new Map(workers().map((pid) => [pid, descriptorsOf(pid)]));
    const connection = await live(person);
    const [pid] = [...before].find(([one, count]) => descriptorsOf(one) > count) ?? [];
    if (!pid || held.has(pid)) spare.push(connection);
    else held.set(pid, connection);
    if (spare.length === 2) await spare.shift().close();
  }
  await Promise.all(spare.map((connection) => connection.close()));
  return held;
}

const about = ({ id }) => (frame) => frame.type === 'presence' && frame.user?.id === id;
const heard = (connection, person) => connection.frames.filter(about(person)).map(({ online }) => online);
const goesOffline = (connection, person, ms) =>
  connection.next((frame) => about(person)(frame) && !frame.online, ms);
const closeAll = (all) => Promise.all([...all].map((connection) => connection.close()));
const isNoted = async ({ id }) => Number(await stack.redis('HLEN', `{u:${id}}:nodes`)) > 0;
const isGone = (person) => until('offline', async () => !(await isNoted(person)));

describe('in a small room', () => {
  test('who_comes_and_goes_is_told_to_everybody_else', async () => {
    const [ada, bob] = await friends(2);
    const before = (await metrics()).presence_changes_total;
    const watching = await live(ada);
    const coming = await live(bob);
    assert.deepEqual(await watching.next(about(bob)),
      { type: 'presence', user: { id: bob.id, name: bob.name, display: bob.user.display }, online: true });
    await coming.close();
    await goesOffline(watching, bob);
    assert.deepEqual(heard(watching, bob), [true, false]);
    await until('the count', async () => (await metrics()).presence_changes_total >= before + 3);
    await watching.close();
  });

  test('strangers_are_told_nothing', async () => {
    const [ada] = await friends(2);
    const [stranger] = await friends(1);
    const watching = await live(stranger);
    const connection = await live(ada);
    await connection.close();
    await isGone(ada);
    await sleep(PASSED_ON_MS);
    await watching.sync();
    assert.deepEqual(heard(watching, ada), []);
    await watching.close();
  });

  test('each_connection_is_told_once_however_many_rooms_are_shared', async () => {
    const [ada, bob] = await friends(2, 4);
    const watching = [...(await everywhere(ada)).values()];
    const coming = await live(bob);
    for (const connection of watching) await connection.next(about(bob));
    await coming.close();
    for (const connection of watching) {
      await goesOffline(connection, bob);
      await connection.sync();
      assert.deepEqual(heard(connection, bob), [true, false]);
    }
    await closeAll(watching);
  });

  test('who_does_not_want_to_hear_of_the_room_is_told_nothing', async () => {
    const [ada, bob] = await friends(2);
    const watching = await live(ada);
    watching.say({ type: 'unsubscribe', rooms: watching.welcome.rooms.map(({ id }) => id) });
    await watching.sync();
    const coming = await live(bob);
    await sleep(PASSED_ON_MS);
    await watching.sync();
    assert.deepEqual(heard(watching, bob), []);
    await closeAll([watching, coming]);
  });

  test('who_joins_is_online_to_those_inside_and_hears_who_comes_next', async () => {
    const [ada] = await friends(1);
    const [bob] = await friends(1);
    const room = await ada.openRoom();
    const watching = await live(ada);
    const coming = await live(bob);
    await bob.join(room);
    assert.equal((await watching.next(about(bob))).online, true);
    await coming.next('joined');
    await watching.close();
    await goesOffline(coming, ada);
    await coming.close();
  });

  test('a_user_is_online_as_long_as_any_connection_is_on_whichever_worker', async () => {
    const [ada, bob] = await friends(2);
    const watching = await live(ada);
    const [first, second] = (await everywhere(bob)).values();
    await watching.next(about(bob));
    await first.close();
    await sleep((GRACE_S + 2) * 1000);
    await watching.sync();
    assert.deepEqual(heard(watching, bob), [true]);
    await second.close();
    await goesOffline(watching, bob);
    assert.deepEqual(heard(watching, bob), [true, false]);
    await watching.close();
  });

  test('who_comes_back_within_the_grace_was_never_away', async () => {
    const [ada, bob] = await friends(2);
    const watching = await live(ada);
    let connection = await live(bob);
    await watching.next(about(bob));
    for (let i = 0; i < 6; i++) {
      await connection.close();
      await sleep(300);
      connection = await live(bob);
    }
    await sleep((GRACE_S + 2) * 1000);
    await watching.sync();
    assert.deepEqual(heard(watching, bob), [true]);
    await closeAll([watching, connection]);
  });
});

describe('in a large room', () => {
  const numbers = (connection) => connection.frames.filter(({ type, room }) => type === 'presence' && room === 'lobby');

  test('the_number_of_those_online_is_told_and_nobody_by_name', async () => {
    const [ada, ...others] = lobby;
    for (const person of lobby) await isGone(person);
    const watching = await live(ada);
    const all = [];
    for (const person of others) all.push(await live(person));
    const counted = ({ type, room, online }) => type === 'presence' && room === 'lobby' && online === lobby.length;
    await watching.next(counted, 30_000);
    assert.equal((await ada.must(200, 'GET', '/rooms/lobby')).room.online, lobby.length);
    await closeAll(all);
    await watching.next(({ type, room, online }) => type === 'presence' && room === 'lobby' && online === 1, 30_000);
    for (const person of others) assert.deepEqual(heard(watching, person), []);
    const times = watching.frames.flatMap((frame, i) => (numbers({ frames: [frame] }).length ? [watching.times[i]] : []));
    times.slice(1).forEach((time, i) => assert.ok(time - times[i] > 4900, `${time - times[i]} ms`));
    assert.deepEqual(numbers(watching).map(({ online }) => online).filter((online, i, all) => online === all[i - 1]), []);
    await watching.close();
  });
});

describe('by REST', () => {
  const onlineIn = async (person, room) => {
    const { members } = await person.must(200, 'GET', `/rooms/${room}/members`);
    return members.filter(({ online }) => online).map(({ user }) => user.id);
  };

  test('members_are_online_or_not', async () => {
    const three = await friends(3);
    const [ada, bob, eve] = three;
    const [room] = three.rooms;
    assert.deepEqual(await onlineIn(ada, room), []);
    const all = [await live(bob), ...(await everywhere(eve)).values()];
    assert.deepEqual((await onlineIn(ada, room)).sort(), [bob.id, eve.id].sort());
    await all.shift().close();
    await isGone(bob);
    assert.deepEqual(await onlineIn(ada, room), [eve.id]);
    await closeAll(all);
  });

  test('who_is_online_is_also_when_redis_has_forgotten_its_scripts', async () => {
    const [ada] = await friends(1);
    const connection = await live(ada);
    await stack.redis('SCRIPT', 'FLUSH');
    assert.ok((await onlineIn(ada, 'lobby')).includes(ada.id));
    await stack.redis('SCRIPT', 'FLUSH');
    const { sessions } = await ada.must(200, 'GET', '/sessions');
    assert.deepEqual(sessions.map(({ online }) => online), [true]);
    await connection.close();
  });

  test('sessions_are_online_or_not', async () => {
    const [ada] = await friends(1);
    const phone = await ada.anotherDevice();
    const online = async () => {
      const { sessions } = await ada.must(200, 'GET', '/sessions');
      return sessions.filter((session) => session.online).map(({ id }) => id);
    };
    assert.deepEqual(await online(), []);
    const all = [...(await everywhere(phone)).values()];
    assert.deepEqual(await online(), [phone.session.id]);
    await closeAll(all);
    await until('nobody', async () => (await online()).length === 0);
  });

  test('what_a_worker_noted_that_nobody_knows_any_more_counts_for_nothing', async () => {
    const [ada] = await friends(1);
    await stack.redis('HSET', `{u:${ada.id}}:nodes`, 'gone', '1');
    await stack.redis('HSET', `{u:${ada.id}}:conns`, 'gone:1', ada.session.id);
    assert.deepEqual(await onlineIn(ada, 'lobby').then((ids) => ids.filter((id) => id === ada.id)), []);
    const { sessions } = await ada.must(200, 'GET', '/sessions');
    assert.deepEqual(sessions.map(({ online }) => online), [false]);
    const connection = await live(ada);
    assert.deepEqual((await stack.redis('HKEYS', `{u:${ada.id}}:nodes`)).split('\n').filter((id) => id === 'gone'), []);
    assert.equal(await stack.redis('HLEN', `{u:${ada.id}}:conns`), '1');
    await connection.close();
  });
});

describe('connections of one user', () => {
  test('beyond_the_bound_are_refused_and_those_inside_notice_nothing', async () => {
    const [ada] = await friends(1);
    const inside = [...(await everywhere(ada)).values()];
    while (inside.length < MOST) inside.push(await live(ada));
    const before = (await metrics())['refusals_total{status="429",reason="too_many_connections"}'];
    for (let i = 0; i < 6; i++) {
      const refusal = await ada.connect().then(() => assert.fail('let in'), (error) => error);
      assert.equal(refusal.status, 429);
      assert.match(refusal.headers['retry-after'], /^[1-9]\d*$/);
      assert.equal(JSON.parse(refusal.text).code, 'too_many_connections');
    }
    assert.equal((await metrics())['refusals_total{status="429",reason="too_many_connections"}'], before + 6);
    for (const connection of inside) await connection.sync();
    await inside.pop().close();
    inside.push(await until('the place that is free', () => ada.connect().catch(() => null), 1000));
    await assert.rejects(ada.connect(), { status: 429 });
    await closeAll(inside);
  });

  test('are_not_exceeded_by_those_who_come_at_the_same_time', async () => {
    const [ada] = await friends(1);
    const tries = await Promise.allSettled(Array.from({ length: 4 * MOST }, () => ada.connect()));
    const inside = tries.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
    assert.equal(inside.length, MOST);
    for (const { reason } of tries.filter(({ status }) => status === 'rejected')) assert.equal(reason.status, 429);
    await closeAll(inside);
  });

  /* What is heard of the user before Redis has answered makes it be asked again. */
  test('are_not_one_too_many_when_redis_is_asked_twice', async () => {
    const [ada] = await friends(1);
    const key = (what) => `{u:${ada.id}}:${what}`;
    const script = await readFile(new URL('../../common/scripts/session_check.lua', import.meta.url), 'utf8');
    const { hash } = JSON.parse(await stack.redis('HGET', key('sessions'), ada.session.id));
    const check = async (number) => (await stack.redis('EVAL', script, '5', ...['user', 'sessions', 'rooms', 'conns', 'nodes'].map(key),
      ada.session.id, hash, '60000', ada.id, 'here', String(number), '+here', '1', 'nowhere', ' ')).split('\n')[0];
    assert.equal(await check(1), 'ok');
    assert.equal(await check(1), 'ok');
    assert.equal(await check(2), 'too_many_connections');
    assert.equal(await stack.redis('HKEYS', key('conns')), 'here:1');
  });

  test('cannot_be_used_up_by_who_only_knows_the_users_id', async () => {
    const [ada] = await friends(1);
    const token = ada.token.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
    const headers = { authorization: `Bearer ${token}` };
    const strangers = Array.from({ length: 40 }, () => ada.connect({ headers }).catch(({ status }) => status));
    const inside = await Promise.all(Array.from({ length: MOST }, () => ada.connect()));
    assert.deepEqual(new Set(await Promise.all(strangers)), new Set([401]));
    await closeAll(inside);
  });

  test('of_a_worker_that_was_killed_take_no_place', async () => {
    const [ada] = await friends(1);
    const held = await everywhere(ada);
    while (held.size < MOST) held.set(held.size, await live(ada));
    for (const pid of workers()) process.kill(pid, 'SIGKILL');
    await Promise.all([...held.values()].map((connection) => connection.end()));
    await until('new workers', () => workers().length === WORKERS && workers().every(isAlive));
    const back = [];
    while (back.length < MOST) {
      back.push(await until('a place', () => ada.connect().catch(() => null)));
    }
    await closeAll(back);
  });
});

describe('a handshake', () => {
  test('costs_redis_no_more_than_three_commands', async () => {
    const people = await friends(12);
    const rooms = people.rooms.length;
    assert.ok(rooms > 0);
    await (await live(people[0])).close();
    const { lines, stop } = await monitor();
    const all = await Promise.all(people.map((person) => person.connect()));
    await Promise.all(all.map((connection) => connection.sync()));
    await sleep(100);
    stop();
    const commands = lines.filter((line) => /\[\d+ unix/.test(line) && !/"canary:|"node_beat|"HLEN"|"XREVRANGE"/.test(line))
      .filter((line) => /"(EVALSHA|EVAL|SUBSCRIBE|UNSUBSCRIBE|SADD|SREM|HDEL|HKEYS)"/i.test(line) && !/"nodes"/.test(line));
    assert.ok(commands.length <= 3 * people.length, commands.join('\n'));
    assert.ok(commands.length >= 2 * people.length, 'the commands are not seen');
    await closeAll(all);
  });

  /* What Redis is told, but for what its scripts do themselves. */
  async function monitor() {
    const child = spawn('redis-cli', ['-s', join(stack.dir, 'redis.sock'), 'monitor']);
    const lines = [];
    child.stdout.setEncoding('utf8').on('data', (text) => lines.push(...text.split('\n')));
    await until('the first line', () => lines.includes('OK'));
    return { lines, stop: () => child.kill() };
  }
});

describe('a mention', () => {
  const mention = (room) => ({ type: 'mention', room, seq: 7, from: { id: 'x', name: 'x', display: 'X' } });
  const tell = ({ id }, thing) => stack.redis('PUBLISH', `{u:${id}}:live`, JSON.stringify(thing));

  test('reaches_every_connection_of_its_user_also_of_a_room_that_is_muted', async () => {
    const [ada, bob] = await friends(2);
    const [room] = (await friends(1)).rooms;
    const all = [...(await everywhere(ada)).values()];
    const other = await live(bob);
    all[0].say({ type: 'unsubscribe', rooms: all[0].welcome.rooms.map(({ id }) => id) });
    await all[0].sync();
    await tell(ada, mention(room));
    for (const connection of all) assert.deepEqual(await connection.next('mention'), mention(room));
    await other.sync();
    assert.deepEqual(other.frames.filter(({ type }) => type === 'mention'), []);
    await closeAll([...all, other]);
  });

  test('that_names_no_room_and_what_is_not_known_are_dropped_and_logged', async () => {
    const [ada] = await friends(1);
    const connection = await live(ada);
    const logged = () => stack.log('pushd').split('event=event_not_understood').length;
    const before = logged();
    await tell(ada, { type: 'mention', seq: 7 });
    await tell(ada, { type: 'mention', room: 'lobby' });
    await tell(ada, { type: 'surprise', room: 'lobby', seq: 7 });
    await tell(ada, mention('lobby'));
    await connection.next('mention');
    assert.equal(connection.frames.filter(({ type }) => type === 'mention' || type === 'surprise').length, 1);
    await until('the log', () => logged() === before + 3);
    await connection.close();
  });
});

/* The slow ones, and those that take the stack apart: last. */
describe('after a kill', () => {
  test('of_a_worker_whose_users_come_back_nothing_is_told', async () => {
    const [ada, bob] = await friends(2);
    const held = await everywhere(ada);
    const [pid] = held.keys();
    const watching = [...held.values()][1];
    let bobs = await everywhere(bob);
    await watching.next(about(bob));
    for (const [one, connection] of bobs) if (one !== pid) await connection.close();
    await sleep((GRACE_S + 2) * 1000);
    process.kill(pid, 'SIGKILL');
    await bobs.get(pid).end();
    bobs = [await bob.reach()];
    await sleep(45_000);
    await watching.sync();
    assert.deepEqual(heard(watching, bob), [true]);
    await closeAll([watching, ...bobs]);
  });

  test('of_a_worker_those_who_do_not_come_back_are_offline_within_a_minute', async () => {
    const [ada, bob] = await friends(2);
    const held = await everywhere(ada);
    const bobs = await everywhere(bob);
    const [victim, survivor] = held.keys();
    const watching = held.get(survivor);
    await watching.next(about(bob));
    await bobs.get(survivor).close();
    await sleep((GRACE_S + 2) * 1000);
    assert.deepEqual(heard(watching, bob), [true]);
    process.kill(victim, 'SIGKILL');
    await goesOffline(watching, bob, 60_000);
    assert.ok(!(await isNoted(bob)));
    await watching.close();
  });

  test('of_the_whole_daemon_too', async () => {
    const [ada, bob, eve] = await friends(3);
    const first = await live(ada);
    await live(bob);
    await live(eve);
    await first.next(about(eve));
    const orphans = workers();
    const master = stack.pid('pushd');
    for (const pid of [master, ...orphans]) process.kill(pid, 'SIGKILL');
    await first.end();
    const watching = await ada.reach();
    const back = await eve.reach();
    await goesOffline(watching, bob, 60_000);
    assert.deepEqual(heard(watching, eve), []);
    assert.ok(!(await isNoted(bob)));
    await until('the old nodes to be cleared away',
      async () => Number(await stack.redis('ZCARD', 'nodes')) === WORKERS, 60_000);
    assert.equal((await metrics()).nodes, WORKERS);
    await closeAll([watching, back]);
  });

  test('of_redis_memory_everything_is_noted_anew', async () => {
    const [ada, bob] = await friends(2);
    const all = [await live(ada), await live(bob)];
    await all[0].next(about(bob));
    await stack.redis('DEL', 'nodes', `{u:${ada.id}}:nodes`, `{u:${ada.id}}:conns`, `{u:${bob.id}}:nodes`, `{u:${bob.id}}:conns`);
    for (const person of [ada, bob]) await until('the note', () => isNoted(person), 15_000);
    await stack.redis('FLUSHALL');
    await Promise.all(all.map((connection) => connection.end(30_000)));
    await until('nodes', async () => Number(await stack.redis('ZCARD', 'nodes')) === WORKERS);
  });
});
