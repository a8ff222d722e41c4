/*
 * embed_php: the bubble in a PHP shop, nginx/php/embed_example.php by php-fpm, on another origin than
 * the chat's, in browsers that block third-party cookies.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from '../support/browser.mjs';
import { openHostSite, Visitor } from '../support/host_site.mjs';
import { SECRET } from '../support/jwt.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { startNginx, startPhp, withoutPhp } from '../support/php.mjs';
import { freePort, root, startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';
import { until } from '../support/wait.mjs';

/* A site with a login of its own, around what the README shows of PHP in this chapter. */
function readmeSite(dir, file, chat) {
  const [, chapter] = readFileSync(join(root, file), 'utf8').split(/^## (?:In your own page|嵌入自己的页面)$/m);
  const [page, token] = [...chapter.split(/^## /m)[0].matchAll(/```php\n([^]*?)```/g)].map(([, code]) => code);
  const login = `<?php require '${root}/nginx/php/stonechat.php'; session_start();
    $user = isset($_GET['nobody']) ? null : (object) ['id' => $_SESSION['id'] ??= bin2hex(random_bytes(4)), 'name' => 'Li "Lei" <b>'];
    $chat = new Stonechat(['url' => '${chat}', 'key' => '${SECRET}']); ?>`;
  const here = (code) => (login + code).replaceAll('https://chat.example.org', chat).replace('"support"', '"lobby"');
  writeFileSync(join(dir, 'page.php'), here(page));
  writeFileSync(join(dir, 'cached.php'), here(page.replace(/\s+data-token="[^"]*"/, '')));
  writeFileSync(join(dir, 'chat-token.php'), here(token));
}

describe('a shop with a bubble', { skip: withoutPhp }, () => {
  let stack, browser, shop, other, stops;

  before(async () => {
    const port = await freePort();
    shop = `http://localhost:${port}`;
    other = await openHostSite();
    stack = await startStack({
      set: {
        ...unhurried(),
        'accounts.jwt_alg': 'HS256',
        'accounts.jwt_key': SECRET,
        'http.embed_origins': `${shop} ${other.url}`,
      },
    });
    const dir = join(stack.dir, 'shop');
    mkdirSync(dir);
    const text = readFileSync(new URL('embed_php.nginx.conf.in', import.meta.url), 'utf8');
    stops = [startNginx(dir, text, { PORT: port, CHAT: stack.url, KEY: SECRET }), startPhp(dir)];
    await until('the shop is there', () => fetch(`${shop}/shop`).then(({ ok }) => ok, () => false));
    browser = await launchBrowser(['--test-third-party-cookie-phaseout', '--disable-features=Translate']);
  });
  after(async () => {
    await browser?.close();
    await Promise.all((stops ?? []).map((stop) => stop()));
    await other?.close();
    await stack?.stop();
  });

  test('two_visitors_talk_one_of_them_in_chinese', async () => {
    const one = await (await Visitor.open(browser, `${shop}/shop`)).openChat();
    const two = await (await Visitor.open(browser, `${shop}/shop`, { locale: 'zh-CN' })).openChat();
    assert.equal(await two.page.locator('h1').textContent(), '水壶小店');
    assert.equal(await two.bubble.getAttribute('aria-label'), '关闭聊天');
    await one.say('Does it whistle?');
    await two.sees('Does it whistle?');
    await two.say('会响，也有静音的');
    await one.sees('会响，也有静音的');
    const [{ user }] = await two.told('user');
    assert.match(user.display, /^Visitor \d{4}$/);
    assert.equal(await one.message('会响').locator('.author').textContent(), user.display);
    const hosts = (await one.context.cookies()).map(({ name, domain }) => [name, domain]);
    assert.deepEqual(hosts, [['PHPSESSID', 'localhost']], 'none of the chat');
    await Promise.all([one.leave(), two.leave()]);
  });

  test('a_visitor_is_the_same_on_every_page_and_after_the_session_was_ended', async () => {
    const visitor = await (await Visitor.open(browser, `${shop}/shop`)).openChat();
    const [{ user }] = await visitor.told('user');
    await visitor.page.reload();
    await visitor.openChat();
    await visitor.page.waitForTimeout(10100); // what ends at once is not asked for by itself
    await stack.redis('DEL', `{u:${user.id}}:sessions`);
    await visitor.say('still here');
    await visitor.frame.locator('.message:not(.pending)').filter({ hasText: 'still here' }).waitFor();
    const ids = (await visitor.told('user')).map((one) => one.user?.id);
    assert.deepEqual(ids, [user.id, undefined, user.id]);
    await visitor.leave();
  });

  test('where_there_are_no_guests_the_first_is_told_and_shown_where_to_sign_in', async () => {
    other.page('/', `<script src="${stack.url}/embed.js" data-room="lobby" data-open async></script>`);
    const visitor = await Visitor.open(browser, `${other.url}/`);
    await visitor.frame.locator('input[name="guest"]').fill('Wanderer');
    await visitor.frame.locator('form button[type="submit"]').click();
    await visitor.frame.getByText('Only who has an account').waitFor();
    assert.equal(await visitor.frame.locator('input').count(), 0);
    assert.equal(await visitor.frame.locator('.other button').count(), 1);
    await visitor.leave();
  });

  test('the_token_is_for_the_shop_s_own_pages', async () => {
    const answer = await fetch(`${shop}/shop?token`, { headers: { origin: 'https://evil.example' } });
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.match(await answer.text(), /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  for (const file of ['README.md', 'README.zh-CN.md'])
    test(`what_${file}_shows_of_php_works_as_it_stands`, async () => {
      readmeSite(join(stack.dir, 'shop'), file, stack.url);
      for (const page of ['page', 'cached']) {
        const visitor = await (await Visitor.open(browser, `${shop}/${page}.php`)).openChat();
        await visitor.wasTold('user', ({ user }) => user.display === 'Li "Lei" <b>');
        await visitor.leave();
      }
      const answer = await fetch(`${shop}/chat-token.php?nobody`);
      assert.deepEqual([answer.status, await answer.text()], [200, '']);
      assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin');
    });

  /* On another port of the same host: the browser sends the shop's cookie along. The token's head is the same
   * each time, and a name in JavaScript; what follows are names of what would be asked of it. */
  test('no_page_next_door_gets_the_token_as_if_it_were_a_script', async () => {
    other.page('/thief', `<script>
      window.caught = [];
      const trap = new Proxy({}, { get: (_, name) => (window.caught.push(name), trap) });
      window.eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9 = trap;
    </script><script src="${shop}/shop?token" onload="window.ended = 'loaded'" onerror="window.ended = 'refused'"></script>`);
    const visitor = await Visitor.open(browser, `${shop}/shop`);
    await visitor.page.goto(`${other.url}/thief`);
    assert.deepEqual(await visitor.page.evaluate(() => [window.ended, window.caught]), ['refused', []]);
    await visitor.leave();
  });

  test('no_token_stands_in_any_log', () => assert.deepEqual(leaksIn(stack.dir), []));
});
