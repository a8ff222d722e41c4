// i18n: which language the reader has, and the words for it: every word that the page says, in both
// languages, one file of words/ for each part of it. A row: [English, 中文]. Where the form depends on a
// number `n`, the cell is { one, other }, as Intl.PluralRules names them. What only a part that is
// fetched later says comes with that part, which calls add(); the words for what the server refuses come
// with the first refusal: see api.js.

import { page } from '../words/page.js';
import { load, save } from './prefs.js';

/** All words that are there by now. */
export const strings = { ...page };

/** In the order of the columns of the table. */
export const languages = [
    { id: 'en', tag: 'en', label: 'English' },
    { id: 'zh', tag: 'zh-Hans', label: '中文' },
];

let column = 0;

export const language = () => languages[column].id;

/** For Intl: the reader's own variant ("en-GB") where the browser names one. */
export function locale() {
    return navigator.languages.find((tag) => tag.startsWith(language())) ?? languages[column].tag;
}

function preferred(first) {
    for (const tag of [first, ...navigator.languages]) {
        const found = languages.findIndex(({ id }) => tag?.toLowerCase().startsWith(id));
        if (found >= 0) return found;
    }
    return 0;
}

/** `first`: the language that is to be spoken if there is such a one; else the browser's. */
export function apply(first = load('language')) {
    column = preferred(first);
    document.documentElement.lang = languages[column].tag;
}

export function choose(id) {
    save('language', id);
    apply();
}

export const has = (key) => key in strings;

export function t(key, values = {}) {
    const row = strings[key];
    if (!row) return key;
    return fill(form(row[column], values.n), values);
}

function form(cell, n) {
    if (typeof cell === 'string') return cell;
    return cell[new Intl.PluralRules(language()).select(n)] ?? cell.other;
}

function fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** The reader's words for a problem; `n` fills in the seconds or characters where it has any. */
export function explain(problem) {
    const key = `error.${problem.code}`;
    const n = Math.ceil((problem.retryMs ?? 0) / 1000) || 1;
    return has(key) ? t(key, { n }) : t('error.internal');
}

/** More rows, of a part that has just been fetched. */
export function add(...parts) {
    Object.assign(strings, ...parts);
}

let refused = null;

/** Resolves once there are words for what the server may refuse, or none to be had. */
export function refusals() {
    refused ??= import('../words/refusals.js').then(
        (part) => add(part.refusals),
        () => (refused = null),
    );
    return refused;
}
