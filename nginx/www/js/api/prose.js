// prose: the little Markdown of the description, as nodes: paragraphs, **strong**, `code`.

import { h } from '../base/dom.js';

const PIECE = /\*\*(.+?)\*\*|`([^`]+)`/g;

/** One line of it. */
export function line(text = '') {
    const nodes = [];
    let at = 0;
    for (const found of text.matchAll(PIECE)) {
        const [whole, strong, code] = found;
        nodes.push(
            text.slice(at, found.index),
            strong ? h('strong', {}, line(strong)) : h('code', {}, code),
        );
        at = found.index + whole.length;
    }
    return [...nodes, text.slice(at)];
}

export const prose = (text = '') =>
    text
        .split(/\n\n+/)
        .filter(Boolean)
        .map((paragraph) => h('p', {}, line(paragraph)));
