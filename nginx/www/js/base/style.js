// style: the stylesheet of a part that is fetched when it is first opened. A module that shows
// something waits for its own (`await style(…)` at its top), so that nothing is seen undressed;
// one that can't be had keeps nobody waiting. What the page itself names is there already.

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
    return new Promise((resolve) => {
        const node = document.createElement('link');
        Object.assign(node, { rel: 'stylesheet', href: address, onload: resolve });
        node.onerror = () => {
            sheets.delete(href);
            node.remove();
            resolve();
        };
        document.head.append(node);
    });
}
