/*
 * A PHP site with Stonechat under the same host: nginx/php/example.php served by php-fpm behind
 * nginx, from a visitor's first request to a message on the screen; and the helper call by call.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Connection, request, secrets, signUp } from '../support/client.mjs';
import { SECRET } from '../support/jwt.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { startNginx, startPhp, withoutPhp } from '../support/php.mjs';
import { freePort, root, startStack } from '../support/stack.mjs';
import { until } from '../support/wait.mjs';

let stack;

before(async () => {
  stack = await startStack({
    set: { 'accounts.jwt_alg': 'HS256', 'accounts.jwt_key': SECRET, 'limits.logins_per_minute': 0 },
  });
});
after(() => stack?.stop());

describe('the helper', () => {
  /* One call in a PHP of its own. */
  async function call(method, args, options = {}, flags = []) {
    const all = { url: stack.url, key: SECRET, issuer: 'shop', redis: `unix:${join(stack.dir, 'redis.sock')}`, ...options };
    const script = join(root, 'tests/e2e/php_site.php');
    const words = [JSON.stringify(all), method, ...args.map((one) => JSON.stringify(one))];
    const { stdout, stderr } = await promisify(execFile)('php', [...flags, script, ...words], { env: { ...process.env, ...options.env } });
    assert.equal(stderr, '');
    return JSON.parse(stdout);
  }

  test('signs_somebody_in_whatever_they_are_called', async () => {
    const { token, session, user } = await call('signIn', [{ id: 17, name: '李 雷 "</script>', display: '小雷 🐦' }]);
    secrets.add(token);
    assert.deepEqual([user.name, user.display], ['李-雷-script', '小雷 🐦']);
    assert.equal(session.current, true);
    const again = await call('signIn', [{ id: '17', name: 'renamed' }]);
    assert.equal(again.user.id, user.id);
    const me = await request(stack.url, 'GET', '/api/v1/me', { headers: { authorization: `Bearer ${token}` } });
    assert.equal(me.body.user.id, user.id);
  });

  test('makes_a_token_for_the_browser', async () => {
    const jwt = await call('token', [{ id: 18, name: 'Meg' }]);
    const post = () => request(stack.url, 'POST', '/api/v1/sessions', { body: { jwt } });
    assert.equal((await post()).body.user.name, 'Meg');
    assert.equal((await post()).status, 401, 'it is good once');
  });

  test('says_why_when_the_chat_refuses_or_is_away', async () => {
    const ann = [{ id: 19, name: 'Ann' }];
    assert.deepEqual(await call('signIn', ann, { key: 'quite another secret of 32 bytes!' }),
      { thrown: 'StonechatException', message: 'Stonechat refuses: bad_credentials', code: 401 });
    const { thrown, message, code } = await call('signIn', ann, { url: `http://127.0.0.1:${await freePort()}` });
    assert.deepEqual([thrown, code], ['StonechatException', 0]);
    assert.match(message, /^Stonechat is away: /);
    assert.equal((await call('signIn', ann, { key: 'short' })).thrown, 'InvalidArgumentException');
    assert.match((await call('token', ann, { secret: SECRET })).message, /no such option: secret$/);
    assert.equal((await call('signIn', [{ id: 20, name: '\u202e' }])).code, 401);
  });

  const ways = [['by_itself', 'unix:', ['-n']], ['by_phpredis', 'phpredis:', []]]; // -n: without any extension
  for (const [way, form, flags] of ways) {
    test(`publishes_${way}`, async () => {
      const [ann, bob] = [await signUp(stack.url), await signUp(stack.url)];
      const room = await ann.openRoom();
      const connections = await Promise.all([ann.connect(), bob.connect()]);
      const options = { redis: `${form}${join(stack.dir, 'redis.sock')}` };
      const long = '长'.repeat(15000);
      assert.ok((await call('publish', [{ to: 'all', long, url: 'https://a/b' }], options, flags)) >= 1);
      await call('publish', [[]], options, flags);
      await call('publishToRoom', [room, { to: 'room' }], options, flags);
      await call('publishToUser', [ann.id, { to: 'ann' }], options, flags);
      await call('publish', [{ to: 'end' }], options, flags);
      const seen = await Promise.all(connections.map(async (connection) => {
        await connection.next((frame) => frame.data?.to === 'end');
        return connection.frames.filter(({ type }) => type === 'notice').map(({ data }) => data);
      }));
      const all = { to: 'all', long, url: 'https://a/b' };
      assert.deepEqual(seen[0], [all, {}, { to: 'room' }, { to: 'ann' }, { to: 'end' }]);
      assert.deepEqual(seen[1], [all, {}, { to: 'end' }]);
      await Promise.all(connections.map((connection) => connection.close()));
    });
  }

  test('says_so_when_redis_is_away_or_refuses', async () => {
    assert.match((await call('publish', [{}], { redis: 'unix:/nowhere.sock' })).message, /^Redis is away: /);
    assert.match((await call('publish', [{}], { password: 'x' })).message, /^Redis refuses: (ERR|WRONGPASS) /);
  });
});

describe('a site', { skip: withoutPhp }, () => {
  let site;

  before(async () => {
    site = await openSite();
  });
  after(() => site?.close());

  /* php-fpm and nginx in a folder of their own below the stack's. */
  async function openSite() {
    const dir = join(stack.dir, 'site');
    const port = await freePort();
    mkdirSync(dir);
    const text = readFileSync(new URL('php_site.nginx.conf.in', import.meta.url), 'utf8');
    const nginx = startNginx(dir, text, { PORT: port, STACK: stack.dir, KEY: SECRET }); // looks at its configuration first
    const children = [nginx, startPhp(dir)];
    const url = `http://127.0.0.1:${port}`;
    await until('the site is there', () => request(url, 'GET', '/shop').then(({ status }) => status === 200, () => false));
    return { url, close: () => Promise.all(children.map((stop) => stop())) };
  }

  const cookiesOf = ({ headers }) => (headers['set-cookie'] ?? []).map((one) => one.split(';')[0]);
  const form = (cookie) => ({ cookie, origin: site.url, 'content-type': 'application/x-www-form-urlencoded' });

  test('speaks_two_languages', async () => {
    const read = async (language) => (await request(site.url, 'GET', '/shop', { headers: { 'accept-language': language } })).text;
    assert.match(await read('en-GB,en'), /<html lang="en">[^]*Signed in to the site as Visitor \d{4}\.[^]*Open the chat/);
    assert.match(await read('zh-CN,zh;q=0.9'), /<html lang="zh-CN">[^]*您已作为“Visitor \d{4}”登录本站。[^]*打开聊天/);
  });

  test('signs_its_visitor_in_with_one_click_and_publishes_with_another', async () => {
    const first = await request(site.url, 'GET', '/shop');
    const [own] = cookiesOf(first);
    const [, name] = /as (Visitor \d+)\./.exec(first.text);

    const opened = await request(site.url, 'POST', '/shop', { headers: form(own), body: 'open=' });
    assert.deepEqual([opened.status, opened.headers.location], [303, '/']);
    const [set] = opened.headers['set-cookie'].filter((one) => one.startsWith('stonechat='));
    assert.match(set, /; path=\/; HttpOnly; SameSite=Lax$/i);
    const [cookie] = set.split(';');
    secrets.add(cookie.slice('stonechat='.length));

    const me = await request(site.url, 'GET', '/api/v1/me', { headers: { cookie } });
    assert.equal(me.body.user.display, name);
    assert.equal((await request(site.url, 'GET', '/')).status, 200);
    const ws = `${site.url.replace(/^http/, 'ws')}/ws`;
    const connection = await Connection.open(ws, { cursors: {}, headers: { cookie, origin: site.url } });
    assert.equal(connection.welcome.user.id, me.body.user.id);

    const body = { text: 'from the shop', key: 'key-of-the-shop' };
    const headers = { cookie, origin: site.url };
    const { body: sent } = await request(site.url, 'POST', '/api/v1/rooms/lobby/messages', { headers, body });
    assert.equal((await connection.entry('lobby', sent.message.seq)).from.display, name);

    assert.equal((await request(site.url, 'POST', '/shop', { headers: form(own), body: 'tell=' })).status, 200);
    assert.deepEqual((await connection.next('notice')).data, { title: name, text: 'The shop closes in ten minutes.' });
    await connection.close();
  });

  test('the_same_visitor_is_the_same_user_and_another_is_not', async () => {
    const visitor = async () => cookiesOf(await request(site.url, 'GET', '/shop'))[0];
    const enter = async (own) => {
      const opened = await request(site.url, 'POST', '/shop', { headers: form(own), body: 'open=' });
      const cookie = cookiesOf(opened).find((one) => one.startsWith('stonechat='));
      secrets.add(cookie.slice('stonechat='.length));
      return (await request(site.url, 'GET', '/api/v1/me', { headers: { cookie } })).body.user.id;
    };
    const [one, two] = [await visitor(), await visitor()];
    const ids = [await enter(one), await enter(one), await enter(two)];
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[0], ids[2]);
  });

  test('the_helper_and_the_key_are_no_pages', async () => {
    for (const path of ['/stonechat.php', '/php/stonechat.php', '/example.php', '/nginx/php/stonechat.php']) {
      assert.equal((await request(site.url, 'GET', path)).status, 404, path);
    }
    assert.ok(!(await request(site.url, 'GET', '/shop')).text.includes(SECRET));
  });

  test('no_token_stands_in_any_log', () => assert.deepEqual(leaksIn(stack.dir), []));
});
