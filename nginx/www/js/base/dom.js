// dom: the only place where elements are made. Whatever is not an element goes in as a text
// node, so there is no way through here by which a message could become markup.
//
//     h('button.primary', { type: 'submit', onclick: send }, t('send'))

export function h(tag, props, ...children) {
    const [name, ...classes] = tag.split('.');
    const node = document.createElement(name);
    if (classes.length) node.className = classes.join(' ');
    for (const [key, value] of Object.entries(props ?? {})) set(node, key, value);
    append(node, children);
    return node;
}

function set(node, key, value) {
    if (value === undefined || value === null || value === false) return;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'value') node.value = value;
    else node.setAttribute(key, value === true ? '' : String(value));
}

export function append(node, children) {
    for (const child of [children].flat(Infinity)) {
        if (child === undefined || child === null || child === false) continue;
        node.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return node;
}

/** Gives `node` exactly these children, in this order, moving only what is out of place. */
export function arrange(node, children) {
    let at = node.firstChild;
    for (const child of children) {
        if (child === at) at = at.nextSibling;
        else node.insertBefore(child, at);
    }
    while (at) {
        const next = at.nextSibling;
        at.remove();
        at = next;
    }
}

export function show(node, visible) {
    node.hidden = !visible;
}

/** `action`, at its first call only. */
export function once(action) {
    let done = false;
    return () => {
        if (!done) action();
        done = true;
    };
}

/** One call of `action` a frame at most; in a hidden tab, where frames rest, by a timer. */
export function batched(action) {
    let waiting = false;
    const run = () => {
        waiting = false;
        action();
    };
    return () => {
        if (waiting) return;
        waiting = true;
        if (document.hidden) setTimeout(run, 50);
        else requestAnimationFrame(run);
    };
}
