// styles: a stylesheet of something that is fetched when it is first opened. Resolves when it
// applies, so that nothing is shown without it; a second time it is there already.

const sheets = new Map();

export function style(name) {
    if (!sheets.has(name)) sheets.set(name, link(name));
    return sheets.get(name);
}

function link(name) {
    const node = document.createElement('link');
    node.rel = 'stylesheet';
    node.href = new URL(`../../css/${name}.css`, import.meta.url);
    const loaded = new Promise((resolve) => {
        node.onload = resolve;
        node.onerror = resolve; // without its looks it is still of use
    });
    document.head.append(node);
    return loaded;
}
