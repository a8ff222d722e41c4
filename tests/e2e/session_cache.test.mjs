/*
 * Sessions that stonechat-fcgi remembers for a moment: what ends one ends it at once, also where
 * another program on the same Redis was told; and nothing is remembered by one that can't hear.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { startStack } from '../support/stack.mjs';
import { program, startAnother } from '../support/another.mjs';
import { MARK, newKey, newText, signUp } from '../support/client.mjs';
import { fastcgi } from '../support/fastcgi.mjs';
import { scrape } from '../support/scrape.mjs';
import { refusedProperly } from '../support/steady.mjs';
import { until } from '../support/wait.mjs';

/* A publication's flight, and what a busy machine may add; far less than what is remembered. */
const FLIGHT_MS = 1000;

let stack, other;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0 } });
  other = await startAnother(stack);
});
after(() => {
  other?.stop();
  return stack?.stop();
});

const send = (where, who) =>
  fastcgi(where, 'POST', '/rooms/lobby/messages', { body: { text: newText(), key: newKey() }, token: who.token });
const list = (where, who) => fastcgi(where, 'GET', '/rooms/lobby/messages?limit=1', { token: who.token });
const remembered = async () =>
  (await scrape({ host: '127.0.0.2', port: stack.port }, 'stonechat_fcgi_', '/metrics/fcgi')).sessions_remembered_total;

/* Somebody whom both programs remember. */
async function someone() {
  const person = await signUp(stack.url);
  for (const where of [stack, other]) assert.equal((await send(where, person)).status, 201);
  await until('to be remembered', async () => {
    const count = await remembered();
    assert.equal((await send(stack, person)).status, 201);
    return (await remembered()) > count;
  });
  assert.equal((await send(other, person)).status, 201);
  return person;
}

const refusedSoon = (where, who) =>
  until('a refusal', async () => (await send(where, who)).status === 401, FLIGHT_MS);

const admin = (...args) => promisify(execFile)(program, ['-c', join(stack.dir, 'stonechat.conf'), 'user', ...args]);

describe('what is remembered', () => {
  test('is_asked_of_redis_once', async () => {
    const person = await someone();
    const session = `{u:${person.id}}:sessions`;
    await stack.redis('HDEL', session, person.token.split('.')[1]); // and nobody is told
    assert.equal((await send(stack, person)).status, 201, 'it is not remembered at all: what follows would show nothing');
    assert.equal((await list(stack, person)).status, 200);
    assert.equal((await fastcgi(stack, 'GET', '/me', { token: person.token })).status, 401);
    assert.equal((await fastcgi(stack, 'POST', '/tickets', { token: person.token })).status, 401);
  });

  test('another_secret_is_not_it', async () => {
    const person = await someone();
    const [user, session, secret] = person.token.split('.');
    const token = [user, session, (secret[0] === 'A' ? 'B' : 'A') + secret.slice(1)].join('.');
    assert.equal((await send(stack, { token })).status, 401);
    assert.equal((await send(stack, person)).status, 201);
  });
});

describe('ends at once', () => {
  for (const [what, path] of [['signing_out', '/sessions/current'], ['signing_out_everywhere', '/sessions']]) {
    test(`by_${what}`, async () => {
      const person = await someone();
      assert.equal((await fastcgi(stack, 'DELETE', path, { token: person.token })).status, 204);
      assert.equal((await send(stack, person)).status, 401);
      assert.equal((await list(stack, person)).status, 401);
      await refusedSoon(other, person);
    });
  }

  test('by_another_password_but_for_the_device_that_set_it', async () => {
    const person = await someone();
    const device = await person.anotherDevice();
    for (const where of [stack, other]) assert.equal((await send(where, device)).status, 201);
    const body = { current: person.password, new: `${MARK}-another-one` };
    assert.equal((await fastcgi(stack, 'PUT', '/me/password', { body, token: device.token })).status, 204);
    assert.equal((await send(stack, person)).status, 401);
    await refusedSoon(other, person);
    for (const where of [stack, other]) assert.equal((await send(where, device)).status, 201);
  });

  test('by_an_administrator_at_the_command_line', async () => {
    const person = await someone();
    await admin('disable', person.name);
    await Promise.all([stack, other].map((where) => refusedSoon(where, person)));
  });

  test('by_the_end_of_the_account', async () => {
    const person = await someone();
    const body = { password: person.password };
    assert.equal((await fastcgi(stack, 'DELETE', '/me', { body, token: person.token })).status, 204);
    assert.equal((await send(stack, person)).status, 401);
    await refusedSoon(other, person);
  });
});

test('a_new_display_name_is_what_messages_bear', async () => {
  const person = await someone();
  await person.must(200, 'PATCH', '/me', { display: 'Somebody Else' });
  const nameAt = async (where) => JSON.parse((await send(where, person)).text).message.from.display;
  assert.equal(await nameAt(stack), 'Somebody Else');
  await until('the other program to hear', async () => (await nameAt(other)) === 'Somebody Else', FLIGHT_MS);
});

describe('in doubt', () => {
  test('redis_that_is_frozen_lets_nobody_in', async () => {
    const person = await someone();
    stack.kill('redis', 'SIGSTOP');
    try {
      for (const answer of await Promise.all([send(stack, person), list(stack, person)])) {
        refusedProperly(answer);
      }
    } finally {
      stack.kill('redis', 'SIGCONT');
    }
    await until('redis is back', async () => (await send(stack, person)).status === 201);
  });

  test('who_may_not_listen_remembers_nobody', async () => {
    const person = await someone();
    await stack.redis('ACL', 'SETUSER', 'default', '-psubscribe');
    try {
      await stack.redis('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await until('a program that asks', async () => {
        const count = await remembered();
        await send(stack, person);
        return (await remembered()) === count;
      });
      for (let i = 0; i < 20; i++) assert.equal((await send(stack, person)).status, 201);
      await stack.redis('HDEL', `{u:${person.id}}:sessions`, person.token.split('.')[1]);
      for (const where of [stack, other]) assert.equal((await send(where, person)).status, 401);
    } finally {
      await stack.redis('ACL', 'SETUSER', 'default', '+psubscribe');
    }
    await someone(); // and once it may again, it does
  });
});
