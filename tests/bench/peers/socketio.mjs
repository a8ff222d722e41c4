/*
 * socketio: the fan-out of Socket.IO with its Redis adapter, WebSocket only.
 *
 *   node socketio.mjs REDIS.sock CHANNEL LISTEN.sock
 *
 * What is published comes by the adapter's own channel, as another node of a cluster would send it;
 * CHANNEL isn't used.
 */
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import Redis from 'ioredis';
import { Server } from 'socket.io';

const [redis, , listen] = process.argv.slice(2);
const publisher = new Redis({ path: redis });
const server = createServer();
new Server(server, {
  transports: ['websocket'],
  perMessageDeflate: false,
  pingInterval: 600_000,
  adapter: createAdapter(publisher, publisher.duplicate()),
});
server.listen(listen);
