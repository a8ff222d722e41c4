// files: the elements that show or give away what was uploaded, and how large it is. As a rule the browser fetches it,
// with its cookie. Where there is no cookie (a chat within another site's page) somebody says
// `fetchedBy`, and each file is fetched that way and shown from memory.
//
// What is in memory is only ever shown as a picture or saved, never opened: a document out of it
// would be one of this site's own, whatever has been uploaded.

import { h } from './dom.js';
import { locale } from './i18n.js';

const MOST = 60;
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

let fetchFile = null;
const held = new Map();

/** `fetcher(url)` resolves to a Blob. */
export function fetchedBy(fetcher) {
    fetchFile = fetcher;
}

export function picture({ src, ...attributes }) {
    if (!fetchFile) return h('img', { src, ...attributes });
    const img = h('img', attributes);
    addressOf(src).then(
        (address) => img.setAttribute('src', address),
        () => img.classList.add('broken'),
    );
    return img;
}

/** `tag`: a with its classes, as h() takes it. */
export function fileAnchor(tag, { href, title, ...attributes }, ...children) {
    if (!fetchFile) return h(tag, { href, title, ...attributes }, ...children);
    const save = async (event) => {
        event.preventDefault();
        const address = await addressOf(href).catch(() => null);
        if (address) h('a', { href: address, download: title }).click();
    };
    return h(tag, { href, title, onclick: save }, ...children);
}

/** The newest MOST are kept: a timeline draws the same picture again and again. */
function addressOf(url) {
    if (!held.has(url)) held.set(url, fetchFile(url).then((blob) => URL.createObjectURL(blob)));
    const address = held.get(url);
    address.catch(() => held.delete(url));
    if (held.size > MOST) drop(held.keys().next().value);
    return address;
}

function drop(url) {
    held.get(url).then(URL.revokeObjectURL, () => {});
    held.delete(url);
}

/** "3.4 MB", in the reader's own way of writing it. By 1024, as the server's limits are set. */
export function sizeOf(bytes) {
    let [unit, value] = [0, bytes];
    for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024;
    const digits = { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 };
    const style = { style: 'unit', unit: UNITS[unit], unitDisplay: unit ? 'short' : 'long' };
    return new Intl.NumberFormat(locale(), { ...style, ...digits }).format(value);
}
