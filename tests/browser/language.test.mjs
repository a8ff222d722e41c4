/* language: Chinese and English, whole, and the switch between them. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSite } from '../support/site.mjs';
import { root } from '../support/stack.mjs';

const site = await openSite();
after(() => site.close());

const HAN = /\p{Script=Han}/u;
const LATIN = /[A-Za-z]{3,}/;
const NAMES = /Stonechat|Lobby|English|Chrome|Linux|Enter|Shift|中文|127\.0\.0\.1/g; // the same in both

/* All that the page says: its text, its labels, its hints; not what people wrote. */
const words = (page) =>
  page.evaluate(() => {
    const said = [...document.querySelectorAll('body :not(noscript)')].flatMap((node) => [
      ...['aria-label', 'title', 'placeholder'].map((name) => node.getAttribute(name)),
      ...[...node.childNodes]
        .filter((child) => child.nodeType === Node.TEXT_NODE)
        .map((child) => child.data),
    ]);
    return [document.title, ...said].filter((text) => text?.trim());
  });

const strings = (page) => page.evaluate(async () => (await import('/js/base/i18n.js')).strings);

test('every_string_is_there_in_both_languages_and_takes_the_same_values', async () => {
  const ada = await site.visitor();
  const holes = (cell) => [...new Set(JSON.stringify(cell).match(/\{\w+\}/g))].sort();
  for (const [key, row] of Object.entries(await strings(ada.page))) {
    assert.equal(row.length, 2, key);
    const [en, zh] = row.map((cell) => (typeof cell === 'string' ? cell : cell.other));
    assert.ok(en && zh, key);
    assert.doesNotMatch(en, HAN, key);
    assert.deepEqual(holes(row[0]), holes(row[1]), key);
    if (key !== 'snippet') assert.match(zh, HAN, key);
  }
  await ada.leave();
});

test('what_is_fetched_later_has_its_words_in_both_languages_too', async () => {
  const modules = (folder) => readdirSync(join(root, 'nginx/www/js', folder)).filter((name) => name.endsWith('.js'));
  const ada = await site.visitor();
  const table = await ada.page.evaluate(async (files) => {
    const { strings } = await import('/js/base/i18n.js');
    const parts = await Promise.all(files.map((name) => import(`/js/words/${name}`)));
    return Object.assign({}, strings, ...parts.flatMap((part) => Object.values(part)));
  }, modules('words'));
  for (const [key, row] of Object.entries(table)) {
    assert.equal(row.length, 2, key);
    const [en, zh] = row.map((cell) => (typeof cell === 'string' ? cell : cell.other));
    assert.doesNotMatch(en, HAN, key);
    if (key !== 'snippet') assert.match(zh, HAN, key);
  }
  for (const name of modules('view')) {
    const source = readFileSync(join(root, 'nginx/www/js/view', name), 'utf8');
    for (const [, key] of source.matchAll(/\bt\('([\w.]+)'/g)) assert.ok(key in table, `${key} of ${name}`);
  }
  await ada.leave();
});

test('every_refusal_of_the_server_has_its_words', async () => {
  const ada = await site.visitor();
  const table = await ada.page.evaluate(async () => {
    const { refusals, strings } = await import('/js/base/i18n.js');
    await refusals();
    return strings;
  });
  const header = readFileSync(join(root, 'include/stonechat/error.h'), 'utf8');
  const rows = [...header.matchAll(/X\(\w+,\s*"(\w+)",\s*(\d+)/g)];
  assert.ok(rows.length > 10);
  const overWebSocketOnly = [
    'ok',
    'upgrade_required',
    'protocol_error',
    'unsupported_data',
    'no_pong',
    'bad_deflate',
  ];
  for (const [, code] of rows) {
    if (!overWebSocketOnly.includes(code)) assert.ok(`error.${code}` in table, code);
  }
  await ada.leave();
});

for (const [locale, tag, foreign] of [
  ['zh-CN', 'zh-Hans', LATIN],
  ['en-US', 'en', HAN],
]) {
  test(`the_page_speaks_nothing_but_${locale}`, async () => {
    const ada = await site.visitor({ locale });
    const wrong = async () =>
      (await words(ada.page))
        .map((text) => text.replaceAll(ada.name, '').replace(NAMES, ''))
        .filter((text) => foreign.test(text));
    assert.equal(await ada.page.getAttribute('html', 'lang'), tag);
    assert.deepEqual(await wrong(), []);
    await ada.page.locator('.other button').click();
    await ada.submit();
    await ada.page.locator('.field.bad').first().waitFor();
    assert.deepEqual(await wrong(), []);
    await ada.fill({ name: ada.name, password: ada.password });
    await ada.submit();
    await ada.page.locator('.rooms a').first().waitFor();
    await ada.live();
    assert.deepEqual(await wrong(), []);
    for (const row of [0, 1]) {
      await ada.page.locator('.me').click();
      await ada.page.locator('.foot .menu button').nth(row).click();
      await ada.page.locator('dialog[open]').waitFor();
      await ada.page.waitForTimeout(300);
      assert.deepEqual(await wrong(), []);
      await ada.page.keyboard.press('Escape');
    }
    for (const row of [0, 1]) {
      await ada.page.locator('.brand button').nth(row).click();
      await ada.page.locator('dialog[open]').waitFor();
      await ada.page.waitForTimeout(300);
      assert.deepEqual(await wrong(), []);
      await ada.page.keyboard.press('Escape');
    }
    await ada.leave();
  });
}

test('the_switch_changes_the_page_at_once_and_is_remembered', async () => {
  const ada = await site.reader({ locale: 'en-GB' });
  await ada.page.locator('#composer').fill('half a sentence');
  await ada.menu('中文');
  await ada.page.locator('.sidebar[aria-label="聊天室"]').waitFor();
  assert.equal(await ada.page.locator('#composer').inputValue(), 'half a sentence');
  await ada.page.reload();
  await ada.page.locator('.sidebar[aria-label="聊天室"]').waitFor();
  assert.equal(await ada.page.getAttribute('html', 'lang'), 'zh-Hans');
  await ada.menu('English');
  await ada.page.locator('.sidebar[aria-label="Rooms"]').waitFor();
  await ada.leave();
});

test('the_theme_follows_the_system_until_one_is_chosen', async () => {
  const ada = await site.reader({ colorScheme: 'dark' });
  const ground = () =>
    ada.page.locator('.main').evaluate((node) => getComputedStyle(node).backgroundColor);
  const dark = await ground();
  await ada.menu('Light');
  const light = await ground();
  assert.notEqual(light, dark);
  await ada.page.reload();
  await ada.page.locator('.main').waitFor();
  assert.equal(await ground(), light);
  await ada.leave();
});
