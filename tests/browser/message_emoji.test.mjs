/* message_emoji: the list of emoji: whole, named in both languages, and the server takes each. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { found, TONES, USUAL, withTone } from '../../nginx/www/js/base/emoji.js';
import { newKey, newName, signUp } from '../support/client.mjs';
import { root, startStack } from '../support/stack.mjs';
import { unhurried } from '../support/tables.mjs';

const groups = JSON.parse(readFileSync(join(root, 'nginx/www/emoji.json'), 'utf8'));
const rows = groups.flatMap(({ emoji }) => emoji);
const forms = rows.flatMap(([emoji, , , , tones]) => (tones ? TONES : ['']).map((tone) => withTone(emoji, tone)));

const stack = await startStack({ set: { ...unhurried(), 'limits.reactions_per_message': 1000 } });
after(() => stack.stop());

test('each_has_a_name_in_both_languages_and_stands_once', () => {
  assert.ok(rows.length > 1800, `${rows.length}`);
  for (const [emoji, en, zh] of rows) {
    assert.ok(en.trim() && !/\p{Script=Han}/u.test(en), emoji);
    assert.ok(zh.trim(), emoji);
  }
  assert.equal(new Set(forms).size, forms.length);
  assert.equal(groups.length, 9);
  for (const emoji of USUAL) assert.ok(forms.includes(emoji), emoji);
});

test('skin_tones_are_of_all_the_people_and_not_of_their_hands', () => {
  assert.equal(withTone('👍', '🏽'), '👍🏽');
  assert.equal(withTone('✌️', '🏽'), '✌🏽');
  assert.equal(withTone('👩‍❤️‍👨', '🏿'), '👩🏿‍❤️‍👨🏿');
  assert.equal(withTone('🧑‍🤝‍🧑', '🏻'), '🧑🏻‍🤝‍🧑🏻');
  assert.equal(withTone('👍', ''), '👍');
  const toned = rows.filter((row) => row[4]);
  assert.ok(toned.length > 290, `${toned.length}`);
});

test('it_is_found_by_a_word_of_either_language', () => {
  const list = groups.map(({ emoji }) => ({
    emoji: emoji.map(([one, en, zh, words]) => ({ emoji: one, names: [en, zh], words: `${en} ${zh} ${words}`.toLowerCase() })),
  }));
  const first = (query) => found(list, query).slice(0, 8).map(({ emoji }) => emoji);
  assert.ok(first('thumbs up').includes('👍'));
  assert.ok(first('火箭').includes('🚀'));
  assert.ok(first('Rocket').includes('🚀'));
  assert.ok(first('flag china').includes('🇨🇳'));
  assert.ok(first('中国').includes('🇨🇳'));
  assert.deepEqual(first('nothing is called that'), []);
  assert.deepEqual(first('🐦'), ['🐦']);
});

/* In its one form: what comes back is what was sent, so that a wish and its entry are the same. */
test('the_server_takes_each_as_it_stands', async () => {
  const ada = await signUp(stack.url);
  const { room } = await ada.must(201, 'POST', '/rooms', { name: newName(), kind: 'public' });
  for (let at = 0; at < forms.length; at += 800) {
    const part = forms.slice(at, at + 800);
    const { seq } = await ada.post(room.id, 'all of them', newKey());
    for (let i = 0; i < part.length; i += 40) {
      await Promise.all(part.slice(i, i + 40).map((emoji) =>
        ada.must(204, 'PUT', `/rooms/${room.id}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`)));
    }
    const { message } = await ada.must(200, 'GET', `/rooms/${room.id}/messages/${seq}`);
    assert.deepEqual(new Set(message.reactions.map(({ emoji }) => emoji)), new Set(part));
  }
});
