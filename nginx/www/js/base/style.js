// style: the stylesheet of a part that is fetched when it is first opened. A module that shows
// something waits for its own (`await style(…)` at its top), so that nothing is seen undressed;
// one that can't be had keeps nobody waiting, and comes as soon as it can. What the page itself
// names is there already.

import { eventually } from './pause.js';

const sheets = new Map();

/** Resolves once the page is styled by all of these, each going before those that follow. */
export function style(...hrefs) {
    return Promise.all(hrefs.map(one));
}

/** What opens over the page or beside it is made of these. */
export const opened = () => style('css/forms.css', 'css/overlays.css', 'css/people.css');

function one(href) {
    if (!sheets.has(href)) sheets.set(href, link(href));
    return sheets.get(href);
}

function link(href) {
    const address = new URL(`../../${href}`, import.meta.url).href;
    if ([...document.styleSheets].some((sheet) => sheet.href === address)) return null;
    let node = document.createElement('link');
    document.head.append(node);
    const attempt = () => (node = another(node, address));
    return new Promise((resolve) => {
        eventually(() => loaded(attempt()).finally(resolve));
    });
}

/** In the place of one that has been tried before: setting its address again asks for nothing. */
function another(node, address) {
    const next = document.createElement('link');
    Object.assign(next, { rel: 'stylesheet', href: address });
    node.replaceWith(next);
    return next;
}

function loaded(node) {
    return new Promise((resolve, reject) => {
        Object.assign(node, { onload: () => resolve(node), onerror: reject });
    });
}
