// main: the page that shows the description of the API: openapi.json and asyncapi.json, as they
// are, with labels in the reader's language. Whatever is added to those files is shown here
// without a change.

import { append, h } from '../base/dom.js';
import { add, apply as applyLanguage, choose, language, languages, t } from '../base/i18n.js';
import { apply as applyTheme } from '../base/theme.js';
import { api as words } from '../words/api.js';
import { Description } from './description.js';
import { liveSections } from './live.js';
import { operationView } from './operation.js';
import { prose } from './prose.js';
import { errorTable, schemaView } from './schema.js';

add(words);

const label = (name) => t(`api.tag.${name}`);

/** [{id, title, lead, items: [{id, title, badge, view}]}], in the order in which they are read. */
function sectionsOf(description) {
    const groups = description.groups().map(({ name, description: lead, operations }) => ({
        id: name,
        title: label(name),
        lead: language() === 'en' && lead,
        items: operations.map((one) => operationView(description, one)),
    }));
    const schemas = Object.entries(description.schemas()).map(([name, schema]) =>
        schemaView(description, name, schema),
    );
    return [
        ...groups,
        ...liveSections(description),
        { id: 'errors', title: t('api.errors'), items: [errorTable(description)] },
        { id: 'schemas', title: t('api.schemas'), items: schemas },
    ];
}

const anchor = (item) =>
    h(
        'a',
        { href: `#${item.id}` },
        item.badge && h(`span.verb.${item.badge}`, {}, item.badge),
        item.title,
    );

function contents(sections) {
    const filter = h('input', {
        type: 'search',
        placeholder: t('api.filter'),
        'aria-label': t('api.filter'),
    });
    const lists = sections.map(({ id, title, items }) =>
        h(
            'section',
            {},
            h('h2', {}, h('a', { href: `#${id}` }, title)),
            h(
                'ul',
                {},
                items.filter((item) => item.title).map((item) => h('li', {}, anchor(item))),
            ),
        ),
    );
    filter.addEventListener('input', () => narrow(lists, filter.value.trim().toLowerCase()));
    return h('nav', { 'aria-label': t('api.contents') }, filter, lists);
}

/** Leaves the lines that have the words in them. */
function narrow(lists, words) {
    for (const list of lists) {
        const lines = [...list.querySelectorAll('li')];
        for (const line of lines) line.hidden = !line.textContent.toLowerCase().includes(words);
        list.hidden = words !== '' && lines.every((line) => line.hidden);
    }
}

function switches() {
    return languages
        .filter(({ id }) => id !== language())
        .map(({ id, tag, label: name }) =>
            h(
                'button.link',
                { type: 'button', lang: tag, onclick: () => (choose(id), draw()) },
                name,
            ),
        );
}

function head({ info }) {
    return h(
        'header',
        {},
        h(
            'a.home',
            { href: '../' },
            h('img', { src: '../stonechat.svg', alt: '', width: 28, height: 28 }),
            'Stonechat',
        ),
        h('span.version', {}, `API ${info.version}`),
        h('a', { href: 'openapi.json' }, 'openapi.json'),
        h('a', { href: 'asyncapi.json' }, 'asyncapi.json'),
        switches(),
    );
}

const sectionView = ({ id, title, lead, items }) =>
    h(
        'section',
        { id },
        h('h2', {}, title),
        lead && h('p.lead', {}, lead),
        items.map(({ view }) => view),
    );

/** What the address names is opened, and comes into sight. */
function openNamed() {
    const node = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!node) return;
    if (node.tagName === 'DETAILS') node.open = true;
    node.scrollIntoView();
}

let description;

function draw() {
    applyLanguage();
    const sections = sectionsOf(description);
    const page = document.getElementById('api');
    document.title = `Stonechat · ${t('api.title')}`;
    page.replaceChildren();
    append(page, [
        head(description.openapi),
        contents(sections),
        h(
            'main',
            {},
            h('h1', {}, t('api.title')),
            h('div.introduction', { lang: 'en' }, prose(description.openapi.info.description)),
            sections.map(sectionView),
        ),
    ]);
    openNamed();
}

async function start() {
    applyTheme();
    applyLanguage();
    try {
        description = await Description.load(['openapi.json', 'asyncapi.json']);
        draw();
        addEventListener('hashchange', openNamed);
    } catch {
        document
            .getElementById('api')
            .append(h('p.lead', { role: 'alert' }, t('unreachable_title')));
    }
}

start();
