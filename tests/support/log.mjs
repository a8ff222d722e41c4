/*
 * log: a room's log, filled faster than anybody can write, and swept at once.
 */
import { request } from './client.mjs';
import { until } from './wait.mjs';

/* Appends messages as message_send.lua does. */
const SEED = `
  for i = 1, ARGV[3] do
    local seq, n = redis.call('HINCRBY', KEYS[1], 'seq', 1), redis.call('HINCRBY', KEYS[1], 'n', 1)
    redis.call('HSET', KEYS[1], 'last', seq)
    local entry = string.format('{"type":"message","seq":%d,"n":%d,"at":%d,"room":"%s",', seq, n, ARGV[5] + i, ARGV[1])
      .. '"from":{"id":"' .. ARGV[2] .. '","name":"a","display":"a"},"text":"' .. string.rep('x', ARGV[4]) .. '","key":"key-' .. seq .. '"}'
    redis.call('XADD', KEYS[2], seq .. '-0', 'e', entry)
    if ARGV[6] ~= '' then redis.call('PUBLISH', ARGV[6], entry) end
  end
  return redis.call('HGET', KEYS[1], 'seq')`;

const PIECE = 5000;

/* `count` messages of `bytes` of text each, from nobody's session, the first of them sent at `at`.
 * With `live` those who are there hear of them, too. */
export async function fill(stack, room, author, count, { bytes = 20, at = Date.now(), live = false } = {}) {
  const channel = live ? `{r:${room}}:live` : '';
  for (let done = 0; done < count; done += PIECE) {
    const some = Math.min(count - done, PIECE);
    await stack.redis('EVAL', SEED, '2', `{r:${room}}:room`, `{r:${room}}:log`, room, author, `${some}`, `${bytes}`, `${at + done}`, channel);
  }
}

/* Has a chore done now: it is due for nobody any more, and a program that begins looks at once. */
export async function sweep(stack, chore) {
  await stack.redis('DEL', `chore:${chore}`);
  const old = ending(stack);
  await until('a new stonechat-fcgi', async () => {
    try {
      return stack.pid('fcgi') !== old && (await request(stack.url, 'GET', '/api/v1/health')).status === 200;
    } catch {
      return false;
    }
  });
}

/* The process id of the stonechat-fcgi that is told to end, or has ended by itself just before. */
function ending(stack) {
  const old = stack.pid('fcgi');
  try {
    process.kill(old, 'SIGTERM');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
  return old;
}
