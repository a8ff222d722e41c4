/* message_change: what becomes of a message, folded by the page as the server folds it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newKey, newName, signUp } from '../support/client.mjs';
import { Fold } from '../support/fold.mjs';
import { openSite } from '../support/site.mjs';

const site = await openSite();
after(() => site.close());
const { page } = await site.visitor();

/* Chance that comes again: a failure names its seed. */
function dice(seed) {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

/* A log of a few messages and all that people do to them. */
function makeLog(seed, entries) {
  const roll = dice(seed);
  const log = [1, 2, 3].map((seq) => ({
    type: 'message', seq, n: seq, at: seq * 10, room: 'r', from: { id: 'a' }, key: `k${seq}`, text: `${seq}`,
  }));
  const kinds = [
    () => ({ type: 'reaction', emoji: ['🌹', '🍀', '🐦'][roll(3)], op: roll(3) ? 'add' : 'remove' }),
    () => ({ type: 'reaction', emoji: '🌹', op: roll(2) ? 'add' : 'remove' }),
    () => ({ type: 'edited', text: `text ${roll(100)}`, ...(roll(2) && { mentions: ['b'] }) }),
    () => ({ type: 'pinned', op: roll(2) ? 'add' : 'remove' }),
    () => (roll(6) ? { type: 'room', title: 'x' } : { type: 'deleted' }),
  ];
  const uses = new Set();
  while (log.length < entries) {
    const seq = log.length + 1;
    const from = { id: ['me', 'a', 'b'][roll(3)] };
    const entry = { ...kinds[roll(kinds.length)](), seq, at: seq * 10, room: 'r', from };
    if (entry.type !== 'room') entry.target = 1 + roll(3);
    if (entry.type === 'reaction') { // the server tells only what makes a difference
      const use = `${entry.target} ${from.id} ${entry.emoji}`;
      if (uses.has(use) === (entry.op === 'add')) continue;
      if (entry.op === 'add') uses.add(use);
      else uses.delete(use);
    }
    log.push(entry);
  }
  return log;
}

const historyAt = (log, seq) => {
  const fold = new Fold();
  for (const entry of log.slice(0, seq)) fold.take(entry);
  return fold.history('me').map(({ type, ...message }) => message);
};

test('page_and_entry_in_any_order_give_what_the_servers_history_shows', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const log = makeLog(seed, 40);
    const heads = [3, 10, 25, 40];
    const given = heads.map((head) => ({ head, messages: historyAt(log, head) }));
    const shown = await page.evaluate(async ([pages, entries]) => {
      const { RoomLog } = await import('/js/model/room_log.js');
      return pages.map(({ head, messages }) => {
        const room = new RoomLog();
        room.open({ messages, first: 1, last: 3, more: false, seq: head }, head);
        for (const entry of entries) room.live({ ...entry, mine: entry.from.id === 'me' });
        for (const entry of entries) room.live({ ...entry, mine: entry.from.id === 'me' });
        return room.messages.map(({ folded, type, ...message }) => message);
      });
    }, [given, log]);
    const wanted = historyAt(log, log.length).map((message) => JSON.parse(JSON.stringify(message)));
    for (const [i, messages] of shown.entries()) {
      const bare = messages.map(({ reactions, ...rest }) => (reactions?.length ? { ...rest, reactions } : rest));
      assert.deepEqual(bare, wanted, `seed ${seed}, a page read at ${heads[i]}`);
    }
  }
});

test('a_wish_shows_at_once_and_is_never_counted_twice', async () => {
  const shown = await page.evaluate(async () => {
    const { changed, reactionsOf, unwished, wished } = await import('/js/model/change.js');
    const message = { seq: 1, reactions: [{ emoji: '🌹', count: 2, mine: false }] };
    const entry = (seq, op, mine) => ({ type: 'reaction', seq, target: 1, emoji: '🌹', op, mine });
    const look = (one) => reactionsOf(one).map(({ emoji, count, mine }) => `${emoji}${count}${mine ? '!' : ''}`).join();
    const hoped = wished(message, '🌹', 'add');
    const told = changed(hoped, entry(2, 'add', true));
    return [
      look(hoped),
      look(changed(hoped, entry(2, 'add', false))), // somebody else's: two more than before
      look(told),
      look(changed(told, entry(2, 'add', true))),
      look(unwished(hoped, '🌹')), // refused
      look(wished(told, '🌹', 'remove')),
      look(changed(wished(told, '🌹', 'remove'), entry(3, 'remove', true))),
      look(wished(message, '🍀', 'add')),
      'wishes' in told,
    ];
  });
  assert.deepEqual(shown, ['🌹3!', '🌹4!', '🌹3!', '🌹3!', '🌹2', '🌹2', '🌹2', '🌹2,🍀1!', false]);
});

test('the_page_says_of_a_page_of_history_how_far_it_is_folded', async () => {
  const grace = await signUp(site.stack.url);
  const { room } = await grace.must(201, 'POST', '/rooms', { name: newName(), kind: 'public' });
  const { seq } = await grace.post(room.id, 'one', newKey());
  await grace.must(204, 'PUT', `/rooms/${room.id}/messages/${seq}/reactions/${encodeURIComponent('🌹')}`);
  const read = await grace.must(200, 'GET', `/rooms/${room.id}/messages?before=${seq + 1}`);
  assert.equal(read.last, seq);
  assert.equal(read.seq, seq + 1, 'the reaction is newer than what the page covers, and in it');
});
