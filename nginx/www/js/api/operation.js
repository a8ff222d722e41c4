// operation: one endpoint, from what it takes to how it refuses.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { line, prose } from './prose.js';
import { fieldRow, fieldRows, fieldTable, typeOf } from './schema.js';

const block = (value) =>
    h(
        'pre',
        { tabindex: '0' },
        h('code', {}, typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
    );
const part = (title, ...nodes) => nodes.flat().some(Boolean) && [h('h3', {}, title), nodes];

const isOpen = ({ security }) =>
    security?.some((one) => Object.keys(one).length === 0) || security?.length === 0;

/** The path with the examples of its parameters in it. */
const filled = ({ path, parameters }) =>
    path.replace(
        /\{(\w+)\}/g,
        (_, name) => parameters.find((one) => one.name === name)?.example ?? name,
    );

/** The same as a command that can be pasted. */
function command(description, one, example) {
    const url = location.origin + description.openapi.servers[0].url + filled(one);
    const lines = [`curl${one.method === 'get' ? '' : ` -X ${one.method.toUpperCase()}`} '${url}'`];
    if (!isOpen(one)) lines.push("-H 'Authorization: Bearer TOKEN'");
    if (example !== undefined) {
        lines.push("-H 'Content-Type: application/json'");
        lines.push(`-d '${JSON.stringify(example).replaceAll("'", "'\\''")}'`);
    }
    return lines.join(' \\\n  ');
}

const codesOf = (schema) =>
    schema.allOf?.find((one) => one.properties?.code)?.properties.code.enum ?? [];

function answerView(description, status, given) {
    const response = description.follow(given);
    const [type, content] = Object.entries(response.content ?? {})[0] ?? [];
    const codes = content && type === 'application/problem+json' ? codesOf(content.schema) : [];
    const examples = content?.examples
        ? Object.values(content.examples)
        : [{ value: content?.example }];
    return h(
        'tr',
        {},
        h('th', { scope: 'row' }, h(`span.status.s${status[0]}`, {}, status)),
        h(
            'td',
            {},
            h('p', {}, line(response.description)),
            codes.length > 0 &&
                h(
                    'p.codes',
                    {},
                    codes.map((code) => h('code', {}, code)),
                ),
            content &&
                codes.length === 0 &&
                h('p.type', {}, content.schema.type === 'object' ? type : typeOf(content.schema)),
            codes.length === 0 &&
                examples
                    .filter(({ value }) => value !== undefined)
                    .map(({ summary, value }) => [
                        summary && h('p', {}, h('code', {}, summary)),
                        block(value),
                    ]),
        ),
    );
}

export function operationView(description, one) {
    const bodies = Object.entries(one.requestBody?.content ?? {});
    const [type, { schema, example } = {}] = bodies[0] ?? [];
    const parameters = one.parameters.map((each) =>
        fieldRow(
            each.name,
            each.schema,
            each.required,
            each.description ?? description.follow(each.schema).description,
        ),
    );
    const view = h(
        'details.item',
        { id: one.operationId },
        h(
            'summary',
            {},
            h(`span.verb.${one.method}`, {}, one.method),
            h('code.path', {}, one.path),
            h('span.title', { lang: 'en' }, one.summary),
        ),
        h(
            'div.body',
            { lang: 'en' },
            isOpen(one) &&
                h('p.open', { lang: document.documentElement.lang }, t('api.no_credentials')),
            prose(one.description),
            part(t('api.parameters'), fieldTable(parameters)),
            schema &&
                part(
                    `${t('api.body')} · ${type}`,
                    fieldTable(fieldRows(description.follow(schema))),
                ),
            part(t('api.example'), block(command(description, one, example))),
            part(
                t('api.answers'),
                h(
                    'div.wide',
                    { tabindex: '0' },
                    h(
                        'table.answers',
                        {},
                        h(
                            'tbody',
                            {},
                            Object.entries(one.responses).map(([status, given]) =>
                                answerView(description, status, given),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    );
    return { id: one.operationId, title: one.summary, badge: one.method, view };
}
