/*
 * gateway: a proxy in front of a stack, as there are in offices and hotels: it passes on requests,
 * and does with WebSockets what `upgrades` says at the moment.
 *
 *   const gateway = await startGateway(stack.url);
 *   gateway.upgrades = 'refuse';  // 'pass' | 'refuse' (403) | 'swallow' (accepted, then silence)
 *   gateway.streams;              // how many event streams are open
 *   gateway.close();
 */
import { createHash } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export async function startGateway(to) {
  const { hostname, port } = new URL(to);
  const sockets = new Set();
  const gateway = { upgrades: 'pass', streams: 0, tried: 0 };

  const server = http.createServer((request, answer) => {
    const { method, url, headers } = request;
    const isStream = url.startsWith('/events');
    const onward = http.request({ hostname, port, method, path: url, headers, agent: false }, (reply) => {
      answer.writeHead(reply.statusCode, reply.headers);
      answer.flushHeaders();
      reply.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    if (isStream) {
      gateway.streams += 1;
      answer.on('close', () => (gateway.streams -= 1));
    }
    request.pipe(onward);
  });

  const upgrades = {
    refuse: (request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'),
    swallow(request, socket) {
      const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
        `sec-websocket-protocol: stonechat.v1\r\nsec-websocket-accept: ${accept}\r\n\r\n`);
    },
    pass(request, socket) {
      const onward = net.connect(Number(port), hostname);
      const { rawHeaders } = request;
      const head = rawHeaders.map((word, i) => (i % 2 ? `${word}\r\n` : `${word}: `)).join('');
      onward.write(`GET ${request.url} HTTP/1.1\r\n${head}\r\n`);
      onward.pipe(socket).pipe(onward);
      onward.on('error', () => socket.destroy());
      socket.on('close', () => onward.destroy());
    },
  };
  server.on('upgrade', (request, socket) => {
    gateway.tried += 1;
    socket.on('error', () => {});
    upgrades[gateway.upgrades](request, socket);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(gateway, {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  });
}
