// formatting: marks around what is selected in a box, as Markdown has them, by the keys that every
// editor has for them. Where they are already, they go. The browser's own undo takes it back.

const MARKS = { b: '**', i: '_', e: '`' };

/** `key` is one of those above. */
export const format = (input, key) => toggle(input, MARKS[key.toLowerCase()]);

function toggle(input, mark) {
    const { value, selectionStart: start, selectionEnd: end } = input;
    const [before, after] = [start - mark.length, end + mark.length];
    const marked =
        before >= 0 && value.slice(before, start) === mark && value.slice(end, after) === mark;
    const inner = value.slice(start, end);
    if (marked) replace(input, before, after, inner);
    else replace(input, start, end, mark + inner + mark);
    const from = marked ? before : start + mark.length;
    input.setSelectionRange(from, from + inner.length);
}

/** Puts `text` in the place of a stretch, the caret behind it, so that it can be undone. */
export function replace(input, from, to, text) {
    input.focus({ preventScroll: true });
    input.setSelectionRange(from, to);
    if (document.execCommand('insertText', false, text)) return;
    input.setRangeText(text, from, to, 'end');
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
