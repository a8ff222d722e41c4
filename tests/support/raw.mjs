/*
 * raw: a WebSocket client made by hand, for saying what no decent client would say.
 *
 * It speaks over a unix socket (the push daemon's own) or TCP (through nginx), sends any bytes at
 * any pace, can stop reading, and tells how a connection ended: by which Close frame, and whether
 * by a FIN or a reset. Frames are built bit by bit (RFC 6455 section 5.2).
 */
import net from 'node:net';
import { randomBytes } from 'node:crypto';
import { PATIENCE_MS, within } from './wait.mjs';

export const OP = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/* The length field: 7 bits, or as `form` (16, 64) says even where it need not be; `announce`
 * stands there instead of the true length. */
function lengthField(length, form, announce) {
  const value = BigInt(announce ?? length);
  const bits = form ?? (value < 126n ? 7 : value < 65536n ? 16 : 64);
  if (bits === 7) return [Number(value), Buffer.alloc(0)];
  const field = Buffer.alloc(bits / 8);
  if (bits === 16) field.writeUInt16BE(Number(value));
  else field.writeBigUInt64BE(value);
  return [bits === 16 ? 126 : 127, field];
}

/* One frame, masked as a client's must be unless told otherwise. */
export function frame(opcode, payload = '', { fin = true, rsv = 0, mask = true, form, announce } = {}) {
  const bytes = Buffer.from(payload);
  const [short, field] = lengthField(bytes.length, form, announce);
  const head = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode, (mask ? 0x80 : 0) | short]);
  if (!mask) return Buffer.concat([head, field, bytes]);
  const key = randomBytes(4);
  return Buffer.concat([head, field, key, bytes.map((byte, i) => byte ^ key[i % 4])]);
}

export const text = (what, options) =>
  frame(OP.text, typeof what === 'string' || Buffer.isBuffer(what) ? what : JSON.stringify(what), options);

/* The payload of a Close frame. */
export function closing(code, reason = '') {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}

/* The head of an upgrade; a header given as undefined is left out. */
export function upgrade(headers = {}, { line = 'GET /ws HTTP/1.1' } = {}) {
  const all = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  };
  const rows = Object.entries(all).filter(([, value]) => value !== undefined);
  return `${line}\r\n${rows.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/* One frame off the front of `bytes`: [frame, its length], or null when it isn't all there. */
function parse(bytes) {
  if (bytes.length < 2) return null;
  const short = bytes[1] & 0x7f;
  const at = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < at) return null;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < at + length) return null;
  const payload = bytes.subarray(at, at + length);
  const whole = { fin: bytes[0] >= 0x80, rsv: (bytes[0] >> 4) & 7, opcode: bytes[0] & 15, masked: bytes[1] >= 0x80, payload };
  return [whole, at + length];
}

export class Raw {
  constructor(socket) {
    this.socket = socket;
    this.bytes = Buffer.alloc(0);
    this.frames = [];
    this.answer = null;
    this.over = null; // 'end' or the error's code
    this.wake = () => {};
    socket.on('data', (piece) => this.take(piece));
    socket.on('end', () => this.finish('end'));
    socket.on('error', (error) => this.finish(error.code));
    socket.on('close', () => this.finish('close'));
  }

  /* `target`: {path} or {host, port}. */
  static async connect(target) {
    const socket = net.connect({ ...target, allowHalfOpen: true });
    await within('a connection', new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    }));
    return new Raw(socket);
  }

  /* Connected, upgraded by `headers`, and past `welcome`, which is in `welcome`. */
  static async open(target, headers) {
    const raw = await Raw.connect(target);
    raw.write(upgrade(headers));
    const { status, text } = await raw.head();
    if (status !== 101) throw new Error(`not upgraded: ${text}`);
    raw.welcome = await raw.json();
    return raw;
  }

  finish(how) {
    this.over ??= how;
    this.wake();
  }

  take(piece) {
    this.bytes = this.bytes.length ? Buffer.concat([this.bytes, piece]) : piece;
    if (!this.answer && !this.takeHead()) return;
    for (let found; this.answer.status === 101 && (found = parse(this.bytes)); ) {
      this.frames.push(found[0]);
      this.bytes = this.bytes.subarray(found[1]);
    }
    this.wake();
  }

  takeHead() {
    const end = this.bytes.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const text = this.bytes.subarray(0, end).toString('latin1');
    const headers = {};
    for (const row of text.split('\r\n').slice(1)) {
      const colon = row.indexOf(':');
      headers[row.slice(0, colon).toLowerCase()] = row.slice(colon + 1).trim();
    }
    this.answer = { status: Number(text.split(' ')[1]), headers, text };
    this.bytes = this.bytes.subarray(end + 4);
    return true;
  }

  async wait(what, found, ms) {
    const deadline = Date.now() + ms;
    for (let value; ; ) {
      if ((value = found())) return value;
      if (this.over) throw new Error(`${what}: the connection is over (${this.over})`);
      const step = new Promise((resolve) => { this.wake = resolve; });
      await within(what, step, Math.max(1, deadline - Date.now()));
    }
  }

  write(bytes) {
    if (!this.socket.destroyed && this.socket.writable) this.socket.write(bytes);
  }

  /* The HTTP answer. */
  head(ms = PATIENCE_MS) {
    return this.wait('an HTTP answer', () => this.answer, ms);
  }

  /* The next frame. */
  frame(ms = PATIENCE_MS) {
    return this.wait('a frame', () => this.frames.shift(), ms);
  }

  /* The next text frame as JSON; pings on the way are answered. */
  async json(ms = PATIENCE_MS) {
    for (;;) {
      const { opcode, payload } = await this.frame(ms);
      if (opcode === OP.text) return JSON.parse(payload);
      if (opcode === OP.ping) this.write(frame(OP.pong, payload));
      if (opcode === OP.close) throw new Error(`closed: ${payload.readUInt16BE()} ${payload.subarray(2)}`);
    }
  }

  /* How it ended: {code, reason} of the Close frame (null when none came) and `how`. It is a good
   * client to the last: it answers the Close (unless it said so first: `closed`), then waits for the
   * server to hang up. */
  async conclusion({ ms = PATIENCE_MS, closed = false } = {}) {
    let code = null;
    let reason = '';
    const deadline = Date.now() + ms;
    while (!this.over || this.frames.length) {
      const next = await this.frame(Math.max(1, deadline - Date.now())).catch((error) => {
        if (!this.over) throw error;
      });
      if (next?.opcode !== OP.close) continue;
      code = next.payload.length >= 2 ? next.payload.readUInt16BE() : 1005;
      reason = next.payload.subarray(2).toString();
      if (!closed) this.write(frame(OP.close, next.payload.subarray(0, 2)));
    }
    this.socket.destroy();
    return { code, reason, how: this.over };
  }

  drop() {
    this.socket.destroy();
  }
}
