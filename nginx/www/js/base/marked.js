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

/** The same stretches in `plain`, which is `text` without the marks of its form; null where one of
 *  them isn't there as it was: it was across such a mark, or in an address. */
export function carried(text, ranges, plain) {
    const characters = [...text];
    const found = [];
    let at = 0;
    for (const [start, end] of ranges) {
        const words = characters.slice(start, end).join('');
        const place = plain.indexOf(words, at);
        if (place < 0) return null;
        const before = [...plain.slice(0, place)].length;
        found.push([before, before + end - start]);
        at = place + words.length;
    }
    return found;
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
