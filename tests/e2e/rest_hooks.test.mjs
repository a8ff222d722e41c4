/*
 * Webhooks: who may make them, what other programs post through them, and what a token is worth
 * that is no good, or no longer.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Person, newKey, newName, newText, request, secrets, signUp } from '../support/client.mjs';
import { fastcgi } from '../support/fastcgi.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { startStack } from '../support/stack.mjs';

let stack, owner, member, stranger, admin, room, hidden;

before(async () => {
  stack = await startStack({ set: { 'limits.logins_per_minute': 0, 'limits.hooks_per_room': 3 } });
  [owner, member, stranger, admin] = await Promise.all([1, 2, 3, 4].map(() => signUp(stack.url)));
  await stack.redis('HSET', `{u:${admin.id}}:user`, 'role', 'admin');
  [room, hidden] = [await owner.openRoom(), await owner.openRoom('private')];
  await member.join(room);
});
after(() => stack?.stop());

async function openHook(by, where, name = 'Gitea') {
  const { hook } = await by.must(201, 'POST', `/rooms/${where}/hooks`, { name });
  secrets.add(hook.token);
  return hook;
}

const post = (token, body, options) => request(stack.url, 'POST', `/api/v1/hooks/${token}`, { body, ...options });

function refused(answer, status, code, field) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
  if (field) assert.deepEqual(answer.body.errors.map((one) => `${one.field} ${one.code}`), [field]);
}

async function promote(person, where, role) {
  const key = `{r:${where}}:members`;
  const row = JSON.parse(await stack.redis('HGET', key, person.id));
  await stack.redis('HSET', key, person.id, JSON.stringify({ ...row, role }));
}

describe('making, listing and ending', () => {
  const ways = [['POST', (where) => `/rooms/${where}/hooks`, {}], ['GET', (where) => `/rooms/${where}/hooks`],
    ['DELETE', (where) => `/rooms/${where}/hooks/nosuchhook`]];

  test('is_for_owners_moderators_and_admins_of_the_site', async () => {
    const rows = [[member, room, 403, 'forbidden'], [stranger, room, 403, 'forbidden'], [stranger, hidden, 404, 'not_found'],
      [owner, 'nosuchroom', 404, 'not_found'], [admin, 'nosuchroom', 404, 'not_found'], [owner, 'LOBBY', 404, 'not_found']];
    for (const [who, where, status, code] of rows) {
      for (const [method, path, body] of ways) refused(await who.call(method, path(where), body), status, code);
    }
    await promote(member, room, 'moderator');
    for (const who of [owner, member, admin]) {
      const { id } = await openHook(who, room);
      assert.ok((await who.must(200, 'GET', `/rooms/${room}/hooks`)).hooks.some((hook) => hook.id === id && hook.by === who.id));
      await who.must(204, 'DELETE', `/rooms/${room}/hooks/${id}`);
      refused(await who.call('DELETE', `/rooms/${room}/hooks/${id}`), 404, 'not_found');
    }
    await promote(member, room, 'member');
  });

  test('tells_the_token_once_and_stores_a_hash', async () => {
    const hook = await openHook(owner, hidden, 'CI 构建');
    assert.deepEqual(Object.keys(hook).sort(), ['by', 'created_at', 'id', 'name', 'token', 'url']);
    assert.equal(hook.url, `${stack.url}/api/v1/hooks/${hook.token}`);
    assert.ok(Math.abs(hook.created_at - Date.now()) < 60_000);
    const answer = await owner.call('GET', `/rooms/${hidden}/hooks`);
    const { token, url, ...shown } = hook;
    assert.deepEqual(answer.body, { hooks: [shown] });
    const secret = token.split('.')[2];
    assert.ok(!(await stack.redis('HGETALL', `{r:${hidden}}:hooks`)).includes(secret.slice(0, 20)));
    await owner.must(204, 'DELETE', `/rooms/${hidden}/hooks/${hook.id}`);
  });

  test('is_called_webhook_where_no_name_is_given', async () => {
    const { hook } = await owner.must(201, 'POST', `/rooms/${hidden}/hooks`, {});
    assert.equal(hook.name, 'webhook');
    await owner.must(204, 'DELETE', `/rooms/${hidden}/hooks/${hook.id}`);
    for (const [name, why] of [['', 'too_short'], ['x'.repeat(65), 'too_long'], ['a\nb', 'characters'], [' ', 'blank'], [1, 'type']]) {
      refused(await owner.call('POST', `/rooms/${hidden}/hooks`, { name }), 422, 'invalid', `name ${why}`);
    }
  });

  test('stops_at_the_limit_of_a_room', async () => {
    const where = await owner.openRoom();
    const hooks = [];
    for (let i = 0; i < 3; i++) hooks.push(await openHook(owner, where, `h${i}`));
    refused(await owner.call('POST', `/rooms/${where}/hooks`, {}), 409, 'limit_reached');
    const listed = (await owner.must(200, 'GET', `/rooms/${where}/hooks`)).hooks;
    assert.deepEqual(listed.map(({ name }) => name).sort(), ['h0', 'h1', 'h2']);
    assert.deepEqual(listed, [...listed].sort((a, b) => a.created_at - b.created_at));
    await owner.must(204, 'DELETE', `/rooms/${where}/hooks/${hooks[0].id}`);
    await openHook(owner, where);
  });
});

describe('posting', () => {
  let hook;
  before(async () => {
    hook = await openHook(owner, hidden, 'Grafana');
  });

  test('reaches_the_room_live_and_in_its_history_as_a_bot', async () => {
    const live = await owner.connect();
    await live.sync();
    const text = newText();
    const { status, body: { message } } = await post(hook.token, { text });
    assert.equal(status, 201);
    assert.deepEqual(message.from, { id: hook.id, name: 'Grafana', display: 'Grafana', role: 'bot' });
    const { type, ...entry } = await live.entry(hidden, message.seq);
    assert.deepEqual([type, entry], ['message', message]);
    assert.deepEqual((await owner.history(hidden)).at(-1), message);
    const { room: view } = await owner.must(200, 'GET', `/rooms/${hidden}`);
    assert.deepEqual([view.unread, view.last], [1, message]);
    await owner.must(204, 'PUT', `/rooms/${hidden}/read`, { seq: message.seq });
    assert.equal((await owner.must(200, 'GET', `/rooms/${hidden}`)).room.unread, 0);
    await live.close();
  });

  test('shows_the_username_that_is_given', async () => {
    const from = async (body) => (await post(hook.token, { text: 'x', ...body })).body.message.from;
    assert.equal((await from({ username: '告警' })).display, '告警');
    assert.equal((await from({ username: '' })).display, 'Grafana');
    refused(await post(hook.token, { text: 'x', username: 'x'.repeat(65) }), 422, 'invalid', 'username too_long');
    refused(await post(hook.token, { text: 'x', username: 'a\nb' }), 422, 'invalid', 'username characters');
  });

  test('takes_what_slack_takes', async () => {
    const textOf = async (body, headers) => (await post(hook.token, body, { headers })).body?.message?.text;
    const gitea = { channel: '', text: '[<https://git.example/a/b|a/b>] Issue opened by <https://git.example/u|u> &amp; co', username: 'gitea',
      icon_url: 'https://git.example/i.png', unfurl_links: 0, link_names: 0, attachments: [{ fallback: 'f', color: '#ff0000', title: '#1 Broken', title_link: 'https://git.example/a/b/1', text: 'It is.' }] };
    assert.equal(await textOf(gitea), '[a/b (https://git.example/a/b)] Issue opened by u (https://git.example/u) & co\n#1 Broken\nIt is.');
    const grafana = { channel: '#ops', username: 'Grafana', attachments: [{ title: '[FIRING:1] Disk', title_link: 'https://g.example', text: '**Firing**', fallback: 'x', footer: 'Grafana', ts: 1, mrkdwn_in: ['text'] }] };
    assert.equal(await textOf(grafana), '[FIRING:1] Disk\n**Firing**');
    const form = `payload=${encodeURIComponent(JSON.stringify({ text: '部署 + 完成 100%' }))}`;
    assert.equal(await textOf(form, { 'content-type': 'application/x-www-form-urlencoded' }), '部署 + 完成 100%');
    assert.equal(await textOf(form.replaceAll('%20', '+'), { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }), '部署 + 完成 100%');
    assert.equal(await textOf('{"text":"any type"}', { 'content-type': 'text/plain' }), 'any type');
  });

  test('is_held_to_the_rules_of_a_message', async () => {
    const rows = [[{}, 'text required'], [{ text: '' }, 'text required'], [{ attachments: [{}] }, 'text required'], [{ text: ' ' }, 'text blank'],
      [{ text: 'a\u0007' }, 'text characters'], [{ text: 'x'.repeat(4001) }, 'text too_long'], [{ text: 3 }, 'text type'],
      [{ text: 'x'.repeat(3000), attachments: [{ text: 'y'.repeat(1000) }] }, 'text too_long'], [{ text: 'x', attachments: {} }, 'attachments type'],
      [{ text: 'x', key: 'short' }, 'key too_short']];
    for (const [body, fault] of rows) refused(await post(hook.token, body), 422, 'invalid', fault);
    assert.equal((await post(hook.token, { text: 'x'.repeat(4000) })).status, 201);
    refused(await post(hook.token, '['), 400, 'bad_json');
    refused(await post(hook.token, 'a=b', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 422, 'invalid', 'text required');
    refused(await post(hook.token, 'payload=%', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 400, 'bad_request');
    refused(await post(hook.token, ' '.repeat(65537)), 413, 'too_large');
    refused(await request(stack.url, 'GET', `/api/v1/hooks/${hook.token}`), 405, 'method_not_allowed');
  });

  test('mentions_those_who_may_see_the_room', async () => {
    const live = await owner.connect();
    await live.sync();
    const text = `@${owner.name} 磁盘已满 @${stranger.name}`; // not in here
    const { body: { message } } = await post(hook.token, { text });
    assert.deepEqual(message.mentions, [owner.id]);
    const told = await live.next('mention');
    assert.deepEqual([told.room, told.from.id], [hidden, hook.id]);
    assert.equal((await owner.must(200, 'GET', `/rooms/${hidden}`)).room.mentions, 1);
    await owner.must(204, 'PUT', `/rooms/${hidden}/read`, { seq: message.seq });
    assert.equal((await owner.must(200, 'GET', `/rooms/${hidden}`)).room.mentions, 0);
    await live.close();
  });

  test('with_a_key_may_be_repeated', async () => {
    const key = newKey();
    const [first, again] = [await post(hook.token, { text: 'once', key }), await post(hook.token, { text: 'twice', key })];
    assert.deepEqual([first.status, again.status], [201, 200]);
    assert.deepEqual(again.body, first.body);
  });

  test('looks_at_no_credentials_and_at_no_site', async () => {
    const headers = { cookie: 'stonechat=nonsense', authorization: 'Bearer nonsense', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    assert.equal((await post(hook.token, { text: 'x' }, { headers })).status, 201);
  });

  test('outlives_the_membership_of_who_made_it_and_not_the_hook', async () => {
    await member.join(room).catch(() => {});
    await promote(member, room, 'moderator');
    const own = await openHook(member, room);
    await member.must(204, 'DELETE', `/rooms/${room}/members/me`);
    assert.equal((await post(own.token, { text: 'x' })).status, 201);
    await owner.must(204, 'DELETE', `/rooms/${room}/hooks/${own.id}`);
    refused(await post(own.token, { text: 'x' }), 404, 'not_found');
  });
});

describe('a webhook of somebody who', () => {
  const opened = async () => {
    const where = await owner.openRoom();
    await member.join(where);
    await promote(member, where, 'moderator');
    return { where, hook: await openHook(member, where), kept: await openHook(owner, where) };
  };

  test('is_banned_ends_and_those_of_others_stay', async () => {
    const { where, hook, kept } = await opened();
    await owner.must(204, 'PUT', `/rooms/${where}/bans/${member.id}`);
    refused(await post(hook.token, { text: 'still here' }), 404, 'not_found');
    assert.deepEqual((await owner.must(200, 'GET', `/rooms/${where}/hooks`)).hooks.map(({ id }) => id), [kept.id]);
    assert.equal((await post(kept.token, { text: 'x' })).status, 201);
    await owner.must(204, 'DELETE', `/rooms/${where}/bans/${member.id}`);
    refused(await post(hook.token, { text: 'still here' }), 404, 'not_found');
  });

  test('was_no_member_any_more_when_he_was_banned_ends_too', async () => {
    const { where, hook } = await opened();
    await member.must(204, 'DELETE', `/rooms/${where}/members/me`);
    await owner.must(204, 'PUT', `/rooms/${where}/bans/${member.id}`);
    refused(await post(hook.token, { text: 'still here' }), 404, 'not_found');
  });

  test('is_disabled_is_as_if_it_were_not_there_for_so_long', async () => {
    const { hook } = await opened();
    await admin.must(200, 'PATCH', `/users/${member.id}`, { disabled: true });
    refused(await post(hook.token, { text: 'still here' }), 404, 'not_found');
    await admin.must(200, 'PATCH', `/users/${member.id}`, { disabled: false });
    assert.equal((await post(hook.token, { text: 'x' })).status, 201);
    member = await member.signIn();
  });
});

describe('a token that is no good', () => {
  test('is_404_whatever_is_wrong_with_it', async () => {
    const [hook, other] = [await openHook(owner, hidden), await openHook(owner, room)];
    const [at, id, secret] = hook.token.split('.');
    const wrong = ['x', `${at}.${id}`, `${at}.${id}.${secret}x`, `${at}.${id}.${'A'.repeat(43)}`, `${room}.${id}.${secret}`, `${at}.${other.id}.${secret}`,
      `${at}.nosuchhook.${secret}`, `nosuchroom.${id}.${secret}`, `${at}%2f${id}`, owner.token];
    for (const token of wrong) refused(await post(token, { text: 'x' }), 404, 'not_found');
    assert.equal((await post(hook.token, { text: 'x' })).status, 201);
    refused(await new Person(stack.url, {}).call('GET', '/me', undefined, { headers: { authorization: `Bearer ${hook.token}` } }), 401, 'unauthenticated');
  });

  test('of_a_room_deleted_meanwhile_is_404_and_writes_nothing', async () => {
    const where = await owner.openRoom();
    const hook = await openHook(owner, where);
    await stack.redis('DEL', `{r:${where}}:room`, `{r:${where}}:log`);
    refused(await post(hook.token, { text: 'x' }), 404, 'not_found');
    assert.equal(await stack.redis('EXISTS', `{r:${where}}:room`, `{r:${where}}:log`), '0');
  });
});

describe('too often', () => {
  let brief, person, first, second;
  const call = (token, address = '192.0.2.1') => fastcgi(brief, 'POST', `/hooks/${token}`, { body: { text: 'x' }, address });
  before(async () => {
    brief = await startStack({ set: { 'limits.hook_posts_per_minute': 3, 'limits.hook_calls_per_minute': 5 } });
    person = await signUp(brief.url);
    const where = await person.openRoom();
    const { hook: one } = await person.must(201, 'POST', `/rooms/${where}/hooks`, { name: newName() });
    const { hook: two } = await person.must(201, 'POST', `/rooms/${where}/hooks`, { name: newName() });
    [first, second] = [one.token, two.token];
  });
  after(() => brief?.stop());

  test('for_one_webhook_is_429_and_others_go_on', async () => {
    const answers = [];
    for (const last of [1, 2, 3, 4]) answers.push(await call(first, `192.0.2.1${last}`));
    assert.deepEqual(answers.map(({ status }) => status), [201, 201, 201, 429]);
    assert.ok(Number(answers[3].headers['retry-after']) > 50);
    assert.equal((await call(second, '192.0.2.20')).status, 201);
  });

  test('from_one_address_is_429_whatever_the_token_and_others_go_on', async () => {
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await call('nonsense')).status);
    assert.deepEqual(statuses, [404, 404, 404, 404, 404, 429]);
    assert.equal((await call(second)).status, 429);
    assert.equal((await call(second, '192.0.2.21')).status, 201);
  });
});

test('no_token_stands_in_a_log_however_the_path_is_written', async () => {
  const { token } = await openHook(owner, await owner.openRoom());
  const paths = [`/api/v1/hooks/${token}`, `/api/v1/%68oo%6Bs/${token}?x=1`, `/api//v1/HOOKS/${token}`, `/api/v1/hooks%2f${token}`,
    `/api/v1/rooms/../hooks/${token}`];
  for (const path of paths) {
    for (const body of ['{"text":"x"}', ' '.repeat(70_000)]) await request(stack.url, 'POST', path, { body }).catch(() => {});
  }
  await request(stack.url, 'GET', `/hooks/${token}`);
  stack.kill('fcgi', 'SIGSTOP'); // nginx has something to say of it
  assert.equal((await post(token, { text: 'x' })).status, 503);
  stack.kill('fcgi', 'SIGCONT');
  assert.match(stack.log('access'), /POST "\/api\/v1\/hooks\/-" 201 /);
  assert.deepEqual(leaksIn(stack.dir), []);
});
