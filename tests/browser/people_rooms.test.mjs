/* people_rooms: rooms as those look after them who may, people brought together, and one's own
 * account. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { newName, newText, request, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { sleep, until } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());

const dialog = (who) => who.page.locator('dialog[open]').last();

test('an_empty_room_says_what_to_do_and_several_are_brought_in_at_once', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const [bob, eve] = [await site.reader({ display: 'Bob' }), await site.reader({ display: 'Eve' })];
  const room = newName();
  await ada.createRoom(room, 'private');
  const steps = ada.page.locator('.first-steps button');
  await steps.first().waitFor();
  assert.deepEqual(await steps.allTextContents(), ['Add people', 'Set a topic', 'Write the first message']);
  await steps.first().click();
  for (const one of [bob, eve]) {
    await dialog(ada).locator('input[type="search"]').fill(one.name);
    await dialog(ada).locator('.pick', { hasText: one.name }).click();
  }
  await dialog(ada).locator('input[type="search"]').fill(ada.name);
  await dialog(ada).locator('.pick[disabled]', { hasText: 'already here' }).waitFor();
  await dialog(ada).locator('.primary', { hasText: 'Add 2 people' }).click();
  for (const one of [bob, eve]) await one.enter(room);
  await ada.page.locator('.head-link', { hasText: '3 members · 3 online' }).waitFor();
  await steps.last().click();
  assert.equal(await ada.page.evaluate(() => document.activeElement.id), 'composer');
  const words = newText();
  await ada.say(words);
  for (const one of [ada, bob, eve]) {
    await one.sees(words);
    await one.page.locator('.room-note').waitFor({ state: 'hidden' });
  }
  await Promise.all([ada, bob, eve].map((one) => one.leave()));
});

test('who_cannot_be_brought_in_stays_chosen_and_why_is_said', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const bob = await signUp(site.stack.url, { display: 'Bob' });
  const eve = await signUp(site.stack.url, { display: 'Eve' });
  const room = newName();
  await ada.createRoom(room, 'private');
  await ada.openRoomMenu('Add people');
  for (const one of [bob, eve]) {
    await dialog(ada).locator('input[type="search"]').fill(one.name);
    await dialog(ada).locator('.pick', { hasText: one.name }).click();
  }
  await ada.ask('PUT', `/rooms/${await ada.roomId()}/bans/${bob.id}`, {});
  await dialog(ada).locator('.primary').click();
  await dialog(ada).locator('.alert', { hasText: 'Bob: cannot be added' }).waitFor();
  assert.deepEqual(await dialog(ada).locator('.picked li').allTextContents(), ['Bob']);
  await ada.page.keyboard.press('Escape');
  await ada.members();
  await ada.memberRow('Eve').waitFor();
  assert.equal(await ada.memberRow('Bob').count(), 0);
  await ada.leave();
});

test('what_is_changed_in_the_settings_is_changed_for_all', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const bob = await site.reader({ display: 'Bob' });
  const room = newName();
  await ada.createRoom(room);
  await bob.joinRoom(room);
  const id = await ada.roomId();
  await ada.openRoomMenu('Room settings');
  const title = `${room} two`;
  await ada.fill({ title, topic: 'What grows', keep_days: '30' });
  await ada.page.locator('dialog input[value="private"]').check({ force: true });
  await dialog(ada).locator('form').first().locator('[type="submit"]').click();
  await dialog(ada).waitFor({ state: 'detached' });
  for (const one of [ada, bob]) {
    await one.page.locator('.head h1', { hasText: title }).waitFor();
    await one.page.locator('.head-topic', { hasText: 'What grows' }).waitFor();
    await one.room(title).locator('.icon-lock').waitFor();
  }
  const { room: now } = await ada.ask('GET', `/rooms/${id}`);
  assert.deepEqual([now.title, now.kind, now.keep_days, now.keep_messages], [title, 'private', 30, undefined]);
  await ada.openRoomMenu('Room settings');
  assert.equal(await dialog(ada).locator('input[name="keep_days"]').inputValue(), '30');
  await ada.fill({ title: ' ', keep_days: '' });
  await dialog(ada).locator('form').first().locator('[type="submit"]').click();
  await dialog(ada).locator('.field.bad input[name="title"]').waitFor();
  await ada.fill({ title });
  await dialog(ada).locator('form').first().locator('[type="submit"]').click();
  await dialog(ada).waitFor({ state: 'detached' });
  assert.equal((await ada.ask('GET', `/rooms/${id}`)).room.keep_days, undefined);
  await bob.page.locator('.head .menu-anchor > button').click();
  await bob.page.locator('.head .menu button').first().waitFor();
  const offered = await bob.page.locator('.head .menu button').allTextContents();
  assert.deepEqual(offered, ['Notifications', 'Download all messages', 'Leave room']);
  await ada.leave();
  await bob.leave();
});

test('a_moderator_changes_the_topic_but_not_who_may_come_in', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const bob = await site.reader({ display: 'Bob' });
  const room = newName();
  await ada.createRoom(room);
  await bob.joinRoom(room);
  const { user } = await bob.ask('GET', '/me');
  await ada.ask('PUT', `/rooms/${await ada.roomId()}/members/${user.id}`, { role: 'moderator' });
  await until('the menu offers the settings', async () => {
    await bob.page.locator('.head .menu-anchor > button').click();
    const there = await bob.page.locator('.head .menu button', { hasText: 'Room settings' }).count();
    await bob.page.keyboard.press('Escape');
    return there === 1;
  });
  await bob.openRoomMenu('Room settings');
  await dialog(bob).locator('.listing-row', { hasText: 'Bob' }).getByText('Moderator').waitFor();
  for (const hidden of ['input[name="kind"]', 'input[name="keep_days"]', 'input[name="typed"]'])
    assert.equal(await dialog(bob).locator(hidden).count(), 0);
  await bob.fill({ topic: 'by a moderator' });
  await dialog(bob).locator('form').first().locator('[type="submit"]').click();
  await ada.page.locator('.head-topic', { hasText: 'by a moderator' }).waitFor();
  await ada.leave();
  await bob.leave();
});

test('a_webhook_is_shown_once_posts_and_can_be_ended', async () => {
  const ada = await site.reader({ display: 'Ada' });
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.createRoom(newName());
  await ada.openRoomMenu('Room settings');
  await ada.fill({ hook: 'Grafana' });
  await dialog(ada).locator('button', { hasText: 'Create webhook' }).click();
  await dialog(ada).locator('input[readonly]').waitFor();
  await dialog(ada).locator('button[aria-label="Copy"]').click();
  await dialog(ada).getByText('Copied.').waitFor();
  const address = await ada.page.evaluate(() => navigator.clipboard.readText());
  const text = newText();
  assert.equal((await request(address, 'POST', '', { body: { text } })).status, 201);
  await ada.page.keyboard.press('Escape');
  await ada.sees(text);
  assert.equal(await ada.message(text).locator('.author').textContent(), 'Grafana');
  await ada.openRoomMenu('Room settings');
  await dialog(ada).locator('.listing-row', { hasText: 'Grafana' }).locator('button').click();
  assert.equal(await ada.page.locator('dialog input[readonly]').count(), 0);
  await dialog(ada).locator('.danger', { hasText: 'End webhook' }).click();
  await dialog(ada).locator('.listing-row', { hasText: 'Grafana' }).waitFor({ state: 'detached' });
  assert.equal((await request(address, 'POST', '', { body: { text } })).status, 404);
  await ada.leave();
});

test('a_room_is_deleted_only_when_its_name_is_typed', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const bob = await site.reader({ display: 'Bob' });
  const room = newName();
  await ada.createRoom(room);
  await bob.joinRoom(room);
  await ada.openRoomMenu('Room settings');
  const last = dialog(ada).locator('form').last();
  await ada.fill({ typed: 'something else' });
  await last.locator('[type="submit"]').click();
  await dialog(ada).getByText('not the room’s name').waitFor();
  await ada.room(room).waitFor();
  await ada.fill({ typed: room });
  await last.locator('[type="submit"]').click();
  for (const one of [ada, bob]) await one.room(room).waitFor({ state: 'detached' });
  await ada.leave();
  await bob.leave();
});

test('the_log_of_a_room_can_be_taken_home', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const room = newName();
  await ada.createRoom(room);
  const text = newText();
  await ada.say(text);
  await ada.sees(text);
  await ada.sent();
  const coming = ada.page.waitForEvent('download');
  await ada.openRoomMenu('Download all messages');
  const download = await coming;
  const entries = (await readFile(await download.path(), 'utf8')).trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(entries.map(({ type }) => type), ['member', 'message']);
  assert.equal(entries[1].text, text);
  await ada.leave();
});

test('notes_to_oneself_are_for_nobody_else', async () => {
  const ada = await site.reader({ display: 'Ada' });
  await ada.page.locator('.rooms-head button').click();
  await dialog(ada).locator('input[type="search"]').fill(ada.name);
  await dialog(ada).getByText('notes to yourself').click();
  await ada.page.locator('.beginning', { hasText: 'Only you can read what is written here.' }).waitFor();
  await ada.leave();
});

test('somebody_is_found_and_written_to_and_seen_coming_and_going', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const bob = await site.reader({ display: 'Bob Archer' });
  await ada.page.locator('.rooms-head button').click();
  await dialog(ada).locator('input[type="search"]').fill(bob.name);
  await ada.page.keyboard.press('Enter'); // faster than the answer, and still not somebody else
  await ada.page.locator('.head h1', { hasText: 'Bob Archer' }).waitFor();
  const row = ada.page.locator('.direct a', { hasText: 'Bob Archer' });
  await row.locator('.dot.here').waitFor();
  assert.match(await row.getAttribute('aria-label'), /^Bob Archer, Online/);
  await ada.page.getByRole('heading', { name: 'Between you and Bob Archer' }).waitFor();
  await bob.page.locator('.direct a', { hasText: 'Ada' }).waitFor();
  await bob.page.goto('about:blank');
  await row.locator('.dot:not(.here)').waitFor({ timeout: 30000 });
  await ada.page.locator('.head', { hasText: `@${bob.name} · Offline` }).waitFor();
  await ada.enter('Lobby');
  await ada.page.route('**/rooms/lobby/members*', (route) => route.abort()); // Bob is in the lobby, too
  await ada.page.reload();
  await ada.live();
  await row.locator('.dot:not(.here)').waitFor();
  await row.click();
  await ada.page.locator('.head .menu-anchor > button').click();
  await ada.page.locator('.head .menu button').first().waitFor();
  assert.deepEqual(await ada.page.locator('.head .menu button').allTextContents(), ['About Bob Archer', 'Notifications', 'Download all messages']);
  await ada.leave();
  await bob.leave();
});

test('mentions_are_counted_apart_and_exactly', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const bob = await site.reader({ display: 'Bob' });
  const room = newName();
  await ada.createRoom(room);
  await bob.joinRoom(room);
  await bob.enter('Lobby');
  const id = await ada.roomId();
  const badges = async () => {
    const [mentions, unread] = await bob.room(room).locator('.mention-count, .badge').evaluateAll((all) =>
      all.map((badge) => (badge.hidden ? '' : badge.textContent)));
    return `${mentions} ${unread}`;
  };
  const shows = async (expected) => {
    await until(`${expected}`, async () => (await badges()) === expected);
    await until('the server counts the same', async () => {
      const { rooms } = await bob.ask('GET', '/rooms');
      const { mentions, unread } = rooms.find((one) => one.id === id);
      return `${mentions ? `@${mentions}` : ''} ${unread || ''}` === expected;
    });
    assert.equal(await badges(), expected);
  };
  const post = async (text) =>
    (await ada.ask('POST', `/rooms/${id}/messages`, { text, key: newName() })).message.seq;
  const first = await post(`hello @${bob.name}`);
  await shows('@1 1');
  assert.match(await bob.room(room).getAttribute('aria-label'), /1 unread message, 1 mention of you$/);
  const second = await post('hello nobody');
  await shows('@1 2');
  await ada.ask('PATCH', `/rooms/${id}/messages/${second}`, { text: `and @${bob.name}` });
  await shows('@2 2');
  await ada.ask('PATCH', `/rooms/${id}/messages/${second}`, { text: 'and nobody after all' });
  await shows('@1 2');
  await ada.ask('DELETE', `/rooms/${id}/messages/${first}`);
  await shows(' 1');
  await post(`again @${bob.name}`);
  await shows('@1 2');
  await bob.page.reload();
  await bob.live();
  await shows('@1 2');
  await bob.enter(room);
  await shows(' ');
  await ada.leave();
  await bob.leave();
});

test('an_account_is_closed_with_its_messages_only_with_its_password', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const bob = await site.reader({ display: 'Bob' });
  const room = newName();
  await ada.createRoom(room);
  await bob.joinRoom(room);
  const text = newText();
  await bob.say(text);
  await ada.sees(text);
  await bob.menu('My profile');
  await dialog(bob).locator('button', { hasText: 'Close my account' }).click();
  await dialog(bob).locator('input[value="erase"]').check({ force: true });
  await dialog(bob).locator('input[name="password"]').fill('not the password');
  await dialog(bob).locator('[type="submit"]').click();
  await dialog(bob).locator('.field.bad', { hasText: 'not your password' }).waitFor();
  await dialog(bob).locator('input[name="password"]').fill(bob.password);
  await bob.page.route('**/api/v1/me', async (route) => { // the live connection says so first
    const response = await route.fetch();
    await sleep(500);
    await route.fulfill({ response });
  });
  await dialog(bob).locator('[type="submit"]').click();
  await bob.page.locator('.card .alert', { hasText: 'Your account is closed.' }).waitFor();
  await until('the message is gone', async () => (await ada.message(text).count()) === 0);
  await bob.fill({ name: bob.name, password: bob.password });
  await bob.submit();
  await bob.page.locator('.alert', { hasText: 'The name or the password is wrong.' }).waitFor();
  await ada.leave();
  await bob.leave();
});
