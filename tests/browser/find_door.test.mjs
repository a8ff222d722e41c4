/* find_door: the way in of a site that waits for its first person, or lets in guests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newName } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';

/* One site of these settings for the time of `act`. */
async function having(set, act) {
  const site = await openSite(set);
  try {
    await act(site);
  } finally {
    await site.close();
  }
}

const title = (reader) => reader.page.locator('.card h1');

test('an_empty_server_greets_the_first_person_who_then_runs_it', () =>
  having({ 'accounts.first_admin': 'yes', 'accounts.guests': 'yes' }, async (site) => {
    const ada = await site.visitor();
    await title(ada).filter({ hasText: 'Welcome to your server' }).waitFor();
    assert.equal(await ada.page.locator('.other').count(), 0);
    await ada.page.locator('.tongues button', { hasText: '中文' }).click();
    await title(ada).filter({ hasText: '欢迎使用你的服务器' }).waitFor();
    await ada.fill({ name: ada.name, display: '', password: ada.password });
    await ada.submit();
    await ada.live();
    const me = await ada.page.evaluate(async () => (await fetch('/api/v1/me')).json());
    assert.equal(me.user.role, 'admin');
    const bob = await site.visitor();
    await title(bob).filter({ hasText: 'Welcome back' }).waitFor();
    await bob.register();
    assert.equal(await bob.page.evaluate(async () => (await (await fetch('/api/v1/me')).json()).user.role), 'member');
    await ada.leave();
    await bob.leave();
  }));

test('a_guest_comes_in_by_a_nickname_and_talks', () =>
  having({ 'accounts.guests': 'yes' }, async (site) => {
    const guest = await site.visitor();
    await guest.page.getByRole('button', { name: 'Come in as a guest' }).click();
    await guest.fill({ guest: '   ' });
    await guest.submit();
    await guest.page.locator('.field.bad').waitFor();
    await guest.fill({ guest: '路人甲' });
    await guest.submit();
    await guest.live();
    assert.equal(await guest.page.locator('.me-names strong').textContent(), '路人甲');
    await guest.say('only looking in');
    await guest.sees('only looking in');
    await guest.leave();
  }));

test('where_accounts_are_made_by_others_none_is_offered', () =>
  having({ 'accounts.registration': 'closed' }, async (site) => {
    const ada = await site.visitor();
    await ada.page.locator('.other', { hasText: 'made by whoever runs this server' }).waitFor();
    assert.equal(await ada.page.locator('.card .other button').count(), 0);
    await ada.leave();
  }));

test('a_server_that_does_not_say_has_the_usual_door', () =>
  having({}, async (site) => {
    const ada = await site.visitor();
    await ada.context.route('**/api/v1/site', (route) => route.abort());
    await ada.page.reload();
    await title(ada).filter({ hasText: 'Welcome back' }).waitFor();
    await ada.context.unroute('**/api/v1/site');
    await ada.context.route('**/api/v1/site', () => {}); // nor does it ever answer
    await ada.page.reload();
    await title(ada).filter({ hasText: 'Welcome back' }).waitFor();
    await ada.register({ name: newName() });
    await ada.leave();
  }));
