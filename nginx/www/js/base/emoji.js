// emoji: the list of all emoji, fetched once when somebody first wants to choose one; searching in
// it; skin tones; and which ones this reader has used last. ../emoji.json is made by
// nginx/emoji.mjs from Unicode's own files.

import { load, save } from './prefs.js';

const RECENT_MOST = 24;
const BASE = /(\p{Emoji_Modifier_Base})\uFE0F?/gu;
const HANDSHAKE_BETWEEN = /\u200D\u{1F91D}\u200D/u;

/** From light to dark; '' is none. */
export const TONES = ['', '🏻', '🏼', '🏽', '🏾', '🏿'];

export const USUAL = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

let groups = null;

/** [{ id, emoji: [{ emoji, names: [English, 中文], words, tones }] }] in Unicode's order. */
export function emojiGroups() {
    groups ??= fetchGroups().catch((problem) => {
        groups = null;
        throw problem;
    });
    return groups;
}

async function fetchGroups() {
    const response = await fetch(new URL('../../emoji.json', import.meta.url));
    if (!response.ok) throw new Error(`${response.status}`);
    return (await response.json()).map(({ id, emoji }) => ({ id, emoji: emoji.map(entry) }));
}

function entry([emoji, en, zh, words, tones]) {
    const sought = `${en} ${zh} ${words}`.toLowerCase();
    return { emoji, names: [en, zh], words: sought, tones: Boolean(tones) };
}

/** Those that have all the words of `query`, names that begin with it first. */
export function found(list, query) {
    const parts = query.toLowerCase().split(/\s+/).filter(Boolean);
    const rank = ({ names }) => names.some((name) => name.toLowerCase().startsWith(parts[0]));
    const matches = list.flatMap(({ emoji }) => emoji).filter(({ emoji, words }) =>
        parts.every((part) => words.includes(part) || part === emoji),
    );
    return [...matches.filter(rank), ...matches.filter((one) => !rank(one))];
}

/** The same people in another skin: every one of them, but not the hands between two. */
export function withTone(emoji, tone) {
    if (!tone) return emoji;
    const held = HANDSHAKE_BETWEEN.test(emoji);
    return emoji.replace(BASE, (all, base) => (held && base === '🤝' ? all : base + tone));
}

export const tone = () => (TONES.includes(load('tone')) ? load('tone') : '');
export const chooseTone = (one) => save('tone', one || null);

export function recent() {
    const kept = load('emoji');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
}

export function used(emoji) {
    const rest = recent().filter((one) => one !== emoji);
    save('emoji', [emoji, ...rest].slice(0, RECENT_MOST));
}
