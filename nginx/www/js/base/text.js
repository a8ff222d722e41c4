// text: a message as nodes. Addresses become links, all else stays text; only the three
// schemes below can ever become one, and the address is parsed by the browser's own URL.

import { h } from './dom.js';

const SCHEMES = ['http:', 'https:', 'mailto:'];
const ADDRESS = /\b(?:https?:\/\/|mailto:)[^\s<>"'`\u3000-\u303f\uff00-\uffef]+/gi;
const CLOSING = { ')': '(', ']': '[', '}': '{' };

export function linked(text) {
    const nodes = [];
    let end = 0;
    for (const match of text.matchAll(ADDRESS)) {
        const address = trimmed(match[0]);
        const link = anchor(address);
        if (!link) continue;
        nodes.push(text.slice(end, match.index), link);
        end = match.index + address.length;
    }
    nodes.push(text.slice(end));
    return nodes.filter((node) => node !== '');
}

/** "(see https://a.example/b)." - neither the bracket nor the full stop is part of it. */
function trimmed(address) {
    for (;;) {
        const last = address.at(-1);
        const open = CLOSING[last];
        const unmatched = open && address.split(last).length > address.split(open).length;
        if (!unmatched && !'.,;:!?*_~'.includes(last)) return address;
        address = address.slice(0, -1);
    }
}

function anchor(address) {
    let url;
    try {
        url = new URL(address);
    } catch {
        return null;
    }
    if (!SCHEMES.includes(url.protocol)) return null;
    return h('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' }, address);
}
