/*
 * Mentions and replies: found anywhere in a text, only of those who may see the room, counted until
 * read, told on every device; taken back and put in by edits.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Person, newKey, signUp } from '../support/client.mjs';
import { startStack } from '../support/stack.mjs';

let stack, alice, bob, carol, zhang;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0, 'limits.rooms_per_hour': 0 } });
  [alice, bob, carol] = await Promise.all([1, 2, 3].map(() => signUp(stack.url)));
  zhang = await new Person(stack.url, { name: '张三' }).signUp().then((person) => person.signIn());
  await new Person(stack.url, { name: '张三丰' }).signUp();
});
after(() => stack?.stop());

async function room(kind = 'public') {
  const id = await alice.openRoom();
  await Promise.all([bob.join(id), zhang.join(id)]);
  await stack.redis('HSET', `{r:${id}}:room`, 'kind', kind);
  return id;
}

const mentions = async (person, id) => (await person.must(200, 'GET', `/rooms/${id}`)).room.mentions;
const edit = async (person, id, { seq }, text) => (await person.must(200, 'PATCH', `/rooms/${id}/messages/${seq}`, { text })).message;
const read = (person, id, seq) => person.must(204, 'PUT', `/rooms/${id}/read`, { seq });
const erase = (person, id, { seq }) => person.must(204, 'DELETE', `/rooms/${id}/messages/${seq}`);
const show = async (person, id, { seq }) => (await person.must(200, 'GET', `/rooms/${id}/messages/${seq}`)).message;

describe('a mention', () => {
  test('is_in_the_entry_counted_and_told_on_every_device', async () => {
    const id = await room();
    const devices = [await bob.connect(), await bob.connect()];
    devices[1].say({ type: 'unsubscribe', rooms: [id] });
    await devices[1].sync();
    const message = await alice.post(id, `hi @${bob.name.toUpperCase()}, and once more @${bob.name}`);
    assert.deepEqual(message.mentions, [bob.id]);
    for (const device of devices) {
      assert.deepEqual(await device.next('mention'), { type: 'mention', seq: message.seq, room: id, from: message.from });
      await device.close();
    }
    assert.deepEqual([await mentions(bob, id), await mentions(zhang, id), await mentions(alice, id)], [1, 0, 0]);
    await read(bob, id, message.seq);
    assert.equal(await mentions(bob, id), 0);
    assert.equal(await stack.redis('EXISTS', `{r:${id}}:mention:${bob.id}`), '0');
  });

  test('is_told_whatever_they_are_called_who_write_it', async () => {
    for (const display of ['x"},', '"},"', 'x\\"},', '"},"text":"x', 'x,"key":"', '{"id":"']) {
      const [id, eve] = [await room(), await signUp(stack.url, { display })];
      await eve.join(id);
      const device = await bob.connect();
      const message = await eve.post(id, `@${bob.name}`);
      assert.equal(message.from.display, display);
      assert.deepEqual(await device.next('mention'), { type: 'mention', seq: message.seq, room: id, from: message.from });
      await edit(eve, id, message, 'no longer');
      await edit(eve, id, message, `@${bob.name} again`);
      assert.deepEqual((await device.next('mention')).from, message.from);
      await device.close();
    }
    assert.doesNotMatch(stack.log('pushd'), /event_not_understood/);
  });

  test('stands_between_chinese_characters_and_the_longest_name_is_meant', async () => {
    const id = await room();
    assert.deepEqual((await alice.post(id, '你好@张三你在吗')).mentions, [zhang.id]);
    const longer = (await alice.post(id, '请问@张三丰在吗')).mentions;
    assert.ok(longer.length === 1 && longer[0] !== zhang.id);
    assert.equal(await mentions(zhang, id), 1);
  });

  test('of_nobody_of_oneself_and_in_an_address_is_none', async () => {
    const id = await room();
    for (const text of ['@nobodyatall', `@${alice.name}`, `mail me@${bob.name}.org`]) {
      assert.equal((await alice.post(id, text)).mentions, undefined);
    }
  });

  test('of_who_is_not_in_the_room_is_told_where_it_is_public_and_nothing_where_it_is_not', async () => {
    const [open, hidden] = [await room(), await room('private')];
    const device = await carol.connect();
    assert.equal((await alice.post(hidden, `@${carol.name}`)).mentions, undefined);
    const message = await alice.post(open, `@${carol.name}`);
    assert.deepEqual(message.mentions, [carol.id]);
    assert.equal((await device.next('mention')).room, open);
    await carol.join(open);
    assert.equal(await mentions(carol, open), 0);
    await device.close();
  });

  test('comes_and_goes_with_edits_and_with_the_message', async () => {
    const id = await room();
    const message = await alice.post(id, `@${bob.name}`);
    const device = await zhang.connect();
    const edited = await edit(alice, id, message, '@张三');
    assert.deepEqual(edited.mentions, [zhang.id]);
    assert.equal((await device.next('mention')).seq, message.seq);
    assert.deepEqual([await mentions(bob, id), await mentions(zhang, id)], [0, 1]);
    assert.equal((await edit(alice, id, message, 'nobody')).mentions, undefined);
    assert.equal((await show(bob, id, message)).mentions, undefined);
    assert.equal(await mentions(zhang, id), 0);
    await edit(alice, id, message, `@张三 @${bob.name}`);
    await read(bob, id, message.seq);
    await edit(alice, id, message, `@张三 @${bob.name}!`);
    assert.deepEqual([await mentions(bob, id), await mentions(zhang, id)], [0, 1]);
    await erase(alice, id, message);
    assert.equal(await mentions(zhang, id), 0);
    await device.close();
  });

  test('is_forgotten_by_who_leaves', async () => {
    const id = await room();
    await alice.post(id, `@${bob.name}`);
    await bob.must(204, 'DELETE', `/rooms/${id}/members/me`);
    await bob.join(id);
    assert.equal(await mentions(bob, id), 0);
  });

  test('is_of_20_at_most', async () => {
    const id = await room();
    const crowd = await Promise.all(Array.from({ length: 22 }, () => signUp(stack.url)));
    const { mentions: told } = await alice.post(id, crowd.map(({ name }) => `@${name}`).join(' '));
    assert.deepEqual(told, crowd.slice(0, 20).map((person) => person.id));
  });
});

describe('a reply', () => {
  const reply = (person, id, reply_to) => person.call('POST', `/rooms/${id}/messages`, { text: 'indeed', key: newKey(), reply_to });

  test('names_the_message', async () => {
    const id = await room();
    const message = await alice.post(id);
    const answer = await reply(bob, id, message.seq);
    assert.equal(answer.status, 201);
    assert.equal(answer.body.message.reply_to, message.seq);
    assert.deepEqual(await show(alice, id, answer.body.message), answer.body.message);
  });

  test('to_what_is_no_message_is_422', async () => {
    const id = await room();
    const message = await alice.post(id);
    await erase(alice, id, message);
    for (const seq of [1, message.seq, message.seq + 5, 0, -1, '3']) {
      const { status, body } = await reply(bob, id, seq);
      assert.equal(status, 422);
      assert.equal(body.errors[0].field, 'reply_to');
    }
  });
});
