/* composer_files: files by picker, drop and paste, and what becomes of them on a bad line. */
import assert from 'node:assert/strict';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const site = await openSite();
const dir = mkdtempSync(join(tmpdir(), 'stonechat-files-'));
after(async () => {
  await site.close();
  rmSync(dir, { recursive: true });
});

const NOTE = { name: '笔记.txt', mimeType: 'text/plain', buffer: Buffer.from('note') };
const PICTURE = { name: 'dots.png', mimeType: 'image/png', buffer: await picture() };
const MINUTE = 60_000;

async function picture() {
  const page = await site.browser.newPage({ viewport: { width: 30, height: 20 } });
  const png = await page.screenshot();
  await page.close();
  return png;
}

/* A room of the reader's own, and somebody in it who sees what is really there. */
async function roomFor(ada) {
  const name = newName();
  await ada.createRoom(name);
  const witness = await signUp(site.stack.url);
  const id = new URL(ada.page.url()).hash.slice(2);
  await witness.join(id);
  return { name, id, witness };
}

const choose = (ada, files) => ada.page.locator('.composer input[type="file"]').setInputFiles(files);
const items = (ada, state) => ada.page.locator(`.composer .upload${state ? `[data-state="${state}"]` : ''}`);
const shows = (what, locator, n) => until(what, async () => (await locator.count()) === n);
const sent = async ({ witness, id }) =>
  (await witness.history(id)).map(({ text, files }) => [text, ...(files ?? []).map(({ name }) => name)]);

/* Hands files over as a drop or a paste does. */
const hand = (ada, where, type, files) =>
  ada.page.evaluate(
    ([selector, kind, list]) => {
      const data = new DataTransfer();
      for (const { name, type, text } of list) data.items.add(new File([text], name, { type }));
      const node = document.querySelector(selector);
      const init = { bubbles: true, cancelable: true };
      if (kind === 'paste') node.dispatchEvent(new ClipboardEvent(kind, { ...init, clipboardData: data }));
      else for (const one of kind.split(' ')) node.dispatchEvent(new DragEvent(one, { ...init, dataTransfer: data }));
    },
    [where, type, files],
  );

test('several_files_are_chosen_shown_and_sent_with_or_without_words', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  await choose(ada, [NOTE, PICTURE]);
  await shows('both are ready', items(ada, 'done'), 2);
  await shows('the picture is drawn', items(ada).nth(1).locator('canvas'), 1);
  assert.match(await items(ada).first().textContent(), /笔记\.txt.*4 bytes, ready/);
  await ada.say('look');
  await ada.page.locator('.file img').waitFor();
  await choose(ada, NOTE);
  await ada.page.getByRole('button', { name: 'Send' }).click();
  await until('both messages', async () => (await sent(room)).length === 2);
  assert.deepEqual(await sent(room), [['look', '笔记.txt', 'dots.png'], ['', '笔记.txt']]);
  await shows('nothing is left in the box', items(ada), 0);
  await ada.sent();
  const left = await ada.page.evaluate(async () => {
    const { keys } = await import('/js/base/bytes.js');
    return [...(await keys()), ...Object.keys(localStorage).filter((name) => name.includes('upload'))];
  });
  assert.deepEqual(left, []);
  await ada.leave();
});

test('files_are_dropped_anywhere_on_the_conversation_under_a_veil_or_pasted', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  const file = (name) => ({ name, type: 'text/plain', text: 'some' });
  await hand(ada, '.messages', 'dragenter', [file('a.txt')]);
  await ada.page.locator('.drop-veil').waitFor();
  await hand(ada, '.messages', 'drop', [file('a.txt'), file('b.txt')]);
  await ada.page.locator('.drop-veil').waitFor({ state: 'hidden' });
  await shows('what was dropped', items(ada), 2);
  await hand(ada, '#composer', 'paste', [file('c.txt')]);
  await shows('and what was pasted', items(ada), 3);
  await ada.page.getByRole('button', { name: 'Remove b.txt' }).click();
  await shows('without what was removed', items(ada), 2);
  await ada.say('here');
  await until('it is sent', async () => (await sent(room)).length === 1);
  assert.deepEqual(await sent(room), [['here', 'a.txt', 'c.txt']]);
  await ada.leave();
});

test('what_is_too_large_too_much_or_empty_is_refused_before_a_byte_is_sent', async () => {
  const ada = await site.reader();
  await roomFor(ada);
  const asked = [];
  ada.page.on('request', (request) => /\/files\?/.test(request.url()) && asked.push(request.url()));
  const large = join(dir, 'film.bin');
  writeFileSync(large, Buffer.alloc(25 * 1024 * 1024 + 1));
  const alert = ada.page.locator('.attachments [role="alert"]');
  await choose(ada, large);
  await until('a word', async () => /“film\.bin” is too large: 25 MB at most/.test(await alert.textContent()));
  await choose(ada, { ...NOTE, buffer: Buffer.alloc(0) });
  await until('a word', async () => /is empty/.test(await alert.textContent()));
  assert.deepEqual(asked, []);
  await choose(ada, Array.from({ length: 12 }, (_, i) => ({ ...NOTE, name: `${i}.txt` })));
  await until('a word', async () => /10 files at most/.test(await alert.textContent()));
  assert.equal(await items(ada).count(), 10);
  await ada.leave();
});

test('a_file_that_the_server_refuses_says_so_and_can_be_tried_again', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  const full = (route) =>
    route.fulfill({ status: 413, contentType: 'application/problem+json', body: '{"status":413,"code":"quota"}' });
  await ada.page.route('**/files?*', full);
  await choose(ada, [PICTURE]);
  await shows('it is refused', items(ada, 'failed'), 1);
  assert.match(await items(ada).textContent(), /fill all the space/);
  await ada.say('with a picture');
  const failed = ada.page.locator('.message.failed');
  await failed.waitFor();
  assert.match(await failed.textContent(), /Not sent: dots\.png: Your files fill all the space/);
  await ada.page.unroute('**/files?*', full);
  await failed.locator('.letter-state').getByRole('button', { name: 'Try again' }).click();
  await until('it is sent', async () => (await sent(room)).length === 1);
  assert.deepEqual(await sent(room), [['with a picture', 'dots.png']]);
  await ada.leave();
});

test('files_that_come_too_fast_say_so_and_go_on_by_themselves', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  const slow = (route) =>
    route.fulfill({
      status: 429,
      headers: { 'retry-after': '2' },
      contentType: 'application/problem+json',
      body: '{"status":429,"code":"rate_limited"}',
    });
  await ada.page.route('**/files?*', slow, { times: 1 });
  await choose(ada, [NOTE]);
  await until('it is told', async () => /too many at once/.test(await items(ada).textContent()));
  await shows('and goes on', items(ada, 'done'), 1);
  await ada.say('patience');
  await until('it is sent', async () => (await sent(room)).length === 1);
  await ada.leave();
});

test('files_wait_for_the_line_over_a_reload_while_words_go_before_them', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  let closed = true;
  await ada.page.route('**/files?*', (route) => (closed ? route.abort() : route.continue()));
  await choose(ada, [NOTE, PICTURE]);
  await shows('both wait', items(ada), 2);
  await ada.say('with two files');
  await ada.page.locator('.message.pending .upload').nth(1).waitFor();
  await ada.say('meanwhile');
  await until('the words are there', async () => (await sent(room)).length === 1);
  await until('the bytes are kept', () => ada.page.evaluate(async () => {
    const { keys } = await import('/js/base/bytes.js');
    return (await keys()).length === 2;
  }));
  await ada.page.reload();
  await ada.live();
  await ada.page.locator('.message.pending .upload').nth(1).waitFor();
  closed = false;
  await ada.page.evaluate(() => dispatchEvent(new Event('online')));
  await until('the files too', async () => (await sent(room)).length === 2, MINUTE);
  assert.deepEqual(await sent(room), [['meanwhile'], ['with two files', '笔记.txt', 'dots.png']]);
  await ada.shows(['meanwhile', 'with two files']);
  await ada.leave();
});

test('files_of_a_draft_are_there_again_after_a_restart_and_in_the_other_tab', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  await choose(ada, [NOTE]);
  await shows('it is ready', items(ada, 'done'), 1);
  await ada.page.close();
  await ada.newPage();
  await ada.live();
  await ada.enter(room.name);
  await shows('it is still there', items(ada, 'done'), 1);
  const first = ada.page;
  await ada.newPage();
  await ada.live();
  await ada.enter(room.name);
  await shows('and here', items(ada, 'done'), 1);
  await ada.say('from the second');
  await until('it is sent', async () => (await sent(room)).length === 1);
  await shows('gone from the first', first.locator('.composer .upload'), 0);
  assert.deepEqual(await sent(room), [['from the second', '笔记.txt']]);
  await ada.leave();
});

test('an_upload_shows_how_far_it_is_and_can_be_cancelled', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  const input = await ada.context.newCDPSession(ada.page);
  await input.send('Network.enable');
  await input.send('Network.emulateNetworkConditions', {
    offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 150_000,
  });
  writeFileSync(join(dir, 'long.bin'), Buffer.alloc(3_000_000));
  await choose(ada, join(dir, 'long.bin'));
  const bar = items(ada).getByRole('progressbar', { name: 'Uploading long.bin' });
  await until('it moves', async () => (await bar.evaluate(({ value }) => value)) >= 5, MINUTE);
  const ended = ada.page.waitForEvent('requestfailed', (request) => /\/files\?/.test(request.url()));
  await ada.page.getByRole('button', { name: 'Remove long.bin' }).click();
  await ended;
  await shows('it is gone', items(ada), 0);
  await ada.say('nothing with it');
  await until('it is sent', async () => (await sent(room)).length === 1);
  assert.deepEqual(await sent(room), [['nothing with it']]);
  await ada.leave();
});

test('where_nothing_can_be_kept_files_are_sent_and_the_page_says_what_would_be_lost', async () => {
  const ada = await site.visitor();
  await ada.context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('no', 'InvalidStateError');
    };
  });
  await ada.page.reload();
  await ada.register();
  await ada.live();
  const room = await roomFor(ada);
  let closed = true;
  await ada.page.route('**/files?*', (route) => (closed ? route.abort() : route.continue()));
  await choose(ada, [NOTE]);
  await shows('it waits', items(ada), 1);
  await ada.say('kept nowhere');
  const waiting = ada.page.locator('.message.pending');
  await until('it is told', async () => /Is lost if this page is closed/.test(await waiting.textContent()));
  closed = false;
  await ada.page.evaluate(() => dispatchEvent(new Event('online')));
  await until('it is sent', async () => (await sent(room)).length === 1, MINUTE);
  assert.deepEqual(await sent(room), [['kept nowhere', '笔记.txt']]);
  await ada.leave();
});

test('a_file_that_the_server_has_let_go_of_is_sent_once_more', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  await choose(ada, [NOTE]);
  await shows('it is ready', items(ada, 'done'), 1);
  const lost = (route) =>
    route.fulfill({
      status: 422,
      contentType: 'application/problem+json',
      body: '{"status":422,"code":"invalid","errors":[{"field":"files","code":"choice"}]}',
    });
  await ada.page.route('**/messages', lost, { times: 1 });
  await ada.say('sent again');
  await until('it is sent', async () => (await sent(room)).length === 1);
  assert.deepEqual(await sent(room), [['sent again', '笔记.txt']]);
  await ada.leave();
});

test('what_has_lain_in_a_draft_for_too_long_is_carried_there_anew', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  await choose(ada, [NOTE]);
  await shows('it is ready', items(ada, 'done'), 1);
  await ada.page.evaluate(() => {
    const name = Object.keys(localStorage).find((one) => one.startsWith('stonechat.upload.'));
    const row = JSON.parse(localStorage.getItem(name));
    localStorage.setItem(name, JSON.stringify({ ...row, id: 'gonegonegone', sent_at: row.sent_at - 3_600_000 }));
  });
  await ada.page.reload();
  await ada.live();
  await shows('it is ready again', items(ada, 'done'), 1);
  await ada.say('an hour later');
  await until('it is sent', async () => (await sent(room)).length === 1);
  assert.deepEqual(await sent(room), [['an hour later', '笔记.txt']]);
  await ada.leave();
});

test('whoever_signs_out_leaves_no_files_of_a_draft_in_the_browser', async () => {
  const ada = await site.reader();
  await roomFor(ada);
  await choose(ada, [NOTE, PICTURE]);
  await shows('both are ready', items(ada, 'done'), 2);
  const kept = () =>
    ada.page.evaluate(async () => {
      const { keys } = await import('/js/base/bytes.js');
      return (await keys()).length;
    });
  await until('their bytes are kept', async () => (await kept()) === 2);
  await ada.menu('Sign out');
  await ada.page.locator('.card').waitFor();
  await until('and gone', async () => (await kept()) === 0);
  await ada.leave();
});

test('the_words_that_come_with_the_first_file_are_there_in_both_languages', async () => {
  const ada = await site.visitor();
  const { words, source } = await ada.page.evaluate(async () => ({
    words: (await import('/js/words/files.js')).files,
    source: await Promise.all(['attachments', 'upload_item'].map(async (name) =>
      (await fetch(`/js/view/${name}.js`)).text())),
  }));
  for (const [key, [english, chinese]] of Object.entries(words)) {
    assert.doesNotMatch(english, /\p{Script=Han}/u, key);
    assert.match(chinese, /\p{Script=Han}/u, key);
  }
  const asked = [...source.join().matchAll(/\bt\('([\w.]+)'/g)].map(([, key]) => key);
  const { strings } = await ada.page.evaluate(() => import('/js/base/i18n.js'));
  assert.ok(asked.length > 6);
  for (const key of asked) assert.ok(key in words || key in strings, key);
  await ada.leave();
});
