// schema: a JSON Schema, as far as the description uses that language, for people to read.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { line, prose } from './prose.js';

const nameOf = ({ $ref }) => $ref.split('/').pop();
const joined = (parts, word) => parts.flatMap((part, i) => (i ? [word, part] : [part]));
const quoted = (value) => h('code', {}, JSON.stringify(value));

/** What a value must be, in a few words, with links to what has a name. */
export function typeOf(schema) {
    if (schema.$ref) return h('a', { href: `#schema-${nameOf(schema)}` }, nameOf(schema));
    if ('const' in schema) return quoted(schema.const);
    if (schema.enum) return joined(schema.enum.map(quoted), ' | ');
    if (schema.oneOf ?? schema.anyOf)
        return joined((schema.oneOf ?? schema.anyOf).map(typeOf), ' | ');
    if (schema.allOf)
        return joined(schema.allOf.filter((part) => part.$ref || part.type).map(typeOf), ' & ');
    if (schema.type === 'array')
        return [t('api.list_of'), ' ', schema.items ? typeOf(schema.items) : 'any'];
    return [schema.type ?? 'any'].flat().join(' | ');
}

const LIMITS = {
    minLength: (n) => `≥ ${n}`,
    maxLength: (n) => `≤ ${n}`,
    minimum: (n) => `≥ ${n}`,
    maximum: (n) => `≤ ${n}`,
    maxItems: (n) => `≤ ${n}`,
    minItems: (n) => `≥ ${n}`,
    maxProperties: (n) => `≤ ${n}`,
    pattern: (text) => text,
    default: (value) => `= ${JSON.stringify(value)}`,
};

const limitsOf = (schema) =>
    Object.keys(LIMITS)
        .filter((key) => key in schema)
        .map((key) => h('code.limit', {}, LIMITS[key](schema[key])));

const wordsOf = (schema) =>
    schema.description ?? schema.allOf?.find((part) => part.description)?.description;

/** One row of a table of fields. */
export const fieldRow = (name, schema, required, words = wordsOf(schema)) =>
    h(
        'tr',
        {},
        h(
            'th',
            { scope: 'row' },
            h('code', {}, name),
            required && h('span.must', {}, t('api.required')),
        ),
        h('td', {}, h('span.type', {}, typeOf(schema)), limitsOf(schema)),
        h('td', {}, line(words)),
    );

export const fieldTable = (rows) =>
    rows.length > 0 &&
    h('div.wide', { tabindex: '0' }, h('table', {}, h('tbody', {}, rows)));

/** The members that a schema names itself, those of a list's or member's own objects under them. */
export function fieldRows(schema, prefix = '') {
    const parts = [schema, ...(schema.allOf ?? [])];
    return parts.flatMap(({ properties = {}, required = [] }) =>
        Object.entries(properties).flatMap(([name, inner]) => [
            fieldRow(prefix + name, inner, required.includes(name)),
            ...fieldRows(
                inner.items?.properties ? inner.items : inner,
                `${prefix}${name}${inner.items ? '[].' : '.'}`,
            ),
        ]),
    );
}

export function schemaView(description, name, schema) {
    const id = `schema-${name}`;
    const type = h('span.type', {}, typeOf(schema));
    const leads = type.querySelector('a') !== null; // no link is within what opens at a click
    const view = h(
        'details.item',
        { id },
        h('summary', {}, h('span.title', {}, name), h('span.type', {}, type.textContent)),
        h(
            'div.body',
            { lang: 'en' },
            prose(schema.description),
            leads && h('p', {}, type),
            h('p', {}, limitsOf(schema)),
            fieldTable(fieldRows(schema)),
        ),
    );
    return { id, title: name, view };
}

/** Every code word that an answer can bear. */
export function errorTable(description) {
    const rows = description.openapi.components.schemas.ErrorCode.oneOf.map((word) =>
        h(
            'tr',
            {},
            h('th', { scope: 'row' }, h('code', {}, word.const)),
            h('td', {}, word['x-status']),
            h('td', { lang: 'en' }, line(word.description)),
        ),
    );
    return { id: 'error-codes', view: fieldTable(rows) };
}
