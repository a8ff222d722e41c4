// marked: a text with stretches of it marked, as nodes. Stretches are counted in characters (code
// points), as the server counts them, not in the units of which a string here is made.

import { h } from './dom.js';

const ELLIPSIS = '…';

/** `ranges`: [start, end] from left to right, none overlapping; others are passed over. */
export function marked(text, ranges = []) {
    const characters = [...text];
    const nodes = [];
    let at = 0;
    const plain = (end) => end > at && nodes.push(characters.slice(at, end).join(''));
    for (const [start, end] of ranges) {
        if (start < at || end <= start || end > characters.length) continue;
        plain(start);
        nodes.push(h('mark', null, characters.slice(start, end).join('')));
        at = end;
    }
    plain(characters.length);
    return nodes;
}

/** The part of a long text around its first mark: { text, ranges } again. */
export function clipped(text, ranges = [], { before = 60, most = 280 } = {}) {
    const characters = [...text];
    if (characters.length <= most) return { text, ranges };
    const from = Math.max(0, Math.min((ranges[0]?.[0] ?? 0) - before, characters.length - most));
    const to = from + most;
    const lead = from > 0 ? ELLIPSIS : '';
    const shift = from - [...lead].length;
    const tail = to < characters.length ? ELLIPSIS : '';
    return {
        text: lead + characters.slice(from, to).join('') + tail,
        ranges: ranges
            .filter(([start]) => start >= from && start < to)
            .map(([start, end]) => [start - shift, Math.min(end, to) - shift]),
    };
}
