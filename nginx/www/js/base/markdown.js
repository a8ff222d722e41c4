// markdown: what a message says by its punctuation, as a tree: text in, plain objects out, nothing
// of elements. A small subset, as people type it in chats: **bold**, *italic* or _italic_,
// ~~strike~~, `code`, ``` blocks, > quotes, lists; addresses and @names are found as well. Whatever
// does not come out even is text, exactly as it was written.
//
// Here the lines become blocks; what is inside a line is markdown_line.js. Each takes time in
// proportion to the text, whatever the text.
//
// { type: text, children } · { type: quote, children: blocks } · { type: code, lang, text }
// { type: list, start?, items: [{ children, list? }] }

import { inline, joined, longestFirst } from './markdown_line.js';

const MOST_DEPTH = 3;
const FENCE = /^\s{0,3}```\s*([\w+#.-]*)\s*$/;
const ONE_LINE_FENCE = /^```(.+)```\s*$/;
const QUOTE = /^>[ ]?/;
const ITEM = /^( {0,12})(?:([-*+])|(\d{1,9})[.)]) +(?=\S)/;

/** `people`: [{ id, name }], those whose @name is meant. */
export function parse(text, people = []) {
    return blocks(text.split('\n'), { people: longestFirst(people), depth: 0 });
}

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
