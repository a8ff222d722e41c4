// i18n: which language the reader has, and the words for it. The words themselves are the
// table in strings.js; a sentence with a number picks its form by the language's own rules.

import { load, save } from './prefs.js';
import { strings } from './strings.js';

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
