/* message: what a message shows, and what people do with it, with a mouse, a finger and keys. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newKey, newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());

const PNG = [ // of 3 by 2, and of 2 by 2
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==',
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==',
].map((text) => Buffer.from(text, 'base64'));

/* A room of grace's, who speaks by REST, and in it a reader before his page. */
async function openRoom(options = {}) {
  const grace = await signUp(site.stack.url, { display: 'Grace' });
  const name = newName();
  const { room } = await grace.must(201, 'POST', '/rooms', { name, kind: 'public' });
  const ada = await site.reader({ display: 'Ada', ...options });
  await ada.joinRoom(name);
  const say = async (text, more = {}) =>
    (await grace.must(201, 'POST', `/rooms/${room.id}/messages`, { text, key: newKey(), ...more })).message;
  const react = (method, { seq }, emoji) =>
    grace.must(204, method, `/rooms/${room.id}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);
  return { grace, ada, room: room.id, path: `/rooms/${room.id}`, say, react };
}

const row = (reader, { seq }) => reader.page.locator(`.message[data-seq="${seq}"]`);
const chip = (reader, message, emoji) => row(reader, message).locator(`.reaction[data-emoji="${emoji}"]`);
const chips = (reader, message) => row(reader, message).locator('.reaction[data-emoji]').allTextContents();
const offered = (reader) => reader.page.locator('.menu.overlay [role="menuitem"] > span').allTextContents();

async function openMenu(reader, message) {
  await row(reader, message).hover();
  await row(reader, message).locator('[data-deed="menu"]').click();
  await reader.page.locator('.menu.overlay').waitFor();
}

async function choose(reader, message, deed) {
  await openMenu(reader, message);
  await reader.page.locator('.menu.overlay button', { hasText: deed }).click();
}

test('a_text_is_shown_in_the_forms_that_it_asks_for', async () => {
  const { ada, say } = await openRoom();
  const message = await say('**bold** _soft_ `a*b*c`\n> wise\n- one\n- two\n```\n<b>**code**</b>\n```');
  const text = row(ada, message).locator('.text');
  await text.waitFor();
  const found = async (what) => text.locator(what).allTextContents();
  assert.deepEqual(await found('strong'), ['bold']);
  assert.deepEqual(await found('em'), ['soft']);
  assert.deepEqual(await found('p > code'), ['a*b*c']);
  assert.deepEqual(await found('blockquote'), ['wise']);
  assert.deepEqual(await found('ul > li'), ['one', 'two']);
  assert.deepEqual(await found('pre'), ['<b>**code**</b>']);
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await text.locator('.code-copy').click();
  await ada.page.locator('.toast.done').waitFor();
  assert.equal(await ada.page.evaluate(() => navigator.clipboard.readText()), '<b>**code**</b>');
  await ada.leave();
});

test('who_is_mentioned_stands_out_and_nobody_else', async () => {
  const { ada, grace, say } = await openRoom();
  const message = await say(`@${ada.name} and @nobody, mail x@${ada.name}.example`);
  const own = await say(`I am @${grace.name}`);
  const found = row(ada, message).locator('.mention');
  await found.waitFor();
  assert.deepEqual(await found.allTextContents(), [`@${ada.name}`]);
  assert.match(await found.getAttribute('class'), /\bown\b/);
  assert.match(await row(ada, message).getAttribute('class'), /\bfor-me\b/);
  assert.doesNotMatch(await row(ada, own).getAttribute('class'), /\bfor-me\b/);
  await ada.leave();
});

test('a_long_message_is_folded_until_somebody_wants_it_all', async () => {
  const { ada, say, react } = await openRoom();
  const message = await say(Array.from({ length: 60 }, (_, i) => `line ${i}`).join('\n'));
  const text = row(ada, message).locator('.text');
  await text.waitFor();
  const height = () => text.evaluate((node) => node.clientHeight);
  const folded = await height();
  await row(ada, message).locator('.unfold button').click();
  await until('all of it', async () => (await height()) > 2 * folded);
  await react('PUT', message, '👍');
  await chip(ada, message, '👍').waitFor();
  assert.ok((await height()) > 2 * folded, 'and stays so');
  await ada.leave();
});

test('only_what_the_reader_may_do_is_offered', async () => {
  const { ada, grace, room, path, say } = await openRoom();
  const theirs = await say('of somebody else');
  await ada.say('my own');
  await ada.sent();
  const own = { seq: await ada.message('my own').getAttribute('data-seq') };
  const all = ['Add a reaction', 'Reply', 'Edit', 'Pin', 'Copy the text', 'Copy the link', 'Delete'];
  await openMenu(ada, theirs);
  assert.deepEqual(await offered(ada), all.filter((name) => !['Edit', 'Delete'].includes(name)));
  await ada.page.keyboard.press('Escape');
  await openMenu(ada, own);
  assert.deepEqual(await offered(ada), all);
  await ada.page.keyboard.press('Escape');
  const { members } = await grace.must(200, 'GET', `${path}/members`);
  const { id } = members.find(({ user }) => user.name === ada.name).user;
  await grace.must(200, 'PUT', `${path}/members/${id}`, { role: 'moderator' });
  await ada.page.reload();
  await ada.live();
  await openMenu(ada, theirs);
  assert.deepEqual(await offered(ada), all.filter((name) => name !== 'Edit'));
  await grace.must(204, 'DELETE', `/rooms/${room}/messages/${theirs.seq}`);
  await row(ada, theirs).locator('.deleted').waitFor();
  await ada.page.keyboard.press('Escape');
  await row(ada, theirs).hover();
  assert.equal(await row(ada, theirs).locator('[data-deed="menu"]').count(), 0);
  await ada.leave();
});

test('a_reaction_shows_before_the_server_has_answered_and_is_counted_once', async () => {
  const { ada, say, react } = await openRoom();
  const message = await say('react');
  await react('PUT', message, '🌹');
  await chip(ada, message, '🌹').waitFor();
  let free;
  const held = new Promise((resolve) => (free = resolve));
  await ada.page.route('**/reactions/**', async (route) => {
    await held;
    await route.continue();
  });
  await chip(ada, message, '🌹').click();
  await until('two', async () => (await chips(ada, message)).join() === '🌹2');
  assert.equal(await chip(ada, message, '🌹').getAttribute('aria-pressed'), 'true');
  const done = ada.page.waitForResponse((answer) => answer.url().includes('/reactions/'));
  free();
  assert.equal((await done).status(), 204);
  await react('PUT', message, '🍀');
  await until('both', async () => (await chips(ada, message)).join() === '🌹2,🍀1');
  await react('DELETE', message, '🌹');
  await until('one less', async () => (await chips(ada, message)).join() === '🌹1,🍀1');
  await chip(ada, message, '🌹').click();
  await until('none', async () => (await chips(ada, message)).join() === '🍀1');
  await ada.page.reload();
  await ada.live();
  await until('the same', async () => (await chips(ada, message)).join() === '🍀1');
  await ada.leave();
});

test('ten_clicks_come_to_what_the_tenth_meant', async () => {
  const { ada, grace, path, say, react } = await openRoom();
  const message = await say('click');
  await react('PUT', message, '🌹');
  await chip(ada, message, '🌹').waitFor();
  for (let i = 0; i < 9; i++) await chip(ada, message, '🌹').click();
  const count = async () => (await grace.must(200, 'GET', `${path}/messages/${message.seq}`)).message.reactions[0].count;
  await until('two at the server', async () => (await count()) === 2);
  await until('two', async () => (await chips(ada, message)).join() === '🌹2');
  await ada.leave();
});

test('a_refused_reaction_is_taken_back_and_said', async () => {
  const { ada, say, react } = await openRoom();
  const message = await say('refuse');
  await react('PUT', message, '🌹');
  await chip(ada, message, '🌹').waitFor();
  const problem = { status: 409, contentType: 'application/problem+json', body: '{"code":"limit_reached","status":409}' };
  await ada.page.route('**/reactions/**', (route) => route.fulfill(problem));
  await chip(ada, message, '🌹').click();
  await ada.page.locator('.toast.bad').waitFor();
  await until('as before', async () => (await chips(ada, message)).join() === '🌹1');
  await ada.leave();
});

test('an_answer_shows_what_it_answers_also_far_above_and_what_becomes_of_it', async () => {
  const { ada: before, grace, room, path, say } = await openRoom();
  const far = await say('said **long** ago');
  for (let i = 0; i < 60; i++) await say(`number ${i}`);
  const ada = await site.visitor(); // in a browser that has seen none of it come
  await ada.page.route(/messages\?before=/, () => {}); // more of what is above would hold the far one
  await ada.signIn(before);
  await ada.page.goto(`${ada.url}#/${room}`);
  await row(ada, { seq: far.seq + 60 }).waitFor();
  const asked = [];
  ada.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const near = await say('just now');
  const [first, second] = [await say('to the far one', { reply_to: far.seq }), await say('to the near one', { reply_to: near.seq })];
  await say('again', { reply_to: far.seq });
  const quote = (message) => row(ada, message).locator('.quote');
  await until('the far one', async () => /Grace.*said long ago/.test(await quote(first).textContent()));
  assert.match(await quote(second).textContent(), /Grace.*just now/);
  assert.equal(asked.filter((one) => one.endsWith(`/messages/${far.seq}`)).length, 1);
  await grace.must(200, 'PATCH', `${path}/messages/${near.seq}`, { text: 'a moment ago' });
  await until('the edit', async () => /a moment ago/.test(await quote(second).textContent()));
  await grace.must(204, 'DELETE', `${path}/messages/${far.seq}`);
  await until('the end', async () => /was deleted/.test(await quote(first).textContent()));
  assert.ok(await quote(first).isDisabled());
  await quote(second).click();
  await until('the address of the near one', () => ada.page.evaluate((id) => location.hash.startsWith(`#/${id}`), near.room));
  await ada.leave();
  await before.leave();
});

test('the_keys_lead_to_a_message_and_do_what_the_menu_does', async () => {
  const { ada, grace, path, say } = await openRoom();
  await say('above');
  await ada.say('mine');
  await ada.sees('mine');
  await ada.sent();
  await ada.page.evaluate(async () => {
    const { Emitter } = await import('/js/base/emitter.js');
    const { emit } = Emitter.prototype;
    window.told = [];
    Emitter.prototype.emit = function (type, value) {
      if (type === 'compose') window.told.push([value.kind, value.message.text]);
      return emit.call(this, type, value);
    };
  });
  const { keyboard } = ada.page;
  const focused = () => ada.page.evaluate(() => document.activeElement.closest('.message')?.querySelector('.text')?.textContent);
  await ada.page.locator('.timeline').focus();
  await keyboard.press('ArrowUp');
  assert.equal(await focused(), 'mine');
  await keyboard.press('e');
  const writing = () => ada.page.evaluate(() => document.activeElement.id === 'composer');
  await until('the composer has it', writing);
  await keyboard.press('Escape');
  await ada.page.locator('.timeline').focus();
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowUp');
  assert.equal(await focused(), 'above');
  await keyboard.press('e'); // not hers: nothing
  await keyboard.press('r');
  await until('what the composer is told', () => ada.page.evaluate(() => window.told.length === 2));
  assert.deepEqual(await ada.page.evaluate(() => window.told), [['edit', 'mine'], ['reply', 'above']]);
  await until('the composer has it', writing);
  await ada.page.locator('.timeline').focus();
  await keyboard.press('ArrowUp');
  await keyboard.press('p');
  await row(ada, { seq: await ada.message('mine').getAttribute('data-seq') }).locator('.pinned').waitFor();
  assert.equal(await focused(), 'mine', 'the focus stays on what has changed');
  await keyboard.press('Enter');
  await ada.page.locator('.menu.overlay').waitFor();
  await keyboard.press('Escape');
  await until('the focus is back', async () => (await focused()) === 'mine');
  await keyboard.press('Enter');
  await ada.page.locator('.menu.overlay').waitFor();
  await keyboard.press('End');
  await keyboard.press('Enter');
  await ada.page.locator('dialog .danger').waitFor();
  await keyboard.press('Enter');
  await ada.page.locator('.text.deleted').waitFor();
  const { messages } = await grace.must(200, 'GET', `${path}/messages`);
  assert.equal(messages.at(-1).deleted, true);
  await keyboard.press('Escape');
  await until('the composer', writing);
  await ada.leave();
});

test('an_emoji_is_found_by_its_name_and_by_the_keys', async () => {
  const { ada, say } = await openRoom({ locale: 'zh-CN' });
  const message = await say('a rocket, please');
  await row(ada, message).waitFor();
  const { keyboard } = ada.page;
  const search = ada.page.locator('.emoji-search');
  await ada.page.locator('.timeline').focus();
  await keyboard.press('ArrowUp');
  await keyboard.press('+');
  await ada.page.locator('.emoji-grid button').first().waitFor();
  await search.fill('火箭');
  await search.evaluate((box) => box.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })));
  assert.ok(await search.isVisible(), 'an Enter of the input method is its own');
  await keyboard.press('Enter');
  await chip(ada, message, '🚀').waitFor();
  await search.waitFor({ state: 'detached' });
  await row(ada, message).locator('.add-reaction').click();
  await ada.page.locator('[data-group="recent"] button', { hasText: '🚀' }).waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowRight');
  const name = await ada.page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  assert.equal(name, '哈哈', 'the second of the first line below the recent ones');
  await ada.page.locator('.emoji-tones input').nth(3).check({ force: true });
  await search.fill('thumbs up');
  await keyboard.press('Enter');
  await chip(ada, message, '👍🏽').waitFor();
  assert.deepEqual(await chips(ada, message), ['🚀1', '👍🏽1']);
  await ada.leave();
});

test('pictures_open_over_the_page_and_the_arrows_lead_to_the_next', async () => {
  const { ada, grace, path, say } = await openRoom();
  const keep = async (name, bytes) =>
    (await grace.must(201, 'POST', `${path}/files?name=${encodeURIComponent(name)}`, bytes)).file.id;
  const files = [await keep('one.png', PNG[0]), await keep('two.png', PNG[1]), await keep('notes.txt', Buffer.alloc(2500, 'x'))];
  const message = await say('', { files });
  const card = row(ada, message).locator('.file-card');
  await card.waitFor();
  assert.match(await card.textContent(), /^notes\.txt2\.4 kB$/);
  assert.equal(await card.getAttribute('download'), 'notes.txt');
  await row(ada, message).locator('.picture').first().click();
  const viewer = ada.page.locator('dialog.viewer');
  const shown = () => viewer.locator('img').getAttribute('alt');
  await viewer.waitFor();
  assert.equal(await shown(), 'one.png');
  await ada.page.keyboard.press('ArrowRight');
  assert.equal(await shown(), 'two.png');
  await ada.page.keyboard.press('ArrowRight');
  assert.equal(await shown(), 'two.png');
  await ada.page.keyboard.press('ArrowLeft');
  assert.equal(await shown(), 'one.png');
  await ada.page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  await until('the focus is back', () => ada.page.evaluate(() => document.activeElement.matches('.picture')));
  await ada.leave();
});

test('a_finger_that_rests_on_a_message_opens_its_menu', async () => {
  const { ada, say } = await openRoom({ hasTouch: true, viewport: { width: 360, height: 740 }, isMobile: true });
  const message = await say('touch me');
  await row(ada, message).waitFor();
  const box = await row(ada, message).locator('.text').boundingBox();
  const hand = await ada.context.newCDPSession(ada.page);
  const touch = (type, points) => hand.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  await touch('touchStart', [{ x: box.x + 20, y: box.y + 8 }]);
  await ada.page.locator('.menu.overlay').waitFor();
  await touch('touchEnd', []);
  await ada.page.locator('.menu-quick button', { hasText: '🎉' }).tap();
  await chip(ada, message, '🎉').waitFor();
  await ada.leave();
});

test('what_is_deleted_while_its_buttons_are_fetched_gets_none', async () => {
  const { ada, grace, path, say } = await openRoom({ serviceWorkers: 'block' });
  const [message, other] = [await say('soon gone'), await say('stays')];
  await row(ada, other).waitFor();
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await ada.page.route('**/message_tools.js', async (route) => (await held, route.continue()));
  await row(ada, message).hover();
  await grace.must(204, 'DELETE', `${path}/messages/${message.seq}`);
  await row(ada, message).locator('.deleted').waitFor();
  release();
  await ada.page.waitForFunction(() => [...document.styleSheets].some(({ href }) => href?.endsWith('/message_tools.css')));
  await ada.page.waitForTimeout(300);
  assert.equal(await row(ada, message).locator('.message-tools').count(), 0);
  await row(ada, other).hover();
  await row(ada, other).locator('.message-tools').waitFor();
  await ada.leave();
});

test('what_was_followed_live_looks_as_it_does_after_a_reload', async () => {
  const { ada, grace, path, say, react } = await openRoom();
  const first = await say(`**one** for @${ada.name}`);
  const second = await say('two', { reply_to: first.seq });
  const third = await say('three');
  await react('PUT', first, '🌹');
  await react('PUT', second, '🍀');
  await react('PUT', second, '🐦');
  await react('DELETE', second, '🍀');
  await grace.must(200, 'PATCH', `${path}/messages/${first.seq}`, { text: `another _one_ for @${ada.name}` });
  await grace.must(204, 'PUT', `${path}/pins/${second.seq}`);
  await grace.must(204, 'DELETE', `${path}/messages/${third.seq}`);
  await row(ada, third).locator('.deleted').waitFor();
  await row(ada, first).locator('.mention').waitFor();
  const look = () => ada.page.locator('.messages').evaluate((list) => [...list.children]
    .filter((node) => node.matches('.message')).map((node) => node.outerHTML));
  const followed = await look();
  assert.equal(followed.length, 3);
  await ada.page.reload();
  await ada.live();
  await row(ada, first).locator('.mention').waitFor();
  assert.deepEqual(await look(), followed);
  await ada.leave();
});
