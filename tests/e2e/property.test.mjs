/*
 * Whatever people do to a room's messages, in whatever order: the history that REST folds, a client
 * that saw everything live, and clients that resumed in the middle, hold the same; and what is
 * unread and who is mentioned is what counting the log anew gives.
 *
 * Every sequence is drawn from a seed, which a failure names. PROPERTY_SEED=N runs that one alone,
 * PROPERTY_SEED=N-M those from N to M, PROPERTY_STEPS=N so many steps of each.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newKey, signUp } from '../support/client.mjs';
import { Dice } from '../support/dice.mjs';
import { Fold } from '../support/fold.mjs';
import { startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';

const [FIRST, LAST = FIRST] = (process.env.PROPERTY_SEED ?? '1-4').split('-').map(Number);
const STEPS = Number(process.env.PROPERTY_STEPS ?? 250);
const PEOPLE = 4;
const EMOJI = ['🌹', '❤', '❤\uFE0F', '👍🏽', '🇨🇳', '👩‍👩‍👧'];

let stack, people;

before(async () => {
  stack = await startStack({ set: {
    ...unhurried(),
    'limits.reactions_per_message': 3, 'limits.pins_per_room': 3, 'limits.edits_per_message': 4,
  } });
  people = await Promise.all(Array.from({ length: PEOPLE }, () => signUp(stack.url)));
});
after(() => stack?.stop());

/* One room, its people and what they see of it. */
class World {
  constructor(seed) {
    this.dice = new Dice(seed);
    this.log = []; // every entry, as the first client saw it
    this.marks = new Map(); // of members: the seq that they have read up to
    this.watchers = []; // {person, connection, fold, taken}
  }

  async open() {
    [this.owner] = people;
    this.room = await this.owner.openRoom();
    this.path = `/rooms/${this.room}`;
    this.marks.set(this.owner.id, 1);
    this.live = await this.watch(this.owner, 0);
    this.back = await this.watch(this.owner, 0);
  }

  async watch(person, seq, fold = new Fold()) {
    const connection = await person.connect({ cursors: { [this.room]: seq } });
    return { person, connection, fold, taken: 0 };
  }

  /* All entries that have come until now. */
  fold(watcher) {
    const frames = watcher.connection.frames;
    for (; watcher.taken < frames.length; watcher.taken++) {
      const frame = frames[watcher.taken];
      if (frame.room !== this.room || !('at' in frame)) continue;
      if (watcher === this.live) this.log.push(frame);
      watcher.fold.take(frame);
    }
  }

  async catchUp(watcher) {
    const { seq } = (await this.owner.must(200, 'GET', this.path)).room;
    const { connection } = watcher;
    if (!connection.of(this.room).some((frame) => 'at' in frame && frame.seq >= seq)) {
      if (watcher.fold.seq < seq) await connection.entry(this.room, seq);
    }
    this.fold(watcher);
    assert.equal(watcher.fold.seq, seq, 'the end of the log');
  }

  members() {
    return people.filter(({ id }) => this.marks.has(id));
  }

  get messages() {
    return [...this.live.fold.messages.values()];
  }

  /* Any message, mostly one of the newest; deleted ones too. */
  target() {
    const all = this.messages;
    if (!all.length) return 3;
    return this.dice.throw(4) ? this.dice.pick(all.slice(-8)).seq : this.dice.pick(all).seq;
  }

  text() {
    const words = ['hello', '你好', '@nobody', ...people.map(({ name }) => `@${name}`)];
    return Array.from({ length: 1 + this.dice.throw(4) }, () => this.dice.pick(words)).join(this.dice.pick([' ', ', ', '，'])) + ` ${newKey()}`;
  }

  /* Whoever had nothing unread has read what he sends. */
  sent(person, { seq }) {
    const mark = this.marks.get(person.id);
    const left = this.messages.some((one) => one.seq > mark && !one.deleted && one.from.id !== person.id);
    if (!left) this.marks.set(person.id, seq);
  }
}

/* What somebody may try, and the answers that are fine. */
const MOVES = {
  async send(world, person) {
    const { message } = await person.must(201, 'POST', `${world.path}/messages`, { text: world.text(), key: newKey() });
    world.sent(person, message);
  },
  async reply(world, person) {
    const body = { text: world.text(), key: newKey(), reply_to: world.target() };
    const answer = await person.call('POST', `${world.path}/messages`, body);
    if (answer.status === 201) world.sent(person, answer.body.message);
    return [answer, 201, 422];
  },
  async edit(world, person) {
    return [await person.call('PATCH', `${world.path}/messages/${world.target()}`, { text: world.text() }), 200, 403, 404, 409];
  },
  async erase(world, person) {
    return [await person.call('DELETE', `${world.path}/messages/${world.target()}`), 204, 403, 404];
  },
  async moderate(world) {
    return [await world.owner.call('DELETE', `${world.path}/messages/${world.target()}`), 204, 404];
  },
  async react(world, person) {
    const emoji = encodeURIComponent(world.dice.pick(EMOJI));
    return [await person.call('PUT', `${world.path}/messages/${world.target()}/reactions/${emoji}`), 204, 404, 409];
  },
  async unreact(world, person) {
    const emoji = encodeURIComponent(world.dice.pick(EMOJI));
    return [await person.call('DELETE', `${world.path}/messages/${world.target()}/reactions/${emoji}`), 204, 404];
  },
  async pin(world, person) {
    return [await person.call('PUT', `${world.path}/pins/${world.target()}`), 204, 404, 409];
  },
  async unpin(world, person) {
    return [await person.call('DELETE', `${world.path}/pins/${world.target()}`), 204, 404];
  },
  async read(world, person) {
    const seq = world.dice.throw(world.live.fold.seq + 1);
    await person.must(204, 'PUT', `${world.path}/read`, { seq });
    world.marks.set(person.id, Math.max(world.marks.get(person.id), seq));
  },
  async join(world) {
    const stranger = people.find(({ id }) => !world.marks.has(id));
    if (!stranger) return;
    const { member } = await stranger.must(201, 'PUT', `${world.path}/members/me`);
    world.marks.set(stranger.id, member.read);
  },
  async leave(world, person) {
    if (person === world.owner) return;
    await person.must(204, 'DELETE', `${world.path}/members/me`);
    world.marks.delete(person.id);
  },
  async reconnect(world) {
    await world.back.connection.close();
    world.fold(world.back);
    world.back = await world.watch(world.owner, world.back.fold.seq, world.back.fold);
  },
  /* Two at the same message at the same instant: any order will do. */
  async race(world, person) {
    const one = `${world.path}/messages/${world.target()}`;
    const answers = await Promise.all([
      person.call('PATCH', one, { text: world.text() }), person.call('DELETE', one), world.owner.call('DELETE', one),
      person.call('PUT', `${one}/reactions/${encodeURIComponent('🌹')}`),
    ]);
    for (const { status, text } of answers) assert.ok([200, 204, 403, 404, 409].includes(status), text);
  },
};

const WEIGHTS = {
  send: 24, reply: 4, edit: 12, erase: 6, moderate: 2, react: 12, unreact: 7, pin: 4, unpin: 3, read: 8, join: 3, leave: 2,
  reconnect: 4, race: 3,
};

async function step(world) {
  const move = world.dice.weigh(WEIGHTS);
  const [answer, ...fine] = (await MOVES[move](world, world.dice.pick(world.members()))) ?? [];
  if (answer) assert.ok(fine.includes(answer.status), `${move}: ${answer.status} ${answer.text}`);
  await world.catchUp(world.live);
}

/* By pages of a size of its own. */
async function historyOf(world, person, limit) {
  const messages = [];
  for (let place = 0, more = true; more; ) {
    const page = await person.must(200, 'GET', `${world.path}/messages?after=${place}&limit=${limit}`);
    messages.push(...page.messages);
    ({ last: place, more } = page);
  }
  return messages;
}

async function compareViews(world) {
  const person = world.dice.pick(world.members());
  const history = await historyOf(world, person, world.dice.pick([3, 50, 200]));
  await world.catchUp(world.back);
  assert.deepEqual(history, world.live.fold.history(person.id), 'history and the live client');
  assert.deepEqual(world.back.fold.history(person.id), history, 'the client that resumed');

  const fresh = await world.watch(person, 0);
  await world.catchUp(fresh);
  assert.deepEqual(fresh.fold.history(person.id), history, 'a client that comes anew');
  await fresh.connection.close();

  const { messages: pins } = await person.must(200, 'GET', `${world.path}/pins`);
  const pinned = history.filter((message) => message.pinned);
  assert.deepEqual([...pins].sort((a, b) => a.seq - b.seq), pinned, 'pins');
  const { room } = await person.must(200, 'GET', world.path);
  assert.deepEqual(room.last, history.at(-1) ?? null, 'the newest message');
}

async function compareCounts(world) {
  for (const person of world.members()) {
    const { room } = await person.must(200, 'GET', world.path);
    const mark = world.marks.get(person.id);
    const left = world.messages.filter(({ seq, deleted }) => seq > mark && !deleted);
    const wanted = {
      read: mark,
      unread: left.filter(({ from }) => from.id !== person.id).length,
      mentions: left.filter(({ mentions = [] }) => mentions.includes(person.id)).length,
    };
    assert.deepEqual({ read: room.read, unread: room.unread, mentions: room.mentions }, wanted, `counts of ${person.name}`);
  }
}

for (let seed = FIRST; seed <= LAST; seed++) {
  test(`seed_${seed}`, async () => {
    const world = new World(seed);
    await world.open();
    for (let i = 0; i < STEPS; i++) {
      try {
        await step(world);
        if (world.dice.throw(3) === 0) await compareCounts(world);
        if (world.dice.throw(20) === 0 || i === STEPS - 1) await compareViews(world);
      } catch (error) {
        error.message = `PROPERTY_SEED=${seed}, step ${i}: ${error.message}`;
        throw error;
      }
    }
    await compareCounts(world);
    assert.deepEqual(world.log.map(({ seq }) => seq), world.log.map((_, i) => i + 1));
    await Promise.all([world.live, world.back].map(({ connection }) => connection.close()));
  });
}
