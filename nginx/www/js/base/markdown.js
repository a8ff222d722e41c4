// markdown: what a message says by its punctuation, as a tree: text in, plain objects out, nothing
// of elements. A small subset, as people type it in chats: **bold**, *italic* or _italic_,
// ~~strike~~, `code`, ``` blocks, > quotes, lists; addresses and @names are found as well. Whatever
// does not come out even is text, exactly as it was written.
//
// Emphasis ends with its line. A star may touch Chinese on both sides, but not a Latin word on the
// outside (2*3*4); an underscore no letter at all (snake_case). Code hides everything. Each part
// takes time in proportion to the text, whatever the text.
//
// Blocks: { type: text, children } · { type: quote, children: blocks } · { type: code, lang, text }
//         { type: list, start?, items: [{ children, list? }] }
// Inline: 'text' · { type: strong | em | strike, children } · { type: code, text }
//         { type: link, href } (its text is the address) · { type: mention, user, text }

const MOST_DEPTH = 3;
const FENCE = /^\s{0,3}```\s*([\w+#.-]*)\s*$/;
const ONE_LINE_FENCE = /^```(.+)```\s*$/;
const QUOTE = /^>[ ]?/;
const ITEM = /^( {0,12})(?:([-*+])|(\d{1,9})[.)]) +(?=\S)/;

/** `people`: [{ id, name }], those whose @name is meant. */
export function parse(text, people = []) {
    return blocks(text.split('\n'), { people: longestFirst(people), depth: 0 });
}

function longestFirst(people) {
    return people
        .map(({ id, name }) => ({ id, folded: fold(name) }))
        .sort((a, b) => b.folded.length - a.folded.length);
}

// ---------------------------------------------------------------- blocks, line by line

/** What begins a block, in the order in which it is tried: lines, at -> { block, end } or null. */
const STARTS = [fenced, quoted, listed];

function blocks(lines, ways) {
    const found = [];
    const state = { ...ways, lines, closed: lines.findLastIndex(isFenceEnd) };
    let plain = [];
    const flush = () => {
        if (plain.length) found.push(paragraph(plain, ways));
        plain = [];
    };
    for (let at = 0; at < lines.length; ) {
        const start = startAt(state, at);
        if (start) {
            flush();
            found.push(start.block);
            at = start.end;
        } else {
            plain.push(lines[at++]);
        }
    }
    flush();
    return found.length > 1 ? found.map(trimmed) : found;
}

function startAt(state, at) {
    for (const start of STARTS) {
        const found = start(state, at);
        if (found) return found;
    }
    return null;
}

const isFenceEnd = (line) => /^\s{0,3}```\s*$/.test(line);

function fenced({ lines, closed }, at) {
    const single = ONE_LINE_FENCE.exec(lines[at]);
    if (single && !single[1].includes('```')) {
        return { block: { type: 'code', lang: '', text: single[1].trim() }, end: at + 1 };
    }
    const fence = FENCE.exec(lines[at]);
    if (!fence || at >= closed) return null;
    let end = at + 1;
    while (!isFenceEnd(lines[end])) end += 1;
    const text = lines.slice(at + 1, end).join('\n');
    return { block: { type: 'code', lang: fence[1], text }, end: end + 1 };
}

/** Deeper than anybody quotes it is text: every level reads its lines once more. */
function quoted({ lines, people, depth }, at) {
    if (depth === MOST_DEPTH || !QUOTE.test(lines[at])) return null;
    let end = at;
    while (end < lines.length && QUOTE.test(lines[end])) end += 1;
    const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ''));
    return { block: { type: 'quote', children: blocks(inner, { people, depth: depth + 1 }) }, end };
}

function listed({ lines, people }, at) {
    const first = ITEM.exec(lines[at]);
    if (!first) return null;
    let end = at + 1;
    while (end < lines.length && belongs(ITEM.exec(lines[end]), first)) end += 1;
    return { block: tree(lines.slice(at, end).map((line) => itemOf(line, people))), end };
}

/** Numbers after dots, no further in, are a list of their own. */
const belongs = (item, first) =>
    item && (item[1].length > first[1].length || Boolean(item[3]) === Boolean(first[3]));

function itemOf(line, people) {
    const [all, indent, , number] = ITEM.exec(line);
    const start = number === undefined ? undefined : Number(number);
    return { indent: indent.length, start, children: inline(line.slice(all.length), people) };
}

const listOf = ({ start }) => ({ type: 'list', ...(start !== undefined && { start }), items: [] });

/** Items that stand further in belong to the one above. */
function tree(rows) {
    const root = listOf(rows[0]);
    const open = [{ indent: rows[0].indent, list: root }];
    for (const row of rows) {
        while (open.length > 1 && row.indent < open.at(-1).indent) open.pop();
        const { indent, list } = open.at(-1);
        const above = list.items.at(-1);
        if (row.indent > indent + 1 && above && open.length <= MOST_DEPTH) {
            above.list = listOf(row);
            open.push({ indent: row.indent, list: above.list });
        }
        open.at(-1).list.items.push({ children: row.children });
    }
    return root;
}

function paragraph(lines, { people }) {
    const children = lines.flatMap((line, i) => [...(i ? ['\n'] : []), ...inline(line, people)]);
    return { type: 'text', children: joined(children) };
}

/** Beside another block, the empty lines around a paragraph are only its distance. */
function trimmed(block) {
    if (block.type !== 'text') return block;
    const children = [...block.children];
    const edge = (at, pattern) => {
        if (typeof children.at(at) === 'string') {
            children[at < 0 ? children.length - 1 : 0] = children.at(at).replace(pattern, '');
        }
    };
    edge(0, /^\n+/);
    edge(-1, /\n+$/);
    return { ...block, children: children.filter((child) => child !== '') };
}

// ---------------------------------------------------------------- inside a line

const TOKEN =
    /(?<code>`+)|(?<link>\b(?:https?:\/\/|mailto:)[^\s<>"'`\u3000-\u303f\uff00-\uffef]+)|(?<mark>\*+|_+|~+)|(?<at>[@\uff20])/giu;

const MARKS = {
    '*': ['em'],
    '**': ['strong'],
    '***': ['strong', 'em'],
    '_': ['em'],
    '~~': ['strike'],
};

/** One line, from left to right. `frames`: what is open, the line itself first; no kind is open
 *  twice, so there are never more than a handful. */
function inline(line, people) {
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
        if (!mayBegin(before(line, index))) return null;
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
function joined(children) {
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

// ---------------------------------------------------------------- characters, addresses, names

const UNSPACED =
    /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

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
