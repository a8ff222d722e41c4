/*
 * emoji: makes www/emoji.json, the list behind the emoji picker of the web client, out of Unicode's
 * own files: which emoji there are, in which order and groups, and how they are called in English
 * and in Chinese. It stands here because its product is a part of the page; it is run by hand
 * when Unicode has a new version, and its product is committed, so that neither the build nor the
 * page needs the sources. On Debian:
 *
 *   apt-get install unicode-data unicode-cldr-core
 *   node nginx/emoji.mjs
 *
 * A group: { id, emoji: [[emoji, en, zh, words, tones], …] }. `en` and `zh` are the names, `words`
 * all the keywords of both languages, `tones` is 1 where it comes in five skin tones. What has no
 * name in one of the languages yet is left out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const UNICODE = process.argv[2] ?? '/usr/share/unicode';
const OUT = join(import.meta.dirname, 'www/emoji.json');
const TONES = ['🏻', '🏼', '🏽', '🏾', '🏿'];
const GROUPS = {
  'Smileys & Emotion': 'smileys',
  'People & Body': 'people',
  'Animals & Nature': 'nature',
  'Food & Drink': 'food',
  'Travel & Places': 'travel',
  'Activities': 'activities',
  'Objects': 'objects',
  'Symbols': 'symbols',
  'Flags': 'flags',
};

const { withTone } = await import(join(import.meta.dirname, 'www/js/base/emoji.js'));
const bare = (emoji) => emoji.replaceAll('\uFE0F', '');

/* emoji-test.txt: group -> the fully qualified ones, in Unicode's order. */
function listed() {
  const groups = new Map();
  let group;
  for (const line of readFileSync(join(UNICODE, 'emoji/emoji-test.txt'), 'utf8').split('\n')) {
    const title = /^# group: (.+)/.exec(line);
    if (title) groups.set(title[1], (group = []));
    const row = /^([0-9A-F ]+?)\s*; fully-qualified/.exec(line);
    if (row) group.push(String.fromCodePoint(...row[1].split(' ').map((code) => parseInt(code, 16))));
  }
  return groups;
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decoded = (text) => text.replace(/&(\w+);/g, (_, name) => ENTITIES[name]);

/* emoji without selectors -> { name, words } */
function annotations(language) {
  const found = new Map();
  for (const folder of ['annotations', 'annotationsDerived']) {
    const xml = readFileSync(join(UNICODE, `cldr/common/${folder}/${language}.xml`), 'utf8');
    for (const [, cp, tts, text] of xml.matchAll(/<annotation cp="([^"]+)"( type="tts")?[^>]*>([^<]*)</g)) {
      const row = found.get(bare(decoded(cp))) ?? { words: [] };
      if (tts) row.name = decoded(text);
      else row.words = decoded(text).split(' | ');
      found.set(bare(decoded(cp)), row);
    }
  }
  return found;
}

const all = listed();
const qualified = new Set([...all.values()].flat());
const [en, zh] = ['en', 'zh'].map(annotations);
const isToned = (emoji) => TONES.some((tone) => emoji.includes(tone));

function row(emoji) {
  const [first, second] = [en.get(bare(emoji)), zh.get(bare(emoji))];
  if (!first?.name || !second?.name) return null;
  const names = [first.name, second.name];
  const said = names.join(' ').toLowerCase();
  const words = [...new Set([...first.words, ...second.words])].filter((word) => !said.includes(word.toLowerCase()));
  const tones = TONES.every((tone) => qualified.has(withTone(emoji, tone)) && withTone(emoji, tone) !== emoji);
  return [emoji, ...names, words.join(' '), ...(tones ? [1] : [])];
}

const groups = [...all]
  .filter(([title]) => GROUPS[title])
  .map(([title, emoji]) => ({ id: GROUPS[title], emoji: emoji.filter((one) => !isToned(one)).map(row).filter(Boolean) }));
const lines = groups.map(({ id, emoji }) =>
  `{"id":"${id}","emoji":[\n${emoji.map((one) => JSON.stringify(one)).join(',\n')}\n]}`);
writeFileSync(OUT, `[\n${lines.join(',\n')}\n]\n`);
