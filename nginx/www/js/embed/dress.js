// dress: the look of an embedded chat, as the site around it wishes: light or dark, and four
// properties of its stylesheet. Each is taken only where it is what it should be, and colours
// are moved until they can be read; what comes from elsewhere never becomes a stylesheet.

import { readable, on, parse } from '../base/colour.js';

const THEMES = ['light', 'dark'];
const GROUNDS = { light: '#fffefc', dark: '#1c1a18' };

// By property: what it must look like, and what it sets.
const PROPERTIES = {
    accent: { takes: (value) => parse(value) !== null, sets: accents },
    radius: { takes: (value) => lengthOf(value, 0, 28), sets: radii },
    size: { takes: (value) => lengthOf(value, 12, 22), sets: sizes },
    font: { takes: (value) => /^[\p{L}\p{N}\s,'"_-]{1,200}$/u.test(value), sets: fonts },
};

export function apply({ theme, style = {} }) {
    const root = document.documentElement;
    root.dataset.theme = THEMES.includes(theme) ? theme : 'auto';
    for (const [name, { takes, sets }] of Object.entries(PROPERTIES)) {
        const value = style[name];
        if (typeof value !== 'string' || !takes(value)) continue;
        for (const [property, text] of Object.entries(sets(value)))
            root.style.setProperty(property, text);
    }
}

function lengthOf(value, least, most) {
    const [, number] = /^(\d{1,2}(?:\.\d+)?)px$/.exec(value) ?? [];
    return number !== undefined && Number(number) >= least && Number(number) <= most;
}

function accents(value) {
    const light = readable(value, GROUNDS.light);
    const dark = readable(value, GROUNDS.dark);
    return {
        '--accent': `light-dark(${light}, ${dark})`,
        '--on-accent': `light-dark(${on(light)}, ${on(dark)})`,
        '--accent-strong': 'color-mix(in oklab, var(--accent) 84%, var(--ink))',
        '--accent-soft': 'color-mix(in oklab, var(--accent) 12%, var(--ground))',
        '--chosen': 'color-mix(in oklab, var(--accent) 18%, var(--ground))',
    };
}

function radii(value) {
    const px = parseFloat(value);
    return { '--round-s': `${px * 0.4}px`, '--round-m': `${px * 0.7}px`, '--round-l': `${px}px` };
}

/** Of what is written, which is --body: 0.9375 of the root's. */
function sizes(value) {
    return { 'font-size': `${parseFloat(value) / 0.9375}px` };
}

function fonts(value) {
    return { '--sans': value };
}
