/* keyboard: without a mouse, with an input method, with a screen reader. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newName } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { sleep } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());

const PAUSE_MS = 300; // for what must not happen

const focused = (page) =>
  page.evaluate(() => {
    const node = document.activeElement;
    return node.getAttribute('aria-label') || node.name || node.id || node.textContent;
  });

async function tabTo(page, what) {
  for (let i = 0; i < 40; i++) {
    if (what.test(await focused(page))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no ${what} is reached by Tab`);
}

test('from_the_door_to_a_message_by_keyboard_alone', async () => {
  const ada = await site.visitor();
  const { keyboard } = ada.page;
  await tabTo(ada.page, /^Create account$/);
  await keyboard.press('Enter');
  assert.equal(await focused(ada.page), 'name');
  await keyboard.type(ada.name);
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.type(ada.password);
  await keyboard.press('Enter');
  await ada.page.locator('#composer').waitFor();
  await tabTo(ada.page, /^Message Lobby$/);
  await keyboard.type('by keyboard');
  await keyboard.press('Shift+Enter');
  await keyboard.type('alone');
  await keyboard.press('Enter');
  await ada.sees('by keyboard\nalone');

  const room = newName();
  await keyboard.press('Shift+Tab');
  await tabTo(ada.page, /^New room$/);
  await keyboard.press('Enter');
  await ada.page.locator('dialog[open]').waitFor();
  await keyboard.type(room);
  await keyboard.press('Enter');
  await ada.page.locator('.head h1', { hasText: room }).waitFor();
  await ada.leave();
});

test('the_menu_is_walked_by_arrows_and_gives_the_focus_back', async () => {
  const ada = await site.reader();
  const { keyboard } = ada.page;
  await ada.page.locator('.me').focus();
  await keyboard.press('Enter');
  await ada.page.getByRole('menuitem').first().waitFor(); // it is fetched when it is first opened
  assert.equal(await focused(ada.page), 'My profile');
  await keyboard.press('ArrowDown');
  assert.equal(await focused(ada.page), 'Notifications');
  await keyboard.press('ArrowDown');
  assert.equal(await focused(ada.page), 'My devices');
  await keyboard.press('Enter');
  await ada.page.locator('dialog[open]').waitFor();
  await keyboard.press('Escape');
  await ada.page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal(await ada.page.evaluate(() => document.activeElement.title), 'My account and settings');
  await keyboard.press('Enter');
  await keyboard.press('ArrowUp');
  assert.equal(await focused(ada.page), 'Sign out');
  await keyboard.press('Escape');
  assert.equal(await ada.page.locator('.foot .menu').isVisible(), false);
  assert.equal(await ada.page.evaluate(() => document.activeElement.title), 'My account and settings');
  await ada.leave();
});

test('alt_and_arrows_change_the_room', async () => {
  const ada = await site.reader();
  const room = newName();
  await ada.createRoom(room);
  await ada.page.keyboard.press('Alt+ArrowDown');
  await ada.page.locator('.head h1', { hasText: 'Lobby' }).waitFor();
  await ada.page.keyboard.press('Alt+ArrowDown');
  await ada.page.locator('.head h1', { hasText: room }).waitFor();
  await ada.leave();
});

test('the_enter_that_ends_a_composition_does_not_send', async () => {
  const ada = await site.reader();
  await ada.createRoom(newName());
  const composer = ada.page.locator('#composer');
  await composer.focus();
  const input = await ada.context.newCDPSession(ada.page);
  await input.send('Input.imeSetComposition', {
    text: 'ni hao',
    selectionStart: 6,
    selectionEnd: 6,
  });
  await composer.evaluate((node) => {
    const enter = (more) =>
      node.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...more }),
      );
    enter({ isComposing: true });
    enter({ keyCode: 229 });
  });
  await sleep(PAUSE_MS);
  assert.deepEqual(await ada.texts(), []);
  await input.send('Input.insertText', { text: '你好' });
  assert.equal(await composer.inputValue(), '你好');
  await ada.page.keyboard.press('Enter');
  await ada.shows(['你好']);
  await ada.leave();
});

test('what_is_blank_or_too_long_is_not_sent', async () => {
  const ada = await site.reader();
  await ada.createRoom(newName());
  await ada.say('   \n ');
  await ada.say('x'.repeat(4001));
  await sleep(PAUSE_MS);
  assert.deepEqual(await ada.texts(), []);
  assert.equal(await ada.page.locator('.count.over').textContent(), '-1');
  await ada.say('字'.repeat(4000));
  await ada.shows(['字'.repeat(4000)]);
  await ada.leave();
});

test('a_screen_reader_is_told_what_is_new_and_not_what_is_old', async () => {
  const ada = await site.reader();
  const log = ada.page.getByRole('log', { name: 'Messages in Lobby' });
  await ada.say('something');
  await ada.sees('something');
  await ada.say('something else');
  await ada.sees('something else');
  assert.equal(await log.getAttribute('aria-live'), 'polite');
  assert.equal(await ada.page.locator('.toasts').getAttribute('aria-live'), 'polite');
  for (const role of ['main', 'navigation'])
    assert.equal(await ada.page.getByRole(role).count(), 1, role);
  assert.equal(await ada.page.getByRole('heading', { level: 1 }).count(), 1);
  await ada.leave();
});

test('every_control_has_a_name', async () => {
  const ada = await site.reader();
  const nameless = () =>
    ada.page.evaluate(() =>
      [...document.querySelectorAll('button, a, input, textarea')]
        .filter((node) => node.checkVisibility())
        .filter(
          (node) =>
            !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length),
        )
        .map((node) => node.outerHTML),
    );
  assert.deepEqual(await nameless(), []);
  for (const row of [0, 1]) {
    await ada.page.locator('.brand button').nth(row).click();
    await ada.page.locator('dialog[open]').waitFor();
    assert.deepEqual(await nameless(), []);
    await ada.page.keyboard.press('Escape');
  }
  await ada.leave();
});
