/*
 * client: a person at Stonechat, as the end-to-end tests need one.
 *
 * REST goes by node:http with a bearer token (or, where a test is about that, the cookie), live
 * frames come by the `ws` package. Every connection checks the order of what it receives by itself
 * (order.mjs), so that any test at all fails when an entry is missing or comes twice.
 *
 * What must never stand in a log is noted: passwords and message texts bear MARK, tokens and
 * tickets are kept in `secrets`. See leaks.mjs.
 */
import http from 'node:http';
import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { Order } from './order.mjs';
import { PATIENCE_MS, sleep, until, within } from './wait.mjs';

export const MARK = `mark${randomBytes(6).toString('hex')}`;
export const secrets = new Set();

const agent = new http.Agent({ keepAlive: true });
let count = 0;

export const newName = () => `u${randomBytes(5).toString('hex')}`;
export const newKey = () => `key-${randomBytes(9).toString('hex')}`;
export const newText = () => `text ${++count} ${MARK}`;

/* One HTTP request; gives {status, headers, text, body, ms}, body parsed where it is JSON. */
export function request(url, method, path, { body, headers = {}, timeout_ms = PATIENCE_MS } = {}) {
  const began = performance.now();
  const raw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const payload = raw ? body : JSON.stringify(body);
  const about = payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
  const all = { ...about, ...headers };
  return new Promise((resolve, reject) => {
    const sent = http.request(new URL(path, url), { method, headers: all, agent }, async (answer) => {
      try {
        let text = '';
        for await (const piece of answer.setEncoding('utf8')) text += piece;
        const isJson = /[/+]json\b/.test(answer.headers['content-type'] ?? '');
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          text,
          body: isJson && text ? JSON.parse(text) : undefined,
          ms: performance.now() - began,
        });
      } catch (error) {
        reject(error);
      }
    });
    sent.setTimeout(timeout_ms, () => sent.destroy(new Error(`${method} ${path}: no answer in ${timeout_ms} ms`)));
    sent.on('error', reject);
    sent.end(payload);
  });
}

/* The same, until it is neither refused for now nor lost on the way. */
async function persistently(ask, deadline = Date.now() + PATIENCE_MS) {
  for (;;) {
    const answer = await ask();
    if (![429, 502, 503].includes(answer.status) || Date.now() > deadline) return answer;
    await sleep(Math.min(Number(answer.headers['retry-after'] ?? 1), 1) * 250);
  }
}

export class Person {
  constructor(url, { name = newName(), password = `${MARK}-${randomBytes(6).toString('hex')}`, display } = {}) {
    Object.assign(this, { url, name, password, display });
  }

  /* A request with this person's token; `options` as those of `request`. */
  call(method, path, body, options = {}) {
    const headers = { authorization: `Bearer ${this.token}`, ...options.headers };
    return request(this.url, method, `/api/v1${path}`, { ...options, body, headers });
  }

  /* The same, and it must be answered by `status`; gives the body. */
  async must(status, method, path, body) {
    const answer = await this.call(method, path, body);
    if (answer.status === status) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} instead of ${status}: ${answer.text}`);
  }

  async signUp() {
    const { name, password, display } = this;
    let tries = 0;
    const answer = await persistently(() => {
      tries++;
      return request(this.url, 'POST', '/api/v1/users', { body: { name, password, display } });
    });
    const done = answer.status === 201 || (answer.status === 409 && tries > 1); // what was answered 503 may have been done
    if (!done) throw new Error(`sign up: ${answer.status} ${answer.text}`);
    return this;
  }

  async signIn() {
    const { name, password } = this;
    const answer = await persistently(() =>
      request(this.url, 'POST', '/api/v1/sessions', { body: { name, password } }));
    if (answer.status !== 201) throw new Error(`sign in: ${answer.status} ${answer.text}`);
    const { token, session, user } = answer.body;
    const [cookie] = answer.headers['set-cookie'][0].split(';');
    secrets.add(token);
    return Object.assign(this, { token, session, user, id: user.id, cookie });
  }

  /* One more device of the same person. */
  anotherDevice() {
    return new Person(this.url, this).signIn();
  }

  async post(room, text = newText(), key = newKey()) {
    const { message } = await this.must(201, 'POST', `/rooms/${room}/messages`, { text, key });
    return message;
  }

  /* Every message of a room, oldest first, page by page. */
  async history(room) {
    const messages = [];
    for (let after = 0, more = true; more; ) {
      const page = await this.must(200, 'GET', `/rooms/${room}/messages?after=${after}&limit=200`);
      messages.push(...page.messages);
      ({ last: after, more } = page);
    }
    return messages;
  }

  async openRoom(kind = 'public') {
    const { room } = await this.must(201, 'POST', '/rooms', { name: newName(), kind });
    return room.id;
  }

  async join(room) {
    const answer = await this.call('PUT', `/rooms/${room}/members/me`);
    if (answer.status !== 201) throw new Error(`join: ${answer.status} ${answer.text}`);
  }

  async ticket() {
    const { ticket } = await this.must(201, 'POST', '/tickets');
    secrets.add(ticket);
    return ticket;
  }

  /* A live connection, from `welcome` on. `cursors` null: no `resume` is sent. */
  connect({ cursors = {}, path = '/ws', headers, protocol } = {}) {
    const credentials = headers ?? { authorization: `Bearer ${this.token}` };
    return Connection.open(this.url.replace(/^http/, 'ws') + path, { cursors, headers: credentials, protocol });
  }

  /* The same, again and again while the way there is closed for the moment. */
  reach(options) {
    return until('a way in', () => this.connect(options).catch((error) => {
      if (error.status && ![502, 503].includes(error.status)) throw error;
    }));
  }
}

export const signUp = async (url, options) => (await new Person(url, options).signUp()).signIn();

export class Connection {
  constructor(socket, cursors) {
    this.socket = socket;
    this.frames = []; // every frame since `welcome`, parsed
    this.texts = []; // the same, as they came
    this.times = []; // and when, ms of performance.now()
    this.taken = 0; // how many `next` has passed
    this.order = new Order(cursors ?? {});
    this.over = null; // {code, reason} once it has ended
    this.wake = () => {};
    this.ended = new Promise((resolve) => socket.on('close', (code, reason) => {
      this.over = { code, reason: String(reason) };
      this.wake();
      resolve(this.over);
    }));
    socket.on('message', (data) => this.take(String(data)));
  }

  /* Resolves at `welcome`; an upgrade that is refused rejects with {status, body}. */
  static open(address, { cursors, headers, protocol, onFrame, deflate = false }) {
    const socket = new WebSocket(address, protocol ?? [], { headers, perMessageDeflate: deflate });
    const connection = new Connection(socket, cursors);
    if (onFrame) socket.on('message', (data) => onFrame(JSON.parse(data), String(data)));
    const ready = new Promise((resolve, reject) => {
      socket.on('unexpected-response', (_, answer) => refuse(answer, reject).finally(() => socket.terminate()));
      socket.on('error', (error) => setImmediate(reject, error)); // a refusal says more
      connection.ended.then(({ code }) => reject(new Error(`closed with ${code} before welcome`)));
      connection.next().then(resolve, reject);
    });
    return within('welcome', ready).then((welcome) => {
      if (welcome.type !== 'welcome') throw new Error(`the first frame is ${welcome.type}`);
      connection.welcome = welcome;
      if (cursors) connection.say({ type: 'resume', cursors });
      return connection;
    });
  }

  take(text) {
    const frame = JSON.parse(text);
    this.frames.push(frame);
    this.texts.push(text);
    this.times.push(performance.now());
    this.order.take(frame);
    this.wake();
  }

  say(command) {
    this.socket.send(typeof command === 'string' ? command : JSON.stringify(command));
  }

  /* The next frame that `match` (a type, or a function) takes; those before it are passed over.
   * Any fault in the order of entries is thrown here. */
  async next(match = () => true, ms = PATIENCE_MS) {
    const fits = typeof match === 'string' ? (frame) => frame.type === match : match;
    const deadline = Date.now() + ms;
    for (;;) {
      if (this.order.faults.length) throw new Error(`order: ${this.order.faults.join('; ')}`);
      while (this.taken < this.frames.length) {
        const frame = this.frames[this.taken++];
        if (fits(frame)) return frame;
      }
      const left = deadline - Date.now();
      if (this.over || left <= 0) throw new Error(this.inVain(match, ms));
      await within('a frame', new Promise((resolve) => { this.wake = resolve; }), left).catch(() => {});
    }
  }

  inVain(match, ms) {
    const last = this.frames.slice(-5).map((frame) => JSON.stringify(frame).slice(0, 120)).join('\n  ');
    const why = this.over ? `closed with ${this.over.code} ${this.over.reason}` : `after ${ms} ms`;
    return `no ${match} frame came (${why}); the last were\n  ${last}`;
  }

  /* The frame of log entry `seq` of `room`, from now on. */
  entry(room, seq, ms) {
    return this.next((frame) => frame.room === room && frame.seq === seq && 'at' in frame, ms);
  }

  /* What has come of a room so far. */
  of(room) {
    return this.frames.filter((frame) => frame.room === room);
  }

  /* All that was sent before now has been handled when this comes back. */
  async sync() {
    const id = newKey();
    this.say({ type: 'ping', id });
    return this.next((frame) => frame.type === 'pong' && frame.id === id);
  }

  /* {code, reason} of the end, which must come. */
  end(ms) {
    return within('the end of the connection', this.ended, ms);
  }

  close() {
    this.socket.close();
    return this.end();
  }
}

async function refuse(answer, reject) {
  let text = '';
  for await (const piece of answer.setEncoding('utf8')) text += piece;
  const error = new Error(`the upgrade is refused: ${answer.statusCode} ${text}`);
  reject(Object.assign(error, { status: answer.statusCode, headers: answer.headers, text }));
}
