/* history: scrolling back to the first message, and what must not move meanwhile. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newKey, newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const COUNT = 760; // more pages than one, and more messages than the page holds at a time

const site = await openSite();
after(() => site.close());
const room = newName();
let writer;
let id;

before(async () => {
  writer = await signUp(site.stack.url, { display: 'Writer' });
  ({
    room: { id },
  } = await writer.must(201, 'POST', '/rooms', { name: room, kind: 'public' }));
  for (let i = 1; i <= COUNT; i++) await writer.post(id, `entry ${i}`, newKey());
});

const onScreen = (page) =>
  page.evaluate(async () => {
    const frames = (n) => n && new Promise((done) => requestAnimationFrame(() => done(frames(n - 1))));
    await frames(3); // what was scrolled to is drawn
    const frame = document.querySelector('.timeline').getBoundingClientRect();
    const node = [...document.querySelectorAll('.message[data-seq]')].find(
      (one) => one.getBoundingClientRect().top >= frame.top,
    );
    return node && { seq: Number(node.dataset.seq), top: Math.round(node.getBoundingClientRect().top) };
  });

/* The seqs held by the page, and whether they follow one another without a hole. */
const held = (page) =>
  page.evaluate(() => {
    const texts = [...document.querySelectorAll('.messages .text')].map((node) =>
      Number(node.textContent.split(' ')[1]),
    );
    return {
      first: texts[0],
      last: texts.at(-1),
      whole: texts.every((n, i) => i === 0 || n === texts[i - 1] + 1),
    };
  });

async function backTo(page, number) {
  await until(
    `entry ${number}`,
    async () => {
      await page.locator('.timeline').evaluate((node) => node.scrollTo(0, 0));
      return (await held(page)).first <= number;
    },
    60000,
  );
}

test('history_scrolls_back_to_the_very_first_message_and_down_again', async () => {
  const ada = await site.reader();
  await ada.joinRoom(room);
  await ada.sees(`entry ${COUNT}`);
  await backTo(ada.page, 1);
  await ada.page.locator('.beginning').waitFor();
  assert.equal((await held(ada.page)).whole, true);
  await ada.page.locator('.jump').click();
  await ada.sees(`entry ${COUNT}`);
  assert.equal((await held(ada.page)).whole, true);
  assert.equal(await ada.page.locator('.jump').isVisible(), false);
  await ada.leave();
});

test('what_is_read_does_not_move_when_older_pages_come', async () => {
  const ada = await site.reader();
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await ada.page.route(/messages\?before=/, async (route) => [await released, await route.continue()]);
  await ada.joinRoom(room);
  await ada.sees(`entry ${COUNT}`);
  const height = () => ada.page.locator('.timeline').evaluate((node) => node.scrollHeight);
  await ada.page.locator('.timeline').evaluate((node) => {
    node.scrollTop = 300;
  });
  const before_ = await onScreen(ada.page);
  const small = await height();
  release();
  await until('an older page', async () => (await height()) > small + 1000);
  const after_ = await onScreen(ada.page);
  assert.equal(after_.seq, before_.seq);
  assert.ok(Math.abs(after_.top - before_.top) <= 2, `moved from ${before_.top} to ${after_.top}`);
  await ada.leave();
});

test('scrolling_down_again_through_what_was_dropped_leaves_no_hole', async () => {
  const ada = await site.reader();
  await ada.joinRoom(room);
  await ada.sees(`entry ${COUNT}`);
  await backTo(ada.page, 1);
  assert.ok((await held(ada.page)).last < COUNT, 'the end is no longer held');
  await until(
    'the end',
    async () => {
      await ada.page.locator('.timeline').evaluate((node) => node.scrollTo(0, node.scrollHeight));
      return (await held(ada.page)).last >= COUNT;
    },
    60000,
  );
  assert.equal((await held(ada.page)).whole, true);
  await ada.leave();
});

test('whoever_reaches_the_end_of_what_is_held_stays_where_he_is_when_more_comes', async () => {
  const ada = await site.reader();
  await ada.joinRoom(room);
  await ada.sees(`entry ${COUNT}`);
  await backTo(ada.page, 1);
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await ada.page.route(/messages\?after=/, async (route) => [await released, await route.continue()]);
  const toEnd = () => ada.page.locator('.timeline').evaluate((node) => node.scrollTo(0, node.scrollHeight));
  const last = async () => [await toEnd(), (await held(ada.page)).last][1];
  await until('the end of what is held', async () => (await last()) > 500 && (await last()) < COUNT);
  await until('it stands', async () => (await onScreen(ada.page))?.seq > 400);
  const before_ = await onScreen(ada.page);
  const end = (await held(ada.page)).last;
  release();
  await until('a newer page', async () => (await held(ada.page)).last > end);
  const after_ = await onScreen(ada.page);
  assert.equal(after_.seq, before_.seq);
  assert.ok(Math.abs(after_.top - before_.top) <= 1, `${before_.top} -> ${after_.top}`); // they are rounded
  await ada.leave();
});

test('a_message_that_comes_while_one_reads_back_is_counted_and_moves_nothing', async () => {
  const ada = await site.reader();
  const other = newName();
  const {
    room: { id: place },
  } = await writer.must(201, 'POST', '/rooms', { name: other, kind: 'public' });
  for (let i = 1; i <= 60; i++) await writer.post(place, `entry ${i}`, newKey());
  await ada.joinRoom(other);
  await ada.sees('entry 60');
  await ada.page.locator('.timeline').evaluate((node) => {
    node.scrollTop = 300;
  });
  await until('older page', async () => (await held(ada.page)).first === 1);
  const before_ = await onScreen(ada.page);
  await writer.post(place, 'entry 61', newKey());
  await ada.page.locator('.jump', { hasText: '1 new message' }).waitFor();
  assert.deepEqual(await onScreen(ada.page), before_);
  await ada.page.locator('.jump').click();
  await until('the newest is on the screen', () =>
    ada.message('entry 61').evaluate((node) => {
      const { top, bottom } = node.getBoundingClientRect();
      const frame = document.querySelector('.timeline').getBoundingClientRect();
      return top >= frame.top && bottom <= frame.bottom;
    }),
  );
  await ada.leave();
});

test('a_room_with_much_news_opens_where_the_news_begin', async () => {
  const ada = await site.reader();
  const other = newName();
  const {
    room: { id: place },
  } = await writer.must(201, 'POST', '/rooms', { name: other, kind: 'public' });
  await ada.joinRoom(other);
  await ada.enter('Lobby');
  for (let i = 1; i <= 40; i++) await writer.post(place, `entry ${i}`, newKey());
  await until(
    '40 unread',
    async () => (await ada.room(other).locator('.badge').textContent()) === '40',
  );
  await ada.enter(other);
  const line = ada.page.locator('.new-line');
  await line.waitFor();
  const [top, frame] = [
    await line.boundingBox(),
    await ada.page.locator('.timeline').boundingBox(),
  ];
  assert.ok(top.y >= frame.y && top.y < frame.y + 200, `the line stands at ${top.y} of ${frame.y}`);
  assert.equal(
    await ada.room(other).locator('.badge').isVisible(),
    true,
    'not read before it was seen',
  );
  await ada.page.locator('.jump').click();
  await ada.room(other).locator('.badge').waitFor({ state: 'hidden' });
  await ada.leave();
});

test('what_is_drawn_in_the_moment_of_scrolling_takes_nobody_back', async () => {
  const ada = await site.reader();
  const [middle, end] = await ada.page.evaluate(async () => {
    const { RollingList } = await import('/js/view/rolling_list.js');
    const make = ({ key }) => {
      const node = document.createElement('li');
      node.textContent = key;
      return node;
    };
    const { signal } = new AbortController();
    const [log, ol] = [document.createElement('div'), document.createElement('ol')];
    const list = new RollingList({ list: ol, log, top: '', make, renew() {}, scrolled() {}, signal });
    Object.assign(list.node.style, { height: '300px', overflow: 'auto' });
    document.body.append(list.node);
    const rows = [];
    const more = () => {
      const seq = rows.length + 1;
      rows.push({ key: `row ${seq}`, look: '', kind: 'message', message: { seq, text: '' } });
      list.show([...rows], { ends: true, aloud: false });
    };
    const below = () => Math.round(list.node.scrollHeight - list.node.scrollTop - 300);
    while (rows.length < 200) more();
    list.node.scrollTop -= 200;
    const before = list.node.scrollTop;
    more(); // before the browser has said that it was scrolled
    const moved = list.node.scrollTop - before;
    list.node.scrollTop = list.node.scrollHeight;
    more();
    return [moved, below()];
  });
  assert.deepEqual([middle, end], [0, 0]);
  await ada.leave();
});
