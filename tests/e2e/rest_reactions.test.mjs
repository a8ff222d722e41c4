/*
 * Reactions and pins: one of each user and emoji, as often as it is asked for; told live, folded
 * into history, bounded, and gone with their message.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { signUp } from '../support/client.mjs';
import { startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';

let stack, alice, bob, carol;

before(async () => {
  stack = await startStack({ set: { ...unhurried(),
    'limits.reactions_per_message': 3, 'limits.reaction_uses_per_message': 4, 'limits.pins_per_room': 2,
  } });
  [alice, bob, carol] = await Promise.all([1, 2, 3].map(() => signUp(stack.url)));
});
after(() => stack?.stop());

async function room() {
  const id = await alice.openRoom();
  await bob.join(id);
  return id;
}

const reaction = (method, person, id, { seq }, emoji) =>
  person.call(method, `/rooms/${id}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);
const react = (...all) => reaction('PUT', ...all);
const unreact = (...all) => reaction('DELETE', ...all);
const pin = (person, id, { seq }) => person.call('PUT', `/rooms/${id}/pins/${seq}`);
const unpin = (person, id, { seq }) => person.call('DELETE', `/rooms/${id}/pins/${seq}`);
const pins = async (person, id) => (await person.must(200, 'GET', `/rooms/${id}/pins`)).messages;
const show = async (person, id, { seq }) => (await person.must(200, 'GET', `/rooms/${id}/messages/${seq}`)).message;
const end = async (id) => (await alice.must(200, 'GET', `/rooms/${id}`)).room.seq;

async function done(answer) {
  const { status, text } = await answer;
  assert.equal(status, 204, text);
}

async function refused(answer, status, code) {
  const { status: got, body, text } = await answer;
  assert.equal(got, status, text);
  assert.equal(body.code, code);
}

describe('a reaction', () => {
  test('is_counted_once_a_user_in_the_order_of_first_use_and_told', async () => {
    const id = await room();
    const device = await bob.connect();
    const message = await alice.post(id);
    await done(react(alice, id, message, '🌹'));
    await done(react(bob, id, message, '❤'));
    await done(react(bob, id, message, '❤\uFE0F'));
    await done(react(bob, id, message, '🌹'));
    await done(react(bob, id, message, '🌹'));
    assert.equal(await end(id), message.seq + 3);
    const heart = { emoji: '❤\uFE0F', count: 1 };
    assert.deepEqual((await show(bob, id, message)).reactions, [{ emoji: '🌹', count: 2, mine: true }, { ...heart, mine: true }]);
    assert.deepEqual((await show(alice, id, message)).reactions, [{ emoji: '🌹', count: 2, mine: true }, { ...heart, mine: false }]);
    const { at, from, ...entry } = await device.entry(id, message.seq + 2);
    assert.deepEqual(entry, {
      type: 'reaction', seq: message.seq + 2, n: 1, room: id, target: message.seq, emoji: '❤\uFE0F', op: 'add',
    });
    assert.equal(from.id, bob.id);
    await done(unreact(alice, id, message, '🌹'));
    await done(unreact(bob, id, message, '🌹'));
    await done(unreact(bob, id, message, '🌹'));
    assert.deepEqual((await show(alice, id, message)).reactions, [{ ...heart, mine: false }]);
    await done(unreact(bob, id, message, '❤'));
    assert.deepEqual(await show(alice, id, message), message);
    assert.equal(await stack.redis('EXISTS', `{r:${id}}:fold`), '0');
    assert.equal((await device.entry(id, message.seq + 6)).op, 'remove');
    await device.close();
  });

  test('of_many_at_once_loses_none', async () => {
    const id = await room();
    const message = await alice.post(id);
    await Promise.all([alice, bob].flatMap((person) => ['🌹', '🍀'].flatMap((emoji) =>
      Array.from({ length: 4 }, () => done(react(person, id, message, emoji))))));
    const { reactions } = await show(alice, id, message);
    assert.deepEqual(reactions.map(({ count }) => count), [2, 2]);
    assert.equal(await end(id), message.seq + 4);
  });

  test('is_bounded_in_emoji_and_in_uses', async () => {
    const id = await room();
    const message = await alice.post(id);
    for (const emoji of ['🌹', '🍀', '🐦']) await done(react(alice, id, message, emoji));
    await refused(react(alice, id, message, '🌊'), 409, 'limit_reached');
    await done(react(bob, id, message, '🌹'));
    await refused(react(bob, id, message, '🍀'), 409, 'limit_reached');
    await done(react(bob, id, message, '🌹'));
  });

  test('that_is_no_emoji_or_at_no_message_is_404', async () => {
    const id = await room();
    const message = await alice.post(id);
    for (const emoji of ['a', '1', '🌹🌹', '🌹 ', '%', '<b>', '你', 'x'.repeat(300)]) {
      await refused(react(alice, id, message, emoji), 404, 'not_found');
    }
    for (const seq of [1, 2, 99, 'x']) await refused(react(alice, id, { seq }, '🌹'), 404, 'not_found');
    await done(alice.call('DELETE', `/rooms/${id}/messages/${message.seq}`));
    await refused(react(alice, id, message, '🌹'), 404, 'not_found');
  });

  test('is_for_members_who_are_not_muted', async () => {
    const id = await room();
    const message = await alice.post(id);
    await refused(react(carol, id, message, '🌹'), 403, 'forbidden');
    await stack.redis('HSET', `{r:${id}}:room`, 'kind', 'private');
    await refused(react(carol, id, message, '🌹'), 404, 'not_found');
    await stack.redis('HSET', `{r:${id}}:mutes`, bob.id, '0');
    await refused(react(bob, id, message, '🌹'), 403, 'forbidden');
    await refused(unreact(bob, id, message, '🌹'), 403, 'forbidden');
  });
});

describe('a pin', () => {
  test('is_there_once_and_told', async () => {
    const id = await room();
    const device = await alice.connect();
    const [first, second] = [await alice.post(id), await bob.post(id)];
    for (const message of [first, second, first]) await done(pin(bob, id, message));
    assert.deepEqual(await pins(alice, id), [{ ...second, pinned: true }, { ...first, pinned: true }]);
    assert.deepEqual(await show(alice, id, first), { ...first, pinned: true });
    const { type, op, target } = await device.entry(id, second.seq + 2);
    assert.deepEqual([type, op, target], ['pinned', 'add', second.seq]);
    await done(unpin(alice, id, first));
    await done(unpin(alice, id, first));
    assert.equal((await device.entry(id, second.seq + 3)).op, 'remove');
    assert.equal(await end(id), second.seq + 3);
    assert.deepEqual(await pins(alice, id), [{ ...second, pinned: true }]);
    assert.deepEqual(await show(alice, id, first), first);
    await done(alice.call('DELETE', `/rooms/${id}/messages/${second.seq}`));
    assert.deepEqual(await pins(alice, id), []);
    await device.close();
  });

  test('is_bounded_and_for_members_who_are_not_muted', async () => {
    const id = await room();
    const messages = [await alice.post(id), await alice.post(id), await alice.post(id)];
    await refused(pin(carol, id, messages[0]), 403, 'forbidden');
    await refused(carol.call('GET', `/rooms/${id}/pins`), 403, 'forbidden');
    await done(pin(alice, id, messages[0]));
    await done(pin(alice, id, messages[1]));
    await refused(pin(alice, id, messages[2]), 409, 'limit_reached');
    await stack.redis('HSET', `{r:${id}}:mutes`, bob.id, '0');
    await refused(unpin(bob, id, messages[0]), 403, 'forbidden');
    assert.equal((await pins(bob, id)).length, 2);
    for (const seq of [1, 99, 'x']) await refused(pin(alice, id, { seq }), 404, 'not_found');
  });
});
