/* talk: two people, two browsers, and all that they do on an ordinary day. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newKey, newName, newText, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const DOTS = Buffer.from( // a PNG of 3 by 2
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==', 'base64');

const site = await openSite();
after(() => site.close());

test('two_people_talk_both_ways_without_reloading', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const bob = await site.reader({ display: 'Bob' });
  const [hello, answer] = [newText(), newText()];
  await ada.say(hello);
  await bob.sees(hello);
  await bob.say(answer);
  await ada.sees(answer);
  assert.equal(await bob.message(hello).locator('.author').textContent(), 'Ada');
  assert.equal(await ada.message(answer).locator('.author').textContent(), 'Bob');
  assert.equal(await ada.page.locator('.message.pending').count(), 0);
  await ada.leave();
  await bob.leave();
});

test('what_is_edited_or_deleted_changes_where_it_stands', async () => {
  const ada = await site.reader();
  const bob = await site.reader();
  const [first, second, other] = [newText(), newText(), newText()];
  await ada.say(first);
  await ada.say(second);
  await bob.sees(second);
  const change = async (text, method, body) => {
    const seq = await ada.message(text).getAttribute('data-seq');
    const status = await ada.page.evaluate(async ([path, options]) => (await fetch(path, options)).status, [
      `/api/v1/rooms/lobby/messages/${seq}`,
      { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) },
    ]);
    assert.ok(status < 300, `${status}`);
    return seq;
  };
  await change(first, 'PATCH', { text: other });
  await bob.sees(other);
  const seq = await change(second, 'DELETE');
  for (const who of [ada, bob]) {
    await who.page.locator(`.message[data-seq="${seq}"] .deleted`).waitFor();
    assert.equal(await who.message(second).count(), 0);
    assert.equal(await who.message(first).count(), 0);
  }
  await ada.leave();
  await bob.leave();
});

test('files_are_shown_with_their_message_pictures_in_place', async () => {
  const grace = await signUp(site.stack.url);
  const room = newName();
  const { room: { id } } = await grace.must(201, 'POST', '/rooms', { name: room, kind: 'public' });
  const keep = async (name, bytes) =>
    (await grace.must(201, 'POST', `/rooms/${id}/files?name=${encodeURIComponent(name)}`, bytes)).file.id;
  const files = [await keep('<b>诗.txt', Buffer.from('text')), await keep('dots.png', DOTS)];
  const ada = await site.reader();
  await ada.joinRoom(room);
  await grace.must(201, 'POST', `/rooms/${id}/messages`, { text: '', key: newKey(), files });
  const [link, picture] = [ada.page.locator('a.file').first(), ada.page.locator('.file img')];
  assert.equal(await link.locator('.file-name').textContent(), '<b>诗.txt');
  assert.match(await link.getAttribute('href'), /^\/api\/v1\/files\//);
  await until('the picture', () => picture.evaluate((image) => image.complete && image.naturalWidth === 3));
  assert.equal(await picture.getAttribute('alt'), 'dots.png');
  assert.match(await ada.room(room).locator('.room-snippet').textContent(), /<b>诗\.txt$/);
  await ada.leave();
});

test('a_burst_arrives_whole_and_in_order', async () => {
  const ada = await site.reader();
  const bob = await site.reader();
  const room = newName();
  await ada.createRoom(room);
  await bob.joinRoom(room);
  const said = Array.from({ length: 25 }, (_, i) => `number ${i}`);
  for (const text of said) await ada.say(text);
  await bob.shows(said);
  await ada.shows(said);
  await ada.leave();
  await bob.leave();
});

test('unread_counts_only_what_others_said_and_falls_when_read', async () => {
  const ada = await site.reader();
  const bob = await site.reader();
  const room = newName();
  await ada.createRoom(room);
  await bob.joinRoom(room);
  await bob.enter('Lobby');
  await bob.say(newText());
  for (let i = 0; i < 3; i++) await ada.say(newText());
  await until(
    'three unread',
    async () => (await bob.room(room).locator('.badge').textContent()) === '3',
  );
  assert.match(await bob.page.title(), /^\(\d+\) /);
  assert.match(await bob.room(room).getAttribute('aria-label'), /3 unread messages/);
  assert.equal(await ada.room(room).locator('.badge').isVisible(), false);
  const told = bob.page.waitForResponse((answer) => answer.url().endsWith('/read'));
  await bob.enter(room);
  await bob.page.locator('.new-line').waitFor();
  await bob.room(room).locator('.badge').waitFor({ state: 'hidden' });
  assert.equal((await told).status(), 204);
  await bob.page.reload();
  await bob.live();
  assert.equal(await bob.room(room).locator('.badge').isVisible(), false);
  await ada.leave();
  await bob.leave();
});

test('what_is_read_on_one_page_counts_again_only_when_something_new_comes', async () => {
  const ada = await site.reader();
  const bob = await site.reader();
  const room = newName();
  await ada.createRoom(room);
  await bob.joinRoom(room);
  await ada.say('first');
  await bob.sees('first');
  await bob.enter('Lobby');
  await ada.say('second');
  await until(
    'one unread',
    async () => (await bob.room(room).locator('.badge').textContent()) === '1',
  );
  await ada.leave();
  await bob.leave();
});

test('a_room_may_be_called_anything_and_is_found_by_what_one_would_type', async () => {
  const ada = await site.reader();
  const bob = await site.reader();
  const title = `Coffee & cake: ${newName()} (☕)`;
  await ada.createRoom(title);
  await bob.joinRoom(title, title.slice(0, -4));
  await ada.createRoom('☕☕');
  await ada.leave();
  await bob.leave();
});

test('a_private_room_is_in_nobody_elses_directory', async () => {
  const ada = await site.reader();
  const bob = await site.reader();
  const room = newName();
  await ada.createRoom(room, 'private');
  await ada.say(newText());
  await bob.page.locator('.brand button').first().click();
  await bob.page.locator('dialog input[type="search"]').fill(room);
  await bob.page.locator('dialog .nothing').waitFor();
  await ada.leave();
  await bob.leave();
});

test('a_room_that_was_left_is_gone_from_every_tab', async () => {
  const ada = await site.reader();
  const bob = await site.reader();
  const room = newName();
  await ada.createRoom(room);
  await bob.joinRoom(room);
  const first = bob.page;
  await bob.newPage();
  await bob.live();
  await bob.room(room).waitFor();
  await bob.page.locator('.head .menu-anchor > button').click();
  await bob.page.locator('.head .menu .dangerous').click();
  await bob.page.locator('dialog .danger').click();
  await bob.room(room).waitFor({ state: 'detached' });
  await first.locator('.rooms a', { hasText: room }).waitFor({ state: 'detached' });
  await ada.leave();
  await bob.leave();
});

test('a_room_joined_in_one_tab_appears_in_the_other_and_is_live_there', async () => {
  const ada = await site.reader();
  const bob = await site.reader();
  const room = newName();
  await ada.createRoom(room);
  const first = bob.page;
  await bob.newPage();
  await bob.live();
  await bob.joinRoom(room);
  await first.locator('.rooms a', { hasText: room }).waitFor();
  await bob.enter('Lobby');
  await ada.say('to whoever is here');
  const badge = first.locator('.rooms a', { hasText: room }).locator('.badge');
  await until('one unread in the first tab', async () => (await badge.textContent()) === '1');
  await ada.leave();
  await bob.leave();
});

test('a_notice_published_in_redis_shows_on_every_page', async () => {
  const ada = await site.reader();
  const bob = await site.reader();
  const title = newName();
  const notice = JSON.stringify({ title, text: 'Cake in the kitchen' });
  await site.stack.redis('PUBLISH', 'chat:message', notice);
  for (const reader of [ada, bob]) {
    await reader.page
      .locator('.toast', { hasText: title })
      .filter({ hasText: 'Cake in the kitchen' })
      .waitFor();
  }
  await site.stack.redis('PUBLISH', 'chat:message', JSON.stringify({ order: 4711 }));
  await ada.page.locator('.toast', { hasText: '{"order":4711}' }).waitFor();
  await ada.leave();
  await bob.leave();
});

test('devices_are_listed_and_one_can_be_signed_out', async () => {
  const ada = await site.reader();
  const other = await site.visitor();
  await other.signIn(ada);
  await other.live();
  await ada.menu('My devices');
  const rows = ada.page.locator('dialog .listing-row:not(.skeleton)');
  await rows.nth(1).waitFor();
  assert.equal(await rows.count(), 2);
  assert.equal(await rows.first().locator('.chip').textContent(), 'This device');
  assert.match(await rows.first().locator('strong').textContent(), /Chrome on Linux/);
  await rows.nth(1).locator('button').click();
  await other.page.locator('.card').waitFor();
  await until('one device', async () => (await rows.count()) === 1);
  await ada.page.keyboard.press('Escape');
  await ada.say('still here');
  await ada.sees('still here');
  await ada.leave();
  await other.leave();
});

test('signing_out_everywhere_drops_the_other_device_to_the_door', async () => {
  const ada = await site.reader();
  const other = await site.visitor();
  await other.signIn(ada);
  await other.live();
  await ada.menu('My devices');
  await ada.page.locator('dialog .actions .danger').click();
  await ada.page.locator('dialog .danger', { hasText: /^Sign out$/ }).click();
  await other.page.locator('.card .alert.soft').waitFor();
  await ada.page.locator('.card .alert.soft').waitFor();
  await other.page.reload();
  await other.page.locator('.card').waitFor();
  await ada.leave();
  await other.leave();
});

test('a_wrong_password_and_a_taken_name_are_said_where_they_belong', async () => {
  const ada = await site.reader();
  const bob = await site.visitor();
  await bob.fill({ name: ada.name, password: 'not the password' });
  await bob.submit();
  await bob.page.locator('.alert', { hasText: 'The name or the password is wrong.' }).waitFor();
  await bob.page.locator('.other button').click();
  await bob.fill({ name: ada.name, password: bob.password });
  await bob.submit();
  await bob.page.locator('.field.bad', { hasText: 'That name is taken.' }).waitFor();
  assert.equal(await bob.page.locator('input[name="name"]').getAttribute('aria-invalid'), 'true');
  await bob.fill({ name: newName(), password: 'short' });
  await bob.submit();
  await bob.page.locator('.field.bad', { hasText: 'At least 8 characters' }).waitFor();
  await ada.leave();
  await bob.leave();
});

test('a_new_display_name_and_password_hold', async () => {
  const ada = await site.reader({ display: 'Before' });
  const other = await site.visitor();
  await other.signIn(ada);
  await other.live();
  await ada.menu('My profile');
  await ada.fill({ display: 'After' });
  await ada.page.locator('dialog button[type="submit"]').first().click();
  await ada.page.locator('.me-names strong', { hasText: 'After' }).waitFor();
  await ada.menu('My profile');
  await ada.fill({ current: ada.password, new: 'another horse altogether' });
  await ada.page.locator('dialog button[type="submit"]').last().click();
  await ada.page.locator('.toast.done', { hasText: 'password' }).waitFor();
  await other.page.locator('.card').waitFor();
  await other.signIn({ name: ada.name, password: 'another horse altogether' });
  assert.equal(await other.page.locator('.me-names strong').textContent(), 'After');
  await ada.leave();
  await other.leave();
});

test('a_tab_whose_browser_belongs_to_somebody_else_now_becomes_his', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const first = ada.page;
  await ada.newPage();
  await ada.live();
  await ada.menu('Sign out');
  await first.locator('.card').waitFor();
  await ada.register({ name: newName(), display: 'Bob' });
  await first.locator('.me-names strong', { hasText: 'Bob' }).waitFor();
  await ada.leave();
});
