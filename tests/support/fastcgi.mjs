/*
 * fastcgi: nginx's part in front of stonechat-fcgi, played by a test: any address, any scheme, and
 * no limit of nginx's own in between.
 */
import { connect } from 'node:net';
import { join } from 'node:path';
import { PATIENCE_MS, within } from './wait.mjs';

const BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, PIECE = 32768;

function record(type, content = Buffer.alloc(0)) {
  const head = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]);
  return Buffer.concat([head, content]);
}

const length = (bytes) => (bytes < 128 ? [bytes] : [(bytes >>> 24) | 128, bytes >>> 16, bytes >>> 8, bytes]);

function pair([name, value]) {
  const [n, v] = [Buffer.from(name), Buffer.from(String(value))];
  return Buffer.concat([Buffer.from([...length(n.length), ...length(v.length)].map((x) => x & 255)), n, v]);
}

function parse(bytes) {
  const out = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt16BE(at + 4);
    if (bytes[at + 1] === STDOUT) out.push(bytes.subarray(at + 8, at + 8 + size));
    if (bytes[at + 1] === END) return answerOf(Buffer.concat(out).toString());
    at += 8 + size + bytes[at + 6];
  }
  throw new Error('the answer has no end');
}

function answerOf(text) {
  const [, head, body] = /^(.*?)\r\n\r\n(.*)$/s.exec(text);
  const headers = {};
  for (const line of head.split('\r\n')) {
    const [, name, value] = /^([^:]+): (.*)$/.exec(line);
    headers[name.toLowerCase()] = value;
  }
  return { status: parseInt(headers.status, 10), headers, text: body, body: body ? JSON.parse(body) : undefined };
}

/*
 * One request to the program of `stack`; gives {status, headers, text, body, ms}.
 * `body` an object (sent as JSON) or text; `parameters` are added to, or stand in place of, those
 * that nginx would send.
 */
export function fastcgi(stack, method, path, { body, token, address = '127.0.0.1', parameters = {} } = {}) {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const content = Buffer.from(text);
  const all = {
    REQUEST_METHOD: method, REQUEST_URI: `/api/v1${path}`, REMOTE_ADDR: address, HTTP_HOST: 'chat.example',
    CONTENT_LENGTH: content.length || '', CONTENT_TYPE: content.length ? 'application/json' : '',
    ...(token ? { HTTP_AUTHORIZATION: `Bearer ${token}` } : {}), ...parameters,
  };
  const records = [record(BEGIN, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])),
    record(PARAMS, Buffer.concat(Object.entries(all).map(pair))), record(PARAMS)];
  for (let at = 0; at < content.length; at += PIECE) records.push(record(STDIN, content.subarray(at, at + PIECE)));
  records.push(record(STDIN));
  const began = performance.now();
  return within(`${method} ${path} by FastCGI`, new Promise((resolve, reject) => {
    const pieces = [];
    const socket = connect(join(stack.dir, 'fcgi.sock'));
    socket.on('data', (piece) => pieces.push(piece));
    socket.on('end', () => {
      try {
        resolve({ ...parse(Buffer.concat(pieces)), ms: performance.now() - began });
      } catch (error) {
        reject(error);
      }
    });
    socket.on('error', reject);
    socket.end(Buffer.concat(records));
  }), PATIENCE_MS);
}
