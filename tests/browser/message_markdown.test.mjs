/* message_markdown: what a text means, and that no text takes long to understand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../nginx/www/js/base/markdown.js';

const PEOPLE = [{ id: '1', name: 'Ada' }, { id: '2', name: 'ada.b' }, { id: '3', name: '小明' }];

/* A tree as one line: strong is B(…), em I(…), strike S(…), code C(…), a link L(…), a mention M(id). */
const MARKS = { strong: 'B', em: 'I', strike: 'S' };
function inline(children) {
  return children.map((child) => {
    if (typeof child === 'string') return child;
    if (child.type === 'code') return `C(${child.text})`;
    if (child.type === 'link') return `L(${child.href})`;
    if (child.type === 'mention') return `M(${child.user})`;
    return `${MARKS[child.type]}(${inline(child.children)})`;
  }).join('');
}

const list = ({ start, items }) =>
  `${start ?? '-'}[${items.map((item) => inline(item.children) + (item.list ? list(item.list) : '')).join('|')}]`;
const BLOCKS = {
  text: ({ children }) => inline(children),
  quote: ({ children }) => `Q{${blocks(children)}}`,
  code: ({ lang, text }) => `P${lang}{${text}}`,
  list,
};
const blocks = (tree) => tree.map((block) => BLOCKS[block.type](block)).join(' / ');
const read = (text) => blocks(parse(text, PEOPLE));

const same = (...texts) => texts.map((text) => [text, text]);
const rows = {
  emphasis: [
    ['**a** *b* _c_ ~~d~~', 'B(a) I(b) I(c) S(d)'],
    ['***both***', 'B(I(both))'],
    ['**a *b* c**', 'B(a I(b) c)'],
    ['**a *b** c*', 'B(a *b) c*'],
    ['(*so*), "**this**"!', '(I(so)), "B(this)"!'],
    ...same('*', '**', '****', 'x * a*', '*a *', '2*3*4', '2 * 3 * 4', '*a', 'a*', '**a*', '~a~', '*a\nb*', '\\*a*'),
  ],
  letters_without_spaces: [
    ['你好**重点**再见', '你好B(重点)再见'],
    ['**“重点”**之后', 'B(“重点”)之后'],
    ['这是~~旧的~~新的', '这是S(旧的)新的'],
    ['강조*한국어*는', '강조I(한국어)는'],
    ...same('文件_名_字', '你好_重点_再见'),
  ],
  underscores_of_names: [
    ...same('snake_case_name', '__proto__', '__init__.py', '_', '__', '¯\\_(ツ)_/¯', 'a_b_ c'),
    ['_so_ snake_case', 'I(so) snake_case'],
  ],
  addresses: [
    ['https://a.example/x_y_z*w*', 'L(https://a.example/x_y_z*w)*'],
    ['**https://a.example/a_b**', 'B(L(https://a.example/a_b))'],
    ['(http://a.example/a_(b)).', '(L(http://a.example/a_(b))).'],
    ['看https://a.example/路径，好', '看L(https://a.example/路径)，好'],
    ['https://a.example/\u202Efdp.exe', 'L(https://a.example/)\u202Efdp.exe'], // shown as exe.pdf
    ['\u2067https://a.example/b\u2069c', '\u2067L(https://a.example/b)\u2069c'],
    ...same('http://', 'javascript:alert(1)', '//a.example', '[x](javascript:1)'),
  ],
  code: [
    ['`**a** @ada https://a.example`', 'C(**a** @ada https://a.example)'],
    ['``a ` b``', 'C(a ` b)'],
    ['*a `b* c`', '*a C(b* c)'],
    ['```\n**a**\n> b\n```', 'P{**a**\n> b}'],
    ['```js\nlet a;\n```\nafter', 'Pjs{let a;} / after'],
    ['```one line```', 'P{one line}'],
    ['a\n\n```\nb\n```\n\nc', 'a / P{b} / c'],
    ...same('`a', 'a ``b`', '```\nnever closed', '```js'),
  ],
  quotes_and_lists: [
    ['> a\n> **b**\nc', 'Q{a\nB(b)} / c'],
    ['>>a', 'Q{Q{a}}'],
    ['>>>>>a', 'Q{Q{Q{>>a}}}'],
    ['- a\n- b\n  - c\n- d', '-[a|b-[c]|d]'],
    ['3. a\n4. b', '3[a|b]'],
    ['* a\n*b*', '-[a] / I(b)'],
    ['- a\n1. b\n2. c', '-[a] / 1[b|c]'], ['1. a\n   - b', '1[a-[b]]'],
    ['> - a\n> - b', 'Q{-[a|b]}'],
    ...same('-a', '1.a', '-', '5 > 3', '2024. ', 'a - b'),
  ],
  mentions: [
    ['@ada, @ADA and @Ada.b!', 'M(1), M(1) and M(2)!'],
    ['你好@小明你好', '你好M(3)你好'],
    ['**@ada**', 'B(M(1))'],
    ['＠ada', 'M(1)'],
    ...same('x@ada.example', '@adam', '@nobody', 'a/@ada', '@'),
  ],
  plain: same('', ' ', 'a\n\n\nb', '  indented', '\ttab', '<b>x</b>', '🙂*', 'a\u0000b'),
};

for (const [name, cases] of Object.entries(rows)) {
  test(name, () => {
    for (const [text, wanted] of cases) assert.equal(read(text), wanted, JSON.stringify(text));
  });
}

/* What it takes of the processor, which others may want as well. */
function cost(action) {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/* Sixteen times as long as a message can be: what is not linear would take minutes. */
const HOSTILE = {
  stars: '*', 'open emphasis': '*a ', 'closed emphasis': '*a* ', 'all kinds': '**a *b _c ~~d ', ats: '@', 'own name': '@ada',
  underscores: '_a_', brackets: ')', schemes: 'http://', backticks: '`a', fences: '```\n', 'named fences': '```x\n',
  quotes: '>', 'quoted lines': '>a\n', items: '- a\n', numbers: '1. ', spaces: ' ', digits: '1', lines: '\n', tildes: '~~a',
};
for (const [name, part] of Object.entries(HOSTILE)) {
  test(`no_time_is_lost_on_many_${name.replaceAll(' ', '_')}`, () => {
    const text = (name === 'brackets' ? 'http://a.example/' : '') + part.repeat(Math.ceil(64000 / part.length));
    let tree;
    const ms = cost(() => (tree = parse(text, PEOPLE)));
    assert.ok(ms < 5000, `${Math.round(ms)} ms`);
    assert.ok(JSON.stringify(tree).length < 40 * text.length);
    let deep = 0;
    for (let nodes = tree; nodes.length; deep++) nodes = nodes.flatMap((node) => node.children ?? node.items ?? []);
    assert.ok(deep < 12, `${deep} levels`);
  });
}

test('growing_runs_of_backticks_are_no_trap', () => {
  const text = Array.from({ length: 350 }, (_, i) => '`'.repeat(i + 1)).join(' ');
  assert.ok(cost(() => parse(text)) < 2000);
});
