/*
 * call: the script call by which stonechat-fcgi sends one message, as Redis has seen it.
 *
 * The peers of the post bench make the same call, whatever it has become: its words are taken from
 * MONITOR, with marks in place of what differs from message to message.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { on, once } from 'node:events';
import { request } from '../support/client.mjs';
import { within } from '../support/wait.mjs';

const TEXT = 'text-of-the-call', KEY = 'key-of-the-call';
const WORD = /"((?:[^"\\]|\\.)*)"/g;

/* As redis-cli writes what isn't printable, or would end the word. */
const unescape = (word) => word.replace(/\\(x[0-9a-f]{2}|.)/g, (_, it) =>
  it.length === 3 ? String.fromCharCode(parseInt(it.slice(1), 16)) : { n: '\n', r: '\r', t: '\t' }[it] ?? it);

async function lineWith(lines, text) {
  for await (const [line] of on(lines, 'line')) {
    if (line.includes(text) && !/^\S+ \[\d+ lua\]/.test(line)) return line;
  }
  throw new Error('MONITOR has ended');
}

/* Posts one message to `room` with `token`, and gives the words of what came of it in Redis. */
export async function callOf(stack, room, token) {
  const monitor = spawn('redis-cli', ['-s', `${stack.dir}/redis.sock`, 'MONITOR'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: monitor.stdout });
  try {
    await once(lines, 'line'); // OK
    const found = within('the call in MONITOR', lineWith(lines, TEXT));
    const answer = await request(stack.url, 'POST', `/api/v1/rooms/${room}/messages`,
      { body: { text: TEXT, key: KEY }, headers: { authorization: `Bearer ${token}` } });
    if (answer.status !== 201) throw new Error(`POST: ${answer.status} ${answer.text}`);
    const [user] = token.split('.');
    const marks = [[TEXT, '@TEXT@'], [KEY, '@KEY@'], [user, '@USER@']];
    return [...(await found).matchAll(WORD)].map(([, word]) =>
      marks.reduce((text, [from, to]) => text.replaceAll(from, to), unescape(word)));
  } finally {
    monitor.kill();
  }
}
