/*
 * The description of the API (nginx/www/api/) against a running stack.
 *
 * The examples, read as one story, are sent as they stand, and whatever comes back, refusals
 * included, must fit its schema; a member that no schema names is a fault. Refusals are provoked
 * for every operation alike, so a new one is covered by its description.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  METHODS, asyncapi, fill, follow, inQuery, isPublic, openapi, operationOf, operations, schemas,
} from '../support/api.mjs';
import { Person, newKey, newName, request, signUp } from '../support/client.mjs';
import { startStack } from '../support/stack.mjs';
import * as tables from '../support/tables.mjs';
import { until } from '../support/wait.mjs';

const same = (found, wanted, what) => assert.deepEqual([...found].sort(), [...wanted].sort(), what);

let stack, admin;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0 } });
  admin = await signUp(stack.url);
  await stack.redis('HSET', `{u:${admin.id}}:user`, 'role', 'admin');
});
after(() => stack?.stop());

/* That an answer is one of those that the operation has, and says and bears what it should. */
function assertFits(one, answer) {
  const what = `${one.operationId}: ${answer.status} ${answer.text}`;
  const response = one.responses.get(answer.status);
  assert.ok(response, `${what} is not described`);
  const [[type, { schema }] = [undefined, {}]] = Object.entries(response.content ?? {});
  assert.equal(answer.headers['content-type']?.split(';')[0], type, what);
  assert.deepEqual(type ? schemas.faults(schema, answer.body ?? answer.text) : answer.text, type ? [] : '', what);
  for (const [name, header] of Object.entries(response.headers ?? {}).map(([key, value]) => [key, follow(value)])) {
    const value = [answer.headers[name.toLowerCase()]].flat()[0];
    assert.ok(value !== undefined || !header.required, `${what}: no ${name}`);
    const typed = header.schema.type === 'integer' ? Number(value) : value;
    if (value !== undefined) assert.deepEqual(schemas.faults(header.schema, typed), [], `${what}: ${name}`);
  }
}

/* What a query must hold, as in the examples, but for one member. */
const neededQuery = (one, but) => inQuery(one).filter(({ name, required }) => required && name !== but)
  .map(({ name, example }) => `${name}=${example}`).join('&');

/* Sends an operation; what is not given is as in its example. */
function send(one, { path, query = path?.includes('?') ? '' : `?${neededQuery(one)}`, headers, body = one.body?.example } = {}) {
  return request(stack.url, one.method.toUpperCase(), `/api/v1${path ?? fill(one)}${query}`, { headers, body });
}

const bearer = (person) => ({ authorization: `Bearer ${person.token}` });

/* The same, which must be refused with this code word. */
async function refused(one, code, options) {
  const answer = await send(one, { headers: bearer(admin), ...options });
  assert.equal(answer.body?.code, code, `${one.operationId}: ${answer.status} ${answer.text}`);
  assertFits(one, answer);
  return answer.body;
}

describe('the examples, as one story', () => {
  /* Every operation once, in an order in which it makes sense, and who does what Ada does not. */
  const STORY = [
    'readHealth', 'readSite', 'createUser', 'createSession', 'readMe', 'changeMe', 'listSessions', 'createTicket',
    'createRoom', 'joinRoom', 'uploadFile', 'readFile', 'sendMessage', 'markRead', 'setNotify', 'readNotifications', 'setNotifications', 'readPush', 'createPush', 'endPush', 'readRoom', 'listMembers', 'listMessages', 'exportRoom', 'readMessage',
    'searchRoom', 'search', 'listRooms',
    'searchUsers', 'readUser', 'changeUser', 'openDirect', 'changeRoom', 'setMute', 'liftMute', 'createBroadcast', 'editMessage',
    'listAccounts', 'listAllRooms', 'readFigures', 'readSettings',
    'addReaction', 'removeReaction', 'pinMessage', 'listPins', 'unpinMessage', 'deleteMessage', 'leaveRoom',
    'createHook', 'listHooks', 'postByHook', 'endHook', 'setBan', 'listBans', 'liftBan', 'deleteRoom', 'changePassword', 'endSession', 'endSessions', 'endUserSessions', 'closeMe',
  ];
  const ENDING = ['endSession', 'endSessions', 'endUserSessions'];
  const LISTS = ['listAllRooms', 'readSettings']; // longer than their examples
  const ada = { password: operationOf('createUser').body.example.password };
  const actors = {};
  const real = new Map(); // an id of the examples -> the one that the stack has made

  /* The longest first: a token has ids in it. */
  const told = (thing) => {
    const names = [...real].sort(([one], [other]) => other.length - one.length);
    return JSON.parse(names.reduce((text, [id, other]) => text.replaceAll(id, other), JSON.stringify(thing)));
  };

  /* Of each list in the answer as much as the example has. */
  const beginning = (answer, example) => Object.fromEntries(Object.entries(answer)
    .map(([name, value]) => [name, Array.isArray(value) ? value.slice(0, example[name].length) : value]));

  /* The answer has just the members that the example has, and shows what its ids are called here. */
  function learn(example, answer, path) {
    if (example && answer && typeof example === 'object') {
      assert.equal(Array.isArray(answer), Array.isArray(example), path);
      same(Object.keys(answer), Object.keys(example));
      for (const name of Object.keys(example)) learn(example[name], answer[name], `${path}/${name}`);
    } else if (/^([a-z0-9]{16}|[a-z0-9.]+\.[\w-]{43})$/.test(example) && !real.has(example)) {
      real.set(example, answer);
    }
  }

  const requestLine = (one) => {
    const query = inQuery(one).filter(({ example }) => example).map(({ name, example }) => `${name}=${example}`);
    return `GET ${fill(one)}${query.length ? `?${query.join('&')}` : ''}`;
  };

  /* What the answers of a status look like, by the request line that brings them. */
  const examplesOf = (one, response) => {
    const content = Object.values(response.content ?? {})[0];
    if (!content?.examples) return [[requestLine(one), content?.example]];
    return Object.values(content.examples).map(({ summary, value }) => [summary, value]);
  };

  async function act(one, line, status, example, actor) {
    const headers = isPublic(one) ? {} : bearer(actor);
    const answer = await send(one, { path: told(line.split(' ')[1]), headers, body: one.body ? told(one.body.example) : one.raw?.example });
    assert.equal(answer.status, status, answer.text);
    assertFits(one, answer);
    learn(example, LISTS.includes(one.operationId) ? beginning(answer.body, example) : answer.body, one.operationId);
    return answer.body;
  }

  async function signInAgain() {
    const { name } = operationOf('createUser').body.example;
    Object.assign(ada, await new Person(stack.url, { name, password: ada.password }).signIn());
  }

  before(async () => {
    const grace = await signUp(stack.url);
    Object.assign(actors, { joinRoom: grace, markRead: grace, leaveRoom: grace, createBroadcast: admin, changeUser: admin });
    for (const id of ['listAccounts', 'listAllRooms', 'readFigures', 'readSettings', 'endUserSessions']) actors[id] = admin;
  });

  test('tells_every_operation', () => same(STORY, operations.map(({ operationId }) => operationId)));

  for (const id of STORY) {
    test(id, async () => {
      const one = operationOf(id);
      const good = [...one.responses.keys()].filter((status) => status < 300);
      for (const status of good.sort((a, b) => b - a)) { // 201, then, of the same once more, 200
        for (const [line, example] of examplesOf(one, one.responses.get(status))) {
          const body = await act(one, line, status, example, actors[id] ?? ada);
          if (id === 'createSession') ada.token = body.token;
        }
      }
      if (id === 'changePassword') ada.password = one.body.example.new;
      if (ENDING.includes(id)) await signInAgain();
    });
  }
});

describe('refusals, of every operation alike', () => {
  const withBody = operations.filter(({ body }) => body);
  const changesByCookie = ({ method, operationId }) => method !== 'get' && operationId !== 'postByHook';
  const faultOf = ({ field, code }) => `${field} ${code}`;

  test('without_credentials', async () => {
    for (const one of operations.filter((candidate) => !isPublic(candidate))) {
      await refused(one, 'unauthenticated', { headers: {} });
    }
  });

  test('from_another_site', async () => {
    const headers = { cookie: admin.cookie, 'sec-fetch-site': 'cross-site' };
    for (const one of operations.filter(changesByCookie)) await refused(one, 'cross_site', { headers });
  });

  test('with_a_body_that_is_no_json_or_too_large', async () => {
    for (const one of withBody) {
      await refused(one, 'bad_json', { body: '[' });
      await refused(one, 'too_large', { body: ' '.repeat(65537) });
    }
  });

  test('with_an_empty_body_every_required_field_is_missed', async () => {
    for (const one of withBody.filter(({ body }) => body.schema.required.length > 0)) {
      const { errors } = await refused(one, 'invalid', { body: {} });
      same(errors.map(faultOf), one.body.schema.required.map((name) => `${name} required`));
    }
  });

  test('with_values_of_the_wrong_type_every_field_is_at_fault', async () => {
    for (const one of withBody) {
      const { properties } = one.body.schema;
      const wrong = ([name, { type }]) => [name, type !== 'boolean' || 1];
      const { errors } = await refused(one, 'invalid', { body: Object.fromEntries(Object.entries(properties).map(wrong)) });
      same(errors.map(faultOf), Object.keys(properties).map((name) => `${name} type`));
    }
  });

  test('with_queries_that_are_out_of_form', async () => {
    for (const one of operations) {
      for (const { name } of inQuery(one)) {
        const { errors } = await refused(one, 'invalid', { query: `?${name}=%07&${neededQuery(one, name)}` });
        assert.deepEqual(errors.map(({ field }) => field), [name]);
      }
      await refused(one, 'bad_request', { query: '?q=%zz' });
    }
  });

  test('of_things_that_there_are_not', async () => {
    for (const one of operations.filter(({ responses }) => responses.has(404))) {
      const inRoom = one.path.startsWith('/rooms/');
      await refused(one, 'not_found', { path: fill(one, (name) => (inRoom && name === 'user' ? 'me' : 'nosuchthing')) });
    }
  });

  test('of_rooms_that_the_caller_is_not_in', async () => {
    const owner = await signUp(stack.url);
    const [open, hidden] = [await owner.openRoom(), await owner.openRoom('private')];
    const headers = bearer(await signUp(stack.url));
    for (const id of ['listMembers', 'listMessages', 'searchRoom', 'sendMessage', 'markRead']) {
      await refused(operationOf(id), 'forbidden', { headers, path: operationOf(id).path.replace('{room}', open) });
      await refused(operationOf(id), 'not_found', { headers, path: operationOf(id).path.replace('{room}', hidden) });
    }
  });

  test('a_method_that_a_path_has_not_is_405_and_told_those_that_are_described', async () => {
    for (const [path, item] of Object.entries(openapi.paths)) {
      const has = METHODS.filter((method) => method in item);
      const lacks = METHODS.find((method) => !has.includes(method));
      const answer = await request(stack.url, lacks.toUpperCase(), `/api/v1${fill({ path }, () => 'lobby')}`);
      assert.equal(answer.status, 405, answer.text);
      assert.deepEqual(schemas.faults(openapi.components.schemas.Problem, answer.body), []);
      const allowed = has.map((method) => method.toUpperCase());
      same(answer.headers.allow.split(', '), has.includes('get') ? [...allowed, 'HEAD'] : allowed);
    }
  });

  test('head_is_get_without_its_body', async () => {
    for (const one of operations.filter(({ method }) => method === 'get')) {
      const options = { headers: bearer(admin) };
      const [got, head] = [await send(one, options), await send({ ...one, method: 'head' }, options)];
      assert.deepEqual([head.status, head.text], [got.status, ''], one.operationId);
      assert.equal(head.headers['content-type'], got.headers['content-type'], one.operationId);
    }
  });

  test('too_often', async () => {
    const one = operationOf('sendMessage');
    const again = () => ({ headers: bearer(admin), body: { text: 'again', key: newKey() } });
    const post = () => send(one, { path: '/rooms/lobby/messages', ...again() });
    const answers = await Promise.all(Array.from({ length: 25 }, post));
    for (const answer of answers) assertFits(one, answer);
    assert.ok(answers.some(({ body }) => body.code === 'rate_limited'));
  });

  test('while_redis_is_frozen', async () => {
    stack.kill('redis', 'SIGSTOP');
    try {
      for (const one of operations) await refused(one, 'unavailable', { body: one.body && nobodys(one.body.example) });
    } finally {
      stack.kill('redis', 'SIGCONT');
    }
    for (const path of ['/api/v1/health', '/health']) {
      await until(path, async () => (await request(stack.url, 'GET', path)).status === 200);
    }
  });

  /* A body that meets nobody's account: whatever a frozen Redis was told it does when it thaws. */
  const nobodys = (example) => ('name' in example ? { ...example, name: newName() } : example);
});

describe('frames', () => {
  const fits = (frame) => {
    const message = asyncapi.components.messages[frame.type];
    assert.ok(message, `${frame.type} is not described`);
    assert.deepEqual(schemas.faults(message.payload, frame, 'asyncapi.json'), [], JSON.stringify(frame));
  };

  test('every_type_is_seen_and_fits', async () => {
    const [alice, bob] = [await signUp(stack.url), await signUp(stack.url)];
    const room = await alice.openRoom();
    const connection = await bob.connect({ cursors: { lobby: 0 } });
    await connection.next('caught_up');
    connection.say({ type: 'nonsense' });
    await bob.join(room);
    await alice.must(200, 'PATCH', `/rooms/${room}`, { topic: 'Frames' });
    const { seq } = await alice.post(room);
    await alice.must(200, 'PATCH', `/rooms/${room}/messages/${seq}`, { text: 'another' });
    await alice.must(204, 'PUT', `/rooms/${room}/messages/${seq}/reactions/%F0%9F%8C%B9`);
    await alice.must(204, 'PUT', `/rooms/${room}/pins/${seq}`);
    await alice.must(204, 'DELETE', `/rooms/${room}/messages/${seq}`);
    await bob.must(204, 'PUT', `/rooms/${room}/read`, { seq });
    await connection.next('read');
    connection.say({ type: 'typing', room });
    await connection.next('typing');
    const from = { id: alice.id, name: alice.name, display: alice.user.display };
    const mention = { type: 'mention', room, seq, from };
    await stack.redis('PUBLISH', `{u:${bob.id}}:live`, JSON.stringify(mention));
    assert.deepEqual(await connection.next('mention'), mention);
    const other = await alice.connect();
    await connection.next('presence');
    await other.close();
    await stack.redis('PUBLISH', 'chat:message', '{"to":"everybody"}');
    await stack.redis('PUBLISH', `chat:message:room:${room}`, '{"to":"the room"}');
    await stack.redis('PUBLISH', `chat:message:user:${bob.id}`, '{"to":"bob"}');
    await connection.next((frame) => frame.data?.to === 'bob');
    await bob.must(204, 'DELETE', `/rooms/${room}/members/me`);
    await connection.next('left');
    await connection.sync();
    const stale = await bob.connect({ cursors: { lobby: [1, 1] } });
    await stale.next('reset');
    const frames = [...connection.frames, ...stale.frames];
    same(new Set(frames.map(({ type }) => type)), tables.frames());
    frames.forEach(fits);
    assert.equal(frames.find(({ data }) => data?.to === 'the room').room, room);
    await Promise.all([connection.close(), stale.close()]);
  });

  test('errors_are_those_that_are_described', async () => {
    const connection = await admin.connect();
    const cases = {
      '[': 'bad_json',
      '{"type":"nonsense"}': 'invalid',
      '{"type":"ping","id":17}': 'invalid',
      '{"type":"resume","cursors":{"nosuchroom":1}}': 'not_found',
    };
    for (const [command, code] of Object.entries(cases)) {
      connection.say(command);
      const error = await connection.next('error');
      assert.equal(error.code, code, command);
      fits(error);
    }
    await connection.close();
  });

  test('upgrades_are_refused_and_connections_closed_as_described', async () => {
    const { 'x-refusals': refusals, 'x-close-codes': codes } = asyncapi.channels.socket;
    const refusal = await request(stack.url, 'GET', '/ws', { headers: { connection: 'upgrade' } });
    assert.ok(refusals.some(({ status, code }) => status === refusal.status && code === refusal.body.code));
    assert.deepEqual(schemas.faults(openapi.components.schemas.Problem, refusal.body), []);
    const closing = {
      4401: (device) => admin.must(204, 'DELETE', `/sessions/${device.session.id}`),
      1009: (_, connection) => connection.say(' '.repeat(5000)),
    };
    for (const [code, end] of Object.entries(closing)) {
      const device = await admin.anotherDevice();
      const connection = await device.connect();
      await connection.sync();
      await end(device, connection);
      const { reason } = codes.find((row) => row.code === Number(code));
      assert.deepEqual(await connection.end(), { code: Number(code), reason });
    }
  });
});
