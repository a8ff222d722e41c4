/*
 * Limits that are counted together with what they limit: exact in one program, however many requests
 * come at once, and at most one too many for each further program.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { startAnother } from '../support/another.mjs';
import { newKey, newText, signUp } from '../support/client.mjs';
import { fastcgi } from '../support/fastcgi.mjs';
import { inParallel } from '../support/wait.mjs';

const MOST = 200; // in 10 s, far more than what one of these tests takes

let stack, other;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0, 'limits.messages_per_10s': MOST } });
  other = await startAnother(stack);
});
after(() => {
  other?.stop();
  return stack?.stop();
});

const fresh = () => ({ text: newText(), key: newKey() });
const send = (where, who, body = fresh()) => fastcgi(where, 'POST', '/rooms/lobby/messages', { body, token: who.token });
const count = (answers, wanted) => answers.filter(({ status }) => status === wanted).length;
const counted = async (who) => Number(await stack.redis('LLEN', `{u:${who.id}}:rate:messages`));

test('one_program_lets_through_just_as_many_as_may', async () => {
  const person = await signUp(stack.url);
  const answers = await inParallel(12, Array(MOST + 50).fill(stack), (where) => send(where, person));
  assert.deepEqual([count(answers, 201), count(answers, 429)], [MOST, 50]);
});

test('a_second_one_lets_through_one_too_many', async () => {
  const person = await signUp(stack.url);
  for (const where of [stack, other]) for (let i = 0; i < 3; i++) assert.equal((await send(where, person)).status, 201);
  const many = await inParallel(4, Array(MOST).fill(stack), (where) => send(where, person));
  assert.equal(count(many, 201), MOST - 6);
  assert.equal(count([await send(other, person)], 201), 1, 'the other program has counted first: what follows would show nothing');
  const late = await inParallel(4, Array(20).fill(other), (where) => send(where, person));
  assert.equal(count(late, 429), 20);
});

test('only_what_was_sent_is_counted', async () => {
  const person = await signUp(stack.url);
  const first = fresh();
  for (let i = 0; i < 3; i++) await send(stack, person, i ? fresh() : first);
  for (let i = 0; i < 4; i++) assert.equal((await send(stack, person, first)).status, 200);
  assert.equal((await fastcgi(stack, 'POST', '/rooms/No Id/messages', { body: fresh(), token: person.token })).status, 404);
  assert.equal(await counted(person), 3);
});
