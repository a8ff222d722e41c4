// markdown_line: what is inside a line of a message, as a tree: emphasis, code, addresses, @names.
//
// Emphasis ends with its line. A star may touch Chinese on both sides, but not a Latin word on the
// outside (2*3*4); an underscore no letter at all (snake_case). Code and addresses hide what is in
// them. What is open is never more than one of a kind, so that time is linear in the text.
//
// 'text' · { type: strong | em | strike, children } · { type: code, text }
// { type: link, href } (its text is the address) · { type: mention, user, text }

/** What turns the writing around, and what belongs to the Chinese text behind an address. */
const TURNS = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
const WIDE = '\\u3000-\\u303f\\uff00-\\uffef';

const KINDS = [
    /(?<code>`+)/,
    new RegExp(`(?<link>\\b(?:https?://|mailto:)[^\\s<>"'\`${TURNS}${WIDE}]+)`),
    /(?<mark>\*+|_+|~+)/,
    /(?<at>[@\uff20])/,
];
const TOKEN = new RegExp(KINDS.map(({ source }) => source).join('|'), 'giu');

const MARKS = {
    '*': ['em'],
    '**': ['strong'],
    '***': ['strong', 'em'],
    '_': ['em'],
    '~~': ['strike'],
};

/** `people`: [{ id, name }], as the scanner wants them. */
export function longestFirst(people) {
    return people
        .map(({ id, name }) => ({ id, folded: fold(name) }))
        .sort((a, b) => b.folded.length - a.folded.length);
}

/** One line, from left to right. `frames`: what is open, the line itself first; no kind is open
 *  twice, so there are never more than a handful. */
export function inline(line, people) {
    const frames = [{ children: [] }];
    const ends = lastRuns(line);
    const say = (node) => node && frames.at(-1).children.push(node);
    let end = 0;
    for (let token; (token = next(line, end)); ) {
        say(line.slice(end, token.index));
        const found = TOKENS[token.kind]({ ...token, line, people, ends, frames });
        say(found ? found.node : token.text);
        end = token.index + (found?.length ?? token.text.length);
    }
    say(line.slice(end));
    while (frames.length > 1) dissolve(frames);
    return joined(frames[0].children);
}

function next(line, from) {
    TOKEN.lastIndex = from;
    const match = TOKEN.exec(line);
    if (!match) return null;
    const [kind, text] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    return { kind, text, index: match.index };
}

/** kind -> { node, length } of what stands there, no node where it is seen to; null: only text. */
const TOKENS = {
    code: ({ line, text, index, ends }) => {
        if ((ends.get(text.length) ?? -1) <= index) return null;
        const close = closing(line, index + text.length, text.length);
        const inner = line.slice(index + text.length, close);
        return { node: { type: 'code', text: inner }, length: close + text.length - index };
    },
    link: ({ text }) => {
        const href = address(text);
        return /:\/*$/.test(href) ? null : { node: { type: 'link', href }, length: href.length };
    },
    mark: (token) => (mark(token) ? { length: token.text.length } : null),
    at: ({ line, index, people }) => {
        if (!mayBegin(before(line, index)) || !isOfName(after(line, index + 1))) return null;
        const user = people.find(({ folded }) => names(line, index + 1, folded));
        if (!user) return null;
        const text = line.slice(index, index + 1 + user.folded.length);
        return { node: { type: 'mention', user: user.id, text }, length: text.length };
    },
};

// Runs of backticks: where the last one of each length is, so that none is looked for in vain.

function lastRuns(line) {
    const ends = new Map();
    for (const { 0: run, index } of line.matchAll(/`+/g)) ends.set(run.length, index);
    return ends;
}

function closing(line, from, length) {
    for (let at = from; ; ) {
        const begin = line.indexOf('`', at);
        at = begin;
        while (line[at] === '`') at += 1;
        if (at - begin === length) return begin;
    }
}

// Emphasis.

function mark({ line, text, index, frames }) {
    const kinds = MARKS[text];
    if (!kinds) return false;
    const [left, right] = [before(line, index), after(line, index + text.length)];
    const touches = text[0] === '_' ? isLetter : isSpacedLetter;
    const closes = left && !isSpace(left) && !touches(right);
    if (closes && close(frames, text)) return true;
    const opens = right && !isSpace(right) && !touches(left) && left !== '\\';
    if (!opens || frames.some(({ kind }) => kinds.includes(kind))) return false;
    frames.push({ text, kind: kinds[0], kinds, children: [] });
    return true;
}

/** Ends what `text` has begun; what was begun within it and is still open is text. */
function close(frames, text) {
    const at = frames.findLastIndex((frame) => frame.text === text);
    if (at < 1 || !frames.at(-1).children.length) return false;
    while (frames.length - 1 > at) dissolve(frames);
    const { kinds, children } = frames.pop();
    const node = kinds.reduceRight((inner, type) => [{ type, children: inner }], joined(children));
    frames.at(-1).children.push(...node);
    return true;
}

function dissolve(frames) {
    const { text, children } = frames.pop();
    const outer = frames.at(-1).children;
    outer.push(text);
    for (const child of children) outer.push(child);
}

/** Texts that stand side by side as one. */
export function joined(children) {
    const found = [];
    let run = [];
    const flush = () => {
        if (run.length) found.push(run.join(''));
        run = [];
    };
    for (const child of children) {
        if (typeof child === 'string') {
            run.push(child);
        } else {
            flush();
            found.push(child);
        }
    }
    flush();
    return found;
}

// Characters, addresses, names.

/** Scripts that put no space, or more than a word, between two spaces. */
const SCRIPTS = ['Han', 'Hira', 'Kana', 'Hang', 'Bopo', 'Thai', 'Laoo', 'Khmr', 'Mymr'];
const UNSPACED = new RegExp(`[${SCRIPTS.map((name) => `\\p{scx=${name}}`).join('')}]`, 'u');

const before = (line, index) => [...line.slice(Math.max(0, index - 2), index)].at(-1) ?? '';
const after = (line, index) => String.fromCodePoint(...[line.codePointAt(index)].filter(Boolean));
const isSpace = (char) => /\s/u.test(char);
const isLetter = (char) => /[\p{L}\p{Nd}\p{M}]/u.test(char);
const isUnspaced = (char) => char > '\u0e00' && isLetter(char) && UNSPACED.test(char);
const isSpacedLetter = (char) => isLetter(char) && !isUnspaced(char);
const isOfName = (char) => char !== '' && (isLetter(char) || '_-.'.includes(char));

const CLOSING = { ')': '(', ']': '[', '}': '{' };

/** "(see https://a.example/b)." - neither the bracket nor the full stop is part of it. */
function address(text) {
    const left = Object.fromEntries([...'()[]{}'].map((char) => [char, 0]));
    for (const char of text) if (char in left) left[char] += 1;
    let end = text.length;
    for (; end > 0; end--) {
        const last = text[end - 1];
        const open = CLOSING[last];
        const unmatched = open && left[last] > left[open];
        if (!unmatched && !'.,;:!?*_~'.includes(last)) break;
        if (last in left) left[last] -= 1;
    }
    return text.slice(0, end);
}

/** As the server compares names, but for rare letters that it writes longer or shorter. */
const fold = (name) => name.normalize('NFKC').toLowerCase();

/** As common/mention.c has it: not inside an address of mail, and not the beginning of a name. */
const mayBegin = (left) =>
    !(isOfName(left) || (left !== '' && '/+%'.includes(left))) || isUnspaced(left);

function names(line, from, folded) {
    if (fold(line.slice(from, from + folded.length)) !== folded) return false;
    const end = from + folded.length;
    const [last, right] = [before(line, end), after(line, end)];
    return !isLetter(right) || isUnspaced(last) || isUnspaced(right);
}
