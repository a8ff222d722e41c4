/*
 * soak_people: those who write and those who read while everything around them breaks (soak.mjs).
 *
 * A poster sends each message again, with the same key, until it is acknowledged. A reader comes
 * back with its cursor whenever its connection ends, and notes every entry as it came. Readers
 * differ in the way they come and in how they read: see FORMS.
 */
import { join } from 'node:path';
import { Connection, newKey, newText } from '../support/client.mjs';
import { Events } from '../support/events.mjs';
import { isLogged } from '../support/order.mjs';
import { sleep } from '../support/wait.mjs';

/* Of one poster; eight of them together send at most 40 a second. */
const POST_EVERY_MS = 200;
const ANSWER_MS = 4000;
/* What a request may be answered by while something is broken. */
const FOR_NOW = [502, 503, 504];

/* `slow`: stops reading now and then, for up to so long. */
export const FORMS = [
  { name: 'by nginx' },
  { name: 'deflated', deflate: true },
  { name: 'direct', direct: true },
  { name: 'slow by nginx', slow_ms: 4000 },
  { name: 'slow and direct', direct: true, slow_ms: 4000 },
  { name: 'slow, direct and deflated', direct: true, deflate: true, slow_ms: 2000 },
  { name: 'of events', events: true },
  { name: 'of events, slow and direct', events: true, direct: true, slow_ms: 4000 },
];

/* ---- those who write ---- */

export class Poster {
  constructor(person, room) {
    Object.assign(this, { person, room, acknowledged: [], retries: 0, repeats: 0, pending: null });
  }

  async run(isOver) {
    while (!isOver()) {
      const began = Date.now();
      await this.send({ key: newKey(), text: newText() });
      await sleep(Math.max(0, began + POST_EVERY_MS - Date.now()));
    }
  }

  /* One message, until it is acknowledged. */
  async send(body) {
    this.pending = body.key;
    for (let pause = 50; ; pause = Math.min(pause * 2, 400)) {
      const answer = await this.person
        .call('POST', `/rooms/${this.room}/messages`, body, { timeout_ms: ANSWER_MS })
        .catch(() => ({ status: 0 }));
      if (answer.status === 201 || answer.status === 200) {
        if (answer.status === 200) this.repeats++;
        this.acknowledged.push(answer.body.message);
        this.pending = null;
        return;
      }
      if (answer.status !== 0 && !FOR_NOW.includes(answer.status)) {
        throw new Error(`POST was answered ${answer.status}: ${answer.text}`);
      }
      this.retries++;
      await sleep(pause);
    }
  }
}

/* ---- those who read ---- */

export class Reader {
  constructor(stack, person, room, form) {
    Object.assign(this, { stack, person, room, form, seen: [], cursor: [0, 0], faults: [] });
    Object.assign(this, { reconnects: 0, caughtUp: 0, replayed: 0, resets: 0, naps: 0 });
  }

  async run(isOver, random) {
    for (let pause = 50; !isOver(); ) {
      try {
        const began = Date.now();
        this.connection = await this.open();
        const over = this.connection.ended.then(() => { this.connection.over = true; });
        this.nap(this.connection, random);
        await over;
        pause = Date.now() - began > 1000 ? 50 : pause;
      } catch (error) {
        if (error.status && !FOR_NOW.includes(error.status)) {
          this.faults.push(`the upgrade was answered ${error.status}: ${error.text}`);
        }
      }
      if (!isOver()) await sleep(pause);
      pause = Math.min(pause * 2, 500);
      this.reconnects++;
    }
  }

  open() {
    this.replaying = true;
    return this.form.events ? this.openEvents() : this.openSocket();
  }

  get headers() {
    return { authorization: `Bearer ${this.person.token}` };
  }

  async openSocket() {
    const { headers, form: { deflate, direct } } = this;
    const address = direct
      ? `ws+unix://${join(this.stack.dir, 'push.sock')}:/ws`
      : `${this.person.url.replace(/^http/, 'ws')}/ws`;
    const cursors = { [this.room]: this.cursor[0] ? this.cursor : 0 };
    const onFrame = (frame, text) => this.take(frame, text);
    const { socket, ended } = await Connection.open(address, { cursors, headers, deflate, onFrame });
    return { stream: socket, ended, end: () => socket.terminate() };
  }

  /* Comes back by the id that it was given last, as an EventSource does. */
  async openEvents() {
    const target = this.form.direct ? { socketPath: join(this.stack.dir, 'push.sock') } : this.person.url;
    const onEvent = (data) => this.take(data, JSON.stringify(data));
    const id = this.id ?? `${this.room}.0.0`;
    const events = await Events.open(target, { headers: this.headers, id, onEvent });
    if (events.status !== 200) throw Object.assign(new Error(), { status: events.status, text: events.body.detail });
    const ended = events.ended.then(() => { this.id = events.id || id; });
    return { stream: events.answer, ended, end: () => events.drop() };
  }

  take(frame, text) {
    if (frame.room !== this.room) return;
    if (frame.type === 'caught_up') {
      this.replaying = false;
      this.caughtUp++;
    }
    if (frame.type === 'reset') this.resets++;
    if (isLogged(frame)) this.takeEntry(frame, text);
  }

  takeEntry({ seq, at }, text) {
    if (this.replaying) this.replayed++;
    if (seq !== this.cursor[0] + 1) this.faults.push(`${seq} came after ${this.cursor[0]}`);
    this.cursor = [seq, at];
    this.seen.push(text);
  }

  /* As long as the connection lives, and until wake() is called. */
  async nap(connection, random) {
    while (this.form.slow_ms && !connection.over && !this.awake) {
      await sleep(random() * this.form.slow_ms);
      connection.stream.pause();
      this.naps++;
      await sleep(random() * this.form.slow_ms);
      connection.stream.resume();
    }
  }

  wake() {
    this.awake = true;
    this.connection?.stream.resume();
  }

  end() {
    this.connection?.end();
  }
}
