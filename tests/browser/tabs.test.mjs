/* tabs: many pages of one reader, and the one connection that they have in common. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { sleep, until } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());
const { stack } = site;

const seconds = (n) => n * 1000;

/* How many connections this person has, as the server counts them. */
async function connections(reader) {
  const { user } = await reader.page.evaluate(async () => (await fetch('/api/v1/me')).json());
  return Number(await stack.redis('HLEN', `{u:${user.id}}:conns`));
}

/* A room of their own, a witness in it, and `n` tabs that look at it. */
async function inTabs(n) {
  const ada = await site.reader();
  const name = newName();
  await ada.createRoom(name);
  const id = new URL(ada.page.url()).hash.slice(2);
  const witness = await signUp(stack.url);
  await witness.join(id);
  const pages = [ada.page];
  const open = async () => {
    pages.push(await ada.newPage());
    await ada.live();
    await ada.enter(name);
  };
  while (pages.length < n) await open();
  const said = [];
  const say = async (text) => {
    said.push(text);
    await witness.post(id, text);
  };
  const allShow = async (which = pages) => {
    for (const page of which) {
      ada.page = page;
      await ada.shows(said, seconds(40));
    }
  };
  return { ada, pages, open, id, name, witness, said, say, allShow };
}

test('five_tabs_are_one_connection_and_each_shows_everything_once', async () => {
  const { ada, say, allShow } = await inTabs(5);
  for (let i = 0; i < 20; i++) await say(`${i}`);
  await allShow();
  assert.equal(await connections(ada), 1);
  await ada.leave();
});

test('a_tab_that_is_opened_in_the_middle_of_traffic_misses_and_doubles_nothing', async () => {
  const { ada, open, said, say } = await inTabs(2);
  let over = false;
  const traffic = (async () => {
    for (let i = 0; !over; i++) await Promise.all([say(`word ${i}`), sleep(10)]);
  })();
  for (let i = 0; i < 2; i++) await open();
  over = true;
  await traffic;
  await say('the last');
  for (const page of ada.context.pages()) {
    ada.page = page;
    await page.bringToFront();
    assert.deepEqual(await ada.readThrough(), said, 'none twice, none missing');
  }
  assert.equal(await connections(ada), 1);
  await ada.leave();
});

test('the_going_of_the_first_tab_and_the_deaths_of_the_daemon_concern_no_other', async () => {
  const { ada, pages, say, allShow } = await inTabs(3);
  await say('before');
  await allShow();
  await pages.shift().close();
  await say('one less');
  await allShow();
  for (const signal of ['SIGKILL', 'SIGTERM']) {
    stack.kill('pushd', signal);
    for (let i = 0; i < 3; i++) await say(`${signal} ${i}`);
    await allShow();
    await say(`after ${signal}`);
    await allShow();
  }
  const one = async () => (await connections(ada)) === 1;
  await until('one, and those of the dead are cleared away', one, seconds(60));
  await ada.leave();
});

test('with_the_last_tab_the_connection_goes', async () => {
  const { ada, pages } = await inTabs(2);
  const blank = await ada.context.newPage();
  const { user } = await pages[0].evaluate(async () => (await fetch('/api/v1/me')).json());
  const count = async () => Number(await stack.redis('HLEN', `{u:${user.id}}:conns`));
  assert.equal(await count(), 1);
  await pages[0].close();
  await sleep(500);
  assert.equal(await count(), 1);
  await pages[1].close();
  await until('none is left', async () => (await count()) === 0);
  await blank.close();
  await ada.leave();
});

test('signing_out_in_one_tab_ends_all_and_the_next_one_begins_anew', async () => {
  const { ada, pages, name } = await inTabs(3);
  ada.page = pages[1];
  await ada.menu('Sign out');
  for (const page of pages) await page.locator('.card').waitFor();
  ada.page = pages[2];
  await ada.signIn();
  await ada.live();
  await ada.enter(name);
  await ada.say('here again');
  await ada.sees('here again');
  assert.equal(await connections(ada), 1);
  await ada.leave();
});

test('a_tab_that_went_offline_alone_says_so_and_all_come_back', async () => {
  const { ada, pages, say, allShow } = await inTabs(2);
  await say('before');
  await ada.context.setOffline(true);
  for (const page of pages) await page.locator('.link-bar[data-state="offline"]').waitFor();
  await say('meanwhile');
  await ada.context.setOffline(false);
  await allShow();
  for (const page of pages) {
    ada.page = page;
    await ada.live();
  }
  await ada.leave();
});

for (const [what, init] of [
  ['fails', () => { window.SharedWorker = class extends SharedWorker { constructor() { super('/js/nowhere.js', 'x'); } }; }],
  ['is_silent', () => { window.SharedWorker = class { port = { postMessage() {}, close() {} }; }; }],
  ['is_forbidden', () => { window.SharedWorker = class { constructor() { throw new DOMException('no', 'SecurityError'); } }; }],
]) {
  test(`where_the_worker_${what}_each_tab_has_a_connection_of_its_own`, async () => {
    const ada = await site.reader();
    await ada.context.addInitScript(init);
    await ada.page.reload();
    await until('its own connection', async () => (await connections(ada)) === 1);
    await ada.live();
    await ada.newPage();
    await until('one each', async () => (await connections(ada)) === 2);
    await ada.say('heard by both');
    for (const page of ada.context.pages()) {
      ada.page = page;
      await ada.sees('heard by both');
    }
    await ada.leave();
  });
}

test('a_tab_that_takes_nothing_is_given_up_and_brought_up_when_it_wakes', async () => {
  const { page } = await site.visitor();
  const found = await page.evaluate(async () => {
    const { Tab } = await import('/js/model/tab.js');
    const { Tail } = await import('/js/model/tail.js');
    const posted = [];
    const tab = new Tab({ postMessage: (message) => posted.push(message) });
    const tails = new Map([['r', new Tail(0)]]);
    tab.welcome({ type: 'welcome', rooms: [{ id: 'r', seq: 0 }] });
    tab.resume({ r: 0 }, tails);
    const say = (seq) => {
      const entry = { type: 'message', room: 'r', seq, at: seq };
      tails.get('r').push(entry);
      tab.entry(entry);
    };
    for (let seq = 1; seq <= 5000; seq++) say(seq);
    const frozen = posted.length;
    const signs = posted.filter(({ sign }) => sign).map(({ sign }) => sign);
    const wakes = signs.map((sign) => tab.sign(sign));
    tab.welcome({ type: 'welcome', rooms: [{ id: 'r', seq: 5000 }] });
    posted.length = 0;
    tab.resume({ r: 4900 }, tails);
    const seqs = posted.filter(({ frame }) => frame?.type === 'message').map(({ frame }) => frame.seq);
    return { frozen, woken: wakes.filter(Boolean).length, last: wakes.at(-1), first: seqs[0], count: seqs.length };
  });
  assert.ok(found.frozen < 2100, `${found.frozen} frames wait for it`);
  assert.deepEqual([found.woken, found.last, found.first, found.count], [1, true, 4901, 100]);
});

/* Playwright's Chromium has no bfcache; what a page is told when it goes there and comes back it is told here. */
for (const how of ['shared', 'alone']) {
  test(`a_page_put_away_costs_nothing_and_comes_back_with_all_it_missed_${how}`, async () => {
    const { ada, id, witness } = await inTabs(1);
    if (how === 'alone') {
      await ada.alone();
      await ada.page.reload();
      await ada.live();
    }
    const tell = (type) =>
      ada.page.evaluate((name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })), type);
    await until('it is connected', async () => (await connections(ada)) === 1);
    await tell('pagehide');
    await until('it has let go', async () => (await connections(ada)) === 0);
    await witness.post(id, 'said meanwhile');
    await sleep(500);
    assert.deepEqual(await ada.texts(), []);
    await tell('pageshow');
    await ada.shows(['said meanwhile']);
    await witness.post(id, 'and live again');
    await ada.shows(['said meanwhile', 'and live again']);
    await ada.leave();
  });
}
