/*
 * Who may be in a room, as what, and who may speak there: invitations, roles, putting out, bans and
 * mutes; and what is told to the connections meanwhile. For who may do which of it see rest_roles.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newKey, newText, signUp } from '../support/client.mjs';
import { startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

let stack, alice, bob, carol, boss;

before(async () => {
  stack = await startStack({ set: {
    ...unhurried(), 'http.threads': 32,
  } });
  [alice, bob, carol, boss] = await Promise.all([1, 2, 3, 4].map(() => signUp(stack.url)));
  await stack.redis('hset', `{u:${boss.id}}:user`, 'role', 'admin');
});
after(() => stack?.stop());

function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
}

const member = (room, person) => `/rooms/${room}/members/${person.id}`;
const ban = (room, person) => `/rooms/${room}/bans/${person.id}`;
const mute = (room, person) => `/rooms/${room}/mutes/${person.id}`;
const isListed = async (person, room) => (await person.must(200, 'GET', '/rooms')).rooms.some(({ id }) => id === room);
const rolesIn = async (room, person = alice) => {
  const { members } = await person.must(200, 'GET', `/rooms/${room}/members?limit=200`);
  return Object.fromEntries(members.map(({ user, role }) => [user.id, role]));
};

/* A room of alice's, with others in it as the roles say. */
async function roomOf(kind, others = []) {
  const room = await alice.openRoom(kind);
  for (const [person, role] of others) await alice.must(201, 'PUT', member(room, person), { role });
  return room;
}

describe('an invitation', () => {
  test('brings_a_person_into_a_private_room_and_tells_all_devices', async () => {
    const room = await roomOf('private');
    await alice.post(room);
    const [owner, own] = [await alice.connect(), await bob.connect()];
    const { member: one } = await alice.must(201, 'PUT', member(room, bob));
    assert.deepEqual([one.user.id, one.role, one.read], [bob.id, 'member', 3]);
    assert.equal((await own.next('joined')).room, room);
    const entry = await owner.entry(room, 3);
    assert.deepEqual([entry.op, entry.from.id, entry.user.id, entry.role], ['joined', alice.id, bob.id, undefined]);
    const { seq } = await alice.post(room);
    await own.entry(room, seq);
    assert.ok(await isListed(bob, room));
    await bob.post(room);
    assert.deepEqual((await alice.must(200, 'PUT', member(room, bob))).member, one);
    await Promise.all([owner.close(), own.close()]);
  });

  test('may_name_a_role_which_the_entry_tells', async () => {
    const room = await roomOf('private');
    const own = await alice.connect();
    const { member: one } = await alice.must(201, 'PUT', member(room, bob), { role: 'moderator' });
    assert.equal(one.role, 'moderator');
    assert.equal((await own.entry(room, 2)).role, 'moderator');
    await own.close();
  });

  test('of_nobody_is_404_and_of_another_role_422', async () => {
    const room = await roomOf('private');
    refused(await alice.call('PUT', `/rooms/${room}/members/nosuchuser`), 404, 'not_found');
    refused(await alice.call('PUT', `/rooms/${room}/members/no%20user`), 404, 'not_found');
    refused(await alice.call('PUT', member(room, bob), { role: 'king' }), 422, 'invalid');
    refused(await alice.call('PUT', member(room, bob), '['), 400, 'bad_json');
  });

  test('of_somebody_in_a_thousand_rooms_is_403', async () => {
    const room = await roomOf('private');
    const person = await signUp(stack.url);
    await stack.redis('eval', `for i = 1, 999 do redis.call('hset', KEYS[1], 'room' .. i, 1) end`, '1', `{u:${person.id}}:rooms`);
    refused(await alice.call('PUT', member(room, person)), 403, 'forbidden');
  });
});

describe('a role', () => {
  test('is_given_by_an_owner_and_told_by_an_entry', async () => {
    const room = await roomOf('public', [[bob, 'member']]);
    const own = await bob.connect({ cursors: { [room]: 0 } });
    const { member: one } = await alice.must(200, 'PUT', member(room, bob), { role: 'moderator' });
    assert.equal(one.role, 'moderator');
    const entry = await own.next((frame) => frame.op === 'role');
    assert.deepEqual([entry.room, entry.from.id, entry.user.id, entry.role], [room, alice.id, bob.id, 'moderator']);
    assert.equal((await bob.must(200, 'GET', `/rooms/${room}`)).room.role, 'moderator');
    const { room: { seq } } = await bob.must(200, 'GET', `/rooms/${room}`);
    await alice.must(200, 'PUT', member(room, bob), { role: 'moderator' });
    assert.equal((await bob.must(200, 'GET', `/rooms/${room}`)).room.seq, seq, 'what is so already is no entry');
    await own.close();
  });

  test('of_an_owner_is_handed_over', async () => {
    const room = await roomOf('private', [[bob, 'member']]);
    refused(await alice.call('PUT', member(room, alice), { role: 'member' }), 409, 'last_owner');
    refused(await alice.call('DELETE', `/rooms/${room}/members/me`), 409, 'last_owner');
    await alice.must(200, 'PUT', member(room, bob), { role: 'owner' });
    refused(await alice.call('PUT', member(room, bob), { role: 'member' }), 403, 'forbidden');
    await alice.must(200, 'PUT', member(room, alice), { role: 'moderator' });
    assert.deepEqual(await rolesIn(room), { [alice.id]: 'moderator', [bob.id]: 'owner' });
    await alice.must(204, 'DELETE', `/rooms/${room}/members/me`);
    assert.ok(!(await isListed(alice, room)));
  });

  test('of_two_owners_who_leave_at_once_one_stays', async () => {
    for (let round = 0; round < 10; round++) {
      const room = await roomOf('private', [[bob, 'owner'], [carol, 'member']]);
      const answers = await Promise.all([alice, bob].map((person) => person.call('DELETE', `/rooms/${room}/members/me`)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 409], `round ${round}`);
      const stayed = answers[0].status === 409 ? alice : bob;
      assert.equal((await rolesIn(room, carol))[stayed.id], 'owner');
      assert.ok(await isListed(stayed, room), `round ${round}: the owner has lost the room from the list`);
    }
  });

  test('is_laid_down_by_a_moderator_alone', async () => {
    const room = await roomOf('private', [[bob, 'moderator']]);
    refused(await bob.call('PUT', member(room, bob), { role: 'owner' }), 403, 'forbidden');
    assert.equal((await bob.must(200, 'PUT', member(room, bob), { role: 'member' })).member.role, 'member');
    refused(await bob.call('PUT', member(room, bob), { role: 'moderator' }), 403, 'forbidden');
  });
});

describe('leaving', () => {
  test('as_the_last_one_deletes_the_room', async () => {
    for (const kind of ['public', 'private']) {
      const room = await alice.openRoom(kind);
      await alice.must(204, 'DELETE', `/rooms/${room}/members/me`);
      refused(await alice.call('GET', `/rooms/${room}`), 404, 'not_found');
      const left = (await stack.redis('keys', `{r:${room}}:*`)).split('\n').filter(Boolean);
      assert.deepEqual(left.filter((key) => !key.includes(':rate:')), []); // these last for their window
    }
  });

  test('while_another_joins_ends_with_both_or_with_none', async () => {
    for (let round = 0; round < 10; round++) {
      const room = await alice.openRoom();
      const [left, joined] = await Promise.all([
        alice.call('DELETE', `/rooms/${room}/members/me`), bob.call('PUT', `/rooms/${room}/members/me`)]);
      const outcome = `${left.status} ${joined.status}`;
      assert.ok(['204 404', '409 201'].includes(outcome), outcome);
      const there = outcome === '409 201';
      for (const person of [alice, bob]) assert.equal(await isListed(person, room), there, outcome);
    }
  });
});

describe('putting out', () => {
  test('ends_what_the_person_hears_and_nothing_else_of_his', async () => {
    const room = await roomOf('private', [[bob, 'member']]);
    const [owner, own] = [await alice.connect(), await bob.connect()];
    await alice.must(204, 'DELETE', member(room, bob));
    const entry = await owner.next((frame) => frame.op === 'kicked');
    assert.deepEqual([entry.from.id, entry.user.id], [alice.id, bob.id]);
    assert.equal((await own.next('left')).room, room);
    const { seq } = await alice.post(room);
    await owner.entry(room, seq);
    await own.sync();
    assert.ok(own.of(room).every((frame) => !(frame.seq > entry.seq)));
    refused(await bob.call('GET', `/rooms/${room}/messages`), 404, 'not_found');
    assert.ok(!(await isListed(bob, room)));
    refused(await alice.call('DELETE', member(room, bob)), 404, 'not_found');
    await Promise.all([owner.close(), own.close()]);
  });

  test('is_no_ban', async () => {
    const room = await roomOf('public', [[bob, 'member']]);
    await alice.must(204, 'DELETE', member(room, bob));
    await bob.join(room);
  });

  test('out_of_the_default_room_is_a_ban_or_nothing', async () => {
    const person = await signUp(stack.url);
    refused(await boss.call('DELETE', member('lobby', person)), 403, 'forbidden');
    await boss.must(204, 'PUT', ban('lobby', person));
    assert.ok(!(await isListed(person, 'lobby')));
    assert.equal(await isListed(await person.anotherDevice(), 'lobby'), false);
    await boss.must(204, 'DELETE', ban('lobby', person));
    assert.equal(await isListed(await person.anotherDevice(), 'lobby'), true);
  });
});

describe('a ban', () => {
  test('puts_out_and_outlives_leaving_and_rejoining_until_it_is_lifted', async () => {
    const room = await roomOf('public', [[bob, 'member']]);
    const own = await bob.connect({ cursors: { [room]: 0 } });
    await alice.must(204, 'PUT', ban(room, bob));
    assert.equal((await own.next((frame) => frame.op === 'banned')).user.id, bob.id);
    assert.equal((await own.next('left')).room, room);
    refused(await bob.call('PUT', `/rooms/${room}/members/me`), 403, 'forbidden');
    refused(await bob.call('POST', `/rooms/${room}/messages`, { text: 'x', key: newKey() }), 403, 'forbidden');
    refused(await alice.call('PUT', member(room, bob)), 403, 'forbidden');
    await alice.must(204, 'PUT', ban(room, bob));
    await alice.must(204, 'DELETE', ban(room, bob));
    await alice.must(204, 'DELETE', ban(room, bob));
    await bob.join(room);
    await own.close();
  });

  test('of_who_was_never_in_keeps_him_out_and_is_no_entry', async () => {
    const room = await roomOf('public');
    await alice.must(204, 'PUT', ban(room, carol));
    refused(await carol.call('PUT', `/rooms/${room}/members/me`), 403, 'forbidden');
    assert.equal((await alice.must(200, 'GET', `/rooms/${room}`)).room.seq, 1);
    refused(await alice.call('PUT', `/rooms/${room}/bans/nosuchuser`), 404, 'not_found');
  });

  test('is_listed_page_by_page_for_who_moderates', async () => {
    const room = await roomOf('public', [[bob, 'moderator']]);
    const people = await inParallel(4, Array.from({ length: 5 }), () => signUp(stack.url));
    for (const person of people) await bob.must(204, 'PUT', ban(room, person));
    const seen = [];
    for (let cursor = ''; cursor !== null;) {
      const { bans, next } = await alice.must(200, 'GET', `/rooms/${room}/bans?limit=2${cursor}`);
      seen.push(...bans);
      cursor = next && `&cursor=${next}`;
    }
    assert.deepEqual(seen.map(({ user }) => user.id), people.map(({ id }) => id).sort());
    assert.ok(seen.every(({ by, at }) => by === bob.id && Math.abs(Date.now() - at) < 60000));
  });

  test('races_with_joining_and_wins', async () => {
    for (let round = 0; round < 10; round++) {
      const room = await roomOf('public');
      await Promise.all([
        ...Array.from({ length: 3 }, () => bob.call('PUT', `/rooms/${room}/members/me`)),
        alice.must(204, 'PUT', ban(room, bob)),
      ]);
      assert.deepEqual(await rolesIn(room), { [alice.id]: 'owner' });
      assert.ok(!(await isListed(bob, room)), `round ${round}`);
    }
  });
});

describe('a mute', () => {
  const say = (person, room, key = newKey()) => person.call('POST', `/rooms/${room}/messages`, { text: newText(), key });

  test('takes_the_voice_and_leaves_the_rest', async () => {
    const room = await roomOf('private', [[bob, 'member']]);
    const key = newKey();
    assert.equal((await say(bob, room, key)).status, 201);
    await alice.must(204, 'PUT', mute(room, bob));
    refused(await say(bob, room), 403, 'forbidden');
    assert.equal((await say(bob, room, key)).status, 200, 'a repeat is answered as ever');
    assert.equal((await bob.history(room)).length, 1);
    const { seq } = await alice.post(room);
    await bob.must(204, 'PUT', `/rooms/${room}/read`, { seq });
    assert.equal((await bob.must(200, 'GET', `/rooms/${room}`)).room.muted_until, null);
    await alice.must(204, 'DELETE', mute(room, bob));
    await alice.must(204, 'DELETE', mute(room, bob));
    assert.equal((await say(bob, room)).status, 201);
    assert.ok(!('muted_until' in (await bob.must(200, 'GET', `/rooms/${room}`)).room));
  });

  test('ends_by_itself_at_its_time', async () => {
    const room = await roomOf('private', [[bob, 'member']]);
    const till = Date.now() + 1500;
    await alice.must(204, 'PUT', mute(room, bob), { until: till });
    refused(await say(bob, room), 403, 'forbidden');
    assert.equal((await bob.must(200, 'GET', `/rooms/${room}`)).room.muted_until, till);
    await until('the voice', async () => (await say(bob, room)).status === 201);
    assert.ok(Date.now() >= till - 50);
    for (const wrong of [Date.now() - 1000, 0, 2 ** 53 + 2, 1.5, '1']) {
      refused(await alice.call('PUT', mute(room, bob), { until: wrong }), 422, 'invalid');
    }
  });

  test('is_shown_to_who_moderates_and_outlives_leaving', async () => {
    const room = await roomOf('public', [[bob, 'member'], [carol, 'member']]);
    await alice.must(204, 'PUT', mute(room, bob));
    const shown = async (person) => {
      const { members } = await person.must(200, 'GET', `/rooms/${room}/members`);
      return members.filter((one) => 'muted_until' in one).map(({ user, muted_until: till }) => [user.id, till]);
    };
    assert.deepEqual(await shown(alice), [[bob.id, null]]);
    assert.deepEqual(await shown(carol), []);
    await bob.must(204, 'DELETE', `/rooms/${room}/members/me`);
    refused(await alice.call('PUT', mute(room, bob)), 404, 'not_found');
    await bob.join(room);
    refused(await say(bob, room), 403, 'forbidden');
  });

  test('keeps_his_typing_from_the_room', async () => {
    const room = await roomOf('private', [[bob, 'member']]);
    const [owner, own] = [await alice.connect(), await bob.connect()];
    own.say({ type: 'typing', room });
    await owner.next('typing');
    await alice.must(204, 'PUT', mute(room, bob));
    await sleep(2100);
    own.say({ type: 'typing', room });
    await own.sync();
    await alice.must(204, 'DELETE', mute(room, bob));
    const { seq } = await alice.post(room);
    await owner.entry(room, seq);
    assert.equal(owner.frames.filter(({ type }) => type === 'typing').length, 1);
    await Promise.all([owner.close(), own.close()]);
  });
});

describe('an administrator of the site', () => {
  test('sees_and_moderates_a_private_room_without_being_in_it', async () => {
    const room = await roomOf('private', [[bob, 'member']]);
    const { room: seen } = await boss.must(200, 'GET', `/rooms/${room}`);
    assert.deepEqual([seen.role, seen.last], [null, null]);
    assert.deepEqual(await rolesIn(room, boss), { [alice.id]: 'owner', [bob.id]: 'member' });
    await boss.must(204, 'PUT', mute(room, alice));
    await boss.must(204, 'DELETE', mute(room, alice));
    refused(await boss.call('DELETE', member(room, alice)), 409, 'last_owner');
    await boss.must(200, 'PUT', member(room, bob), { role: 'owner' });
    await boss.must(204, 'PUT', ban(room, alice));
    assert.deepEqual((await boss.must(200, 'GET', `/rooms/${room}/bans`)).bans.map(({ user }) => user.id), [alice.id]);
    assert.deepEqual(await rolesIn(room, boss), { [bob.id]: 'owner' });
    await boss.must(201, 'PUT', `/rooms/${room}/members/me`);
  });
});

describe('the members of a large room', () => {
  test('come_in_pages_of_two_hundred', async () => {
    const room = await roomOf('private');
    await stack.redis('eval', `for i = 1, 999 do
      local id = 'many' .. i
      redis.call('hset', '{u:' .. id .. '}:user', 'name', id, 'display', id, 'role', 'member', 'created_at', 1)
      redis.call('hset', KEYS[1], id, '{"role":"member","joined_at":1,"seq":1}')
    end`, '1', `{r:${room}}:members`);
    const seen = [];
    for (let cursor = ''; cursor !== null;) {
      const { members, next } = await alice.must(200, 'GET', `/rooms/${room}/members?limit=200${cursor}`);
      seen.push(...members.map(({ user }) => user.id));
      cursor = next && `&cursor=${next}`;
    }
    assert.equal(seen.length, 1000);
    assert.equal(new Set(seen).size, 1000);
  });
});
