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
import { unhurried } from '../support/tables.mjs';

let stack, owner, target, people;

/* nobody: without a session; stranger: signed in, not in the room. */
const COLUMNS = ['nobody', 'disabled', 'stranger', 'banned', 'guest', 'muted', 'member', 'moderator', 'owner', 'admin'];

/* [method, path, body, of a public room, of a private one]; {target} is a plain member of it,
 * {other} somebody who isn't in. `guest` is a member whose account has that role. */
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
  return id;
}

const otherKind = { public: 'private', private: 'public' };

function bodyOf(body, kind) {
  if (body?.key) return { ...body, key: newKey() };
  return body?.kind ? { kind: otherKind[kind] } : body ?? undefined;
}

async function ask(column, method, path, body) {
  const person = people[column];
  if (person) return person.call(method, path, body);
  return request(stack.url, method, `/api/v1${path}`, { body });
}

for (const [method, path, body, ofPublic, ofPrivate] of ROWS) {
  describe(`${method} ${path}${body ? ` ${JSON.stringify(body)}` : ''}`, () => {
    for (const [kind, cells] of [['public', ofPublic], ['private', ofPrivate]]) {
      test(`of_a_${kind}_room`, async () => {
        assert.equal(cells.length, COLUMNS.length);
        const answers = await Promise.all(COLUMNS.map(async (column) => {
          const room = await roomFor(column, kind);
          const at = path.replace(/\{(\w+)\}/g, (_, name) => (name === 'room' ? room : people[name].id));
          return ask(column, method, at, bodyOf(body, kind));
        }));
        const found = Object.fromEntries(COLUMNS.map((column, i) => [column, answers[i].status]));
        assert.deepEqual(found, Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i]])));
      });
    }
  });
}
