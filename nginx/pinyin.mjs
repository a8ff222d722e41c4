#!/usr/bin/env node
/*
 * pinyin: makes www/js/data/pinyin.js, the table by which a Chinese name is found by how it is
 * spelt: "zhangsan" or "zs" for 张三.
 *
 *   node nginx/pinyin.mjs
 *
 * How a character is read says CLDR's Han-Latin (uconv, of Debian's icu-devtools); which characters
 * are asked about say GB 2312 and the everyday part of Big5, some 9,000, in which nearly every name is
 * written. A name may read a character as no dictionary puts first: those are the rows of IN_NAMES.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const OUT = new URL('./www/js/data/pinyin.js', import.meta.url);

/* Where which lead and trail bytes of which encoding hold the characters of everyday use. */
const SETS = [
  { encoding: 'gbk', lead: [0xb0, 0xf7], trail: [[0xa1, 0xfe]] },
  { encoding: 'big5', lead: [0xa4, 0xc6], trail: [[0x40, 0x7e], [0xa1, 0xfe]] },
];

/* Further readings: surnames, and characters that two readings share in given names. */
const IN_NAMES = {
  ao: '敖', bi: '秘', bo: '薄柏伯', chao: '晁朝', chong: '种重', chu: '褚', dan: '单', ge: '盖葛', hang: '行',
  he: '黑', hua: '华', huan: '环', ji: '纪', jia: '贾', le: '乐', miao: '缪', ning: '宁', ou: '区', piao: '朴',
  po: '繁', qi: '亓', qin: '覃', qiu: '仇', ren: '任', shan: '单單', shao: '召', she: '佘折', shen: '沈',
  tan: '覃', wei: '尉', xian: '冼', xie: '解', xing: '行', yu: '尉', yue: '乐樂', yun: '员員',
  zeng: '曾', zha: '查', zhai: '翟', zhang: '长長', chang: '长長', zhong: '仲重',
};

const between = ([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

function characters() {
  const found = new Set();
  for (const { encoding, lead, trail } of SETS) {
    const decoder = new TextDecoder(encoding);
    for (const one of between(lead)) {
      for (const two of trail.flatMap(between)) found.add(decoder.decode(Uint8Array.of(one, two)));
    }
  }
  return [...found].filter((text) => /^\p{Script=Han}$/u.test(text)).sort();
}

/* "Lǚ" -> "lv", as it is typed: without tones, v for ü. */
function spelt(reading) {
  const bare = reading.normalize('NFD').toLowerCase().replace(/u\u0308/g, 'v');
  return bare.replace(/[^a-z]/g, '');
}

function table() {
  const asked = characters();
  const input = `${asked.join('\n')}\n`;
  const answers = execFileSync('uconv', ['-x', 'Han-Latin'], { input, encoding: 'utf8' }).split('\n');
  const syllables = {};
  const add = (syllable, text) => {
    syllables[syllable] ??= '';
    if (!syllables[syllable].includes(text)) syllables[syllable] += text;
  };
  asked.forEach((text, i) => spelt(answers[i]) && add(spelt(answers[i]), text));
  for (const [syllable, texts] of Object.entries(IN_NAMES)) for (const text of texts) add(syllable, text);
  return Object.entries(syllables).sort(([a], [b]) => (a < b ? -1 : 1));
}

const rows = table().map(([syllable, texts]) => `    ${syllable}: '${texts}',`);
writeFileSync(OUT, `// pinyin: the characters that are read as each syllable, v for ü. Made by nginx/pinyin.mjs from
// CLDR's Han-Latin; not to be edited.

export const syllables = {
${rows.join('\n')}
};
`);
console.log(`${rows.length} syllables`);
