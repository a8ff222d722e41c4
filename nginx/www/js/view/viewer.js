// viewer: one picture over the whole page, and from there the others of the room, by arrow keys or
// buttons. Escape and a click beside the picture close it; the focus goes back by itself.

import { h } from '../base/dom.js';
import { picture } from '../base/files.js';
import { icon } from '../base/icons.js';
import { add, t } from '../base/i18n.js';
import { style } from '../base/style.js';
import { message } from '../words/message.js';

await style('css/viewer.css');

add(message);

/** `pictures`: [{ url, name, width, height }], of which the one at `url` is shown first. */
export function openViewer({ pictures, url, signal }) {
    new Viewer(pictures, Math.max(0, pictures.findIndex((one) => one.url === url))).open(signal);
}

class Viewer {
    #pictures;
    #at;
    #name = h('strong', { dir: 'auto' });
    #place = h('span');
    #download = h(
        'a.quiet.square',
        { 'aria-label': t('download'), title: t('download') },
        icon('download'),
    );
    #stage = h('div.viewer-stage');
    #before = this.#button('back', 'picture_before', () => this.#step(-1));
    #after = this.#button('next', 'picture_after', () => this.#step(1));
    #dialog = h(
        'dialog.viewer',
        { 'aria-label': t('open'), onkeydown: (event) => this.#key(event) },
        h(
            'header',
            null,
            h('p', { role: 'status' }, this.#name, this.#place),
            this.#download,
            this.#button('close', 'close', () => this.#dialog.close()),
        ),
        this.#stage,
        this.#before,
        this.#after,
    );

    constructor(pictures, at) {
        this.#pictures = pictures;
        this.#at = at;
    }

    open(signal) {
        const dialog = this.#dialog;
        dialog.addEventListener('close', () => dialog.remove());
        const beside = ({ target }) => target === this.#stage && dialog.close();
        this.#stage.addEventListener('click', beside);
        signal?.addEventListener('abort', () => dialog.close(), { once: true });
        document.body.append(dialog);
        dialog.showModal();
        this.#draw();
    }

    #button(picture, words, onclick) {
        const attributes = { type: 'button', 'aria-label': t(words), title: t(words), onclick };
        return h(`button.quiet.square.viewer-${picture}`, attributes, icon(picture));
    }

    #draw() {
        const { url, name, width, height } = this.#pictures[this.#at];
        this.#name.textContent = name;
        this.#place.textContent = t('picture_of', { n: this.#at + 1, all: this.#pictures.length });
        this.#download.href = url;
        this.#download.download = name;
        this.#dialog.setAttribute('aria-label', name);
        this.#before.disabled = this.#at === 0;
        this.#after.disabled = this.#at === this.#pictures.length - 1;
        this.#stage.replaceChildren(picture({ src: url, alt: name, width, height }));
    }

    #step(by) {
        const at = this.#at + by;
        if (!this.#pictures[at]) return;
        this.#at = at;
        this.#draw();
    }

    #key(event) {
        const rtl = getComputedStyle(this.#dialog).direction === 'rtl' ? -1 : 1;
        const by = { ArrowLeft: -1 * rtl, ArrowRight: rtl }[event.key];
        if (!by) return;
        event.preventDefault();
        this.#step(by);
    }
}
