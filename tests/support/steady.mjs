/*
 * steady: what somebody does who is not put off by a 503, and what such a refusal must be like.
 */
import assert from 'node:assert/strict';
import { newKey, newText, request } from './client.mjs';
import { familyOf } from './process.mjs';
import { sleep, until } from './wait.mjs';

/* The contract's "2 s at most", and what a busy machine may add. */
export const REFUSED_MS = 2500;

const get = (stack, path) => request(stack.url, 'GET', path).catch(() => ({}));

/* Whether stonechat-fcgi and stonechat-pushd say that they are well. */
export const healthOf = async (stack) => ({
  fcgi: (await get(stack, '/api/v1/health')).status === 200,
  pushd: (await get(stack, '/health')).status === 200,
});

/* Both well again, within `ms`. */
export const healthy = (stack, ms) => until('health', async () => {
  const { fcgi, pushd } = await healthOf(stack);
  return fcgi && pushd;
}, ms);

/* Both programs' processes: none of them is to be started anew by any fault of Redis. */
export const pidsOf = (stack) => ['fcgi', 'pushd'].flatMap((name) => familyOf(stack.pid(name)));

export const fresh = () => ({ text: newText(), key: newKey() });
export const post = (who, room, body = fresh()) => who.call('POST', `/rooms/${room}/messages`, body);

export function refusedProperly(answer) {
  assert.equal(answer.status, 503, answer.text);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.equal(answer.body.code, 'unavailable');
  assert.ok(Number(answer.headers['retry-after']) >= 1);
  assert.ok(answer.ms < REFUSED_MS, `after ${answer.ms} ms`);
}

/* Posts with one key until acknowledged; every refusal is a proper one. */
export async function insist(who, room, body = fresh()) {
  for (;;) {
    const answer = await post(who, room, body);
    if (answer.status === 201 || answer.status === 200) return answer.body.message;
    refusedProperly(answer);
    await sleep(50);
  }
}

/* That the room's history is these messages and no others. */
export async function holdsExactly(who, room, messages) {
  assert.deepEqual(await who.history(room), [...messages].sort((a, b) => a.seq - b.seq));
}
