/* people: who is in a room, what may be done to them, and how that looks to those whom it is done
 * to and to those who only stand by. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newName, newText, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());

/* A room with an owner, somebody to whom things are done, and somebody who stands by. */
async function company(kind = 'public') {
  const ada = await site.reader({ display: 'Ada' });
  const bob = await site.reader({ display: 'Bob' });
  const eve = await site.reader({ display: 'Eve' });
  const room = newName();
  await ada.createRoom(room, kind);
  for (const one of [bob, eve]) {
    await one.joinRoom(room);
    await one.members();
  }
  await ada.members();
  await ada.memberRow('Eve').waitFor();
  return { ada, bob, eve, room, leave: () => Promise.all([ada, bob, eve].map((one) => one.leave())) };
}

test('the_panel_groups_who_is_here_and_follows_who_comes_and_goes', async () => {
  const { ada, bob, eve, leave } = await company();
  const group = (who, name) => who.page.locator('.member-group', { hasText: name });
  await group(ada, 'Online: 3').waitFor();
  await ada.page.locator('.head .head-link', { hasText: '3 members · 3 online' }).waitFor();
  assert.match(await ada.memberRow('Ada').textContent(), /Owner/);
  await bob.page.goto('about:blank');
  await group(ada, 'Offline: 1').waitFor({ timeout: 30000 });
  await group(eve, 'Offline: 1').waitFor();
  await ada.page.locator('.head .head-link', { hasText: '3 members · 2 online' }).waitFor();
  await bob.page.goto(site.stack.url);
  await bob.live();
  await group(ada, 'Online: 3').waitFor();
  await leave();
});

test('members_are_found_by_either_name', async () => {
  const { ada, bob, leave } = await company();
  const rows = ada.page.locator('.member');
  for (const words of ['bo', bob.name.slice(0, 5).toUpperCase()]) {
    await ada.page.locator('.members input').fill(words);
    await ada.page.locator('.panel-status', { hasText: '1 person found' }).waitFor();
    assert.equal(await rows.count(), 1);
    await ada.memberRow('Bob').waitFor();
  }
  await ada.page.locator('.members input').fill('nobody of that name');
  await ada.page.locator('.panel-status', { hasText: '0 people found' }).waitFor();
  assert.equal(await rows.count(), 0);
  await leave();
});

test('a_member_is_offered_nothing_and_nobody_may_moderate_himself', async () => {
  const { ada, bob, leave } = await company();
  assert.equal(await bob.page.locator('.member button[aria-haspopup="menu"]').count(), 0);
  assert.equal(await bob.page.locator('.panel-tools').isVisible(), false);
  assert.equal(await ada.memberRow('Ada').locator('[aria-haspopup="menu"]').count(), 0);
  assert.equal(await ada.memberRow('Bob').locator('[aria-haspopup="menu"]').count(), 1);
  await leave();
});

test('a_moderator_is_made_may_what_moderators_may_and_is_made_a_member_again', async () => {
  const { ada, bob, eve, leave } = await company();
  await ada.moderate('Bob', 'Make moderator');
  for (const one of [ada, bob, eve]) await one.memberRow('Bob').locator('.chip', { hasText: 'Moderator' }).waitFor();
  const menu = await bob.memberMenu('Eve');
  assert.deepEqual(await menu.locator('button').allTextContents(), ['Mute', 'Remove from room', 'Ban from room']);
  await bob.page.keyboard.press('Escape');
  assert.equal(await bob.memberRow('Ada').locator('[aria-haspopup="menu"]').count(), 0);
  assert.equal(await eve.memberRow('Bob').locator('[aria-haspopup="menu"]').count(), 0);
  await ada.moderate('Bob', 'Make ordinary member');
  for (const one of [ada, bob, eve]) {
    await one.memberRow('Bob').locator('.chip').waitFor({ state: 'detached' });
  }
  await until('Bob is offered nothing more', async () =>
    (await bob.page.locator('.member [aria-haspopup="menu"]').count()) === 0);
  await leave();
});

test('a_room_is_handed_over_before_its_last_owner_may_go', async () => {
  const { ada, bob, eve, room, leave } = await company();
  await ada.leaveRoom();
  await ada.page.locator('.toast.bad', { hasText: 'make another member its owner first' }).waitFor();
  await ada.memberRow('Bob').waitFor();
  await ada.moderate('Bob', 'Make owner');
  for (const one of [ada, bob, eve]) await one.memberRow('Bob').locator('.chip', { hasText: 'Owner' }).waitFor();
  await ada.leaveRoom();
  await ada.room(room).waitFor({ state: 'detached' });
  for (const one of [bob, eve]) await one.memberRow('Ada').waitFor({ state: 'detached' });
  await leave();
});

test('who_is_muted_is_told_so_and_may_write_again_when_it_is_lifted', async () => {
  const { ada, bob, eve, leave } = await company();
  await ada.moderate('Bob', 'Mute', '1 hour');
  await ada.memberRow('Bob').locator('.chip', { hasText: 'Muted' }).waitFor();
  assert.equal(await eve.memberRow('Bob').locator('.chip').count(), 0);
  const unheard = newText();
  await bob.say(unheard);
  await bob.page.locator('.message.failed', { hasText: unheard }).waitFor();
  await bob.page.locator('.composer-blocked', { hasText: /You can’t write here until .*\d/ }).waitFor();
  await ada.moderate('Bob', 'Let speak again');
  await ada.memberRow('Bob').locator('.chip').waitFor({ state: 'detached' });
  await bob.page.locator('.message.failed .link', { hasText: 'Try again' }).click();
  for (const one of [ada, eve]) await one.sees(unheard);
  assert.equal(await eve.message(unheard).count(), 1);
  await leave();
});

test('who_is_put_out_is_out_at_once_and_may_come_again', async () => {
  const { ada, bob, eve, room, leave } = await company();
  await ada.moderate('Bob', 'Remove from room');
  await bob.room(room).waitFor({ state: 'detached' });
  await bob.page.locator('.toast', { hasText: 'no longer in that room' }).waitFor();
  for (const one of [ada, eve]) await one.memberRow('Bob').waitFor({ state: 'detached' });
  await bob.joinRoom(room);
  for (const one of [ada, eve]) await one.memberRow('Bob').waitFor();
  await leave();
});

test('who_is_banned_stays_out_until_the_ban_is_lifted', async () => {
  const { ada, bob, eve, room, leave } = await company();
  await ada.moderate('Bob', 'Ban from room');
  await bob.room(room).waitFor({ state: 'detached' });
  for (const one of [ada, eve]) await one.memberRow('Bob').waitFor({ state: 'detached' });
  await bob.page.locator('.brand button').first().click();
  await bob.page.locator('dialog input[type="search"]').fill(room);
  await bob.page.locator('dialog .listing-row', { hasText: room }).locator('button').click();
  await bob.page.locator('dialog .alert', { hasText: 'not allowed' }).waitFor();
  await bob.page.keyboard.press('Escape');
  await ada.page.locator('.panel-tools button', { hasText: 'Banned people' }).click();
  const row = ada.page.locator('dialog .listing-row', { hasText: bob.name });
  await row.locator('button').click();
  await ada.page.locator('dialog .nothing', { hasText: 'Nobody is banned' }).waitFor();
  await ada.page.keyboard.press('Escape');
  await bob.joinRoom(room);
  for (const one of [ada, eve]) await one.memberRow('Bob').waitFor();
  await leave();
});

test('what_is_asked_before_can_be_declined_and_the_focus_is_where_it_was', async () => {
  const { ada, leave } = await company();
  await ada.memberMenu('Bob');
  await ada.page.keyboard.press('End');
  await ada.page.keyboard.press('Enter');
  await ada.page.locator('dialog', { hasText: 'cannot come again' }).waitFor();
  await ada.page.keyboard.press('Escape');
  await ada.memberRow('Bob').waitFor();
  assert.match(
    await ada.page.evaluate(() => document.activeElement.getAttribute('aria-label')),
    /^Moderate Bob/,
  );
  await leave();
});

test('a_card_says_who_somebody_is_and_leads_to_a_direct_room', async () => {
  const { ada, bob, leave } = await company();
  await bob.menu('My profile');
  await bob.fill({ status: 'in the garden', about: 'Roses, mostly' });
  await bob.page.locator('dialog button[type="submit"]').first().click();
  await bob.page.locator('.toast.done').waitFor();
  await ada.memberRow('Bob').locator('.member-card').click();
  const card = ada.page.locator('.person');
  for (const words of [`@${bob.name}`, 'in the garden', 'Roses, mostly', 'Online'])
    await card.getByText(words).first().waitFor();
  await ada.page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  assert.match(await ada.page.evaluate(() => document.activeElement.textContent), /Bob/);

  await ada.memberRow('Bob').locator('.member-card').click();
  await card.locator('button', { hasText: 'Mention' }).click();
  assert.equal(await ada.page.locator('#composer').inputValue(), `@${bob.name} `);

  await ada.memberRow('Bob').locator('.member-card').click();
  await card.locator('button', { hasText: /^Message$/ }).click();
  await ada.page.locator('.head h1', { hasText: 'Bob' }).waitFor();
  const words = newText();
  await ada.say(words);
  await bob.page.locator('.direct a', { hasText: 'Ada' }).click();
  await bob.sees(words);
  await bob.page.locator('.head', { hasText: `@${ada.name} · Online` }).waitFor();
  await leave();
});

test('a_card_opens_along_whom_it_is_about_and_within_the_window', async () => {
  const { ada, bob, leave } = await company();
  await bob.say('who am I?');
  await ada.sees('who am I?');
  const author = ada.message('who am I?').locator('.author');
  const member = ada.memberRow('Bob').locator('.member-card');
  const edges = async (locator) => {
    const { x, width } = await locator.boundingBox();
    return [x, x + width].map(Math.round);
  };
  await author.click();
  const card = ada.page.locator('.person');
  await card.locator('.person-action').first().waitFor();
  assert.equal((await edges(card))[0], (await edges(author))[0], 'it begins where the name does: beside the list of rooms');
  await ada.page.keyboard.press('Escape');
  await ada.page.setViewportSize({ width: 1000, height: 800 });
  await member.click();
  await card.locator('.person-action').first().waitFor();
  const [begins, ends] = await edges(card);
  assert.ok(begins >= 8 && ends <= 992, `${begins} to ${ends}`);
  await leave();
});

test('ones_own_card_leads_to_the_profile', async () => {
  const { ada, leave } = await company();
  await ada.memberRow('Ada').locator('.member-card').click();
  await ada.page.locator('.person-action').first().waitFor();
  assert.deepEqual(await ada.page.locator('.person-action').allTextContents(), ['Edit my profile']);
  await ada.page.locator('.person-action').click();
  await ada.page.locator('dialog input[name="about"]').waitFor();
  await leave();
});

test('a_room_of_a_thousand_members_keeps_the_page_small_and_finds_every_one', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const room = newName();
  await ada.createRoom(room);
  const id = await ada.page.evaluate(() => location.hash.slice(2));
  const last = await signUp(site.stack.url, { display: 'Zoë the last' });
  await last.join(id);
  await ada.page.route(`**/rooms/${id}/members?*`, async (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    const response = await route.fetch({ url: route.request().url().replace(/&cursor=\d+/, '') });
    const { members } = await response.json();
    const made = Array.from({ length: 200 }, (_, i) => ({
      user: { id: `m${from + i}`, name: `member${from + i}`, display: `Member ${from + i}` },
      role: 'member', read: 0, joined_at: 1, online: i % 10 === 0,
    }));
    const end = from + 200 >= 3000;
    await route.fulfill({ json: { members: end ? [...made, ...members] : made, next: end ? null : String(from + 200) } });
  });
  await ada.page.reload();
  await ada.live();
  await ada.members();
  await ada.page.locator('.panel-status', { hasText: '1000+ members' }).waitFor();
  const nodes = () => ada.page.locator('.members *').count();
  assert.ok((await nodes()) < 600, `${await nodes()} elements`);
  await ada.page.locator('.members input').fill('zoë');
  await ada.memberRow('Zoë the last').waitFor();
  await ada.page.locator('.members input').fill('');
  await ada.page.locator('.panel-status', { hasText: '3002 members' }).waitFor();
  await ada.page.locator('.window').evaluate((node) => (node.scrollTop = node.scrollHeight));
  await ada.memberRow('Zoë the last').waitFor();
  assert.ok((await nodes()) < 600, `${await nodes()} elements`);
  await ada.leave();
});
