/* embed: the chat in the pages of another site, whose visitors' browsers block third-party cookies. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { launchBrowser } from '../support/browser.mjs';
import { newKey, newName, secrets, signUp } from '../support/client.mjs';
import { openHostSite, Visitor } from '../support/host_site.mjs';
import { jwt, SECRET } from '../support/jwt.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { root, startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';
import { until } from '../support/wait.mjs';

const shop = await openHostSite();
const stranger = await openHostSite();
const stack = await startStack({
  set: {
    ...unhurried(),
    'accounts.guests': 'yes',
    'accounts.jwt_alg': 'HS256',
    'accounts.jwt_key': SECRET,
    'http.embed_origins': shop.url,
  },
});
/* As browsers are: storage of another site's frame is apart, not denied (Playwright would switch that
 * off); cookies are not there. */
const NO_COOKIES = '--test-third-party-cookie-phaseout';
const browser = await launchBrowser([NO_COOKIES, '--disable-features=Translate']);
after(async () => {
  await browser.close();
  await Promise.all([shop.close(), stranger.close(), stack.stop()]);
});

const script = (attributes) => `<script src="${stack.url}/embed.js" ${attributes} async></script>`;
const ann = { sub: 'ann', name: 'Ann Lee', display: 'Ann' };
const lei = { sub: 'lei', name: '李雷', display: '李雷' };

shop.page('/ann', () => `<h1>Shop</h1>${script(`data-room="lobby" data-token="${jwt(ann)}"`)}`);
shop.page('/lei', () => `<h1>店</h1>${script(`data-room="lobby" data-token="${jwt(lei)}"`)}`, { lang: 'zh-CN' });
shop.page('/guest', `<h1>Shop</h1>${script('data-room="lobby"')}`);
stranger.page('/guest', `<h1>Elsewhere</h1>${script('data-room="lobby" data-open')}`);

/* 3 by 2 pixels. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==', 'base64');

const visit = (path, options) => Visitor.open(browser, `${shop.url}${path}`, options);

test('two_visitors_whom_the_site_has_named_talk_one_of_them_in_chinese', async () => {
  const one = await (await visit('/ann')).openChat();
  const two = await (await visit('/lei', { locale: 'zh-CN' })).openChat();
  assert.equal(await two.bubble.getAttribute('aria-label'), '关闭聊天');
  assert.equal(await two.frame.locator('html').getAttribute('lang'), 'zh-Hans');
  await one.say('Is the kettle in stock?');
  await two.sees('Is the kettle in stock?');
  await two.say('有的，今天就能发货');
  await one.sees('有的，今天就能发货');
  assert.equal(await one.message('有的').locator('.author').textContent(), '李雷');
  assert.deepEqual(await one.context.cookies(), [], 'no cookie was needed, and none was left');
  await Promise.all([one.leave(), two.leave()]);
});

test('a_guest_gives_a_name_and_stays_who_they_are_on_the_next_page', async () => {
  const guest = await (await visit('/guest')).comeInAs('Wanderer');
  await guest.say('who am I');
  await guest.sees('who am I');
  const [{ user }] = await guest.told('user');
  await guest.page.goto(`${shop.url}/guest`);
  await guest.openChat();
  await guest.wasTold('user', (one) => one.user?.id === user.id);
  assert.equal(user.display, 'Wanderer');
  await guest.leave();
});

test('what_is_unread_stands_on_the_bubble_and_what_was_written_stays_in_the_frame', async () => {
  const reader = await visit('/ann');
  await reader.wasTold('user', ({ user }) => user?.display === 'Ann');
  await reader.wasTold('unread', () => true);
  const before = (await reader.told('unread')).at(-1).n;
  const bob = await signUp(stack.url, { display: 'Bob' });
  await bob.post('lobby', 'a word for Ann alone', 'key-of-the-first-news');
  await reader.wasTold('unread', ({ n }) => n === before + 1);
  assert.match(await reader.bubble.getAttribute('aria-label'), new RegExp(`^Open the chat, ${before + 1} unread$`));
  assert.equal(await reader.page.locator('stonechat-chat .badge').textContent(), String(before + 1));
  const [message] = await reader.told('message');
  assert.deepEqual(Object.keys(message).sort(), ['at', 'from', 'room', 'seq']);
  assert.equal(message.from.display, 'Bob');
  await reader.openChat();
  await reader.sees('a word for Ann alone');
  await reader.wasTold('unread', ({ n }) => n === 0);
  await reader.leave();
});

test('a_site_that_is_not_named_gets_no_chat_and_says_where_there_is_one', async () => {
  const lost = await Visitor.open(browser, `${stranger.url}/guest`);
  await lost.wasTold('away', () => true);
  assert.equal(await lost.page.locator('stonechat-chat .away a').getAttribute('href'), `${stack.url}/`);
  assert.deepEqual(await lost.told('user'), []);
  for (const path of ['/', '/embed_door.html']) {
    const policy = (await fetch(stack.url + path)).headers.get('content-security-policy');
    assert.match(policy, /frame-ancestors 'none'/, path);
  }
  await lost.leave();
});

test('where_a_frame_is_denied_all_storage_the_chat_goes_on_without', async () => {
  const strict = await launchBrowser([NO_COOKIES]);
  const guest = await (await Visitor.open(strict, `${shop.url}/guest`)).comeInAs('Nobody');
  const denied = await guest.frame.locator('html').evaluate(() => {
    try {
      return String(sessionStorage);
    } catch (error) {
      return error.name;
    }
  });
  assert.equal(denied, 'SecurityError');
  await guest.say('from memory');
  await guest.frame.locator('.message:not(.pending)').filter({ hasText: 'from memory' }).waitFor();
  await guest.leave();
  await strict.close();
});

test('whoever_the_site_names_anew_is_somebody_else_and_whoever_it_forgets_is_gone', async () => {
  const first = await visit('/ann');
  await first.wasTold('user', ({ user }) => user?.display === 'Ann');
  const count = async () => Number(await stack.redis('HLEN', await sessionsOf(first)));
  const sessions = await count();
  await first.page.goto(`${shop.url}/ann`);
  await first.wasTold('user', ({ user }) => user?.display === 'Ann');
  assert.equal(await count(), sessions, 'another token of the same visitor opens no other session');
  await first.page.evaluate((token) => window.Stonechat.identify(token), jwt(lei));
  await first.wasTold('user', ({ user }) => user?.display === '李雷');
  await first.page.evaluate(() => window.Stonechat.identify(null));
  await first.bubble.click();
  await first.frame.locator('input[name="guest"]').waitFor();
  await first.page.goto(`${shop.url}/guest`);
  await first.bubble.click();
  await first.frame.locator('input[name="guest"]').waitFor();
  await first.leave();
});

async function sessionsOf(visitor) {
  const { user } = (await visitor.told('user')).findLast((one) => one.user);
  return `{u:${user.id}}:sessions`;
}

test('a_session_that_has_ended_is_renewed_by_asking_the_site', async () => {
  const sub = newName();
  let asked = 0;
  shop.page('/token', () => (asked++, jwt({ sub, name: 'Rene' })), { bare: true });
  shop.page('/renew', script('data-room="lobby" data-token-url="/token"'));
  const visitor = await (await visit('/renew')).openChat();
  assert.equal(asked, 1);
  await visitor.page.waitForTimeout(10100); // what ends at once is not asked for by itself
  await stack.redis('DEL', await sessionsOf(visitor));
  await visitor.say('written after the end');
  await visitor.frame.locator('.message:not(.pending)').filter({ hasText: 'written after the end' }).waitFor();
  assert.equal(asked, 2);
  await visitor.leave();
});

test('somebody_signs_in_in_a_window_of_the_chat_and_the_frame_has_the_session', async () => {
  const eve = await signUp(stack.url, { display: 'Eve' });
  const visitor = await visit('/guest');
  await visitor.bubble.click();
  const opening = visitor.context.waitForEvent('page');
  await visitor.frame.locator('.other button').click();
  const door = await opening;
  await door.waitForURL(`${stack.url}/**`);
  await door.locator('input[name="name"]').fill(eve.name);
  await door.locator('input[name="password"]').fill(eve.password);
  await Promise.all([door.waitForEvent('close'), door.locator('button[type="submit"]').click()]);
  await visitor.wasTold('user', ({ user }) => user?.id === eve.id);
  await visitor.frame.locator('#composer').waitFor();
  assert.deepEqual(await visitor.context.cookies(), []);
  await visitor.leave();
});

test('a_room_is_joined_where_that_may_be_and_else_said_not_to_be_there', async () => {
  const owner = await signUp(stack.url, { display: 'Olga' });
  const name = newName();
  const open = await owner.must(201, 'POST', '/rooms', { name, title: 'Support', kind: 'public' });
  const shut = await owner.must(201, 'POST', '/rooms', { name: newName(), title: 'Board', kind: 'private' });
  const named = (room) => script(`data-room="${room}" data-token="${jwt(ann)}"`);
  for (const [path, room] of [['/by-name', name.toUpperCase()], ['/by-id', open.room.id]]) {
    shop.page(path, () => named(room));
    const visitor = await (await visit(path)).openChat();
    assert.equal(await visitor.frame.locator('.head h1').textContent(), 'Support');
    await visitor.leave();
  }
  for (const [path, room] of [['/shut', shut.room.id], ['/none', 'no such room']]) {
    shop.page(path, () => named(room));
    const visitor = await visit(path);
    await visitor.bubble.click();
    await visitor.frame.getByText('There is no such room').waitFor();
    assert.ok(!(await visitor.frame.locator('body').textContent()).includes('Board'));
    await visitor.leave();
  }
});

test('a_picture_is_shown_and_a_file_saved_though_no_cookie_goes_with_them', async () => {
  const sender = await signUp(stack.url, { display: 'Pia' });
  const name = newName();
  const { room } = await sender.must(201, 'POST', '/rooms', { name, title: 'Pictures', kind: 'public' });
  for (const [file, bytes] of [['dot.png', PNG], ['page.html', '<script>alert(1)</script>']]) {
    const answer = await fetch(`${stack.url}/api/v1/rooms/${room.id}/files?name=${file}`, {
      method: 'POST', body: bytes, headers: { authorization: `Bearer ${sender.token}` },
    });
    const { file: { id } } = await answer.json();
    await sender.must(201, 'POST', `/rooms/${room.id}/messages`, { text: file, key: `key-of-${file.replace('.', '-')}`, files: [id] });
  }
  shop.page('/pictures', () => script(`data-room="${name}" data-token="${jwt(ann)}" data-open`));
  const visitor = await visit('/pictures');
  const img = visitor.frame.locator('.file img');
  await until('the picture is there', () => img.evaluate(({ naturalWidth }) => naturalWidth > 0).catch(() => false));
  assert.match(await img.getAttribute('src'), /^blob:/);
  const saving = visitor.page.waitForEvent('download');
  await visitor.frame.locator('.file').filter({ hasText: 'page.html' }).click();
  assert.equal((await saving).suggestedFilename(), 'page.html');
  await visitor.leave();
});

test('a_click_counts_though_something_has_come_between_pressing_and_letting_go', async () => {
  const visitor = await visit('/ann');
  await visitor.wasTold('unread', () => true);
  await visitor.bubble.hover();
  await visitor.page.mouse.down();
  const before = await visitor.told('unread');
  const bob = await signUp(stack.url, { display: 'Bob' });
  await bob.post('lobby', 'in between', newKey());
  await visitor.wasTold('unread', ({ n }) => n > before.at(-1).n);
  await visitor.page.mouse.up();
  assert.equal(await visitor.bubble.getAttribute('aria-expanded'), 'true');
  await visitor.leave();
});

const focused = (locator) => locator.evaluate((node) => node.getRootNode().activeElement === node);

test('by_keyboard_it_opens_and_escape_closes_it_and_the_focus_is_back', async () => {
  const visitor = await visit('/guest');
  await visitor.page.waitForLoadState();
  assert.equal(await visitor.page.evaluate(() => document.activeElement.tagName), 'BODY', 'no focus is taken');
  await visitor.page.keyboard.press('Tab');
  await visitor.page.keyboard.press('Enter');
  await visitor.page.keyboard.type('Keys', { delay: 20 });
  const nick = visitor.frame.locator('input[name="guest"]');
  await until('the name is there', async () => (await nick.inputValue()) === 'Keys');
  await visitor.page.keyboard.press('Enter');
  await visitor.frame.locator('#composer').waitFor();
  await until('the composer has the focus', () => focused(visitor.frame.locator('#composer')));
  await visitor.page.keyboard.type('by hand');
  await visitor.page.keyboard.press('Enter');
  await visitor.sees('by hand');
  await visitor.frame.locator('.head [aria-haspopup]').press('Enter');
  await visitor.frame.locator('.menu').waitFor();
  await visitor.page.keyboard.press('Escape');
  await visitor.frame.locator('.menu').waitFor({ state: 'hidden' });
  assert.equal(await visitor.bubble.getAttribute('aria-expanded'), 'true', 'what is open within goes first');
  await visitor.page.keyboard.press('Escape');
  await until('the bubble has the focus', () => focused(visitor.bubble));
  assert.equal(await visitor.bubble.getAttribute('aria-expanded'), 'false');
  await visitor.leave();
});

/* The frame's page is held back until `loads()`, so that there is nothing yet that words could be typed in. */
async function beforeItLoads() {
  const visitor = await Visitor.open(browser, 'about:blank');
  let loads;
  const held = new Promise((resolve) => (loads = resolve));
  await visitor.context.route('**/embed.html', async (route) => (await held, route.continue()));
  await visitor.page.goto(`${shop.url}/ann`);
  return { visitor, loads, keyboard: visitor.page.keyboard };
}

test('what_is_typed_while_the_chat_is_still_loading_is_in_it_once_it_is_there', async () => {
  const { visitor, loads, keyboard } = await beforeItLoads();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await keyboard.type('first words ');
  await keyboard.press('Escape');
  assert.equal(await visitor.bubble.getAttribute('aria-expanded'), 'false', 'it can be put away, too');
  assert.ok(await focused(visitor.bubble));
  await keyboard.press('Enter');
  await keyboard.type('half of ');
  loads();
  await keyboard.type('what I came to say, all of it', { delay: 25 });
  const composer = visitor.frame.locator('#composer');
  await until('all is there', async () => (await composer.inputValue()) === 'half of what I came to say, all of it');
  await keyboard.press('Enter');
  await visitor.sees('half of what I came to say, all of it');
  await visitor.leave();
});

test('what_an_input_method_is_at_is_let_be_finished_and_goes_along', async () => {
  const { visitor, loads, keyboard } = await beforeItLoads();
  const cdp = await visitor.context.newCDPSession(visitor.page);
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await cdp.send('Input.imeSetComposition', { text: 'ni hao', selectionStart: 6, selectionEnd: 6 });
  loads();
  const composer = visitor.frame.locator('#composer');
  await composer.waitFor();
  const early = visitor.page.locator('stonechat-chat input.early');
  assert.ok(await focused(early));
  await cdp.send('Input.insertText', { text: '你好' });
  await until('it is there', async () => (await composer.inputValue()) === '你好');
  await early.waitFor({ state: 'detached' });
  await visitor.leave();
});

/* How often somebody asks for the focus: Chromium gives it to no frame that hasn't got it, others do. */
function countFocus() {
  const { focus } = HTMLElement.prototype;
  window.taken = 0;
  HTMLElement.prototype.focus = function (...how) {
    window.taken++;
    focus.apply(this, how);
  };
}

/* In another language it is made anew, which is no wish to write in it. */
test('the_focus_is_taken_from_nobody_who_is_elsewhere_in_the_page', async () => {
  for (const [path, attributes] of [['/one-room', ''], ['/panel', 'data-mode="panel"'], ['/panel-all', 'data-mode="panel" data-rooms="all"']]) {
    shop.page(path, () => `<input id="q" autofocus>${script(`data-room="lobby" data-token="${jwt(ann)}" ${attributes}`)}`);
    const visitor = await Visitor.open(browser, 'about:blank');
    await visitor.context.addInitScript(countFocus);
    await visitor.page.goto(shop.url + path);
    const composer = visitor.frame.locator('#composer');
    const html = visitor.frame.locator('html');
    if (await visitor.bubble.count()) await visitor.bubble.click();
    await composer.click();
    await visitor.page.locator('#q').click();
    await html.evaluate(() => (window.taken = 0));
    await visitor.page.evaluate(() => window.Stonechat.setAttribute('lang', 'zh'));
    await visitor.frame.locator('html[lang="zh-Hans"] #composer').waitFor();
    await visitor.page.keyboard.type('kettle', { delay: 20 });
    assert.equal(await visitor.page.locator('#q').inputValue(), 'kettle', path);
    assert.equal(await html.evaluate(() => window.taken), 0, path);
    await visitor.leave();
  }
});

test('the_look_is_that_of_the_site_where_it_can_be_read_and_is_one', async () => {
  shop.page('/look', () => `<style>stonechat-chat { --stonechat-accent: #ffee00; --stonechat-radius: 4px;
    --stonechat-font: Georgia, serif; --stonechat-size: 99px; --stonechat-height: 400px }</style>
    <script src="${stack.url}/embed.js"></script>
    <stonechat-chat mode="panel" theme="dark" lang="zh" room="lobby" token="${jwt(ann)}"></stonechat-chat>`);
  const visitor = await visit('/look');
  const html = visitor.frame.locator('html');
  await visitor.frame.locator('#composer').waitFor();
  const style = (name) => html.evaluate((node, property) => getComputedStyle(node).getPropertyValue(property), name);
  assert.deepEqual(await html.evaluate((node) => [node.dataset.theme, node.lang]), ['dark', 'zh-Hans']);
  assert.match(await style('--accent'), /^light-dark\(#[0-9a-f]{6}, #ffee00\)$/);
  assert.deepEqual([await style('--round-l'), await style('--sans'), await style('font-size')], ['4px', 'Georgia, serif', '16px']);
  assert.equal(await visitor.page.locator('stonechat-chat').evaluate((node) => node.hasAttribute('token')), false);
  await visitor.page.locator('stonechat-chat').evaluate((node) => {
    node.setAttribute('theme', 'light');
    node.style.setProperty('--stonechat-accent', 'red; background: url(//evil.example)');
    node.style.setProperty('--stonechat-font', 'x}*{display:none');
    node.restyle();
  });
  await until('it is light', async () => (await html.getAttribute('data-theme')) === 'light');
  assert.match(await style('--accent'), /#ffee00/);
  assert.equal(await style('--sans'), 'Georgia, serif');
  await visitor.leave();
});

/* Hears the frame's first word before embed.js does, and answers at once. */
const AD = `<script>
  window.heard = [];
  parent.addEventListener('message', ({ data }) => {
    if (data !== 'stonechat:ready') return;
    const chat = parent.document.querySelector('stonechat-chat').shadowRoot.querySelector('iframe');
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => window.heard.push(event.data);
    window.hello = true;
    chat.contentWindow.postMessage({ type: 'stonechat:hello', room: 'lobby' }, '*', [port2]);
  });
</script>`;

test('nobody_but_the_page_around_is_listened_to', async () => {
  const chat = script(`data-room="lobby" data-token="${jwt(ann)}"`);
  shop.page('/spoof', () => `<iframe name="ad" srcdoc="${AD.replaceAll('"', '&quot;')}"></iframe>${chat}`);
  const visitor = await (await visit('/spoof')).openChat();
  const ad = visitor.page.frame('ad');
  await ad.evaluate(() => {
    parent.postMessage('stonechat:ready', '*');
    parent.postMessage({ type: 'user', user: { id: 'evil' } }, '*');
  });
  await visitor.say('still Ann');
  await visitor.sees('still Ann');
  assert.deepEqual(await ad.evaluate(() => [window.hello, window.heard]), [true, []]);
  assert.deepEqual((await visitor.told('user')).map(({ user }) => user?.display), ['Ann']);
  await visitor.page.evaluate(() => window.Stonechat.setAttribute('theme', 'dark'));
  await visitor.frame.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
  await visitor.leave();
});

test('the_script_is_small_leaves_one_name_and_nothing_of_the_session_in_the_page', async () => {
  assert.ok(gzipSync(readFileSync(`${root}/nginx/www/embed.js`), { level: 1 }).length < 6.5 * 1024);
  shop.page('/plain', '<h1>Shop</h1>');
  const plain = await visit('/plain');
  const names = (visitor) => visitor.page.evaluate(() => Object.getOwnPropertyNames(window).sort());
  const before = await names(plain);
  const visitor = await (await visit('/ann')).openChat();
  const [, token] = /"token":"([^"]+)"/.exec(await visitor.frame.locator('html').evaluate(() => sessionStorage.getItem('stonechat.session')));
  secrets.add(token);
  assert.deepEqual((await names(visitor)).filter((name) => !before.includes(name)), ['Stonechat']);
  const held = await visitor.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.documentElement.outerHTML, document.cookie]));
  assert.ok(!held.includes(token) && !/eyJ/.test(held));
  assert.ok(!visitor.page.frames().some((frame) => /eyJ|token|ticket/.test(frame.url())));
  await Promise.all([plain.leave(), visitor.leave()]);
});

test('all_rooms_are_shown_where_the_site_wants_that', async () => {
  shop.page('/all', () => script(`data-rooms="all" data-token="${jwt(ann)}" data-open`));
  const visitor = await visit('/all');
  await visitor.frame.locator('.rooms a').filter({ hasText: 'Lobby' }).click();
  await visitor.frame.locator('#composer').waitFor();
  await visitor.leave();
});

test('a_part_that_could_not_be_fetched_is_fetched_again', async () => {
  shop.page('/late', () => script(`data-rooms="all" data-token="${jwt(ann)}" data-open`));
  const visitor = await Visitor.open(browser, 'about:blank');
  for (const part of ['embed/frame', 'shell']) await visitor.context.route(`**/js/${part}.js`, (route) => route.abort(), { times: 1 });
  await visitor.page.goto(`${shop.url}/late`);
  await visitor.frame.locator('.rooms a').filter({ hasText: 'Lobby' }).waitFor();
  await visitor.leave();
});

test('no_token_stands_in_any_log', () => assert.deepEqual(leaksIn(stack.dir), []));
