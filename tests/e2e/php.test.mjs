/*
 * The article's own line: a PHP site publishes JSON to chat:message, and everybody connected gets
 * it. Needs Debian's php-cli and php-redis.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';

const SCRIPT = fileURLToPath(new URL('notify.php', import.meta.url));
let stack;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0 } });
});
after(() => stack?.stop());

/* What a PHP page would do after storing `message`. */
async function notify(message) {
  const args = [SCRIPT, join(stack.dir, 'redis.sock'), JSON.stringify(message)];
  const { stdout } = await promisify(execFile)('php', args);
  return Number(stdout);
}

test('a_message_published_by_php_reaches_two_clients', async () => {
  const people = await Promise.all([signUp(stack.url), signUp(stack.url)]);
  const connections = await Promise.all(people.map((person) => person.connect()));
  const message = {
    title: 'Neue Bestellung / 新订单', id: 17, price: 12.5, url: 'https://shop.example/orders/17?a=1&b=2', tags: [],
  };
  assert.ok((await notify(message)) >= 1, 'nobody has subscribed');
  for (const connection of connections) {
    assert.deepEqual(await connection.next('notice'), { type: 'notice', data: message });
    await connection.close();
  }
});

test('what_php_says_that_is_no_object_reaches_nobody', async () => {
  const person = await signUp(stack.url);
  const connection = await person.connect();
  await notify('just a string');
  await notify([1, 2, 3]);
  await notify({ last: true });
  assert.deepEqual((await connection.next('notice')).data, { last: true });
  await connection.close();
});
