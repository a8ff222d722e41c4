// style: a stylesheet of a part that is fetched when it is first opened. Whoever shows that part
// waits for it, so that nothing is seen undressed; one that can't be had keeps nobody waiting.

const sheets = new Map();

/** Resolves once the page is styled by `href`. */
export function style(href) {
    if (!sheets.has(href)) sheets.set(href, link(href));
    return sheets.get(href);
}

/** A module that is under way, once the page is styled for what it shows. */
export async function styled(module, href) {
    await style(href);
    return module;
}

function link(href) {
    return new Promise((resolve) => {
        const node = document.createElement('link');
        Object.assign(node, { rel: 'stylesheet', href, onload: resolve });
        node.onerror = () => {
            sheets.delete(href);
            node.remove();
            resolve();
        };
        document.head.append(node);
    });
}
