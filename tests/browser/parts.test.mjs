/* parts: what the page fetches when it is first opened, asked for while it can't be fetched: the reader is
 * told, nothing is lost, and asked for again it is there. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());

const AWAY = 'The server cannot be reached. Please try again.';
const NOTE = { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('note') };

/* No worker: with one that has kept the page there is nothing that can't be had. */
const PLAIN = { serviceWorkers: 'block' };

/* In a room of their own, with a message of somebody else's and one of their own. */
async function openRoom(options) {
  const ada = await site.reader({ ...PLAIN, ...options });
  const name = newName();
  await ada.createRoom(name);
  const grace = await signUp(site.stack.url);
  const id = await ada.roomId();
  await grace.join(id);
  await grace.post(id, 'theirs');
  await ada.say('mine');
  await ada.sent();
  await ada.sees('theirs');
  await ada.page.mouse.move(0, 0);
  await ada.page.reload(); // what came with all that is forgotten
  await ada.live();
  await ada.sees('mine');
  return { ada, grace, id, name };
}

const MODULES = /\/js\/.*\.js$|\/css\/.*\.css$/;

/* What the page asks for from now on that it has not got: nobody answers, or nginx has nobody to ask. */
const cut = ({ page }, how = (route) => route.abort()) => page.route(MODULES, how);
const mend = ({ page }) => page.unroute(MODULES);
const badGateway = (route) => route.fulfill({ status: 502, contentType: 'text/html', body: 'Bad Gateway' });

const told = ({ page }) => page.locator('.toast.bad', { hasText: AWAY });

async function isTold(ada) {
  await told(ada).waitFor();
  await told(ada).getByRole('button', { name: 'Close' }).click();
  await until('it is said once', async () => (await told(ada).count()) === 0);
}

const press = (key) => async ({ page }) => {
  await page.locator('#composer').blur();
  await page.keyboard.press(key);
};
const click = (selector) => ({ page }) => page.locator(selector).first().click();
const onRow = (text, key) => async (ada) => {
  await ada.message(text).focus();
  await ada.page.keyboard.press(key);
};
const row = (selector, words) => async ({ page }) => {
  const menu = page.locator(`${selector} .menu:visible`);
  if (!(await menu.count())) await page.locator(`${selector} .menu-anchor > button`).click();
  await menu.getByText(words, { exact: true }).click();
};

/* Opened how, and what is then to be seen. `before` makes ready what does open it. */
const myRow = (words) => ({ open: row('.foot', words), seen: 'dialog[open]', before: openMyMenu });
const roomRow = (words) => ({ open: row('.head', words), seen: 'dialog[open]', before: openRoomMenu });
const DOORS = {
  the_directory_by_its_button: { open: click('.brand button[aria-label="Browse rooms"]'), seen: 'dialog[open]' },
  a_new_room_by_its_button: { open: click('.brand button[aria-label="New room"]'), seen: 'dialog[open]' },
  a_new_message_by_its_button: { open: click('.rooms-head button'), seen: 'dialog[open]' },
  the_palette_by_its_key: { open: press('Control+k'), seen: 'dialog[open]' },
  the_shortcuts_by_their_key: { open: press('?'), seen: 'dialog[open]' },
  the_search_by_its_key: { open: press('/'), seen: '.panel input[type="search"]' },
  the_search_by_its_button: { open: click('.head button[aria-label="Search"]'), seen: '.panel input' },
  the_pins_by_their_button: { open: click('.head button[aria-label="Pinned messages"]'), seen: '.panel h2' },
  the_members_by_their_button: { open: click('.head button[aria-label="Members"]'), seen: '.panel .member' },
  ones_own_menu_by_its_button: { open: click('.me'), seen: '.foot .menu' },
  the_rooms_menu_by_its_button: { open: click('.head .menu-anchor > button'), seen: '.head .menu' },
  the_profile_by_its_row: myRow('My profile'),
  the_notifications_by_their_row: myRow('Notifications'),
  the_devices_by_their_row: myRow('My devices'),
  the_settings_of_a_room_by_their_row: roomRow('Room settings'),
  the_notifications_of_a_room_by_their_row: roomRow('Notifications'),
  leaving_a_room_by_its_row: roomRow('Leave room'),
  inviting_to_a_room_by_its_row: roomRow('Add people'),
  signing_out_by_its_row: { ...myRow('Sign out'), seen: '.card' },
  a_person_by_the_name: { open: click('.message:has-text("theirs") .author'), seen: '.popup' },
  the_menu_of_a_message_by_its_key: { open: onRow('theirs', 'Enter'), seen: '[role="menu"] kbd' },
  a_reaction_by_its_key: { open: onRow('theirs', '+'), seen: '.emoji-picker' },
  the_emoji_by_their_button: { open: click('.composer button[aria-label="Add an emoji"]'), seen: '.emoji-picker' },
  an_answer_by_its_key: { open: onRow('theirs', 'r'), seen: '.composer-bar:visible' },
};

async function openMyMenu({ page }) {
  await page.locator('.me').click();
  await page.locator('.foot .menu').waitFor();
}

async function openRoomMenu({ page }) {
  await page.locator('.head .menu-anchor > button').click();
  await page.locator('.head .menu').waitFor();
}

async function asksTwice(ada, { open, seen, before }, how) {
  await before?.(ada);
  await cut(ada, how);
  for (let time = 1; time <= 2; time++) {
    await open(ada);
    await isTold(ada);
    assert.equal(await ada.page.locator(seen).count(), 0, 'and there is nothing of it');
  }
  await mend(ada);
  await open(ada);
  await ada.page.locator(seen).first().waitFor();
}

for (const [at, [name, door]] of Object.entries(DOORS).entries()) {
  test(`${name}_can_be_asked_for_again_when_it_could_not_be_fetched`, async () => {
    const { ada } = await openRoom();
    await asksTwice(ada, door, at % 2 ? badGateway : undefined);
    await ada.leave();
  });
}

/* What the reader has not asked for comes by itself, and nothing is said of it. */

const back = ({ page }) => page.evaluate(() => dispatchEvent(new Event('online')));

test('who_has_read_it_is_shown_as_soon_as_it_can_be', async () => {
  const { ada, grace, id } = await openRoom();
  await ada.alone();
  let refused = 0;
  await cut(ada, (route) => route.abort().then(() => refused++));
  await ada.page.route('**/js/**', (route) => (/receipts/.test(route.request().url()) ? route.fallback() : route.continue()));
  await ada.page.reload();
  await ada.live();
  const { messages } = await ada.ask('GET', `/rooms/${id}/messages`);
  await grace.must(204, 'PUT', `/rooms/${id}/read`, { seq: messages.at(-1).seq });
  await ada.say('the newest of all');
  await until('it was asked for', () => refused > 0);
  assert.equal(await ada.page.locator('.toast').count(), 0);
  await mend(ada);
  await back(ada);
  const { messages: all } = await ada.ask('GET', `/rooms/${id}/messages`);
  await grace.must(204, 'PUT', `/rooms/${id}/read`, { seq: all.at(-1).seq });
  await ada.page.locator('.receipt').waitFor();
  await ada.leave();
});

const DRESS = ['forms.css', 'overlays.css', 'people.css'];

/* Of these, those that have come: of one that has not, nothing may be read. */
const come = (names) => {
  const has = (sheet) => {
    try {
      return sheet.cssRules.length > 0;
    } catch {
      return false;
    }
  };
  const all = [...document.styleSheets].filter(has).map(({ href }) => href.split('/').pop());
  return all.filter((name) => names.includes(name));
};

test('a_part_without_its_stylesheet_is_usable_and_is_dressed_later', async () => {
  const { ada } = await openRoom();
  await ada.page.route('**/css/*.css', (route) => route.abort());
  await ada.page.locator('.brand button[aria-label="Browse rooms"]').click();
  await ada.page.locator('dialog input[type="search"]').fill('nothing like it');
  const dressed = () => ada.page.evaluate(come, DRESS);
  assert.deepEqual(await dressed(), []);
  await ada.page.unroute('**/css/*.css');
  await back(ada);
  await until('it is dressed, in the order of its dress', async () => (await dressed()).join() === DRESS.join());
  await ada.leave();
});

const choose = ({ page }, files) => page.locator('.composer input[type="file"]').setInputFiles(files);
const items = ({ page }) => page.locator('.composer .upload');

const hand = ({ page }, where, type, name) =>
  page.evaluate(
    ([selector, kind, called]) => {
      const data = new DataTransfer();
      data.items.add(new File(['some'], called, { type: 'text/plain' }));
      const init = { bubbles: true, cancelable: true };
      const event = kind === 'paste'
        ? new ClipboardEvent(kind, { ...init, clipboardData: data })
        : new DragEvent(kind, { ...init, dataTransfer: data });
      document.querySelector(selector).dispatchEvent(event);
      return event.defaultPrevented;
    },
    [where, type, name],
  );

const GIVEN = {
  chosen: (ada) => choose(ada, NOTE),
  pasted: (ada) => hand(ada, '#composer', 'paste', NOTE.name),
  dropped: async (ada) => {
    for (const type of ['dragenter', 'dragover', 'drop'])
      assert.equal(await hand(ada, '.messages', type, NOTE.name), type !== 'dragenter', 'the page stays');
  },
};

for (const [how, give] of Object.entries(GIVEN)) {
  test(`a_file_that_was_${how}_while_nothing_could_be_fetched_is_kept_and_sent`, async () => {
    const { ada, grace, id } = await openRoom();
    await cut(ada);
    await give(ada);
    await isTold(ada);
    assert.equal(await items(ada).count(), 0);
    await ada.page.locator('#composer').fill('with a file');
    await mend(ada);
    await back(ada);
    await until('it is there', async () => (await items(ada).count()) === 1);
    await ada.page.locator('#composer').press('Enter');
    await until('it is sent', async () => (await grace.history(id)).at(-1).text === 'with a file');
    assert.deepEqual((await grace.history(id)).at(-1).files.map(({ name }) => name), [NOTE.name]);
    await ada.leave();
  });
}

test('a_file_that_waited_over_a_reload_is_sent_although_its_bytes_could_not_be_read_at_first', async () => {
  const { ada, grace, id } = await openRoom();
  const nowhere = (route) => route.abort();
  await ada.page.route('**/files?*', nowhere);
  await choose(ada, NOTE);
  await until('it is there', async () => (await items(ada).count()) === 1);
  await ada.say('kept');
  await ada.page.locator('.message.pending .upload').waitFor();
  await ada.page.unroute('**/files?*', nowhere);
  let refused = 0;
  const unread = (route) => route.abort().then(() => refused++);
  await ada.page.route('**/base/bytes.js', unread);
  await ada.page.reload();
  await until('they are asked for', () => refused > 0);
  await ada.page.unroute('**/base/bytes.js', unread);
  await back(ada);
  await until('it is sent', async () => (await grace.history(id)).at(-1).text === 'kept', 40_000);
  await ada.leave();
});

test('an_answer_whose_line_can_not_be_shown_is_none', async () => {
  const { ada, grace, id } = await openRoom();
  await ada.message('theirs').hover();
  await cut(ada, (route) => (/composer_bar/.test(route.request().url()) ? route.abort() : route.continue()));
  await onRow('theirs', 'r')(ada);
  await isTold(ada);
  await ada.say('no answer');
  await until('it is sent', async () => (await grace.history(id)).at(-1).text === 'no answer');
  assert.equal((await grace.history(id)).at(-1).reply_to, undefined);
  await ada.leave();
});

test('a_change_that_can_not_be_saved_says_so_even_where_its_line_is_missing', async () => {
  const { ada, grace, id } = await openRoom();
  const box = ada.page.locator('#composer');
  await cut(ada);
  await box.press('ArrowUp');
  await box.fill('mine, changed');
  await ada.page.route('**/messages/*', (route) => route.abort());
  await box.press('Enter');
  await isTold(ada);
  assert.equal(await box.inputValue(), 'mine, changed');
  await ada.page.unroute('**/messages/*');
  await mend(ada);
  await back(ada);
  await ada.page.locator('.composer-bar').waitFor();
  await box.press('Enter');
  await until('it is saved', async () => (await grace.history(id)).some(({ text }) => text === 'mine, changed'));
  await ada.leave();
});

test('a_panel_that_could_not_be_fetched_leaves_none_that_is_dead', async () => {
  const { ada } = await openRoom();
  await ada.members();
  await cut(ada);
  await ada.page.locator('.head button[aria-label="Search"]').click();
  await isTold(ada);
  await ada.page.locator('.panel').waitFor({ state: 'hidden' });
  await mend(ada);
  await ada.members();
  await ada.leave();
});

test('a_mark_that_could_not_be_set_is_set_by_the_next_press', async () => {
  const { ada } = await openRoom();
  const box = ada.page.locator('#composer');
  await box.fill('loud');
  await box.selectText();
  await cut(ada);
  await box.press('Control+b');
  await isTold(ada);
  await mend(ada);
  await box.selectText();
  await box.press('Control+b');
  await until('it is set', async () => (await box.inputValue()) === '**loud**');
  await ada.leave();
});

/* What the reader has begun to make of a message. */

const changes = async (ada, text) => {
  await onRow('mine', 'e')(ada);
  await ada.page.locator('.composer.editing').waitFor();
  await ada.page.locator('#composer').fill(text);
};
const goesOn = async ({ page }, text) => {
  await page.locator('.composer-bar[data-kind="edit"]').waitFor();
  assert.equal(await page.locator('#composer').inputValue(), text);
};

test('a_change_that_was_begun_is_kept_over_another_room_and_a_reload_and_is_saved', async () => {
  const { ada, grace, id, name } = await openRoom();
  const box = ada.page.locator('#composer');
  await box.fill('half a thought');
  await changes(ada, 'mine, and more');
  await ada.enter('Lobby');
  assert.equal(await box.inputValue(), '');
  assert.match(await ada.room(name).textContent(), /mine, and more/);
  await ada.enter(name);
  await goesOn(ada, 'mine, and more');
  await ada.page.reload();
  await goesOn(ada, 'mine, and more');
  await box.press('Enter');
  await until('it is saved', async () => (await grace.history(id)).some(({ text }) => text === 'mine, and more'));
  await until('the thought is back', async () => (await box.inputValue()) === 'half a thought');
  await ada.page.reload();
  await ada.live();
  assert.equal(await ada.page.locator('.composer.editing').count(), 0);
  assert.equal(await box.inputValue(), 'half a thought');
  await ada.leave();
});

test('a_change_that_was_given_up_is_not_taken_up_again', async () => {
  const { ada } = await openRoom();
  await changes(ada, 'not this');
  await ada.page.locator('#composer').press('Escape');
  await ada.page.reload();
  await ada.live();
  assert.equal(await ada.page.locator('#composer').inputValue(), '');
  await ada.leave();
});

test('a_change_of_a_message_that_is_gone_meanwhile_is_not_taken_up_again', async () => {
  const { ada, id, name } = await openRoom();
  await ada.page.locator('#composer').fill('half a thought');
  await changes(ada, 'too late');
  const seq = await ada.message('mine').getAttribute('data-seq');
  await ada.enter('Lobby');
  await ada.ask('DELETE', `/rooms/${id}/messages/${seq}`);
  await ada.enter(name);
  const box = ada.page.locator('#composer');
  await until('what was written before', async () => (await box.inputValue()) === 'half a thought');
  await ada.page.locator('.composer-bar').waitFor({ state: 'hidden' });
  await ada.leave();
});

test('a_change_is_kept_when_the_session_ends_and_gone_when_its_writer_signs_out', async () => {
  const { ada, name } = await openRoom();
  await changes(ada, 'nobody else may read this');
  const kept = () => ada.page.evaluate(() => JSON.stringify(localStorage).includes('nobody else'));
  await ada.ask('DELETE', '/sessions/current');
  await ada.page.locator('.card').waitFor();
  assert.equal(await kept(), true);
  await ada.signIn();
  await ada.enter(name);
  await goesOn(ada, 'nobody else may read this');
  await ada.menu('Sign out');
  await ada.page.locator('.card').waitFor();
  assert.equal(await kept(), false);
  await ada.leave();
});
