/* timeline: rooms of many messages, places in them, and what counts as read. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newKey, newName, signUp } from '../support/client.mjs';
import { fill } from '../support/log.mjs';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const COUNT = 5000;
const MOST_ELEMENTS = 400;

const site = await openSite();
after(() => site.close());
const big = newName();
let writer;
let bigId;

const openRoom = async (name) =>
  (await writer.must(201, 'POST', '/rooms', { name, kind: 'public' })).room.id;

before(async () => {
  writer = await signUp(site.stack.url, { display: 'Writer' });
  bigId = await openRoom(big);
  await fill(site.stack, bigId, writer.id, COUNT);
});

/* What stands in the frame, by seq; a message whose lower edge can't be seen is not `whole`. */
const onScreen = (page) =>
  page.evaluate(() => {
    const frame = document.querySelector('.timeline').getBoundingClientRect();
    return [...document.querySelectorAll('.message[data-seq]')]
      .map((node) => ({ node, box: node.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > frame.top && box.top < frame.bottom)
      .map(({ node, box }) => ({
        seq: Number(node.dataset.seq),
        top: Math.round(box.top - frame.top),
        whole: box.bottom <= frame.bottom + 1,
      }));
  });

const elements = (page) => page.locator('.messages > *').count();
const unread = async (reader, room) =>
  Number((await reader.room(room).locator('.badge').textContent()) || 0);
const readMark = async (reader, id) => {
  const row = await reader.page.evaluate(async (room) => (await fetch(`/api/v1/rooms/${room}`)).json(), id);
  return row.room.read;
};

async function scrollBy(page, px) {
  await page.locator('.timeline').evaluate((node, by) => node.scrollBy(0, by), px);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

test('however_far_one_scrolls_few_elements_are_there_and_the_screen_is_never_empty', async () => {
  const ada = await site.reader();
  await ada.joinRoom(big);
  await until('the end', async () => (await onScreen(ada.page)).at(-1)?.seq >= COUNT);
  let most = 0;
  for (const by of [...Array(60).fill(-700), ...Array(30).fill(700)]) {
    await scrollBy(ada.page, by);
    most = Math.max(most, await elements(ada.page));
    const shown = await onScreen(ada.page);
    assert.ok(shown.length > 5, `only ${shown.length} messages on the screen`);
    shown.forEach(({ seq }, i) => assert.ok(!i || seq === shown[i - 1].seq + 1, 'a hole'));
  }
  assert.ok((await onScreen(ada.page))[0].seq < COUNT - 600, 'has come back far');
  assert.ok(most < MOST_ELEMENTS, `${most} elements`);
  await ada.leave();
});

test('a_step_of_the_wheel_moves_what_is_read_by_just_that_however_rows_differ', async () => {
  const ada = await site.reader();
  const name = newName();
  const id = await openRoom(name);
  for (let i = 1; i <= 120; i++) await writer.post(id, `${i} ${'of many words '.repeat((i * 37) % 60)}`, newKey());
  await ada.joinRoom(name);
  await until('the end', async () => (await onScreen(ada.page)).at(-1)?.seq >= 120);
  for (let i = 0; i < 25; i++) {
    const from = await onScreen(ada.page);
    await scrollBy(ada.page, -120);
    const to = new Map((await onScreen(ada.page)).map(({ seq, top }) => [seq, top]));
    const kept = from.find(({ seq }) => to.has(seq));
    assert.ok(Math.abs(to.get(kept.seq) - kept.top - 120) <= 2, `${kept.top} -> ${to.get(kept.seq)}`);
  }
  await ada.leave();
});

test('an_address_that_names_a_message_shows_it_in_its_context', async () => {
  const ada = await site.reader();
  await ada.joinRoom(big);
  await ada.page.goto('about:blank');
  await ada.page.goto(`${site.stack.url}/#/${bigId}/2500`);
  const found = ada.page.locator('.message.found[data-seq="2500"]');
  await found.waitFor();
  const shown = await onScreen(ada.page);
  const at = shown.findIndex(({ seq }) => seq === 2500);
  assert.ok(at > 3 && at < shown.length - 4, `${at} of ${shown.length}`);
  assert.match(await ada.page.locator('.said').textContent(), /Message of a/);
  await until('the mark goes', async () => (await ada.page.locator('.message.found').count()) === 0);
  assert.equal((await onScreen(ada.page))[0].seq, shown[0].seq, 'and nothing has moved');
  await ada.page.locator('.jump').click();
  await until('the end', async () => (await onScreen(ada.page)).at(-1)?.seq >= COUNT);
  await ada.page.locator('.jump').waitFor({ state: 'hidden' });
  await ada.leave();
});

test('an_address_of_a_room_that_was_joined_elsewhere_opens_as_soon_as_it_is_known', async () => {
  const ada = await site.reader();
  await ada.page.goto('about:blank');
  await ada.page.route('**/api/v1/rooms', async (route) => {
    await route.request().frame().page().waitForTimeout(300);
    await route.continue();
  });
  const device = await signUp(site.stack.url);
  const room = await device.openRoom();
  for (let i = 1; i <= 90; i++) await device.post(room, `entry ${i}`, newKey());
  const me = await (await ada.context.request.get(`${site.stack.url}/api/v1/me`)).json();
  await device.must(201, 'PUT', `/rooms/${room}/members/${me.user.id}`, {});
  await ada.page.goto(`${site.stack.url}/#/${room}/20`);
  await ada.page.locator('.message.found[data-seq="20"]').waitFor();
  await ada.leave();
});

test('one_can_go_to_the_first_message_and_on_to_one_that_is_near_and_read_on_from_there', async () => {
  const ada = await site.reader();
  await ada.joinRoom(big);
  await until('the end', async () => (await onScreen(ada.page)).at(-1)?.seq >= COUNT);
  for (const seq of [2, 30, 4990, 1500]) {
    await ada.page.evaluate((where) => (location.hash = where), `#/${bigId}/${seq}`);
    await ada.page.locator(`.message.found[data-seq="${seq}"]`).waitFor();
    await until(`${seq} is on the screen`, async () => (await onScreen(ada.page)).some((one) => one.seq === seq));
  }
  for (let i = 0; i < 12; i++) await scrollBy(ada.page, 700);
  const shown = await onScreen(ada.page);
  assert.ok(shown[0].seq > 1600, `${shown[0].seq}`);
  await ada.leave();
});

test('a_message_that_is_not_there_or_deleted_is_said_to_be_so', async () => {
  const ada = await site.reader();
  const name = newName();
  const id = await openRoom(name);
  const gone = await writer.post(id, 'soon gone', newKey());
  await writer.must(204, 'DELETE', `/rooms/${id}/messages/${gone.seq}`);
  await ada.joinRoom(name);
  await ada.message('This message was deleted').waitFor();
  const said = ada.page.locator('.said');
  await ada.page.evaluate((where) => (location.hash = where), `#/${id}/${gone.seq}`);
  await said.filter({ hasText: 'was deleted' }).waitFor();
  await ada.page.evaluate((where) => (location.hash = where), `#/${id}/999999`);
  await said.filter({ hasText: 'not there any more' }).waitFor();
  assert.equal(await ada.message('This message was deleted').isVisible(), true, 'and one stays');
  await ada.leave();
});

test('with_more_news_than_a_page_one_begins_where_they_begin_and_reads_what_one_sees', async () => {
  const ada = await site.reader();
  const name = newName();
  const id = await openRoom(name);
  await writer.post(id, 'known', newKey());
  await ada.joinRoom(name);
  await ada.sees('known');
  await until('read', async () => (await readMark(ada, id)) > 0);
  await ada.enter('Lobby');
  for (let i = 1; i <= 180; i++) await writer.post(id, `news ${i}`, newKey());
  await until('180 unread', async () => (await unread(ada, name)) === 180 || (await ada.room(name).locator('.badge').textContent()) === '99+');
  await ada.enter(name);
  await ada.page.locator('.new-line').waitFor();
  const shown = await onScreen(ada.page);
  const first = await ada.message('news 1').first().getAttribute('data-seq');
  const seen = shown.filter(({ whole }) => whole).at(-1).seq;
  assert.ok(shown.some(({ seq }) => seq === Number(first)));
  await until('what was seen is read', async () => (await readMark(ada, id)) === seen);
  await scrollBy(ada.page, 400);
  const further = (await onScreen(ada.page)).filter(({ whole }) => whole).at(-1).seq;
  assert.ok(further > seen);
  await until('and more', async () => (await readMark(ada, id)) === further);
  const left = 180 - (further - Number(first) + 1);
  await ada.page.locator('.jump', { hasText: `${left} new messages` }).waitFor();
  await ada.page.locator('.jump').click();
  await ada.room(name).locator('.badge').waitFor({ state: 'hidden' });
  assert.equal((await onScreen(ada.page)).at(-1).seq, Number(first) + 179);
  await ada.leave();
});

test('a_page_that_is_loaded_begins_where_the_news_begin_even_if_the_newest_come_first_or_last', async () => {
  for (const slow of ['**/api/v1/rooms', '**/messages?limit=*']) {
    const ada = await site.reader();
    const name = newName();
    const id = await openRoom(name);
    await ada.joinRoom(name);
    await ada.live();
    await ada.page.goto('about:blank');
    for (let i = 1; i <= 120; i++) await writer.post(id, `news ${i}`, newKey());
    await ada.page.route(slow, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue();
    });
    await ada.page.goto(`${site.stack.url}/#/${id}`);
    await ada.page.locator('.new-line').waitFor();
    const shown = ada.page.locator('.new-line + .message');
    assert.match(await shown.textContent(), /news 1$/);
    assert.ok((await onScreen(ada.page)).some(({ seq }) => seq === 3), 'the first of them is on the screen');
    await ada.leave();
  }
});

test('to_the_newest_is_one_way_however_far_and_whatever_is_loading', async () => {
  const ada = await site.reader();
  await ada.joinRoom(big);
  await ada.page.evaluate((where) => (location.hash = where), `#/${bigId}/1000`);
  await ada.page.locator('.message.found').waitFor();
  await ada.page.route(/messages\?(before|after)=/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await route.continue();
  });
  await scrollBy(ada.page, -1500);
  let pages = 0;
  ada.page.on('request', (request) => (pages += /messages\?(before|after)=/.test(request.url())));
  await ada.page.locator('.jump').click();
  await until('the end', async () => (await onScreen(ada.page)).at(-1)?.seq >= COUNT);
  assert.ok(pages < 4, `${pages} pages`);
  await ada.leave();
});

test('whoever_goes_to_a_message_has_not_read_what_lies_before_it', async () => {
  const ada = await site.reader();
  const name = newName();
  const id = await openRoom(name);
  await ada.joinRoom(name);
  await ada.enter('Lobby');
  const posts = [];
  for (let i = 1; i <= 150; i++) posts.push(await writer.post(id, `news ${i}`, newKey()));
  const mark = await readMark(ada, id);
  await ada.page.evaluate((where) => (location.hash = where), `#/${id}/${posts[90].seq}`);
  await ada.page.locator('.message.found').waitFor();
  await ada.page.waitForTimeout(1200);
  assert.equal(await readMark(ada, id), mark);
  await ada.leave();
});

/* All of it is held, so that what comes joins on, until it would be too much. */
test('a_flood_drops_nothing_of_what_is_read_above', async () => {
  const ada = await site.reader();
  const name = newName();
  const id = await openRoom(name);
  await fill(site.stack, id, writer.id, 560);
  await ada.joinRoom(name);
  await until('the end', async () => (await onScreen(ada.page)).at(-1)?.seq >= 561);
  await until('its beginning', async () => {
    await ada.page.locator('.timeline').evaluate((node) => node.scrollTo(0, 0));
    return (await onScreen(ada.page))[0]?.seq <= 2;
  });
  const before_ = await onScreen(ada.page);
  await fill(site.stack, id, writer.id, 1500, { live: true });
  await ada.page.locator('.jump', { hasText: '1500 new messages' }).waitFor();
  assert.deepEqual(await onScreen(ada.page), before_);
  await ada.page.locator('.jump').click();
  await until('the end', async () => (await onScreen(ada.page)).at(-1)?.seq >= 2061);
  await ada.leave();
});

test('the_others_marks_stand_below_ones_newest_message_until_more_is_said', async () => {
  const [ada, bob] = [await site.reader(), await site.reader()];
  const name = newName();
  const id = await openRoom(name);
  await ada.joinRoom(name);
  await ada.say('does anybody read this?');
  await ada.sent();
  const receipt = ada.page.locator('.receipt');
  assert.equal(await receipt.count(), 0);
  await bob.joinRoom(name);
  await receipt.filter({ hasText: 'Read by 1' }).waitFor();
  await writer.must(204, 'PUT', `/rooms/${id}/read`, { seq: 3 });
  await receipt.filter({ hasText: 'Read by everybody' }).waitFor();
  await bob.say('I do');
  await ada.sees('I do');
  await receipt.waitFor({ state: 'detached' });
  await Promise.all([ada.leave(), bob.leave()]);
});

test('what_is_read_in_one_tab_is_read_in_the_other', async () => {
  const ada = await site.reader();
  const name = newName();
  const id = await openRoom(name);
  await ada.joinRoom(name);
  const first = ada.page;
  await ada.newPage();
  await ada.live();
  await ada.enter('Lobby');
  await first.evaluate(() => (location.hash = '#/lobby'));
  await writer.post(id, 'news', newKey());
  await until('unread there', () => first.locator('.rooms a').filter({ hasText: name }).locator('.badge').isVisible());
  await ada.enter(name);
  await ada.sees('news');
  await first.locator('.rooms a').filter({ hasText: name }).locator('.badge').waitFor({ state: 'hidden' });
  await ada.leave();
});

test('the_focus_in_a_row_stays_when_the_row_is_drawn_anew', async () => {
  const ada = await site.reader();
  const name = newName();
  const id = await openRoom(name);
  const post = await writer.post(id, 'see https://a.example/one', newKey());
  await ada.joinRoom(name);
  await ada.sees('https://a.example/one');
  await ada.page.locator('.text a').focus();
  await writer.must(200, 'PATCH', `/rooms/${id}/messages/${post.seq}`, { text: 'see https://a.example/two' });
  await ada.sees('https://a.example/two');
  assert.equal(await ada.page.evaluate(() => document.activeElement.textContent), 'https://a.example/two');
  await ada.leave();
});

test('the_page_after_a_gap_is_the_page_after_a_reload_to_the_pixel', async () => {
  const ada = await site.reader();
  const name = newName();
  const id = await openRoom(name);
  const posts = [];
  for (let i = 1; i <= 8; i++) posts.push(await writer.post(id, `before ${i}`, newKey()));
  await ada.joinRoom(name);
  await ada.say('and mine');
  await ada.sent();
  await ada.context.setOffline(true);
  await ada.page.locator('.link-bar[data-state="offline"]').waitFor();
  await writer.must(200, 'PATCH', `/rooms/${id}/messages/${posts[1].seq}`, { text: 'edited since' });
  await writer.must(204, 'DELETE', `/rooms/${id}/messages/${posts[2].seq}`);
  await writer.must(204, 'PUT', `/rooms/${id}/messages/${posts[3].seq}/reactions/${encodeURIComponent('👍')}`);
  await writer.must(204, 'PUT', `/rooms/${id}/messages/${posts[3].seq}/reactions/${encodeURIComponent('🎉')}`);
  await writer.must(204, 'DELETE', `/rooms/${id}/messages/${posts[3].seq}/reactions/${encodeURIComponent('👍')}`);
  await writer.must(204, 'PUT', `/rooms/${id}/pins/${posts[4].seq}`);
  const late = await writer.post(id, 'missed, and edited', newKey());
  await writer.must(200, 'PATCH', `/rooms/${id}/messages/${late.seq}`, { text: 'missed, edited' });
  const gone = await writer.post(id, 'missed, and deleted', newKey());
  await writer.must(204, 'DELETE', `/rooms/${id}/messages/${gone.seq}`);
  await writer.must(201, 'POST', `/rooms/${id}/messages`, { text: 'an answer', key: newKey(), reply_to: posts[0].seq });
  await ada.context.setOffline(false);
  await ada.sees('an answer');
  await ada.live();
  await until('all is read', async () => (await readMark(ada, id)) >= gone.seq + 2);
  const resumed = await still(ada);
  await ada.page.reload();
  await ada.live();
  await ada.sees('an answer');
  const reloaded = await still(ada);
  assert.deepEqual(reloaded.texts, resumed.texts);
  assert.ok(reloaded.picture.equals(resumed.picture), 'the pictures differ');
  await ada.leave();
});

/* The timeline as it looks when nothing happens any more. */
async function still(reader) {
  await reader.page.mouse.move(0, 0);
  await reader.page.locator('.link-bar').waitFor({ state: 'hidden' });
  const take = () => reader.page.locator('.timeline').screenshot({ animations: 'disabled' });
  let picture = await take();
  await until('nothing moves', async () => {
    const before_ = picture;
    await reader.page.waitForTimeout(400);
    picture = await take();
    return picture.equals(before_);
  });
  return { picture, texts: await reader.texts() };
}
