/*
 * post: sending a message as it is written with Node's http and ioredis: one script call.
 *
 *   node post.mjs REDIS.sock CALL LISTEN.sock
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Redis from 'ioredis';

const [path, file, listen] = process.argv.slice(2);
const words = readFileSync(file, 'utf8').trim().split('\n');
const redis = new Redis({ path, enableAutoPipelining: true });

createServer(async (request, response) => {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  const { text, key } = JSON.parse(body);
  const [, user] = /^Bearer ([a-z0-9]+)\./.exec(request.headers.authorization);
  const marks = { '@USER@': user, '@TEXT@': text, '@KEY@': key };
  const [, entry] = await redis.call(...words.map((word) => word.replace(/@[A-Z]+@/g, (mark) => marks[mark])));
  response.writeHead(201, { 'content-type': 'application/json' }).end(`{"message":${entry}}`);
}).listen(listen);
