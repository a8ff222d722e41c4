/*
 * Who may do what: every endpoint of a room, or of the site's administration, by everybody who may
 * come. A row is an endpoint; a column is somebody; a cell is the status that he gets.
 *
 * Each cell has a room of its own and does the real thing to it. A new endpoint is one more row.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newKey, newName, request, signUp } from '../support/client.mjs';
import { startStack } from '../support/stack.mjs';
import { routes, unhurried } from '../support/tables.mjs';
import { sleep } from '../support/wait.mjs';

let stack, owner, target, people;

/* nobody: without a session; stranger: signed in, not in the room. */
const COLUMNS = ['nobody', 'disabled', 'stranger', 'banned', 'guest', 'muted', 'member', 'moderator', 'owner', 'admin'];

/* [method, path, body, of a public room, of a private one]; {target} is a plain member of it, who has
 * sent the message {seq} with {file}; {other} somebody who isn't in; {hook} a webhook of the room.
 * `guest` is a member whose account has that role. */
const ROWS = [
  //                                                     nobody disabled stranger banned guest muted member moderator owner admin
  ['GET', '/rooms/{room}', null,                         [401, 401, 200, 200, 200, 200, 200, 200, 200, 200],
                                                         [401, 401, 404, 404, 200, 200, 200, 200, 200, 200]],
  ['PATCH', '/rooms/{room}', { topic: 'new' },           [401, 401, 403, 403, 403, 403, 403, 200, 200, 200],
                                                         [401, 401, 404, 404, 403, 403, 403, 200, 200, 200]],
  ['PATCH', '/rooms/{room}', { kind: 'other' },          [401, 401, 403, 403, 403, 403, 403, 403, 200, 200],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 200, 200]],
  ['DELETE', '/rooms/{room}', null,                      [401, 401, 403, 403, 403, 403, 403, 403, 204, 204],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 204, 204]],
  ['GET', '/rooms/{room}/members', null,                 [401, 401, 403, 403, 200, 200, 200, 200, 200, 200],
                                                         [401, 401, 404, 404, 200, 200, 200, 200, 200, 200]],
  ['PUT', '/rooms/{room}/members/me', null,              [401, 401, 201, 403, 200, 200, 200, 200, 200, 201],
                                                         [401, 401, 404, 404, 200, 200, 200, 200, 200, 201]],
  ['PUT', '/rooms/{room}/members/me', { role: 'owner' }, [401, 401, 403, 403, 403, 403, 403, 403, 200, 201],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 200, 201]],
  ['PUT', '/rooms/{room}/members/{other}', null,         [401, 401, 403, 403, 403, 403, 403, 201, 201, 201],
                                                         [401, 401, 404, 404, 403, 403, 403, 201, 201, 201]],
  ['PUT', '/rooms/{room}/members/{other}', { role: 'moderator' },
                                                         [401, 401, 403, 403, 403, 403, 403, 403, 201, 201],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 201, 201]],
  ['PUT', '/rooms/{room}/members/{target}', { role: 'owner' },
                                                         [401, 401, 403, 403, 403, 403, 403, 403, 200, 200],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 200, 200]],
  ['DELETE', '/rooms/{room}/members/me', null,           [401, 401, 404, 404, 204, 204, 204, 204, 409, 404],
                                                         [401, 401, 404, 404, 204, 204, 204, 204, 409, 404]],
  ['DELETE', '/rooms/{room}/members/{target}', null,     [401, 401, 403, 403, 403, 403, 403, 204, 204, 204],
                                                         [401, 401, 404, 404, 403, 403, 403, 204, 204, 204]],
  ['DELETE', '/rooms/{room}/members/{owner}', null,      [401, 401, 403, 403, 403, 403, 403, 403, 409, 409],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 409, 409]],
  ['GET', '/rooms/{room}/bans', null,                    [401, 401, 403, 403, 403, 403, 403, 200, 200, 200],
                                                         [401, 401, 404, 404, 403, 403, 403, 200, 200, 200]],
  ['PUT', '/rooms/{room}/bans/{target}', null,           [401, 401, 403, 403, 403, 403, 403, 204, 204, 204],
                                                         [401, 401, 404, 404, 403, 403, 403, 204, 204, 204]],
  ['PUT', '/rooms/{room}/bans/{other}', null,            [401, 401, 403, 403, 403, 403, 403, 204, 204, 204],
                                                         [401, 401, 404, 404, 403, 403, 403, 204, 204, 204]],
  ['PUT', '/rooms/{room}/bans/{owner}', null,            [401, 401, 403, 403, 403, 403, 403, 403, 403, 409],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 403, 409]],
  ['DELETE', '/rooms/{room}/bans/{other}', null,         [401, 401, 403, 403, 403, 403, 403, 204, 204, 204],
                                                         [401, 401, 404, 404, 403, 403, 403, 204, 204, 204]],
  ['PUT', '/rooms/{room}/mutes/{target}', null,          [401, 401, 403, 403, 403, 403, 403, 204, 204, 204],
                                                         [401, 401, 404, 404, 403, 403, 403, 204, 204, 204]],
  ['PUT', '/rooms/{room}/mutes/{owner}', null,           [401, 401, 403, 403, 403, 403, 403, 403, 403, 204],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 403, 204]],
  ['DELETE', '/rooms/{room}/mutes/{target}', null,       [401, 401, 403, 403, 403, 403, 403, 204, 204, 204],
                                                         [401, 401, 404, 404, 403, 403, 403, 204, 204, 204]],
  ['DELETE', '/rooms/{room}/mutes/me', null,             [401, 401, 403, 403, 403, 403, 403, 403, 403, 403],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 403, 403]],
  ['POST', '/rooms/{room}/messages', { text: 'x', key: 'KEY' },
                                                         [401, 401, 403, 403, 201, 403, 201, 201, 201, 403],
                                                         [401, 401, 404, 404, 201, 403, 201, 201, 201, 404]],
  ['PUT', '/rooms/{room}/read', { seq: 1 },              [401, 401, 403, 403, 204, 204, 204, 204, 204, 403],
                                                         [401, 401, 404, 404, 204, 204, 204, 204, 204, 404]],
  ['PUT', '/direct/{other}', null,                       [401, 401, 201, 201, 403, 201, 201, 201, 201, 201],
                                                         [401, 401, 200, 200, 403, 200, 200, 200, 200, 200]],
  ['PATCH', '/users/{other}', { display: 'Other' },      [401, 401, 403, 403, 403, 403, 403, 403, 403, 200],
                                                         [401, 401, 403, 403, 403, 403, 403, 403, 403, 200]],
  //                                                     nobody disabled stranger banned guest muted member moderator owner admin
  ['PATCH', '/rooms/{room}', { keep_days: 7 },           [401, 401, 403, 403, 403, 403, 403, 403, 200, 200],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 200, 200]],
  ['GET', '/rooms/{room}/messages', null,                [401, 401, 403, 403, 200, 200, 200, 200, 200, 403],
                                                         [401, 401, 404, 404, 200, 200, 200, 200, 200, 404]],
  ['GET', '/rooms/{room}/messages/{seq}', null,          [401, 401, 403, 403, 200, 200, 200, 200, 200, 403],
                                                         [401, 401, 404, 404, 200, 200, 200, 200, 200, 404]],
  ['PATCH', '/rooms/{room}/messages/{seq}', { text: 'y' },
                                                         [401, 401, 403, 403, 403, 403, 403, 403, 403, 403],
                                                         [401, 401, 404, 404, 403, 403, 403, 403, 403, 404]],
  ['DELETE', '/rooms/{room}/messages/{seq}', null,       [401, 401, 403, 403, 403, 403, 403, 204, 204, 204],
                                                         [401, 401, 404, 404, 403, 403, 403, 204, 204, 204]],
  ['PUT', '/rooms/{room}/messages/{seq}/reactions/%F0%9F%91%8D', null,
                                                         [401, 401, 403, 403, 204, 403, 204, 204, 204, 403],
                                                         [401, 401, 404, 404, 204, 403, 204, 204, 204, 404]],
  ['DELETE', '/rooms/{room}/messages/{seq}/reactions/%F0%9F%91%8D', null,
                                                         [401, 401, 403, 403, 204, 403, 204, 204, 204, 403],
                                                         [401, 401, 404, 404, 204, 403, 204, 204, 204, 404]],
  ['GET', '/rooms/{room}/pins', null,                    [401, 401, 403, 403, 200, 200, 200, 200, 200, 403],
                                                         [401, 401, 404, 404, 200, 200, 200, 200, 200, 404]],
  ['PUT', '/rooms/{room}/pins/{seq}', null,              [401, 401, 403, 403, 204, 403, 204, 204, 204, 403],
                                                         [401, 401, 404, 404, 204, 403, 204, 204, 204, 404]],
  ['DELETE', '/rooms/{room}/pins/{seq}', null,           [401, 401, 403, 403, 204, 403, 204, 204, 204, 403],
                                                         [401, 401, 404, 404, 204, 403, 204, 204, 204, 404]],
  ['GET', '/rooms/{room}/search?q=hello', null,          [401, 401, 403, 403, 200, 200, 200, 200, 200, 403],
                                                         [401, 401, 404, 404, 200, 200, 200, 200, 200, 404]],
  ['GET', '/rooms/{room}/export', null,                  [401, 401, 403, 403, 200, 200, 200, 200, 200, 200],
                                                         [401, 401, 404, 404, 200, 200, 200, 200, 200, 200]],
  ['POST', '/rooms/{room}/files?name=a.txt', Buffer.from('hello'),
                                                         [401, 401, 403, 403, 403, 403, 201, 201, 201, 403],
                                                         [401, 401, 404, 404, 403, 403, 201, 201, 201, 404]],
  ['GET', '{file}', null,                                [401, 401, 404, 404, 200, 200, 200, 200, 200, 404],
                                                         [401, 401, 404, 404, 200, 200, 200, 200, 200, 404]],
  ['PUT', '/rooms/{room}/notify', { level: 'all' },      [401, 401, 403, 403, 204, 204, 204, 204, 204, 403],
                                                         [401, 401, 404, 404, 204, 204, 204, 204, 204, 404]],
  ['GET', '/rooms/{room}/hooks', null,                   [401, 401, 403, 403, 403, 403, 403, 200, 200, 200],
                                                         [401, 401, 404, 404, 403, 403, 403, 200, 200, 200]],
  ['POST', '/rooms/{room}/hooks', {},                    [401, 401, 403, 403, 403, 403, 403, 201, 201, 201],
                                                         [401, 401, 404, 404, 403, 403, 403, 201, 201, 201]],
  ['DELETE', '/rooms/{room}/hooks/{hook}', null,         [401, 401, 403, 403, 403, 403, 403, 204, 204, 204],
                                                         [401, 401, 404, 404, 403, 403, 403, 204, 204, 204]],
];

/* The same of what is no room's. */
const OF_THE_SITE = [
  //                                                     nobody disabled stranger banned guest muted member moderator owner admin
  ['GET', '/me', null,                                   [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['GET', '/sessions', null,                             [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['POST', '/tickets', null,                             [401, 401, 201, 201, 201, 201, 201, 201, 201, 201]],
  ['GET', '/users?q=nobody', null,                       [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['GET', '/users/{target}', null,                       [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['GET', '/rooms', null,                                [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['GET', '/rooms?public=1', null,                       [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['POST', '/rooms', { name: 'NAME', kind: 'private' },  [401, 401, 201, 201, 403, 201, 201, 201, 201, 201]],
  ['GET', '/search?q=hello', null,                       [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['PATCH', '/me', { status: 'here' },                   [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['GET', '/me/notifications', null,                     [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['PUT', '/me/notifications', { text: false },          [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['GET', '/push', null,                                 [401, 401, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['POST', '/broadcasts', { data: { text: 'x' } },       [401, 401, 403, 403, 403, 403, 403, 403, 403, 202]],
  ['GET', '/admin/users', null,                          [401, 401, 403, 403, 403, 403, 403, 403, 403, 200]],
  ['GET', '/admin/rooms', null,                          [401, 401, 403, 403, 403, 403, 403, 403, 403, 200]],
  ['GET', '/admin/figures', null,                        [401, 401, 403, 403, 403, 403, 403, 403, 403, 200]],
  ['GET', '/admin/settings', null,                       [401, 401, 403, 403, 403, 403, 403, 403, 403, 200]],
  ['DELETE', '/users/{other}/sessions', null,            [401, 401, 403, 403, 403, 403, 403, 403, 403, 204]],
  ['DELETE', '/rooms/lobby', null,                       [401, 401, 403, 403, 403, 403, 403, 403, 403, 403]],
];

before(async () => {
  stack = await startStack({ set: {
    ...unhurried(), 'http.threads': 32,
  } });
  const names = [...COLUMNS.filter((name) => !['nobody', 'owner'].includes(name)), 'other'];
  people = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await signUp(stack.url)])));
  [owner, target] = await Promise.all([1, 2].map(() => signUp(stack.url)));
  Object.assign(people, { owner, target });
  await stack.redis('hset', `{u:${people.guest.id}}:user`, 'role', 'guest');
  await stack.redis('hset', `{u:${people.admin.id}}:user`, 'role', 'admin');
  await people.admin.must(200, 'PATCH', `/users/${people.disabled.id}`, { disabled: true });
});
after(() => stack?.stop());

const FILE = Buffer.from('hello');

/* What the target has sent, and a webhook. */
async function furnish(room) {
  const { file } = await target.must(201, 'POST', `/rooms/${room}/files?name=hello.txt`, FILE);
  const { message } = await target.must(201, 'POST', `/rooms/${room}/messages`, { text: 'hello', key: newKey(), files: [file.id] });
  const { hook } = await owner.must(201, 'POST', `/rooms/${room}/hooks`, {});
  return { room, seq: message.seq, file: file.url.replace('/api/v1', ''), hook: hook.id };
}

/* A room as the row finds it: only he who asks, its owner and the target are in it. */
async function roomFor(column, kind) {
  const { room: { id } } = await owner.must(201, 'POST', '/rooms', { name: newName(), kind });
  const bring = (person, role) => owner.must(201, 'PUT', `/rooms/${id}/members/${person.id}`, { role });
  await bring(target, 'member');
  const person = people[column];
  if (['guest', 'muted', 'member', 'moderator'].includes(column)) {
    await bring(person, column === 'moderator' ? 'moderator' : 'member');
  }
  if (column === 'muted') await owner.must(204, 'PUT', `/rooms/${id}/mutes/${person.id}`);
  if (column === 'banned') await owner.must(204, 'PUT', `/rooms/${id}/bans/${person.id}`);
  return furnish(id);
}

const otherKind = { public: 'private', private: 'public' };

function bodyOf(body, kind) {
  if (Buffer.isBuffer(body)) return body;
  if (body?.key) return { ...body, key: newKey() };
  return body?.kind ? { kind: otherKind[kind] } : body ?? undefined;
}

/* Two logs are given out at a time: whoever comes between is to come again, whoever he is. */
async function ask(column, method, path, body) {
  const person = people[column];
  const call = () => (person ? person.call(method, path, body) : request(stack.url, method, `/api/v1${path}`, { body }));
  const answer = await call();
  if (answer.body?.code !== 'busy') return answer;
  await sleep(200);
  return ask(column, method, path, body);
}

function compare(answers, cells) {
  assert.equal(cells.length, COLUMNS.length);
  const found = Object.fromEntries(COLUMNS.map((column, i) => [column, answers[i].status]));
  assert.deepEqual(found, Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i]])));
}

for (const [method, path, body, ofPublic, ofPrivate] of ROWS) {
  describe(`${method} ${path}${body && !Buffer.isBuffer(body) ? ` ${JSON.stringify(body)}` : ''}`, () => {
    for (const [kind, cells] of [['public', ofPublic], ['private', ofPrivate]]) {
      test(`of_a_${kind}_room`, async () => {
        const answers = await Promise.all(COLUMNS.map(async (column) => {
          const room = await roomFor(column, kind);
          const at = path.replace(/\{(\w+)\}/g, (_, name) => room[name] ?? people[name].id);
          return ask(column, method, at, bodyOf(body, kind));
        }));
        compare(answers, cells);
      });
    }
  });
}

for (const [method, path, body, cells] of OF_THE_SITE) {
  test(`${method} ${path}${body ? ` ${JSON.stringify(body)}` : ''}`, async () => {
    const at = path.replace(/\{(\w+)\}/g, (_, name) => people[name].id);
    const answers = await Promise.all(COLUMNS.map((column) => ask(column, method, at, body?.name ? { ...body, name: newName() } : body ?? undefined)));
    compare(answers, cells);
  });
}

/* What is anybody's, or one's own whoever one is: each has tests of its own. */
const ELSEWHERE = ['GET /health', 'GET /site', 'POST /push', 'DELETE /push/{session}', 'POST /users', 'POST /sessions', 'DELETE /sessions', 'DELETE /sessions/{session}',
  'DELETE /me', 'PUT /me/password', 'POST /hooks/{token}'];

test('no_endpoint_is_left_out', () => {
  const shape = (method, path) => `${method} ${path.split('?')[0].replaceAll('{file}', '/files/{file}/{name}')}`
    .replace(/members\/(me|\{\w+\})/, 'members/{user}').replace(/(bans|mutes|users|direct)\/(me|\{\w+\})/, '$1/{user}')
    .replace(/reactions\/.*/, 'reactions/{emoji}').replace('/rooms/lobby', '/rooms/{room}');
  const covered = new Set([...ROWS, ...OF_THE_SITE].map(([method, path]) => shape(method, path)));
  const missing = routes().map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    .filter((route) => !covered.has(route) && !ELSEWHERE.includes(route));
  assert.ok(routes().length > 40);
  assert.deepEqual(missing, []);
});
