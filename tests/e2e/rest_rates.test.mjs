/*
 * Every limit in fcgi/rate.h, crossed by one: 429 with Retry-After, and whoever shares nothing with
 * who is refused goes on. What is sent are the examples of the description, so that a route with a
 * limit is covered as soon as it has both.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fill, inQuery, isPublic, openapi, operations, schemas } from '../support/api.mjs';
import { newKey, newName, signUp } from '../support/client.mjs';
import { fastcgi } from '../support/fastcgi.mjs';
import { startStack } from '../support/stack.mjs';
import * as tables from '../support/tables.mjs';

const MOST = 2;
const rates = tables.rates();
const rateOf = (name) => rates.find((rate) => rate.name === name);
const routes = tables.routes();
const limited = routes.filter(({ rate }) => rate !== 'NONE').map((route) => ({
  rate: rateOf(route.rate),
  one: operations.find(({ method, path }) => method === route.method && path === route.path),
}));
/* Failed logins, and new direct rooms, are counted by tests of their own. */
const ELSEWHERE = ['limits.logins_per_minute', 'limits.directs_per_hour'];

let stack, addresses = 0;

before(async () => {
  const free = { 'limits.logins_per_minute': 0, 'limits.room_joins_per_minute': 0 };
  stack = await startStack({ set: { ...Object.fromEntries(rates.map(({ setting }) => [setting, MOST])), ...free } });
});
after(() => stack?.stop());

const newAddress = () => `198.51.100.${++addresses}`;

async function newPerson() {
  const person = await signUp(stack.url);
  await stack.redis('HSET', `{u:${person.id}}:user`, 'role', 'admin');
  return person;
}

/* The example of an operation with a name and key of its own, in the room that is given. */
function send(one, { person, address, room }) {
  const path = fill(one, (name) => ({ room, user: 'me' })[name] ?? one.parameters.find((each) => each.name === name).example);
  const fresh = { ...('key' in (one.body?.example ?? {}) && { key: newKey() }), ...('name' in (one.body?.example ?? {}) && { name: newName() }) };
  const body = one.body && { ...one.body.example, ...fresh };
  if (body) delete body.files; // those of the examples are of another room
  const query = inQuery(one).filter(({ required }) => required).map(({ name, example }) => `${name}=${example}`).join('&');
  return fastcgi(stack, one.method.toUpperCase(), query ? `${path}?${query}` : path, { body, address, token: isPublic(one) ? undefined : person.token });
}

function tooOften(answer, window_ms) {
  assert.equal(answer.status, 429, answer.text);
  assert.equal(answer.body.code, 'rate_limited');
  assert.deepEqual(schemas.faults(openapi.components.schemas.Problem, answer.body), []);
  const wait_ms = Number(answer.headers['retry-after']) * 1000;
  assert.ok(wait_ms > window_ms / 2 && wait_ms <= window_ms, `${wait_ms} of ${window_ms} ms`);
}

test('the_table_has_each_kind_once_and_a_setting_for_each', () => {
  const known = tables.settings();
  assert.equal(new Set(rates.map(({ name }) => name)).size, rates.length);
  assert.equal(new Set(rates.map(({ word, whose }) => `${whose} ${word}`)).size, rates.length);
  for (const { setting } of rates) assert.ok(known.has(setting), setting);
});

describe('crossed by one', () => {
  for (const { rate, one } of limited.filter(({ rate: { setting } }) => !ELSEWHERE.includes(setting))) {
    test(`${one.operationId} is counted by ${rate.whose.toLowerCase()}`, async () => {
      const [person, address] = [await newPerson(), newAddress()];
      const asker = { person, address, room: await rooms.of(person) };
      for (let i = 0; i < MOST; i++) assert.notEqual((await send(one, asker)).status, 429);
      tooOften(await send(one, asker), rate.window_ms);
      const others = {
        USER: { ...asker, person: await newPerson() }, ADDRESS: { ...asker, address: newAddress() },
        ROOM: { ...asker, room: 'elsewhere' },
      };
      assert.notEqual((await send(one, others[rate.whose])).status, 429);
      const same = { USER: { person }, ADDRESS: { address }, ROOM: { room: asker.room } }[rate.whose];
      const mixed = { person: await newPerson(), address: newAddress(), room: 'elsewhere', ...same };
      tooOften(await send(one, mixed), rate.window_ms);
    });
  }

  /* A room of the person's own, where the room itself isn't what is counted. */
  const rooms = {
    async of(person) {
      const { body } = await fastcgi(stack, 'POST', '/rooms', { body: { name: newName(), kind: 'private' }, token: person.token });
      await stack.redis('DEL', `{u:${person.id}}:rate:rooms`);
      return body.room.id;
    },
  };

  test('looks into the directory of rooms are counted with those into that of people', async () => {
    const person = await newPerson();
    const look = (path) => fastcgi(stack, 'GET', path, { token: person.token });
    assert.equal((await look('/rooms?public=1')).status, 200);
    assert.equal((await look('/users')).status, 200);
    tooOften(await look('/rooms?public=1'), rateOf('FINDS').window_ms);
    assert.equal((await look('/rooms')).status, 200); // one's own are not
  });
});

test('joins_of_one_room_are_counted_whoever_joins', async () => {
  const crowded = await startStack({ set: { 'limits.room_joins_per_minute': MOST, 'limits.logins_per_minute': 0 } });
  try {
    const people = await Promise.all([1, 2, 3, 4].map(() => signUp(crowded.url)));
    const [room, other] = [await people[0].openRoom(), await people[0].openRoom()];
    for (const person of people.slice(1, 3)) await person.join(room);
    tooOften(await people[3].call('PUT', `/rooms/${room}/members/me`), rateOf('ROOM_JOINS').window_ms);
    await people[3].join(other);
  } finally {
    await crowded.stop();
  }
});

test('messages_of_one_room_are_counted_whoever_sends_them', async () => {
  const crowded = await startStack({ set: { ...tables.unhurried(), 'limits.room_messages_per_10s': 4 } });
  try {
    const people = await Promise.all([1, 2, 3].map(() => signUp(crowded.url)));
    const [room, other] = [await people[0].openRoom(), await people[0].openRoom()];
    for (const person of people.slice(1)) await person.join(room);
    const send = (who, to = room) => people[who].call('POST', `/rooms/${to}/messages`, { text: 'so many', key: newKey() });
    const answers = [];
    for (let i = 0; i < 9; i++) answers.push(await send(i % 3)); // within two stretches of ten seconds at most
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 1 && refused.length <= 5, `${refused.length} refused`);
    assert.ok(refused.every(({ body, headers }) => body.code === 'rate_limited' && Number(headers['retry-after']) >= 1 && Number(headers['retry-after']) <= 10));
    assert.equal((await people[0].history(room)).length, 9 - refused.length);
    assert.equal((await send(0, other)).status, 201);
    const field = `${Math.floor(Number((await crowded.redis('TIME')).split('\n')[0]) / 10) - 2} 4 4`;
    await crowded.redis('HSET', `{r:${room}}:room`, 'pace', field); // twenty seconds ago
    assert.equal((await send(1)).status, 201);
  } finally {
    await crowded.stop();
  }
});

test('0_is_without_limit', async () => {
  const free = await startStack({ set: tables.unhurried() });
  try {
    const person = await signUp(free.url);
    for (let i = 0; i < 150; i++) await person.must(200, 'GET', '/users?q=nobody');
  } finally {
    await free.stop();
  }
});
