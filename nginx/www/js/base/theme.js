// theme: light, dark, or as the system has it. The stylesheets do the rest by color-scheme.

import { load, save } from './prefs.js';

export const themes = ['auto', 'light', 'dark'];

export function theme() {
    const chosen = load('theme');
    return themes.includes(chosen) ? chosen : 'auto';
}

export function choose(name) {
    save('theme', name);
    apply();
}

export function apply() {
    document.documentElement.dataset.theme = theme();
}
