/*
 * Guests: coming in under a nickname, what they may not do, which rooms are theirs, and how they
 * are forgotten.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Person, newKey, secrets, signUp } from '../support/client.mjs';
import { fastcgi } from '../support/fastcgi.mjs';
import { startStack } from '../support/stack.mjs';
import { until } from '../support/wait.mjs';

const OPEN = { 'accounts.guests': 'yes', 'limits.logins_per_minute': 0 };
let stack, member;

before(async () => {
  stack = await startStack({ set: OPEN });
  member = await signUp(stack.url);
});
after(() => stack?.stop());

const knock = (nick, options, to = stack) => fastcgi(to, 'POST', '/sessions', { body: { guest: nick }, ...options });

/* Come in, as the tests know a person. */
async function come(nick = 'Passer-by', to = stack) {
  const { status, body, text } = await knock(nick, {}, to);
  assert.equal(status, 201, text);
  secrets.add(body.token);
  return Object.assign(new Person(to.url), body, { id: body.user.id, name: body.user.name });
}

function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
  return answer.body;
}

/* One stack of these settings for the time of `act`. */
async function having(set, act) {
  const other = await startStack({ set: { ...OPEN, ...set } });
  try {
    return await act(other);
  } finally {
    await other.stop();
  }
}

describe('coming in', () => {
  test('takes_a_nickname_and_nothing_else', async () => {
    const { status, body, headers } = await knock('路人甲 🐦');
    assert.equal(status, 201);
    assert.deepEqual(Object.keys(body), ['token', 'session', 'user']);
    assert.deepEqual([body.user.display, body.user.role], ['路人甲 🐦', 'guest']);
    assert.match(body.user.name, /^guest-[a-z0-9]{8}$/);
    assert.ok(headers['set-cookie'].startsWith(`stonechat=${body.token};`));
  });

  test('two_of_one_nickname_are_two', async () => {
    const [one, two] = [await come('Twin'), await come('Twin')];
    assert.notEqual(one.id, two.id);
    assert.notEqual(one.name, two.name);
  });

  test('talks_and_hears_like_anybody', async () => {
    const guest = await come('Visitor');
    const connection = await guest.connect();
    assert.equal(connection.welcome.user.id, guest.id);
    const { seq } = await member.post('lobby');
    await connection.entry('lobby', seq);
    const sent = await guest.post('lobby');
    assert.deepEqual((await connection.entry('lobby', sent.seq)).from, { id: guest.id, name: guest.name, display: 'Visitor' });
    await connection.close();
    assert.equal((await guest.must(200, 'PATCH', '/me', { display: 'Visitor 2' })).user.display, 'Visitor 2');
  });

  const nicks = [['', 'too_short'], [' \u3000', 'blank'], ['a\nb', 'characters'], ['a\u202eb', 'characters'], ['n'.repeat(65), 'too_long'], [17, 'type']];
  for (const [nick, code] of nicks) {
    test(`not_as_${JSON.stringify(nick).slice(0, 12)}`, async () => {
      const { errors } = refused(await knock(nick), 422, 'invalid');
      assert.deepEqual(errors.map((one) => `${one.field} ${one.code}`), [`guest ${code}`]);
    });
  }

  test('with_a_password_it_is_unclear_what_is_meant', async () => {
    const body = { guest: 'x', name: 'ada', password: 'nine cosy otters' };
    refused(await fastcgi(stack, 'POST', '/sessions', { body }), 422, 'invalid');
  });

  test('no_password_opens_the_account', async () => {
    const { name } = await come();
    for (const password of ['', 'x']) {
      refused(await fastcgi(stack, 'POST', '/sessions', { body: { name, password } }), 401, 'bad_credentials');
    }
  });

  test('where_there_are_no_guests_nobody_comes', () => having({ 'accounts.guests': 'no' }, async (other) => {
    refused(await knock('x', {}, other), 403, 'sign_in_closed');
  }));

  test('too_many_from_one_address_are_429', () => having({ 'limits.logins_per_minute': 3 }, async (other) => {
    for (let i = 0; i < 3; i++) assert.equal((await knock('x', {}, other)).status, 201);
    const answer = await knock('x', {}, other);
    refused(answer, 429, 'rate_limited');
    assert.ok(Number(answer.headers['retry-after']) >= 1);
    assert.equal((await knock('x', { address: '192.0.2.9' }, other)).status, 201);
  }));
});

describe('what a guest may not do', () => {
  const rows = [
    ['open a room', 'POST', '/rooms', { name: 'mine', kind: 'public' }],
    ['set a password', 'PUT', '/me/password', { current: '', new: 'kestrel-over-the-moor' }],
    ['close the account', 'DELETE', '/me', { password: '' }],
    ['speak to everybody', 'POST', '/broadcasts', { data: {} }],
  ];
  for (const [what, method, path, body] of rows) {
    test(what.replaceAll(' ', '_'), async () => {
      const guest = await come();
      refused(await guest.call(method, path, body), 403, 'forbidden');
    });
  }

  test('send_as_often_as_members', async () => {
    const guest = await come();
    const send = () => guest.call('POST', '/rooms/lobby/messages', { text: 'hello', key: newKey() });
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await send());
    assert.deepEqual(answers.map(({ status }) => status), [201, 201, 201, 201, 201, 429]);
    assert.ok(Number(answers[5].headers['retry-after']) >= 1);
    await member.post('lobby');
  });

  test('join_a_private_room', async () => {
    const room = await member.openRoom('private');
    const guest = await come();
    refused(await guest.call('PUT', `/rooms/${room}/members/me`), 404, 'not_found');
  });
});

describe('rooms', () => {
  test('any_that_is_public_where_none_is_named', async () => {
    const room = await member.openRoom();
    const guest = await come();
    assert.equal((await guest.call('PUT', `/rooms/${room}/members/me`)).status, 201);
  });

  test('only_those_that_are_named', async () => {
    await having({ 'rooms.guest_rooms': 'support  nosuchroom' }, async (other) => {
      const owner = await signUp(other.url);
      const room = await owner.openRoom();
      await other.redis('HSET', '{r:support}:room', 'name', 'support', 'title', 'Support', 'topic', '', 'kind', 'public',
        'created_at', '1', 'by', '', 'seq', '0', 'n', '0', 'last', '0');
      const guest = await come('Customer', other);
      const { rooms } = await guest.must(200, 'GET', '/rooms');
      assert.deepEqual(rooms.map(({ id }) => id), ['support']);
      await guest.post('support');
      for (const id of [room, 'lobby', 'nothere']) {
        refused(await guest.call('PUT', `/rooms/${id}/members/me`), 403, 'forbidden');
      }
      assert.equal((await guest.call('PUT', '/rooms/support/members/me')).status, 200);
      assert.equal((await owner.call('PUT', '/rooms/support/members/me')).status, 201);
    });
  });
});

describe('going', () => {
  const DAY_MS = 86_400_000;

  /* As if what there is of a guest were two days old. */
  async function age(guest) {
    const key = (what) => `{u:${guest.id}}:${what}`;
    const then = Date.now() - 2 * DAY_MS;
    await stack.redis('HSET', key('user'), 'created_at', `${then}`);
    for (const id of (await stack.redis('HKEYS', key('sessions'))).split('\n').filter(Boolean)) {
      const session = JSON.parse(await stack.redis('HGET', key('sessions'), id));
      await stack.redis('HSET', key('sessions'), id, JSON.stringify({ ...session, seen_at: then }));
    }
  }

  /* As if it were time to look after them. */
  const hurry = (guest) => stack.redis('ZADD', 'guests', '1', guest.id);

  const exists = async (key) => (await stack.redis('EXISTS', key)) === '1';
  const due = async (guest) => Number(await stack.redis('ZSCORE', 'guests', guest.id));

  test('who_was_not_seen_for_long_is_forgotten_and_nobody_else', async () => {
    const [gone, out, online, used] = [await come('Gone'), await come('Out'), await come('Online'), await come('Used')];
    const { seq } = await gone.post('lobby');
    const [connection, hears] = [await online.connect(), await member.connect()];
    await out.must(204, 'DELETE', '/sessions/current');
    for (const guest of [gone, out, online, used]) await age(guest);
    await used.must(200, 'GET', '/me');
    const seen = async () => (await used.must(200, 'GET', '/sessions')).sessions[0].seen_at;
    await until('the session is noted to be used', async () => (await seen()) > Date.now() - DAY_MS);
    for (const guest of [gone, out, online, used]) await hurry(guest);
    for (const guest of [gone, out]) {
      await hears.next((frame) => frame.type === 'member' && frame.op === 'left', 25_000);
      await until('the account is erased', async () => !(await exists(`{u:${guest.id}}:user`)));
      await until('its name is free', async () => !(await exists(`name:${guest.name}`)));
      await until('and nobody looks after it', async () => (await due(guest)) === 0);
    }
    refused(await gone.call('GET', '/me'), 401, 'unauthenticated');
    for (const guest of [online, used]) {
      await until('it is looked after', async () => (await due(guest)) > 1);
      assert.ok(await due(guest) > Date.now() + DAY_MS - 60_000);
      await guest.must(200, 'GET', '/me');
    }
    const { messages } = await member.must(200, 'GET', '/rooms/lobby/messages');
    const said = messages.find((message) => message.seq === seq);
    assert.equal(said.from.id, gone.id); // as from a deleted user, once erasures has been there
    assert.ok(said.text);
    await Promise.all([connection.close(), hears.close()]);
  });

  test('one_who_was_made_a_member_stays', async () => {
    const guest = await come();
    await stack.redis('HSET', `{u:${guest.id}}:user`, 'role', 'member');
    await age(guest);
    await hurry(guest);
    await until('nobody looks after them', async () => (await due(guest)) === 0);
    assert.equal((await guest.must(200, 'GET', '/me')).user.role, 'member');
  });
});
