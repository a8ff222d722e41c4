// match: how well what somebody typed fits the name of something. Pure: words in, a rank out.
//
// The rank is a row of RANKS, so that it can be foretold: the whole name before its beginning,
// that before the beginning of a word, that before its initials, those before what stands within,
// and last letters that merely come in that order. Case, accents and widths make no difference.
// In a script that is written without spaces each character begins a word.

import { pinyin } from './pinyin_initials.js';

const WORD = /[\p{L}\p{M}\p{N}]/u;
const ALONE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** From the best to the worst. Each answers whether `sought` fits `name` so. */
const RANKS = [
    (sought, name) => name.text === sought,
    (sought, name) => name.text.startsWith(sought),
    (sought, name) => name.starts.some((at) => name.text.startsWith(sought, at)),
    (sought, name) => inWords(sought, name),
    (sought, name) => name.initials.startsWith(sought) || name.sounds.startsWith(sought),
    (sought, name) => name.text.includes(sought),
    (sought, name) => sought.length > 2 && inOrder(sought, name.text),
];

/** 0 for the best fit; -1 for none. */
export function rank(sought, name) {
    const { text } = folded(sought);
    if (!text) return 0;
    const held = folded(name);
    return RANKS.findIndex((fits) => fits(text, held));
}

/** The best rank of any of several names of one thing. */
export function bestRank(sought, names) {
    const ranks = names.filter(Boolean).map((name) => rank(sought, name));
    return Math.min(...ranks.map((one) => (one < 0 ? Infinity : one)));
}

export function fold(text) {
    return text
        .normalize('NFKD')
        .replace(/\p{Mn}+/gu, '')
        .toLowerCase()
        .replace(/\s+/gu, ' ')
        .trim();
}

const names = new Map();
const MOST_NAMES = 2000;

/** A name as it is compared: rooms are the same from one key to the next. */
function folded(name) {
    if (!names.has(name)) {
        if (names.size > MOST_NAMES) names.clear();
        names.set(name, taken(name));
    }
    return names.get(name);
}

function taken(name) {
    const text = fold(name);
    const starts = [];
    let before = '';
    let at = 0;
    for (const char of text) {
        if (WORD.test(char) && (!WORD.test(before) || ALONE.test(char) || ALONE.test(before)))
            starts.push(at);
        before = char;
        at += char.length;
    }
    const initials = starts.map((start) => String.fromCodePoint(text.codePointAt(start)));
    return { text, starts, initials: initials.join(''), sounds: initials.map(pinyin).join('') };
}

/** "co ca" of "Coffee & cake": each word begins one of the name's, in whatever order. */
function inWords(sought, name) {
    const words = sought.split(' ');
    return (
        words.length > 1 &&
        words.every((word) => name.starts.some((at) => name.text.startsWith(word, at)))
    );
}

function inOrder(sought, text) {
    let at = 0;
    for (const char of sought) {
        at = text.indexOf(char, at) + 1;
        if (!at) return false;
    }
    return true;
}
