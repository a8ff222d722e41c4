/*
 * orders: the publications of a bench, as they go over the wire to each kind of contender.
 *
 * The load generator fills in the digits of each MARK (tally.h). What readers receive is the same
 * message of about 200 bytes, whoever sends it.
 */
import { encode } from 'notepack.io';

const MARK = `sent:${'0'.repeat(19)}:${'0'.repeat(12)}`;

export const command = (...args) => Buffer.concat([
  Buffer.from(`*${args.length}\r\n`),
  ...args.flatMap((arg) => [Buffer.from(`$${Buffer.byteLength(arg)}\r\n`), Buffer.from(arg), Buffer.from('\r\n')]),
]);

/* A file of them: each after a line with its length. */
export const fileOf = (orders) => Buffer.concat(orders.flatMap((order) => [Buffer.from(`${order.length}\n`), order]));

/*
 * Messages to a Stonechat room: what common/scripts/message_send.lua does less what is a sender's
 * business (may they, was it sent before, what is unread), which would make publishing the
 * bottleneck. The log is true: dense, and every entry in it.
 */
const APPEND = `
local room, log = unpack(KEYS)
local channel, at = ARGV[1], ARGV[2]
local seq = redis.call('HINCRBY', room, 'seq', #ARGV - 2) - #ARGV + 2
for i = 3, #ARGV do
    seq = seq + 1
    local entry = string.format('{"type":"message","seq":%d,"n":%d,"at":%s,', seq, seq, at) .. ARGV[i]
    redis.call('XADD', log, 'MAXLEN', '~', 100000, seq .. '-0', 'e', entry)
    redis.call('PUBLISH', channel, entry)
end`;

/* An order of `count` messages with a text of at least `bytes`; `load` runs SCRIPT LOAD and gives the hash. */
export async function message(load, room, user, count = 1, bytes = 0) {
  const { from, text: mark, key } = fields(user);
  const text = mark.padEnd(bytes, ' and so on');
  const tail = JSON.stringify({ room, from, text, key }).slice(1);
  const keys = [`{r:${room}}:room`, `{r:${room}}:log`];
  return command('EVALSHA', await load(APPEND), '2', ...keys, `{r:${room}}:live`, `${Date.now()}`, ...Array(count).fill(tail));
}

const fields = (user) => ({ from: { id: user, name: 'b', display: 'b' }, text: MARK, key: 'benchkey' });
const whole = (room, user) => ({ type: 'message', seq: 1234, n: 1234, at: Date.now(), room, ...fields(user) });

/* The same to the Redis adapter of Socket.IO, as another node of its cluster sends it. */
export function socketIo(room, user) {
  const packet = { type: 2, data: ['message', whole(room, user)], nsp: '/' };
  return command('PUBLISH', 'socket.io#/#', encode(['bench', packet, { rooms: [], except: [], flags: {} }]));
}

/* The same as a POST to Nchan. */
export function post(room, user) {
  const body = JSON.stringify(whole(room, user));
  return Buffer.from(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
}
