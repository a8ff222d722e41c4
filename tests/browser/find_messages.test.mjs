/* find_messages: what was said is found again, and what is pinned stands beside the room. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newKey, newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { sleep, until } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());

const PAUSE_MS = 400; // for what must not happen
const NARROW = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

const panel = (reader) => reader.page.locator('.panel');
const box = (reader) => panel(reader).locator('input[type="search"]');
const found = (reader) => panel(reader).locator('.found');
const note = (reader) => panel(reader).locator('.found-note');
const marks = (reader) => panel(reader).locator('mark').allTextContents();

/* On a narrow screen it is a row of the menu. */
async function openSearch(reader) {
  const button = reader.page.locator('.head').getByRole('button', { name: 'Search' });
  await (await button.isVisible() ? button.click() : reader.openRoomMenu('Search'));
}

async function search(reader, q) {
  if (!(await box(reader).isVisible())) await openSearch(reader);
  await box(reader).fill(q);
}

const everywhere = (reader) => panel(reader).getByRole('radio', { name: 'All my rooms' }).check({ force: true });

/* A room of its own in which these texts were said, oldest first. */
async function roomOf(person, texts, title = newName()) {
  const { room } = await person.must(201, 'POST', '/rooms', { name: newName(), title, kind: 'public' });
  const seqs = [];
  for (const text of texts) {
    const { message } = await person.must(201, 'POST', `/rooms/${room.id}/messages`, { text, key: newKey() });
    seqs.push(message.seq);
  }
  return { id: room.id, title, seqs };
}

/* A reader who is in that room, and looks at it. */
async function readerIn(room, options) {
  const reader = await site.reader(options);
  await reader.page.evaluate((id) => fetch(`/api/v1/rooms/${id}/members/me`, {
    method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}',
  }), room.id);
  await reader.enter(room.title);
  return reader;
}

test('what_was_said_is_found_newest_first_and_marked_to_the_character', async () => {
  const bob = await signUp(site.stack.url, { display: 'Bob' });
  const room = await roomOf(bob, [
    'The roses are out 🌹👩🏽‍🌾🌹 and ROSES are red', 'nothing of note', '𝒳 rose 𠮷', '玫瑰花开了，来看玫瑰',
  ]);
  const ada = await readerIn(room);
  await search(ada, 'rose');
  await until('two are found', async () => (await found(ada).count()) === 2);
  assert.deepEqual(await marks(ada), ['rose', 'rose', 'ROSE']);
  assert.match(await found(ada).first().textContent(), /Bob.*𝒳 rose 𠮷/);
  assert.match(await note(ada).textContent(), /^2 messages found$/);
  await search(ada, '玫瑰');
  await until('one is found', async () => (await found(ada).count()) === 1);
  assert.deepEqual(await marks(ada), ['玫瑰', '玫瑰']);
  await search(ada, '<b>no such thing');
  await note(ada).filter({ hasText: 'No message says “<b>no such thing”.' }).waitFor();
  assert.equal(await found(ada).count(), 0);
  await ada.leave();
});

test('a_long_message_is_shown_around_what_was_sought', async () => {
  const ada = await site.visitor();
  const around = await ada.page.evaluate(async () => {
    const { clipped, marked } = await import('/js/base/marked.js');
    const text = `${'🌹'.repeat(500)}needle${'y'.repeat(500)}needle`;
    const part = clipped(text, [[500, 506], [1006, 1012]]);
    const nodes = marked(part.text, part.ranges);
    return { length: [...part.text].length, marks: nodes.filter((node) => node.localName === 'mark').map((node) => node.textContent),
      edges: [part.text.at(0), part.text.at(-1)], whole: clipped('short', [[0, 5]]) };
  });
  assert.deepEqual(around, { length: 282, marks: ['needle'], edges: ['…', '…'], whole: { text: 'short', ranges: [[0, 5]] } });
  await ada.leave();
});

test('what_was_found_is_shown_without_the_marks_of_its_form', async () => {
  const bob = await signUp(site.stack.url);
  const room = await roomOf(bob, ['𝒳 it went **out** exactly `once`, out', 'went ou**t**']);
  const ada = await readerIn(room);
  const texts = () => panel(ada).locator('.found-text').allTextContents();
  await search(ada, 'out');
  await until('it is found', async () => (await found(ada).count()) === 1);
  assert.deepEqual(await texts(), ['𝒳 it went out exactly once, out']);
  assert.deepEqual(await marks(ada), ['out', 'out']);
  await search(ada, 'ou**t'); // who looks for the marks sees them
  await until('the other one is found', async () => (await texts()).includes('went ou**t**'));
  assert.deepEqual(await marks(ada), ['ou**t']);
  await ada.leave();
});

test('what_was_found_leads_to_where_it_stands_also_in_another_room', async () => {
  const bob = await signUp(site.stack.url);
  const word = newName();
  const here = await roomOf(bob, [`${word} here`]);
  const there = await roomOf(bob, [`${word} there`, ...Array.from({ length: 3 }, (_, i) => `after it ${i}`)]);
  const ada = await readerIn(there);
  await ada.page.evaluate((id) => fetch(`/api/v1/rooms/${id}/members/me`, {
    method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}',
  }), here.id);
  await ada.enter(here.title);
  await search(ada, word);
  await until('one is found', async () => (await found(ada).count()) === 1);
  await everywhere(ada);
  await until('two are found', async () => (await found(ada).count()) === 2);
  const where = panel(ada).locator('.found-where');
  assert.deepEqual((await where.allTextContents()).sort(), [here.title, there.title].sort());
  await found(ada).filter({ hasText: 'there' }).click();
  await ada.page.locator('.head h1', { hasText: there.title }).waitFor();
  await ada.sees(`${word} there`);
  await until('the list is there again', async () => (await found(ada).count()) === 2);
  assert.equal(await box(ada).inputValue(), word);
  await until('and the focus where it was', () => ada.page.evaluate(() => document.activeElement.matches('.found')));
  await ada.leave();
});

test('what_was_typed_is_kept_while_the_panel_is_closed_and_is_nobody_elses', async () => {
  const bob = await signUp(site.stack.url);
  const word = newName();
  const ada = await readerIn(await roomOf(bob, [word]));
  await search(ada, word);
  await found(ada).waitFor();
  await box(ada).press('Escape');
  await panel(ada).waitFor({ state: 'hidden' });
  await ada.page.locator('.head').getByRole('button', { name: 'Search' }).click();
  await found(ada).waitFor();
  assert.equal(await box(ada).inputValue(), word);
  await box(ada).press('Escape');
  await ada.menu('Sign out');
  await ada.register({ name: newName() });
  await ada.live();
  await ada.page.locator('.head').getByRole('button', { name: 'Search' }).click();
  await note(ada).waitFor();
  assert.equal(await box(ada).inputValue(), '');
  await ada.leave();
});

test('by_keyboard_alone_from_the_question_to_the_message', async () => {
  const bob = await signUp(site.stack.url);
  const word = newName();
  const room = await roomOf(bob, [`${word} one`, `${word} two`]);
  const ada = await readerIn(room);
  const { keyboard } = ada.page;
  await keyboard.press('Control+k');
  await ada.page.locator('.palette').waitFor();
  await keyboard.type(word);
  await keyboard.press('ArrowUp'); // the last row: search for it
  await keyboard.press('Enter');
  await until('two are found', async () => (await found(ada).count()) === 2);
  assert.equal(await box(ada).inputValue(), word);
  await keyboard.press('Enter');
  await keyboard.press('ArrowDown');
  assert.match(await ada.page.evaluate(() => document.activeElement.textContent), / one$/);
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowUp');
  assert.equal(await ada.page.evaluate(() => document.activeElement.type), 'search');
  await ada.leave();
});

test('pages_follow_as_one_scrolls_and_each_message_comes_once', async () => {
  const bob = await signUp(site.stack.url);
  const texts = Array.from({ length: 65 }, (_, i) => `needle number ${i}`);
  const ada = await readerIn(await roomOf(bob, texts));
  await search(ada, 'needle');
  await until('the first page', async () => (await found(ada).count()) >= 20);
  for (let i = 0; i < 10 && (await found(ada).count()) < 65; i++) {
    await panel(ada).locator('.find-results').evaluate((node) => node.scrollTo(0, node.scrollHeight));
    await sleep(150);
  }
  await note(ada).filter({ hasText: '65 messages found' }).waitFor();
  const said = await panel(ada).locator('.found-text').allTextContents();
  assert.deepEqual(said, texts.toReversed());
  await ada.leave();
});

/* Answers every search from `pages`, one after the other; what stands there may be a status. */
async function answering(reader, pages) {
  const asked = [];
  await reader.context.route('**/search?**', (route) => {
    asked.push(new URL(route.request().url()).searchParams);
    const page = pages[Math.min(asked.length, pages.length) - 1];
    return route.fulfill(page);
  });
  return asked;
}

const NOTHING_YET = { json: { messages: [], next: 7 } };

test('pages_without_a_message_are_gone_through_but_not_for_ever', async () => {
  const ada = await site.reader();
  const asked = await answering(ada, [NOTHING_YET]);
  await search(ada, 'needle');
  const further = panel(ada).getByRole('button', { name: 'Look further back' });
  await further.waitFor();
  const first = asked.length;
  assert.ok(first > 1 && first <= 10, `${first} requests`);
  assert.deepEqual(asked.slice(1).map((query) => query.get('before')), Array(first - 1).fill('7'));
  await sleep(PAUSE_MS);
  assert.equal(asked.length, first);
  await further.click();
  await until('it goes on', () => asked.length === 2 * first);
  await ada.leave();
});

test('a_refusal_is_said_and_can_be_tried_again', async () => {
  const ada = await site.reader();
  const refusal = { status: 429, contentType: 'application/problem+json', headers: { 'retry-after': '7' }, body: '{"code":"rate_limited"}' };
  await answering(ada, [refusal, { json: { messages: [], next: null } }]);
  await search(ada, 'needle');
  await note(ada).filter({ hasText: '7' }).waitFor();
  await panel(ada).getByRole('button', { name: 'Try again' }).click();
  await note(ada).filter({ hasText: 'No message says “needle”.' }).waitFor();
  await ada.leave();
});

test('a_late_answer_to_an_older_question_is_not_shown', async () => {
  const bob = await signUp(site.stack.url);
  const ada = await readerIn(await roomOf(bob, ['slow word', 'quick word']));
  let held;
  await ada.context.route(/search\?q=slow/, (route) => (held = route));
  await search(ada, 'slow');
  await until('it is asked', () => held);
  await search(ada, 'quick');
  await found(ada).filter({ hasText: 'quick word' }).waitFor();
  await held.continue();
  await sleep(PAUSE_MS);
  assert.equal(await found(ada).count(), 1);
  assert.match(await found(ada).textContent(), /quick word$/);
  await ada.leave();
});

test('on_a_narrow_screen_the_panel_makes_room_for_what_was_found', async () => {
  const bob = await signUp(site.stack.url);
  const word = newName();
  const room = await roomOf(bob, [word]);
  const ada = await site.reader(NARROW);
  await ada.page.evaluate((id) => fetch(`/api/v1/rooms/${id}/members/me`, {
    method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}',
  }), room.id);
  await ada.enter(room.title);
  await search(ada, word);
  await found(ada).click();
  await panel(ada).waitFor({ state: 'hidden' });
  await ada.sees(word);
  await ada.leave();
});

test('without_a_room_on_the_screen_a_search_opens_one', async () => {
  const bob = await signUp(site.stack.url);
  const word = newName();
  const { id } = await roomOf(bob, [word]);
  const ada = await site.reader(NARROW);
  await ada.page.evaluate((room) => fetch(`/api/v1/rooms/${room}/members/me`, {
    method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}',
  }), id);
  await ada.page.keyboard.press('Control+k');
  await ada.page.locator('.palette').waitFor();
  await ada.page.keyboard.type(word);
  await ada.page.locator('.palette').getByRole('option', { name: 'Search for' }).click();
  await found(ada).filter({ hasText: word }).waitFor();
  await ada.leave();
});

test('a_pin_appears_at_once_for_everybody_newest_first_and_goes_when_it_is_taken_away', async () => {
  const bob = await signUp(site.stack.url, { display: 'Bob' });
  const room = await roomOf(bob, ['first', 'second', 'third']);
  const [first, second, third] = room.seqs;
  const ada = await readerIn(room);
  const eve = await readerIn(room);
  const pins = (reader) => panel(reader).locator('.found-text');
  const open = (reader) => reader.page.locator('.head').getByRole('button', { name: 'Pinned messages' }).click();
  for (const reader of [ada, eve]) {
    await open(reader);
    await note(reader).filter({ hasText: 'Nothing is pinned here yet.' }).waitFor();
  }
  const pin = (seq) => bob.must(204, 'PUT', `/rooms/${room.id}/pins/${seq}`);
  await pin(third);
  await pin(first);
  await pin(second);
  const shows = (reader, texts) => until(`${texts}`, async () => `${await pins(reader).allTextContents()}` === `${texts}`);
  for (const reader of [ada, eve]) await shows(reader, ['second', 'first', 'third']);
  await bob.must(200, 'PATCH', `/rooms/${room.id}/messages/${first}`, { text: 'first, mended' });
  await shows(eve, ['second', 'first, mended', 'third']);
  await panel(ada).getByRole('button', { name: 'Unpin' }).nth(1).click();
  for (const reader of [ada, eve]) await shows(reader, ['second', 'third']);
  await bob.must(204, 'DELETE', `/rooms/${room.id}/messages/${third}`);
  for (const reader of [ada, eve]) await shows(reader, ['second']);
  await found(ada).click();
  await ada.sees('second');
  await ada.leave();
  await eve.leave();
});

test('who_is_muted_sees_the_pins_and_can_not_take_them_away', async () => {
  const bob = await signUp(site.stack.url);
  const room = await roomOf(bob, ['**pinned**']);
  await bob.must(204, 'PUT', `/rooms/${room.id}/pins/${room.seqs[0]}`);
  const ada = await readerIn(room);
  const { user } = await ada.page.evaluate(async () => (await fetch('/api/v1/me')).json());
  await bob.must(204, 'PUT', `/rooms/${room.id}/mutes/${user.id}`, {});
  await ada.page.reload();
  await ada.live();
  await ada.page.locator('.head').getByRole('button', { name: 'Pinned messages' }).click();
  await found(ada).waitFor();
  assert.equal(await found(ada).locator('.found-text').textContent(), 'pinned');
  assert.equal(await panel(ada).getByRole('button', { name: 'Unpin' }).count(), 0);
  await ada.leave();
});
