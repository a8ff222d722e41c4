// clipboard: puts a text there. Browsers give the modern way only to https and localhost; on a
// plain address of the house the old one still works, where there is one.

export async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return copyOldWay(text);
    }
}

function copyOldWay(text) {
    const before = document.activeElement;
    const box = document.createElement('textarea');
    box.value = text;
    box.className = 'sr-only';
    document.body.append(box);
    box.select();
    const done = document.execCommand('copy');
    box.remove();
    before?.focus({ preventScroll: true });
    return done;
}
