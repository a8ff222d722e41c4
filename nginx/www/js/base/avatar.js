// avatar: a face for somebody without a picture: initials on a colour that follows from the
// id, so that it is the same on every screen and does not change with the name.

import { h } from './dom.js';

const HUES = [18, 42, 75, 110, 145, 175, 205, 235, 265, 290, 320, 345];

export function hue(id) {
    let hash = 7;
    for (const char of id) hash = (hash * 31 + char.codePointAt(0)) >>> 0;
    return HUES[hash % HUES.length];
}

/** "Maya Lindqvist" ML, "maya" M, and of a Chinese name the given name's last character. */
export function initials(name) {
    const words = name
        .trim()
        .split(/[\s._-]+/u)
        .filter(Boolean);
    if (!words.length) return '?';
    if (/^\p{Script=Han}{2,4}$/u.test(words[0])) return [...words[0]].at(-1);
    const first = [...words[0]][0];
    const last = words.length > 1 ? [...words.at(-1)][0] : '';
    return (first + last).toLocaleUpperCase();
}

export function avatar({ id, display, name }, size = '') {
    const face = h(
        `span.avatar${size && `.${size}`}`,
        { 'aria-hidden': 'true' },
        initials(display || name || '?'),
    );
    face.style.setProperty('--hue', hue(id));
    return face;
}
