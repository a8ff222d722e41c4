/* embed_models: what of the embedded chat can be asked without a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jwt } from '../support/jwt.mjs';

const from = (name) => import(`../../nginx/www/js/${name}.js`);
const { contrast, on, parse, readable } = await from('base/colour');
const { fits, named } = await from('embed/session');

test('a_colour_is_what_it_says_and_nothing_else_is_one', () => {
  assert.deepEqual(parse('#0aF'), [0, 170, 255]);
  assert.deepEqual(parse(' #b2461a '), [178, 70, 26]);
  assert.deepEqual(parse('rgb(1, 20, 255)'), [1, 20, 255]);
  for (const wrong of ['', '#12', '#12345', 'red', 'rgb(1, 2, 256)', 'var(--x)', '#fff; x: url(y)', 'url(#fff)'])
    assert.equal(parse(wrong), null, wrong);
});

test('contrast_is_that_of_wcag', () => {
  assert.equal(contrast('#000000', '#ffffff').toFixed(2), '21.00');
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
});

test('any_colour_can_be_read_on_either_ground_and_be_written_on', () => {
  for (let n = 0; n < 512; n++) {
    const colour = `#${[n >> 6, (n >> 3) & 7, n & 7].map((part) => (part * 36).toString(16).padStart(2, '0')).join('')}`;
    for (const ground of ['#fffefc', '#1c1a18']) {
      const found = readable(colour, ground);
      assert.ok(contrast(found, ground) >= 4.5, `${colour} on ${ground}: ${found}`);
      assert.ok(contrast(on(found), found) >= 4.5, `${on(found)} on ${found}`);
    }
  }
  assert.equal(readable('#0a3d91', '#fffefc'), '#0a3d91', 'what can be read stays');
});

test('a_session_is_gone_on_with_by_whom_it_belongs_to_and_by_nobody_else', () => {
  const [ann, lei] = ['ann', 'lei'].map((sub) => jwt({ sub, iss: '店' }));
  const anns = { who: named(ann) };
  assert.ok(fits(anns, jwt({ sub: 'ann', iss: '店' })), 'another token of the same');
  assert.ok(!fits(anns, lei));
  assert.ok(!fits(anns, jwt({ sub: 'ann', iss: 'another' })));
  assert.ok(!fits(anns, null), 'the site knows nobody');
  assert.ok(fits({ who: 'guest' }, null) && !fits({ who: 'guest' }, ann));
  assert.notEqual(named(jwt({ sub: 'guest' })), 'guest');
  assert.ok(!fits(anns, 'no.token.atall'));
});
