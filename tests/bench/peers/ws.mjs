/*
 * ws: the fan-out as it is written with Node, ws and ioredis.
 *
 *   node ws.mjs REDIS.sock CHANNEL LISTEN.sock
 */
import { createServer } from 'node:http';
import Redis from 'ioredis';
import { WebSocketServer } from 'ws';

const [redis, channel, listen] = process.argv.slice(2);
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

const subscriber = new Redis({ path: redis });
subscriber.on('message', (_, text) => {
  for (const socket of sockets.clients) socket.send(text);
});
await subscriber.subscribe(channel);
server.listen(listen);
