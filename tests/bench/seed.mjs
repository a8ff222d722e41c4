/*
 * seed: rooms and their people, written to Redis as the scripts would leave them.
 *
 * A hundred thousand accounts by REST would take an hour of password hashing. All of them get a
 * session with one and the same secret, that of somebody who has really signed in.
 */
import { spawn } from 'node:child_process';
import { signUp } from '../support/client.mjs';
import { command } from './orders.mjs';

const BATCH = 5000;
const id = (kind, index) => `bench${kind}${`${index}`.padStart(7, '0')}`;
const person = (user) => ({ id: user, name: user, display: user });

export const roomId = (index) => id('r', index);

/* redis-cli --pipe, which waits for every answer and tells how many were errors. */
export async function pipe(stack, commands) {
  const child = spawn('redis-cli', ['-s', `${stack.dir}/redis.sock`, '--pipe'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (text) => { said += text; });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (let batch = []; ;) {
    const { value, done } = commands.next();
    if (value) batch.push(value);
    if (done || batch.length === BATCH) {
      if (!child.stdin.write(Buffer.concat(batch))) await new Promise((resolve) => child.stdin.once('drain', resolve));
      batch = [];
    }
    if (done) break;
  }
  child.stdin.end();
  await ended;
  if (!/errors: 0,/.test(said)) throw new Error(`seeding: ${said}`);
}

function* roomCommands(room, owner, at) {
  const member = { type: 'member', seq: 1, n: 0, at, room, from: person(owner), op: 'joined', user: person(owner) };
  yield command('HSET', `{r:${room}}:room`, 'name', room, 'title', room, 'topic', '', 'kind', 'public',
    'created_at', `${at}`, 'by', owner, 'seq', '1', 'n', '0', 'last', '0');
  yield command('XADD', `{r:${room}}:log`, '1-0', 'e', JSON.stringify(member));
}

function* userCommands(user, rooms, session, stored, at) {
  yield command('HSET', `{u:${user}}:user`, 'name', user, 'display', user, 'role', 'member',
    'password', '', 'created_at', `${at}`);
  yield command('HSET', `{u:${user}}:sessions`, session, stored);
  for (const room of rooms) {
    yield command('HSET', `{u:${user}}:rooms`, room, '1');
    yield command('HSET', `{r:${room}}:members`, user, JSON.stringify({ role: 'member', joined_at: at, seq: 1 }));
    yield command('HSET', `{r:${room}}:read`, user, '1 0 0');
  }
}

function* allCommands({ rooms, users }, session, stored, at) {
  for (let i = 0; i < rooms; i++) yield* roomCommands(roomId(i), id('u', i % users), at);
  for (let i = 0; i < users; i++) yield* userCommands(id('u', i), [roomId(i % rooms)], session, stored, at);
}

/*
 * `rooms` rooms and `users` people, each in one of them in turn. Gives lines of credentials for
 * load.c: `TOKEN ROOM`, and with the cursor of the room's one entry `TOKEN ROOM SEQ AT`.
 */
export async function seed(stack, { rooms, users }) {
  const someone = await signUp(stack.url);
  const [, session, secret] = someone.token.split('.');
  const stored = await stack.redis('HGET', `{u:${someone.id}}:sessions`, session);
  const at = Date.now();
  await pipe(stack, allCommands({ rooms, users }, session, stored, at));
  const lines = Array.from({ length: users }, (_, i) => `${id('u', i)}.${session}.${secret} ${roomId(i % rooms)}`);
  return { people: lines, cursors: lines.map((line) => `${line} 1 ${at}`), user: id('u', 0) };
}
