/*
 * What becomes of a message after it was sent: edited by its author, deleted by whoever may, read
 * alone. A text that was deleted is nowhere in Redis any more, and whoever resumes across any of it
 * holds what those hold who load the room anew.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newKey, newText, signUp } from '../support/client.mjs';
import { startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';

let stack, alice, bob, carol, admin;

before(async () => {
  stack = await startStack({ set: { ...unhurried(), 'limits.edits_per_message': 3 } });
  [alice, bob, carol, admin] = await Promise.all([1, 2, 3, 4].map(() => signUp(stack.url)));
  await stack.redis('HSET', `{u:${admin.id}}:user`, 'role', 'admin');
});
after(() => stack?.stop());

/* Alice's room, Bob in it too. */
async function room(kind = 'public') {
  const id = await alice.openRoom();
  await bob.join(id);
  await stack.redis('HSET', `{r:${id}}:room`, 'kind', kind);
  return id;
}

const at = (id, { seq }) => `/rooms/${id}/messages/${seq}`;
const edit = (person, id, message, text = newText()) => person.call('PATCH', at(id, message), { text });
const erase = (person, id, message) => person.call('DELETE', at(id, message));
const show = async (person, id, message) => (await person.must(200, 'GET', at(id, message))).message;
const history = async (person, id) => (await person.must(200, 'GET', `/rooms/${id}/messages`)).messages;
const view = async (person, id) => (await person.must(200, 'GET', `/rooms/${id}`)).room;

function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
}

/* All that Redis holds, as one text. */
async function dump() {
  const keys = (await stack.redis('--raw', 'KEYS', '*')).split('\n');
  const kinds = { string: ['GET'], hash: ['HGETALL'], stream: ['XRANGE', '-', '+'], zset: ['ZRANGE', '0', '-1'], list: ['LRANGE', '0', '-1'], set: ['SMEMBERS'] };
  const texts = await Promise.all(keys.map(async (key) => {
    const [command, ...rest] = kinds[await stack.redis('TYPE', key)] ?? ['EXISTS'];
    return stack.redis('--raw', command, key, ...rest);
  }));
  return [...keys, ...texts].join('\n');
}

describe('an edit', () => {
  test('is_seen_in_history_alone_in_the_list_of_rooms_and_live', async () => {
    const id = await room();
    const device = await bob.connect();
    const message = await alice.post(id);
    const text = 'another "text"/\\ with 引号 \u2028 👩‍👩‍👧';
    const answer = await edit(alice, id, message, text);
    assert.equal(answer.status, 200);
    const { edited_at, ...rest } = answer.body.message;
    assert.deepEqual(rest, { ...message, text });
    const entry = await device.next('edited');
    assert.deepEqual(entry, {
      type: 'edited', seq: message.seq + 1, n: 1, at: edited_at, room: id, from: message.from, target: message.seq, text,
    });
    for (const seen of [await show(bob, id, message), (await history(bob, id))[0], (await view(bob, id)).last]) {
      assert.deepEqual(seen, answer.body.message);
    }
    await device.close();
  });

  test('is_for_the_author_alone', async () => {
    const id = await room();
    const message = await bob.post(id);
    refused(await edit(alice, id, message), 403, 'forbidden');
    refused(await edit(admin, id, message), 403, 'forbidden');
    refused(await edit(carol, id, message), 403, 'forbidden');
    await stack.redis('HSET', `{r:${id}}:room`, 'kind', 'private');
    refused(await edit(carol, id, message), 404, 'not_found');
    assert.equal((await show(bob, id, message)).edited_at, undefined);
  });

  test('of_what_is_no_message_is_404', async () => {
    const id = await room();
    for (const seq of ['1', '2', '99', '0', '-1', 'x', '1.5', '99999999999999999999']) {
      for (const [method, body] of [['PATCH', { text: 'x' }], ['DELETE'], ['GET']]) {
        refused(await alice.call(method, `/rooms/${id}/messages/${seq}`, body), 404, 'not_found');
      }
    }
  });

  test('takes_the_texts_that_sending_takes', async () => {
    const id = await room();
    const message = await alice.post(id);
    for (const text of ['', ' ', 'x'.repeat(4001), '\u0007', 1]) refused(await edit(alice, id, message, text), 422, 'invalid');
    assert.equal((await edit(alice, id, message, 'x'.repeat(4000))).status, 200);
  });

  test('beyond_the_limit_is_refused', async () => {
    const id = await room();
    const message = await alice.post(id);
    for (let i = 0; i < 3; i++) assert.equal((await edit(alice, id, message)).status, 200);
    refused(await edit(alice, id, message), 409, 'limit_reached');
  });

  test('is_for_nobody_who_is_muted', async () => {
    const id = await room();
    const message = await bob.post(id);
    const mute = (until) => stack.redis('HSET', `{r:${id}}:mutes`, bob.id, `${until}`);
    for (const until of [0, Date.now() + 60_000]) {
      await mute(until);
      refused(await edit(bob, id, message), 403, 'forbidden');
    }
    await mute(Date.now() - 1000);
    assert.equal((await edit(bob, id, message)).status, 200);
    await mute(0);
    assert.equal((await erase(bob, id, message)).status, 204);
  });
});

describe('a deletion', () => {
  test('leaves_the_number_and_nothing_of_the_text', async () => {
    const id = await room();
    const [secret, edited] = [`secret${newKey()}`, `edited${newKey()}`];
    const message = await alice.post(id, secret);
    await edit(alice, id, message, edited);
    const next = await alice.post(id);
    assert.equal((await erase(alice, id, message)).status, 204);
    const { text, key, ...head } = message;
    const tombstone = { ...head, deleted: true };
    assert.deepEqual(await show(bob, id, message), tombstone);
    assert.deepEqual(await history(bob, id), [tombstone, next]);
    const all = await dump();
    assert.ok(!all.includes(secret) && !all.includes(edited));
    assert.ok(all.includes(next.text));
  });

  test('is_for_author_moderator_owner_and_site_admin', async () => {
    const id = await room('private');
    const messages = [];
    for (let i = 0; i < 4; i++) messages.push(await bob.post(id));
    refused(await erase(carol, id, messages[0]), 404, 'not_found');
    await stack.redis('HSET', `{r:${id}}:room`, 'kind', 'public');
    refused(await erase(carol, id, messages[0]), 403, 'forbidden');
    await carol.join(id);
    refused(await erase(carol, id, messages[0]), 403, 'forbidden');
    const member = JSON.parse(await stack.redis('HGET', `{r:${id}}:members`, carol.id));
    await stack.redis('HSET', `{r:${id}}:members`, carol.id, JSON.stringify({ ...member, role: 'moderator' }));
    for (const [i, who] of [carol, alice, bob, admin].entries()) assert.equal((await erase(who, id, messages[i])).status, 204);
    assert.ok((await history(alice, id)).every(({ deleted }) => deleted));
  });

  test('twice_is_as_once', async () => {
    const id = await room();
    const message = await alice.post(id);
    const answers = await Promise.all(Array.from({ length: 8 }, () => erase(alice, id, message)));
    assert.ok(answers.every(({ status }) => status === 204));
    assert.equal((await view(alice, id)).seq, message.seq + 1);
    refused(await edit(alice, id, message), 404, 'not_found');
  });

  test('and_an_edit_at_the_same_instant_end_in_the_deletion', async () => {
    const id = await room();
    for (let round = 0; round < 20; round++) {
      const secret = `secret${newKey()}`;
      const message = await alice.post(id);
      const [edited, deleted] = await Promise.all([edit(alice, id, message, secret), erase(alice, id, message)]);
      assert.ok([200, 404].includes(edited.status) && deleted.status === 204);
      assert.equal((await show(bob, id, message)).deleted, true);
      assert.ok(!(await stack.redis('--raw', 'XRANGE', `{r:${id}}:log`, '-', '+')).includes(secret));
      assert.ok(!(await stack.redis('--raw', 'HGETALL', `{r:${id}}:fold`)).includes(secret));
    }
  });

  test('of_the_newest_shows_in_the_list_of_rooms_and_a_repeat_of_its_key_gives_it', async () => {
    const id = await room();
    const message = await alice.post(id);
    await erase(alice, id, message);
    assert.deepEqual((await view(bob, id)).last, await show(bob, id, message));
    const again = await alice.call('POST', `/rooms/${id}/messages`, { text: 'again', key: message.key });
    assert.equal(again.status, 200);
    assert.deepEqual(again.body.message, await show(bob, id, message));
  });

  test('is_not_unread_any_more_for_anybody', async () => {
    const id = await room();
    const unread = async () => [(await view(alice, id)).unread, (await view(bob, id)).unread];
    const messages = [];
    for (const who of [alice, bob, alice, bob]) messages.push(await who.post(id));
    assert.deepEqual(await unread(), [2, 2]);
    await erase(alice, id, messages[0]);
    assert.deepEqual(await unread(), [2, 1]);
    await erase(alice, id, messages[1]); // Bob's own
    assert.deepEqual(await unread(), [1, 1]);
    await bob.must(204, 'PUT', `/rooms/${id}/read`, { seq: messages[1].seq });
    assert.deepEqual(await unread(), [1, 1]);
    await erase(alice, id, messages[2]);
    await erase(alice, id, messages[3]);
    assert.deepEqual(await unread(), [0, 0]);
    await alice.post(id);
    assert.deepEqual(await unread(), [0, 1]);
  });
});

describe('across edits and deletions', () => {
  test('a_client_that_resumes_gets_tombstones_in_their_places', async () => {
    const id = await room();
    const messages = [];
    for (let i = 0; i < 6; i++) messages.push(await alice.post(id));
    await edit(alice, id, messages[1]);
    for (const i of [1, 2, 5]) await erase(alice, id, messages[i]);
    const device = await bob.connect({ cursors: { [id]: 2 } });
    const { seq } = await device.next('caught_up');
    const entries = device.of(id).filter((frame) => 'at' in frame);
    assert.deepEqual(entries.map((entry) => entry.seq), Array.from({ length: seq - 2 }, (_, i) => i + 3));
    const bare = entries.filter(({ deleted }) => deleted);
    assert.deepEqual(bare.map(({ type }) => type), ['message', 'message', 'message', 'edited']);
    assert.ok(bare.every((entry) => !('text' in entry)));
    await device.close();
  });

  test('the_daemon_forgets_what_was_erased', async () => {
    const id = await room();
    const live = await alice.connect();
    const secret = newText();
    const message = await alice.post(id, secret);
    await alice.post(id);
    await erase(alice, id, message);
    await live.next('deleted');
    const device = await bob.connect({ cursors: { [id]: 2 } });
    await device.next('caught_up');
    assert.ok(!device.texts.join().includes(secret));
    await Promise.all([live.close(), device.close()]);
  });

  test('pages_of_any_size_show_each_message_once', async () => {
    const id = await room();
    const messages = [];
    for (let i = 0; i < 12; i++) messages.push(await alice.post(id));
    for (const i of [0, 3, 4, 5, 6, 11]) await erase(alice, id, messages[i]);
    const wanted = messages.map(({ seq }) => seq);
    for (const limit of [1, 2, 5, 200]) {
      const [back, forth] = [[], []];
      for (let query = '', more = true; more; ) {
        const page = await alice.must(200, 'GET', `/rooms/${id}/messages?limit=${limit}${query}`);
        back.unshift(...page.messages.map(({ seq }) => seq));
        ({ more } = page);
        query = `&before=${page.first}`;
      }
      for (let place = 0, more = true; more; ) {
        const page = await alice.must(200, 'GET', `/rooms/${id}/messages?limit=${limit}&after=${place}`);
        forth.push(...page.messages.map(({ seq }) => seq));
        ({ more, last: place } = page);
      }
      assert.deepEqual([back, forth], [wanted, wanted], `limit ${limit}`);
    }
  });
});

describe('around', () => {
  test('a_message_there_are_as_many_on_both_sides', async () => {
    const id = await room();
    for (let i = 0; i < 10; i++) await alice.post(id); // seq 3..12
    const rows = [
      ['around=7&limit=4', [6, 7, 8, 9], 6, 9, true, true], ['around=7&limit=1', [7], 7, 7, true, false],
      ['around=3&limit=4', [3, 4, 5], 1, 5, false, true], ['around=12&limit=4', [11, 12], 11, 12, true, false],
      ['around=99&limit=2', [12], 12, 12, true, false], ['around=1&limit=2', [3], 1, 3, false, true],
      ['around=7', [3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 1, 12, false, false],
    ];
    for (const [query, seqs, first, last, more, more_after] of rows) {
      const page = await bob.must(200, 'GET', `/rooms/${id}/messages?${query}`);
      assert.deepEqual({ ...page, messages: page.messages.map(({ seq }) => seq) }, { messages: seqs, first, last, more, more_after, seq: 12 }, query);
    }
    for (const query of ['around=0', 'around=3&before=5', 'around=3&after=5']) {
      refused(await bob.call('GET', `/rooms/${id}/messages?${query}`), 422, 'invalid');
    }
  });
});
