/* admin: the page of administrators, and that it is nobody else's. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newName, newText } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const SECRET = 'a-secret-of-the-host-site-that-nobody-may-see';
const site = await openSite({ 'accounts.jwt_alg': 'HS256', 'accounts.jwt_key': SECRET });
after(() => site.close());

let boss;
before(async () => {
  boss = await site.reader({ display: 'Boss' });
  const id = await idOf(boss);
  await site.stack.redis('HSET', `{u:${id}}:user`, 'role', 'admin');
  await site.stack.redis('SADD', 'admins', id);
});

const idOf = (reader) => reader.page.evaluate(async () => (await (await fetch('/api/v1/me')).json()).user.id);

async function open(reader, section) {
  await reader.page.goto(`${site.stack.url}/admin/#/${section}`);
  await reader.page.locator('#admin main').waitFor();
  return reader.page;
}

/* Until what was not sought is gone: the rows are drawn anew, and a menu of one would go with it. */
async function find(page, name) {
  await page.locator('input.find').fill(name);
  await until('one is found', async () => (await page.locator('.listing-row').count()) === 1);
}

const choose = async (page, row, item) => {
  await row.locator('button').first().click();
  await row.getByRole('menuitem', { name: item }).click();
};

test('is_nothing_to_anybody_else', async () => {
  const eve = await site.reader();
  const page = await open(eve, 'people');
  await page.getByText('For administrators only').waitFor();
  assert.equal(await page.locator('nav').count(), 0);
  await eve.leave();
  const stranger = await site.visitor();
  await (await open(stranger, 'settings')).getByText('For administrators only').waitFor();
  await stranger.leave();
});

test('people_are_found_disabled_enabled_and_made_administrators', async () => {
  const ada = await site.reader({ display: `Ada ${newName()}` });
  const id = await idOf(ada);
  const page = await open(boss, 'people');
  await find(page, ada.name);
  const row = page.locator(`[data-user="${id}"]`);
  await row.getByText('Online').first().waitFor();
  await choose(page, row, 'Disable account');
  await page.locator('dialog').getByRole('button', { name: 'Disable account' }).click();
  await row.getByText('Disabled').waitFor();
  await ada.page.locator('form.form').waitFor(); // at the door
  await choose(page, row, 'Enable account');
  await until('enabled', async () => (await row.getByText('Disabled').count()) === 0);
  await choose(page, row, 'Make administrator');
  await page.locator('dialog').getByRole('button', { name: 'Make administrator' }).click();
  await row.locator('.mark').getByText('Administrator').waitFor();
  await choose(page, row, 'Make an ordinary member');
  await until('a member', async () => (await row.locator('.mark').getByText('Administrator').count()) === 0);
  await ada.leave();
});

test('the_menu_of_somebody_is_on_the_screen_each_row_in_one_line', async () => {
  const ada = await site.reader();
  const page = await open(boss, 'people');
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await find(page, ada.name);
    const row = page.locator(`[data-user="${await idOf(ada)}"]`);
    await row.locator('button').first().click();
    const menu = await row.getByRole('menu').boundingBox();
    assert.ok(menu.x >= 0 && menu.x + menu.width <= width, JSON.stringify(menu));
    const heights = await row.getByRole('menuitem').evaluateAll((all) => all.map((one) => one.clientHeight));
    assert.ok(heights.every((height) => height < 50), `${heights}`);
    await page.keyboard.press('Escape');
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await ada.leave();
});

test('somebody_is_signed_out_everywhere', async () => {
  const ada = await site.reader();
  const page = await open(boss, 'people');
  await find(page, ada.name);
  const row = page.locator(`[data-user="${await idOf(ada)}"]`);
  await row.waitFor();
  await choose(page, row, 'Sign out everywhere');
  await page.locator('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await ada.page.locator('form.form').waitFor();
  await ada.leave();
});

test('a_private_room_is_listed_by_its_facts_and_can_be_deleted', async () => {
  const ada = await site.reader();
  const title = newName();
  const room = await ada.page.evaluate(async (name) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name, kind: 'private' }) };
    return (await (await fetch('/api/v1/rooms', options)).json()).room.id;
  }, title);
  const page = await open(boss, 'rooms');
  const row = page.locator(`[data-room="${room}"]`);
  await row.getByText('Private').waitFor();
  assert.equal(await page.locator('[data-room="lobby"] button').count(), 0);
  await choose(page, row, 'Delete room');
  await page.locator('dialog').getByRole('button', { name: 'Delete room' }).click();
  await until('gone', async () => (await row.count()) === 0);
  await until('gone from the list of its owner', async () => (await ada.page.locator('.rooms').getByText(title).count()) === 0);
  await ada.leave();
});

test('live_figures_follow_what_happens', async () => {
  const ada = await site.reader();
  const page = await open(boss, 'live');
  const chart = (name) => page.locator('figure.chart').filter({ hasText: name });
  await until('a connection', async () => /[1-9]/.test(await chart('Connections').locator('strong').textContent()), 15_000);
  await page.getByText('1 worker of the push daemon').waitFor();
  for (let i = 0; i < 20; i++) await ada.say(newText());
  await until('events', async () => /[1-9]/.test(await chart('Events a second').locator('strong').textContent()), 20_000);
  assert.match(await chart('Connections').locator('svg').getAttribute('aria-label'), /^Connections: \d+, at most \d+$/);
  await ada.leave();
});

test('a_notice_is_previewed_asked_about_and_reaches_everybody', async () => {
  const ada = await site.reader();
  const page = await open(boss, 'notice');
  const words = newText();
  await page.locator('input[name="text"]').fill(words);
  await page.locator('.preview').getByText(words).waitFor();
  await page.locator('form button[type="submit"]').click();
  await page.locator('dialog').getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await ada.page.getByText(words).count(), 0);
  await page.locator('form button[type="submit"]').click();
  await page.locator('dialog').getByRole('button', { name: 'Tell everybody' }).click();
  await ada.page.locator('.toast').getByText(words).waitFor();
  await ada.leave();
});

test('settings_are_shown_and_no_secret', async () => {
  const page = await open(boss, 'settings');
  const row = page.locator('tr').filter({ hasText: 'accounts.jwt_key' }).first();
  await row.getByText('not shown').waitFor();
  assert.ok(!(await page.content()).includes(SECRET));
  await page.locator('input.find').fill('rooms.default');
  await until('one row', async () => (await page.locator('tbody tr:visible').count()) === 1);
});

test('it_speaks_chinese_and_fits_a_phone', async () => {
  const context = { locale: 'zh-CN', viewport: { width: 360, height: 740 } };
  const other = await site.visitor(context);
  await other.signIn(boss);
  for (const section of ['people', 'rooms', 'live', 'notice', 'settings']) {
    const page = await open(other, section);
    await page.locator('nav a[aria-current="page"]').waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${section}: ${width}`);
    const words = (await page.locator('nav, h1, .lead').allTextContents()).join('');
    assert.doesNotMatch(words.replaceAll('stonechat.conf', ''), /[A-Za-z]{3,}/, section);
  }
  await other.leave();
});
