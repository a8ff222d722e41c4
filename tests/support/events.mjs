/*
 * events: a reader of GET /events, as an EventSource is one (WHATWG HTML, section 9.2.6), that keeps
 * everything: ids, comments, when each came. The order of entries is checked as for a WebSocket.
 */
import http from 'node:http';
import { Order } from './order.mjs';
import { PATIENCE_MS, within } from './wait.mjs';

/* The cursors that an id stands for: room -> [seq, at], as `resume` has them. */
export const cursorsOf = (id) => Object.fromEntries(id.split(',').map((one) => {
  const [room, seq, at] = one.split('.');
  return [room, at === '0' ? Number(seq) : [Number(seq), Number(at)]];
}));

export class Events {
  constructor(answer, cursors, onEvent = () => {}) {
    Object.assign(this, { answer, status: answer.statusCode, headers: answer.headers, onEvent });
    this.events = []; // {id, type, data, at_ms}, data parsed; id is the last one, as a page sees it
    this.order = new Order(cursors);
    this.id = '';
    this.comments = 0;
    this.rest = '';
    this.taken = 0;
    this.wake = () => {};
    this.ended = new Promise((resolve) => {
      const end = () => { this.over = true; this.wake(); resolve(); };
      answer.on('end', end).on('error', end).on('close', end);
    });
    answer.setEncoding('utf8').on('data', (piece) => this.take(piece));
  }

  /* `target`: a URL, or {socketPath}. Past `welcome`, unless it is refused: then with `body`. */
  static async open(target, { headers = {}, query = '', id, method = 'GET', onEvent } = {}) {
    const where = typeof target === 'string' ? [new URL(`/events${query}`, target)] : [{ ...target, path: `/events${query}` }];
    const all = id === undefined ? headers : { ...headers, 'Last-Event-ID': id };
    const answer = await within('an answer', new Promise((resolve, reject) => {
      const options = { method, headers: all, agent: false };
      const sent = typeof target === 'string' ? http.request(...where, options, resolve) : http.request({ ...where[0], ...options }, resolve);
      sent.on('error', reject).end();
    }));
    if (answer.statusCode !== 200) {
      let text = '';
      for await (const piece of answer.setEncoding('utf8')) text += piece;
      return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(text) };
    }
    const stands = id || new URLSearchParams(query).get('last_event_id');
    const reader = new Events(answer, stands ? cursorsOf(stands) : {}, onEvent);
    reader.welcome = (await reader.next('welcome')).data;
    return reader;
  }

  take(piece) {
    this.rest += piece;
    for (let end; (end = this.rest.indexOf('\n\n')) >= 0; this.rest = this.rest.slice(end + 2)) {
      this.takeBlock(this.rest.slice(0, end).split('\n'));
    }
    this.wake();
  }

  takeBlock(lines) {
    const fields = { data: [] };
    for (const line of lines) {
      const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
      if (name === '') this.comments++;
      else if (name === 'data') fields.data.push(value);
      else fields[name] = value;
    }
    if (fields.id !== undefined) this.id = fields.id;
    if (fields.retry !== undefined) this.retry = Number(fields.retry);
    if (fields.data.length === 0) return;
    const data = JSON.parse(fields.data.join('\n'));
    this.events.push({ id: this.id, hasId: fields.id !== undefined, type: fields.event ?? 'message', data, at_ms: performance.now() });
    if (!fields.event) this.order.take(data);
    this.onEvent(data);
  }

  /* The next event whose data `match` (a type, or a function) takes. */
  async next(match = () => true, ms = PATIENCE_MS) {
    const fits = typeof match === 'string' ? ({ type }) => type === match : match;
    const deadline = Date.now() + ms;
    for (;;) {
      if (this.order.faults.length) throw new Error(`order: ${this.order.faults.join('; ')}`);
      while (this.taken < this.events.length) {
        const event = this.events[this.taken++];
        if (fits(event.data)) return event;
      }
      const left = deadline - Date.now();
      if (this.over || left <= 0) throw new Error(`no ${match} came (${this.over ? 'the stream ended' : `${ms} ms`})`);
      await within('an event', new Promise((resolve) => { this.wake = resolve; }), left).catch(() => {});
    }
  }

  entry(room, seq, ms) {
    return this.next((data) => data.room === room && data.seq === seq && 'at' in data, ms);
  }

  /* The data of the event `close`, and then the end of the stream. */
  async end(ms = PATIENCE_MS) {
    await within('the end of the stream', this.ended, ms);
    return this.events.find(({ type }) => type === 'close')?.data;
  }

  drop() {
    this.answer.destroy();
  }
}
