/* embed_hostile: the chat in other sites' pages, where a page, a frame or a window means it ill. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser } from '../support/browser.mjs';
import { openHostSite, Visitor } from '../support/host_site.mjs';
import { jwt, SECRET } from '../support/jwt.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';
import { until } from '../support/wait.mjs';

const shop = await openHostSite();
const evil = await openHostSite();
const stack = await startStack({
  set: {
    ...unhurried(),
    'accounts.guests': 'yes',
    'accounts.jwt_alg': 'HS256',
    'accounts.jwt_key': SECRET,
    'accounts.jwt_issuer': 'shop',
    'http.embed_origins': shop.url,
  },
});
const browser = await launchBrowser(['--test-third-party-cookie-phaseout', '--disable-features=Translate']);
after(async () => {
  await browser.close();
  await Promise.all([shop.close(), evil.close(), stack.stop()]);
});

const script = (attributes) => `<script src="${stack.url}/embed.js" ${attributes} async></script>`;
const ann = () => jwt({ iss: 'shop', sub: 'ann', name: 'Ann Lee', display: 'Ann' });
const visit = (path, site = shop) => Visitor.open(browser, site.url + path);
const open = (site, path, body) => (site.page(path, body), visit(path, site));

shop.page('/guest', () => script('data-room="lobby" data-open'));

/* Those that show something of the chat, and not the browser's word that they may not. */
const chats = ({ page }) => page.frames().filter((frame) => frame.url().startsWith(stack.url));

test('no_page_frames_the_chat_through_another_one_that_may', async () => {
  const frame = (src, sandbox = '') => `<iframe src="${src}" ${sandbox}></iframe>`;
  evil.page('/around', frame(`${stack.url}/embed.html`));
  const cases = [
    ['itself', evil, `${frame(`${stack.url}/embed.html`)}${frame(`${stack.url}/embed_door.html`)}${frame(stack.url)}`],
    ['around a page that may', evil, frame(`${shop.url}/guest`)],
    ['within a page that may', shop, frame(`${evil.url}/around`)],
    ['where the one that may is nobody', shop, frame(`${shop.url}/guest`, 'sandbox="allow-scripts"')],
  ];
  for (const [what, site, body] of cases) {
    const visitor = await open(site, '/case', body);
    await visitor.page.waitForLoadState('networkidle');
    assert.deepEqual(chats(visitor).map((one) => one.url()), [], what);
    await visitor.leave();
  }
  const visitor = await visit('/guest');
  await until('whoever may has it', () => chats(visitor).length === 1);
  await visitor.leave();
});

test('an_image_that_calls_itself_the_script_is_not_taken_for_it', async () => {
  evil.page('/embed.html', `<script>parent.postMessage('stonechat:ready', '*')</script>`);
  const img = `<img name="currentScript" src="${evil.url}/embed.js" data-room="lobby" data-onfocus="window.owned = 1">`;
  const visitor = await open(shop, '/image', () => `${img}${script(`data-room="lobby" data-token="${ann()}"`)}`);
  await visitor.openChat();
  assert.equal(await visitor.page.locator('stonechat-chat iframe').getAttribute('src'), `${stack.url}/embed.html`);
  await visitor.leave();
});

test('what_the_chat_does_not_know_becomes_no_attribute', async () => {
  const visitor = await open(shop, '/attributes', () =>
    script('data-room="lobby" data-theme="dark" data-token-url="/none" data-onclick="window.owned = 1" data-style="display: none"'));
  await visitor.bubble.click();
  const names = await visitor.page.locator('stonechat-chat').evaluate((node) => node.getAttributeNames().sort());
  assert.deepEqual(names, ['open', 'room', 'theme', 'token-url']);
  assert.equal(await visitor.page.evaluate(() => window.owned), undefined);
  await visitor.leave();
});

/* By its name, say. */
test('the_page_around_comes_by_no_window_in_which_somebody_signs_in', async () => {
  const visitor = await visit('/guest');
  const opening = visitor.context.waitForEvent('page');
  await visitor.frame.locator('.other button').click();
  const door = await opening;
  await door.locator('input[name="password"]').waitFor();
  const name = await door.evaluate(() => window.name);
  const trying = visitor.context.waitForEvent('page');
  await visitor.page.evaluate((wanted) => void window.open('about:blank#phish', wanted), name || 'stonechat-door');
  assert.equal((await trying).url(), 'about:blank#phish');
  assert.match(door.url(), /embed_door\.html$/);
  await visitor.frame.locator('.other button').click();
  await door.locator('input[name="password"]').waitFor();
  assert.equal(visitor.context.pages().length, 3, 'one window is enough');
  await visitor.leave();
});

test('nobody_is_asked_for_a_password_in_a_window_that_another_site_has_opened', async () => {
  for (const opens of [evil, shop]) {
    const visitor = await open(opens, '/opens', '<h1>Free kettles</h1>');
    const opening = visitor.context.waitForEvent('page');
    await visitor.page.evaluate((url) => void window.open(url), `${stack.url}/embed_door.html`);
    const door = await opening;
    await door.getByRole('alert').filter({ hasText: 'The page that opened this window is gone' }).waitFor();
    assert.equal(await door.locator('input').count(), 0);
    await visitor.leave();
  }
});

/* A page that may have the chat, with a script of its own in place of embed.js. */
const OWN = (url) => `<iframe src="${url}/embed.html" style="width: 400px; height: 600px"></iframe><script>
  window.heard = [];
  addEventListener('message', ({ source, data }) => {
    if (data !== 'stonechat:ready') return;
    const { port1, port2 } = new MessageChannel();
    window.port = port1;
    port1.onmessage = (event) => heard.push(event.data);
    const hello = { type: 'stonechat:hello', room: 'lobby', shown: true, token: TOKEN, style: null, lang: 7 };
    source.postMessage(hello, '*', [port2]);
  });
</script>`;

/* Each as it never should be, and a thousand of them. */
function rave() {
  const odd = [null, 7, 'x', [], {}, true, { accent: { toString: 'x' } }];
  const types = ['look', 'identify', 'typed', 'shown', 'constructor', '__proto__', 'toString', undefined];
  for (let n = 0; n < 1000; n++) {
    const one = odd[n % odd.length];
    const type = types[n % types.length];
    const laden = Object.defineProperty({}, '__proto__', { value: { room: one }, enumerable: true });
    Object.assign(laden, { room: one, rooms: one, asks: one, lang: one, theme: one, style: one, shown: one, text: one });
    window.port.postMessage(type === 'identify' ? { type, token: window.token } : { type, ...laden, token: one });
    window.port.postMessage(one);
    frames[0].postMessage({ type: 'stonechat:hello', room: 'evil' }, '*');
    frames[0].postMessage({ type: 'stonechat:session', token: 'evil', user: { id: 'evil' } }, '*');
  }
}

test('of_what_the_page_says_is_taken_what_it_should_be_and_nothing_else', async () => {
  const token = ann();
  const visitor = await open(shop, '/own', () => OWN(stack.url).replace('TOKEN', JSON.stringify(token)));
  const frame = visitor.page.frameLocator('iframe');
  const composer = frame.locator('#composer');
  await composer.waitFor();
  await composer.fill('before');
  await visitor.page.evaluate((mine) => (window.token = mine), token);
  await visitor.page.evaluate(rave);
  await visitor.page.evaluate(() => window.port.postMessage({ type: 'look', lang: 'zh', theme: 'dark' }));
  await frame.locator('html[lang="zh-Hans"][data-theme="dark"] #composer').waitFor();
  assert.equal(await composer.inputValue(), 'before', 'nothing is typed for anybody');
  await composer.fill('still Ann');
  await composer.press('Enter');
  await frame.locator('.message:not(.pending)').filter({ hasText: 'still Ann' }).first().waitFor();
  assert.equal(await frame.locator('.message').filter({ hasText: 'still Ann' }).locator('.author').first().textContent(), 'Ann');
  const heard = await visitor.page.evaluate(() => window.heard);
  assert.deepEqual([...new Set(heard.map(({ type }) => type))].sort(), ['focus', 'unread', 'user']);
  assert.ok(!/still Ann|before/.test(JSON.stringify(heard)));
  await visitor.leave();
});

test('no_name_is_markup_on_either_side', async () => {
  const BOLD = '<img src=x onerror="window.owned=1"><b>x';
  const visitor = await open(shop, '/markup', () =>
    script(`data-room="${BOLD.replaceAll('"', '&quot;')}" data-lang="${BOLD.replaceAll('"', '&quot;')}" data-token="${jwt({ iss: 'shop', name: 'marked', display: BOLD })}" data-open`));
  await visitor.frame.getByText('There is no such room').waitFor();
  await visitor.page.evaluate(() => {
    window.Stonechat.setAttribute('room', '');
    window.Stonechat.remove();
    document.body.append(window.Stonechat);
  });
  await visitor.frame.locator('#composer').waitFor();
  await visitor.say(BOLD);
  await visitor.sees(BOLD);
  assert.equal(await visitor.message(BOLD).locator('.author').first().textContent(), BOLD);
  for (const where of [visitor.page.locator('html'), visitor.frame.locator('html')])
    assert.equal(await where.evaluate(() => window.owned), undefined);
  await visitor.leave();
});

test('a_token_of_another_site_or_of_another_key_lets_nobody_in', async () => {
  const cases = {
    'another issuer': jwt({ iss: 'another', sub: 'ann', name: 'Ann Lee' }),
    'another key': jwt({ iss: 'shop', sub: 'ann', name: 'Ann Lee' }, { key: 'one that was guessed, and is long enough' }),
    'no signature': jwt({ iss: 'shop', sub: 'ann', name: 'Ann Lee' }, { alg: 'none' }),
    'no token at all': 'x"><script>alert(1)</script>',
  };
  for (const [what, token] of Object.entries(cases)) {
    const visitor = await open(shop, '/forged', script(`data-room="lobby" data-token="${token.replaceAll('"', '&quot;')}" data-open`));
    await visitor.frame.getByText('This site could not sign you in').waitFor();
    assert.deepEqual(await visitor.told('user'), [], what);
    await visitor.leave();
  }
});

/* All ways that a script of the page around has of reaching into the frame, or of asking in its stead. */
async function pry(url) {
  const ways = {
    document: () => frames[0].document,
    storage: () => frames[0].sessionStorage,
    address: () => frames[0].location.href,
    api: () => fetch(`${url}/api/v1/me`, { credentials: 'include' }),
    page: () => fetch(`${url}/embed.html`),
    module: () => import(`${url}/js/embed/session.js`),
    tickets: () => fetch(`${url}/api/v1/tickets`, { method: 'POST', credentials: 'include' }),
  };
  const found = [];
  for (const [name, way] of Object.entries(ways)) {
    try {
      await way();
      found.push(name);
    } catch {
      // as it should be
    }
  }
  return found;
}

test('the_page_around_reads_nothing_of_the_frame_and_asks_nothing_in_its_name', async () => {
  const visitor = await open(shop, '/ann', () => script(`data-room="lobby" data-token="${ann()}"`));
  await visitor.openChat();
  assert.deepEqual(await visitor.page.evaluate(pry, stack.url), []);
  const own = await visitor.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
  assert.equal(own, '[{},{},""]');
  await visitor.leave();
});

test('no_token_stands_in_any_log', () => assert.deepEqual(leaksIn(stack.dir), []));
