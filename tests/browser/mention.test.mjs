/* mention: where a name is being written, and whom it may mean by how it is spelt. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openSite } from '../support/site.mjs';

const site = await openSite();
after(() => site.close());

test('where_a_mention_may_begin_is_as_the_server_has_it', async () => {
  const ada = await site.visitor();
  const found = await ada.page.evaluate(async () => {
    const { mentionAt } = await import('/js/base/mention_at.js');
    return ['@', '@ab', 'x @ab', 'x@ab', '你@ab', '你＠张三', '/@ab', '(@ab', 'a+@b', '@a b', '@a_b.c-d', '한@a', `@${'x'.repeat(33)}`]
      .map((text) => mentionAt(text, text.length)?.query ?? null);
  });
  assert.deepEqual(found, ['', 'ab', 'ab', null, 'ab', '张三', null, 'ab', null, null, 'a_b.c-d', 'a', null]);
  await ada.leave();
});

test('a_name_is_spelt_by_any_beginnings_of_its_syllables_in_their_order', async () => {
  const ada = await site.visitor();
  const rows = [
    ['zhangsan', '张三', 0],
    ['zs', '张三', 0],
    ['zhs', '张三', 0],
    ['zhangs', '张三', 0],
    ['san', '张三', 1],
    ['sz', '张三', -1],
    ['zhangsi', '张三', -1],
    ['zhangsanz', '张三', -1],
    ['zengguofan', '曾国藩', 0],
    ['cgf', '曾国藩', 0],
    ['lvbu', '吕布', 0],
    ['lubu', '吕布', 0],
    ['xa', '西安', 0],
    ['zhangwei', '張偉', 0],
    ['zsan2', '张三2', 0],
    ['zo', 'Zoe', -1], // nothing Chinese in it: that is for others to find
    ['', '张三', -1],
  ];
  const found = await ada.page.evaluate(async (asked) => {
    const { spelt } = await import('/js/base/pinyin.js');
    return asked.map(([typed, name]) => [typed, name, spelt(typed, name)]);
  }, rows);
  assert.deepEqual(found, rows);
  await ada.leave();
});
