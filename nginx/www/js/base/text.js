// text: a message as nodes. What its punctuation means is found by markdown.js; here each kind
// becomes an element, made by h() like all others, so that no text can become markup. Only the
// three schemes below can ever become a link, and the address is parsed by the browser's own URL. It
// is read from left to right whatever stands around it, and one in which a name goes before the host
// (https://bank.example@evil.example) is none: that is to mislead.

import { h } from './dom.js';
import { icon } from './icons.js';
import { t } from './i18n.js';
import { parse } from './markdown.js';

const SCHEMES = ['http:', 'https:', 'mailto:'];

/** `people`: those meant by the text's @names, [{ id, name }]; `me`: the reader. */
export function formatted(text, { people = [], me } = {}) {
    const blocks = parse(text, people);
    if (blocks.length === 1 && blocks[0].type === 'text') return inline(blocks[0].children, me);
    return blocks.map((block) => BLOCKS[block.type](block, me));
}

/** The same on one line, without any form: for a quotation or a list. */
export function plain(text) {
    return parse(text).map(words).join(' ').replace(/\s+/g, ' ').trim();
}

function words(node) {
    if (typeof node === 'string') return node;
    const items = node.items?.flatMap(({ children, list }) => [' ', ...children, list ?? '']);
    const inner = node.children ?? items;
    return inner ? inner.map(words).join('') : (node.text ?? node.href);
}

const BLOCKS = {
    text: ({ children }, me) => h('p', { dir: 'auto' }, inline(children, me)),
    quote: ({ children }, me) =>
        h('blockquote', { dir: 'auto' }, children.map((block) => BLOCKS[block.type](block, me))),
    code: ({ text }) =>
        h(
            'div.code',
            { dir: 'ltr' },
            h('pre', { tabindex: '0' }, h('code', null, text)),
            h(
                'button.quiet.square.code-copy',
                {
                    type: 'button',
                    'data-copy': '',
                    'aria-label': t('copy_code'),
                    title: t('copy_code'),
                },
                icon('copy'),
            ),
        ),
    list: ({ start, items }, me) =>
        h(
            start === undefined ? 'ul' : 'ol',
            { dir: 'auto', start },
            items.map(({ children, list }) =>
                h('li', null, inline(children, me), list && BLOCKS.list(list, me)),
            ),
        ),
};

const inline = (children, me) =>
    children.map((child) => (typeof child === 'string' ? child : INLINE[child.type](child, me)));

const INLINE = {
    strong: ({ children }, me) => h('strong', null, inline(children, me)),
    em: ({ children }, me) => h('em', null, inline(children, me)),
    strike: ({ children }, me) => h('s', null, inline(children, me)),
    code: ({ text }) => h('code', { dir: 'ltr' }, text),
    link: ({ href }) => anchor(href),
    mention: ({ user, text }, me) =>
        h(
            `button.mention${user === me?.id ? '.own' : ''}`,
            { type: 'button', 'data-user': user },
            text,
        ),
};

function anchor(address) {
    let url;
    try {
        url = new URL(address);
    } catch {
        return address;
    }
    if (!SCHEMES.includes(url.protocol) || url.username || url.password) return address;
    const props = { href: url.href, target: '_blank', rel: 'noopener noreferrer', dir: 'ltr' };
    return h('a', props, address);
}
