// embed: a chat in a page of any site, by one line:
//
//     <script src="https://chat.example/embed.js" data-room="support" async></script>
//
// or as an element, <stonechat-chat room="support" mode="panel"></stonechat-chat>. What is seen of
// it lives in a shadow root and in a frame of the chat's own origin, so that neither page can
// disturb or read the other. All that passes between them goes through one MessagePort, which is
// given to that origin and to no other. README.md, "In your own page", says what can be set.
(() => {
    // Asked for past the document itself, where an <img name="currentScript"> that somebody has
    // written into the page would be the answer, and its address that of the chat.
    const { prototype } = Document;
    const { get } = Object.getOwnPropertyDescriptor(prototype, 'currentScript');
    const OURS = 'script[src$="/embed.js"]';
    const script = get.call(document) ?? prototype.querySelector.call(document, OURS);
    const PAGE = new URL('embed.html', script.src);
    const PATIENCE_MS = 4000;

    // What the page around the frame says: [English, 中文].
    const WORDS = {
        chat: ['Chat', '聊天'],
        show: ['Open the chat', '打开聊天'],
        hide: ['Close the chat', '关闭聊天'],
        wait: ['The chat is loading', '聊天正在加载'],
        unread: ['unread', '条未读'],
        away: ['The chat cannot be shown in this page.', '无法在此页面中显示聊天。'],
        elsewhere: ['Open it in its own window', '在新窗口中打开'],
    };

    // What may stand at the script as data-…, and nothing else: it would become an attribute, too.
    const ATTRIBUTES = ['room', 'rooms', 'mode', 'open', 'token', 'token-url', 'lang', 'theme'];

    // Handed on to the frame, which takes of them what it can read; see README.md.
    const STYLES = ['accent', 'radius', 'font', 'size'];

    const CHAT_ICON =
        'M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4' +
        'A2.5 2.5 0 0 1 4 13.5z';
    const CLOSE_ICON = 'M6 6l12 12M18 6L6 18';

    const CSS = `
        :host { all: initial; display: block; color-scheme: light dark;
            font: 15px/1.4 var(--stonechat-font, system-ui, sans-serif); }
        :host([hidden]), [hidden] { display: none !important; }
        :host([theme='light']) { color-scheme: light; }
        :host([theme='dark']) { color-scheme: dark; }
        iframe { display: block; width: 100%; height: 100%; border: 0; }
        .box { box-sizing: border-box; overflow: hidden;
            border-radius: var(--stonechat-radius, 14px);
            background: light-dark(#fffefc, #1c1a18); color: light-dark(#221d19, #eee9e3);
            border: 1px solid light-dark(#e7e1d9, #332f2c); }
        .early { position: absolute; inset: auto 12px 12px; box-sizing: border-box; height: 48px;
            padding: 0 16px; border: 1px solid; border-radius: 24px; font: inherit; color: inherit;
            background: light-dark(#fffefc, #1c1a18); outline-offset: 2px;
            opacity: 0; animation: late 0s 300ms forwards; }
        @keyframes late { to { opacity: 1; } }
        .panel { height: var(--stonechat-height, 560px); width: var(--stonechat-width, 100%); }
        .bubble, .floating { position: fixed; z-index: var(--stonechat-layer, 2147483000);
            inset-inline-end: 20px; }
        .floating { bottom: 88px; width: var(--stonechat-width, 380px);
            height: var(--stonechat-height, 600px);
            max-width: calc(100vw - 40px); max-height: calc(100dvh - 108px);
            box-shadow: 0 12px 44px rgb(0 0 0 / 0.24); }
        .bubble { bottom: 20px; display: grid; place-items: center; width: 56px; height: 56px;
            padding: 0; border: 0; border-radius: 50%; cursor: pointer;
            color: var(--stonechat-on-accent, #fff);
            background: var(--stonechat-accent, #b2461a);
            box-shadow: 0 4px 18px rgb(0 0 0 / 0.28); }
        .bubble:focus-visible { outline: 3px solid light-dark(#221d19, #fff); outline-offset: 3px; }
        .bubble > * { pointer-events: none; }
        svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.9;
            stroke-linecap: round; stroke-linejoin: round; }
        .badge { position: absolute; top: -4px; inset-inline-end: -4px; min-width: 22px;
            box-sizing: border-box; padding: 0 6px; border-radius: 11px; background: #b3261e;
            color: #fff; border: 2px solid #fff; font-size: 12px; font-weight: 700;
            line-height: 18px; text-align: center; }
        .away { display: grid; gap: 8px; place-content: center; height: 100%; padding: 24px;
            box-sizing: border-box; text-align: center; }
        .away a { color: inherit; }
        @media (max-width: 480px) {
            .floating { inset: 0; width: 100%; height: 100%; max-width: none; max-height: none;
                border: 0; border-radius: 0; z-index: calc(var(--stonechat-layer, 2147483000) + 1); }
        }`;

    const make = (name, attributes = {}, ...children) => {
        const node = document.createElement(name);
        for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
        node.append(...children);
        return node;
    };

    function icon(path) {
        const space = 'http://www.w3.org/2000/svg';
        const svg = document.createElementNS(space, 'svg');
        svg.setAttribute('viewBox', '0 0 24 24');
        svg.setAttribute('aria-hidden', 'true');
        const line = document.createElementNS(space, 'path');
        line.setAttribute('d', path);
        svg.append(line);
        return svg;
    }

    class Chat extends HTMLElement {
        static observedAttributes = ['open', 'token', 'lang', 'theme'];

        #root = this.attachShadow({ mode: 'open' });
        #box = null;
        #bubble = null;
        #badge = make('span', { class: 'badge', 'aria-hidden': 'true' });
        #frame = null;
        #port = null;
        #token = '';
        #unread = 0;
        #built = false;
        #early = this.#earlyField();
        #composing = false;
        #asked = false; // whether the frame has something that takes the focus

        connectedCallback() {
            if (this.#box) return;
            this.#token ||= this.#taken();
            this.#furnish();
            addEventListener('message', this.#arrived);
            if (document.readyState === 'complete') this.#load();
            else addEventListener('load', this.#load, { once: true });
        }

        disconnectedCallback() {
            removeEventListener('message', this.#arrived);
            removeEventListener('load', this.#load);
            this.#port?.close();
            this.#root.replaceChildren();
            this.#port = this.#box = this.#bubble = this.#frame = null;
            this.#built = false;
        }

        attributeChangedCallback(name) {
            if (!this.#box) return;
            if (name === 'open') this.#shown();
            else if (name === 'token') this.hasAttribute('token') && this.identify(this.#taken());
            else this.restyle();
        }

        open() {
            this.toggleAttribute('open', true);
        }

        close() {
            this.toggleAttribute('open', false);
        }

        /** Who the visitor is: a fresh token; or null, nobody that this site knows any more. */
        identify(token) {
            this.#token = token ?? '';
            this.#say('identify', { token: this.#token || null });
        }

        /** Says the look and the language anew, after a stylesheet has changed them. */
        restyle() {
            this.#label();
            this.#say('look', this.#look());
        }

        get unread() {
            return this.#unread;
        }

        /** Out of the page's markup at once, where it is of no more use to anybody. */
        #taken() {
            const token = this.getAttribute('token') ?? '';
            this.removeAttribute('token');
            return token;
        }

        get #floats() {
            return this.getAttribute('mode') !== 'panel';
        }

        get #language() {
            const asked = this.getAttribute('lang') || document.documentElement.lang;
            return asked || navigator.language;
        }

        #word(key) {
            return WORDS[key][/^zh/i.test(this.#language) ? 1 : 0];
        }

        #furnish() {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(CSS);
            this.#root.adoptedStyleSheets = [sheet];
            this.#box = make('div', { class: `box ${this.#floats ? 'floating' : 'panel'}` });
            this.#root.append(this.#box);
            if (this.#floats) {
                this.#bubble = make('button', { type: 'button', class: 'bubble' });
                this.#bubble.addEventListener('click', () => this.toggleAttribute('open'));
                this.#root.append(this.#bubble);
            }
            this.#shown();
            this.#built = true;
        }

        /** Once the page itself is there: it comes first. */
        #load = () => {
            this.#frame = make('iframe', {
                src: PAGE.href,
                title: this.#word('chat'),
                allow: 'clipboard-write',
                sandbox:
                    'allow-scripts allow-same-origin allow-forms allow-downloads ' +
                    'allow-popups allow-popups-to-escape-sandbox',
            });
            this.#frame.addEventListener('load', () =>
                setTimeout(() => this.#port || this.#away(), PATIENCE_MS),
            );
            this.#frame.addEventListener('keydown', (event) => this.#late(event));
            this.#box.append(this.#frame);
        };

        /** The chat refuses to be framed here, or can't be reached. */
        #away() {
            const link = make('a', { href: new URL('./', PAGE).href, target: '_blank', rel: 'noopener' });
            link.append(this.#word('elsewhere'));
            const words = make('span', { role: 'alert' }, this.#word('away'));
            const held = this.#holds;
            this.#box?.replaceChildren(make('div', { class: 'away' }, words, link));
            if (held) link.focus();
            this.dispatchEvent(new CustomEvent('stonechat:away', { bubbles: true }));
        }

        /** The frame is there, at first or anew: it gets a port, and over that all else. */
        #arrived = ({ source, origin, data }) => {
            if (!this.#frame || source !== this.#frame.contentWindow) return;
            if (origin !== PAGE.origin || data !== 'stonechat:ready') return;
            const { port1, port2 } = new MessageChannel();
            this.#port?.close();
            this.#port = port1;
            port1.onmessage = (event) => HEARD.get(event.data?.type)?.(this, event.data);
            const hello = {
                type: 'stonechat:hello',
                room: this.getAttribute('room') ?? '',
                rooms: this.getAttribute('rooms') === 'all',
                floats: this.#floats,
                shown: !this.#box.hidden,
                wanted: this.#holds,
                token: this.#token || null,
                asks: Boolean(this.#token || this.hasAttribute('token-url')),
                ...this.#look(),
            };
            source.postMessage(hello, PAGE.origin, [port2]);
        };

        #look() {
            const style = getComputedStyle(this);
            const values = STYLES.map((name) => [
                name,
                style.getPropertyValue(`--stonechat-${name}`).trim(),
            ]);
            return {
                lang: this.#language,
                theme: this.getAttribute('theme') ?? 'auto',
                style: Object.fromEntries(values.filter(([, value]) => value)),
            };
        }

        #say(type, fields) {
            this.#port?.postMessage({ type, ...fields });
        }

        #shown() {
            const shown = !this.#floats || this.hasAttribute('open');
            const changed = this.#box.hidden === shown;
            this.#box.hidden = !shown;
            this.#label();
            if (!changed || !this.#built) return; // nor is the focus taken from a page that loads
            if (shown) this.#hold();
            else this.#early.remove();
            this.#say('shown', { shown });
            if (!shown) this.#bubble?.focus();
        }

        /** What somebody types who has opened the chat and doesn't wait for it. On a phone it
         *  raises no keyboard; and what an input method is at is let be finished. It is seen only
         *  where it has to be waited for. */
        #earlyField() {
            const field = make('input', { class: 'early', inputmode: 'none', autocomplete: 'off' });
            field.addEventListener('compositionstart', () => (this.#composing = true));
            field.addEventListener('compositionend', () => {
                this.#composing = false;
                if (this.#asked) this.give();
            });
            field.addEventListener('keydown', ({ key, isComposing }) => {
                if (key === 'Escape' && !isComposing) this.close();
            });
            return field;
        }

        get #holds() {
            return this.#root.activeElement === this.#early;
        }

        /** The frame gets the focus when there is something in it that takes it: given to one that
         *  is still loading it can be lost for good, and with it whatever is typed. */
        #hold() {
            this.#early.value = '';
            this.#asked = this.#composing = false;
            this.#early.placeholder = this.#early.ariaLabel = this.#word('wait');
            this.#box.append(this.#early);
            this.#early.focus({ preventScroll: true });
        }

        /** Pressed as the focus moved, it comes here though the focus is in the frame already. */
        #late({ key, ctrlKey, metaKey, altKey }) {
            const isPrinted = [...key].length === 1 && !ctrlKey && !metaKey && !altKey;
            if (isPrinted) this.#say('typed', { text: key });
        }

        /** Who has gone elsewhere meanwhile is left there. */
        give() {
            this.#asked = true;
            if (this.#composing) return;
            if (this.#holds) {
                this.#say('typed', { text: this.#early.value });
                this.#frame.focus();
            }
            this.#early.remove();
        }

        #label() {
            if (this.#frame) this.#frame.title = this.#word('chat');
            if (!this.#bubble) return;
            const shown = !this.#box.hidden;
            const n = this.#unread;
            const news = n ? `, ${n} ${this.#word('unread')}` : '';
            this.#bubble.setAttribute('aria-expanded', String(shown));
            this.#bubble.setAttribute('aria-label', this.#word(shown ? 'hide' : 'show') + news);
            this.#badge.textContent = n > 99 ? '99+' : n;
            this.#badge.hidden = !n;
            this.#bubble.replaceChildren(icon(shown ? CLOSE_ICON : CHAT_ICON), this.#badge);
        }

        told(name, detail) {
            if (name === 'unread') {
                this.#unread = detail.n;
                this.#label();
            }
            this.dispatchEvent(new CustomEvent(`stonechat:${name}`, { detail, bubbles: true }));
        }

        /** The session is over, or there is none yet: the site says once more who this is. */
        async renew() {
            const url = this.getAttribute('token-url');
            if (!url) {
                this.told('token', {});
                return;
            }
            const answer = await fetch(url, { cache: 'no-store' }).catch(() => null);
            this.identify(answer?.ok ? (await answer.text()).trim() : '');
        }
    }

    const HEARD = new Map(Object.entries({
        unread: (chat, { n }) => chat.told('unread', { n }),
        message: (chat, { room, seq, at, from }) => chat.told('message', { room, seq, at, from }),
        user: (chat, { user }) => chat.told('user', { user }),
        token: (chat) => chat.renew(),
        close: (chat) => chat.close(),
        focus: (chat) => chat.give(),
    }));

    if (!customElements.get('stonechat-chat')) customElements.define('stonechat-chat', Chat);
    if (script.dataset.room === undefined && script.dataset.rooms === undefined) return;

    const chat = make('stonechat-chat');
    for (const name of ATTRIBUTES) {
        const value = script.getAttribute(`data-${name}`);
        if (value !== null) chat.setAttribute(name, value);
    }
    delete script.dataset.token;
    window.Stonechat = chat;
    const put = () => document.body.append(chat);
    if (document.body) put();
    else addEventListener('DOMContentLoaded', put, { once: true });
})();
