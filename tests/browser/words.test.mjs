/* words: what the page says, also in the parts that are fetched later. Needs no browser. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { modulesFrom, modulesLater, startOfPage, www } from '../support/graph.mjs';
import { root } from '../support/stack.mjs';

const PAGE = join(root, 'nginx/www/js');
const HAN = /\p{Script=Han}/u;
const ONLY_HOLES = ['snippet'];

const files = readdirSync(PAGE, { recursive: true }).filter((name) => name.endsWith('.js'));
const words = await Promise.all(
  files.filter((name) => name.startsWith('words/')).map(async (name) => {
    const [rows] = Object.values(await import(join(PAGE, name)));
    return { name, rows };
  }));
const table = Object.assign({}, ...words.map(({ rows }) => rows));
const holes = (cell) => [...new Set(JSON.stringify(cell).match(/\{\w+\}/g))].sort();

test('every_row_is_there_in_both_languages_and_takes_the_same_values', () => {
  for (const { name, rows } of words) {
    for (const [key, row] of Object.entries(rows)) {
      const what = `${key} of ${name}`;
      assert.equal(row.length, 2, what);
      const [en, zh] = row.map((cell) => (typeof cell === 'string' ? cell : cell.other));
      assert.ok(en && zh, what);
      assert.doesNotMatch(en, HAN, what);
      if (!ONLY_HOLES.includes(key)) assert.match(zh, HAN, what);
      assert.deepEqual(holes(row[0]), holes(row[1]), what);
    }
  }
});

test('no_key_is_in_two_files', () => {
  const keys = words.flatMap(({ rows }) => Object.keys(rows));
  assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), []);
});

test('every_key_that_any_part_asks_for_is_in_a_file', () => {
  let asked = 0;
  for (const name of files) {
    const source = readFileSync(join(PAGE, name), 'utf8');
    for (const [, key] of source.matchAll(/\bt\('([\w.]+)'/g)) {
      asked++;
      assert.ok(key in table, `${key} of ${name}`);
    }
  }
  assert.ok(asked > 100, `${asked}`);
});

test('every_part_that_is_fetched_later_brings_the_words_that_it_asks_for', async () => {
  const start = startOfPage();
  const known = new Set(words.filter(({ name }) => start.has(`js/${name}`)).flatMap(({ rows }) => Object.keys(rows)));
  const asks = (path) => [...readFileSync(join(www, path), 'utf8').matchAll(/\bt\('([\w.]+)'/g)].map(([, key]) => key);
  for (const path of start) for (const key of asks(path)) assert.ok(known.has(key), `${key} of ${path}`);
  for (const part of modulesLater(start)) {
    const brought = modulesFrom(part);
    const has = new Set([...known, ...words.filter(({ name }) => brought.has(`js/${name}`)).flatMap(({ rows }) => Object.keys(rows))]);
    for (const key of asks(part)) assert.ok(has.has(key), `${key} of ${part}`);
  }
});
