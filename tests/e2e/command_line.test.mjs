/*
 * The command line of stonechat-fcgi: help, and what it shows and ends of sessions and rooms; for
 * accounts see rest_accounts.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newName, signUp } from '../support/client.mjs';
import { root, startStack } from '../support/stack.mjs';

let stack, person;
const program = join(process.env.STONECHAT_BUILD ?? join(root, 'build/gcc'), 'stonechat-fcgi');

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0 } });
  person = await signUp(stack.url);
});
after(() => stack?.stop());

/* {code, output, errors} of the program with these arguments. */
function run(...args) {
  return new Promise((resolve) => {
    execFile(program, args, (error, output, errors) => resolve({ code: error ? error.code : 0, output, errors }));
  });
}
const admin = (...args) => run('-c', join(stack.dir, 'stonechat.conf'), ...args);
const linesOf = ({ output }) => output.split('\n').filter(Boolean);

async function done(...args) {
  const answer = await admin(...args);
  assert.equal(answer.code, 0, answer.errors);
  return answer;
}

test('help_names_every_command', async () => {
  const { code, output } = await run('-h');
  assert.equal(code, 0);
  for (const command of ['user add NAME', 'user list', 'session list NAME', 'session revoke NAME', 'room list', 'room show ROOM', 'room delete ROOM']) {
    assert.ok(output.includes(`stonechat-fcgi -c FILE ${command}`), command);
  }
});

test('what_is_not_understood_is_2_and_tells_what_would_be', async () => {
  for (const args of [['session'], ['session', 'list'], ['session', 'fly', 'x'], ['room', 'list', 'x'], ['rooms', 'list'], ['room', 'show']]) {
    const { code, errors } = await admin(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(errors, /^usage:\n/);
  }
});

describe('session', () => {
  test('list_shows_each_device', async () => {
    const other = await person.anotherDevice();
    const lines = linesOf(await done('session', 'list', person.name));
    assert.deepEqual(lines.map((line) => line.split(/\s+/)[0]).sort(), [person.session.id, other.session.id].sort());
    for (const line of lines) assert.match(line, /^\w{16}  \S+Z  \S+Z  127\.0\.0\.1 /);
  });

  test('revoke_ends_one_at_once_and_its_socket', async () => {
    const other = await person.anotherDevice();
    const connection = await other.connect();
    await done('session', 'revoke', person.name, other.session.id);
    assert.equal((await connection.end()).code, 4401);
    assert.equal((await other.call('GET', '/me')).status, 401);
    assert.equal((await person.call('GET', '/me')).status, 200);
    const again = await admin('session', 'revoke', person.name, other.session.id);
    assert.deepEqual([again.code, /no such thing/.test(again.errors)], [1, true]);
  });

  test('revoke_without_one_ends_all', async () => {
    const somebody = await signUp(stack.url);
    const other = await somebody.anotherDevice();
    const { errors } = await done('session', 'revoke', somebody.name);
    assert.match(errors, new RegExp(`event=session_ended .*user=${somebody.id} by="command line"`));
    for (const one of [somebody, other]) assert.equal((await one.call('GET', '/me')).status, 401);
    assert.equal((await done('session', 'list', somebody.name)).output, '');
  });

  test('of_nobody_is_1', async () => {
    for (const args of [['list', 'nobody-here'], ['revoke', 'nobody-here'], ['revoke', person.name, 'NO-ID']]) {
      const { code, errors } = await admin('session', ...args);
      assert.equal(code, 1);
      assert.match(errors, /no such thing/);
    }
  });
});

describe('room', () => {
  test('list_and_show_tell_of_private_ones_too', async () => {
    const hidden = await person.openRoom('private');
    await person.post(hidden);
    const lines = linesOf(await done('room', 'list'));
    const line = lines.find((one) => one.startsWith(`${hidden} `));
    assert.match(line, /^\w+ +private +1 +1 +\S+Z +\S+$/);
    assert.ok(lines.some((one) => one.startsWith('lobby ')));
    const { output } = await done('room', 'show', hidden);
    for (const row of [/^id +/m, /^kind +private$/m, new RegExp(`^by +${person.id}$`, 'm'), /^members +1$/m, /^messages +1$/m, /^entries +2$/m]) {
      assert.match(output, row);
    }
  });

  test('show_takes_the_name_of_a_public_one', async () => {
    const name = newName();
    const { room } = await person.must(201, 'POST', '/rooms', { name, kind: 'public' });
    assert.match((await done('room', 'show', name.toUpperCase())).output, new RegExp(`^id +${room.id}$`, 'm'));
    const { code, errors } = await admin('room', 'show', 'no-such-room');
    assert.equal(code, 1);
    assert.match(errors, /no such thing/);
  });

  test('delete_ends_it_and_gives_its_name_back', async () => {
    const name = newName();
    const { room } = await person.must(201, 'POST', '/rooms', { name, kind: 'public' });
    await person.post(room.id);
    await done('room', 'delete', name);
    assert.equal((await person.call('GET', `/rooms/${room.id}`)).status, 404);
    assert.equal(await stack.redis('EXISTS', `{r:${room.id}}:room`, `{r:${room.id}}:log`), '0');
    await person.must(201, 'POST', '/rooms', { name, kind: 'public' });
    const again = await admin('room', 'delete', room.id);
    assert.equal(again.code, 1);
    assert.match(again.errors, /no such thing/);
  });

  test('delete_leaves_the_room_that_everybody_is_in', async () => {
    const { code, errors } = await admin('room', 'delete', 'lobby');
    assert.equal(code, 1);
    assert.match(errors, /not allowed/i);
    assert.equal((await person.call('GET', '/rooms/lobby')).status, 200);
  });
});
