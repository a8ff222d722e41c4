// link_bar: one line that says what is the matter with the connection, and is not there when
// nothing is. A short hitch is not worth a word; the countdown is for eyes only, so that a
// screen reader does not read out every second.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';

const PATIENCE_MS = 700;
const BACK_MS = 2500;

export class LinkBar {
    #client;
    #timer = 0;
    #since = 0;
    #alarmed = false;
    #words = h('span', { role: 'status' });
    #countdown = h('span.countdown', { 'aria-hidden': 'true' });
    #retry;

    constructor(client, signal) {
        this.#client = client;
        this.#retry = h(
            'button.link',
            { type: 'button', onclick: () => client.retryNow() },
            t('try_now'),
        );
        this.node = h(
            'div.link-bar',
            { hidden: true },
            icon('warning'),
            h('div.link-words', null, this.#words, this.#countdown, this.#retry),
        );
        client.on('link', () => this.#changed(), signal);
        const clock = setInterval(() => this.#tick(), 500);
        signal.addEventListener('abort', () => {
            clearInterval(clock);
            clearTimeout(this.#timer);
        });
        this.#changed();
    }

    #changed() {
        clearTimeout(this.#timer);
        if (this.#client.link.state === 'live') {
            this.#recovered();
            return;
        }
        this.#since ||= Date.now();
        const patience = this.#alarmed ? 0 : PATIENCE_MS - (Date.now() - this.#since);
        this.#timer = setTimeout(() => this.#alarm(), Math.max(0, patience));
    }

    #alarm() {
        this.#alarmed = true;
        const { state } = this.#client.link;
        this.#say(navigator.onLine ? state : 'offline', sentence(this.#client));
        show(this.#retry, state === 'waiting');
    }

    #recovered() {
        this.#since = 0;
        if (!this.#alarmed) return;
        this.#alarmed = false;
        this.#say('live', t('back_online'));
        show(this.#retry, false);
        this.#timer = setTimeout(() => show(this.node, false), BACK_MS);
    }

    /** The same words again are not said again. */
    #say(state, words) {
        this.node.dataset.state = state;
        if (this.#words.textContent !== words) this.#words.textContent = words;
        show(this.node, true);
        this.#tick();
    }

    #tick() {
        const { state, retryAt } = this.#client.link;
        const n = Math.ceil((retryAt - Date.now()) / 1000);
        this.#countdown.textContent = state === 'waiting' && n > 0 ? t('in_seconds', { n }) : '';
    }
}

function sentence({ link, socket }) {
    if (!navigator.onLine) return t('link_offline');
    if (link.state === 'connecting' && !socket.welcomed) return t('connecting');
    return t('reconnecting');
}
