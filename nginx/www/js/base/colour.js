// colour: colours that can be read. Numbers only: what a colour is called and what stands on it
// is for others to know. Contrast is that of WCAG 2.2.

const AA = 4.5;
const STEP = 0.06;

/** Of `#rgb`, `#rrggbb` or `rgb(r, g, b)`: three numbers from 0 to 255; null of anything else. */
export function parse(text) {
    const value = text.trim().toLowerCase();
    const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(value);
    if (short) return short.slice(1).map((digit) => parseInt(digit + digit, 16));
    const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(value);
    if (long) return long.slice(1).map((digits) => parseInt(digits, 16));
    const named = /^rgb\((\d{1,3})[ ,]+(\d{1,3})[ ,]+(\d{1,3})\)$/.exec(value);
    const numbers = named?.slice(1).map(Number);
    return numbers?.every((number) => number <= 255) ? numbers : null;
}

/** From 1 (none) to 21 (black on white). */
export function contrast(a, b) {
    const [dark, light] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
}

/** `colour`, or what is nearest to it that can be read on `ground`. */
export function readable(colour, ground) {
    const towards = luminance(parse(ground)) > 0.5 ? 0 : 255;
    let mixed = parse(colour);
    while (contrast(hex(mixed), ground) < AA)
        mixed = mixed.map((part) => part + (towards - part) * STEP + Math.sign(towards - part));
    return hex(mixed);
}

/** What can be read on `colour`: white, or a black. */
export function on(colour) {
    return contrast(colour, '#ffffff') >= contrast(colour, '#14100e') ? '#ffffff' : '#14100e';
}

const hex = (parts) =>
    `#${parts.map((part) => Math.round(Math.min(255, Math.max(0, part))).toString(16).padStart(2, '0')).join('')}`;

function luminance(parts) {
    const [r, g, b] = parts.map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
