// pinyin: does what was typed spell this Chinese name? "zhangsan", "zs", "zhs" and "zhangs" all
// spell 张三: of each character any beginning of a syllable that it may be read as. A part of this
// page that is fetched only when somebody is looked for; see data/pinyin.js.

import { syllables } from '../data/pinyin.js';

const readings = new Map();
for (const [syllable, characters] of Object.entries(syllables)) {
    for (const one of characters)
        readings.set(one, [...(readings.get(one) ?? []), ...ways(syllable)]);
}

/** ü is typed as v, and by many as u. */
function ways(syllable) {
    return syllable.includes('v') ? [syllable, syllable.replace('v', 'u')] : [syllable];
}

/** Where in `name` what `typed` spells begins, or -1. `typed` is in lower case. */
export function spelt(typed, name) {
    const characters = [...name.toLowerCase()].filter((one) => /\S/.test(one));
    if (!typed || !characters.some((one) => readings.has(one))) return -1;
    return characters.findIndex((_, at) => spells(typed, characters, at));
}

function spells(typed, characters, at) {
    if (!typed) return true;
    if (at === characters.length) return false;
    const read = readings.get(characters[at]) ?? [characters[at]];
    return read.some((syllable) =>
        beginnings(typed, syllable).some((n) => spells(typed.slice(n), characters, at + 1)),
    );
}

/** How many letters of `typed` this syllable may account for, most first. */
function beginnings(typed, syllable) {
    let n = 0;
    while (n < syllable.length && typed[n] === syllable[n]) n += 1;
    return Array.from({ length: n }, (_, i) => n - i);
}
