// live: what asyncapi.json tells: the ways in, the frames both ways, how a connection ends.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { line, prose } from './prose.js';
import { fieldRows, fieldTable } from './schema.js';

const HOME = 'asyncapi.json';
const block = (value) =>
    h('pre', { tabindex: '0' }, h('code', {}, JSON.stringify(value, null, 2)));

/** Rows of [word, note, sentence]. */
const rowsOf = (rows) =>
    rows.map(([word, note, sentence]) =>
        h(
            'tr',
            {},
            h('th', { scope: 'row' }, h('code', {}, word)),
            h('td', {}, note && h('code', {}, note)),
            h('td', {}, line(sentence)),
        ),
    );

function channelView(id, channel) {
    const refusals = (channel['x-refusals'] ?? []).map(({ status, code, description }) => [
        status,
        code,
        description,
    ]);
    const closing = (channel['x-close-codes'] ?? []).map(({ code, reason, description }) => [
        code,
        reason,
        description,
    ]);
    const view = h(
        'details.item',
        { id: `channel-${id}` },
        h(
            'summary',
            {},
            h('span.verb.live', {}, channel.address.startsWith('/') ? 'live' : 'redis'),
            h('code.path', {}, channel.address),
            h('span.title', { lang: 'en' }, channel.title),
        ),
        h(
            'div.body',
            { lang: 'en' },
            prose(channel.description),
            refusals.length > 0 && [h('h3', {}, t('api.refusals')), fieldTable(rowsOf(refusals))],
            closing.length > 0 && [h('h3', {}, t('api.close_codes')), fieldTable(rowsOf(closing))],
        ),
    );
    return { id: `channel-${id}`, title: channel.title, view };
}

function frameView(description, message) {
    const id = `frame-${message.name}`;
    const parts = message.payload.allOf ?? [message.payload];
    const fields = parts.flatMap((part) => fieldRows(description.follow(part, HOME)));
    const view = h(
        'details.item',
        { id },
        h(
            'summary',
            {},
            h('code.path', {}, message.name),
            h('span.title', { lang: 'en' }, message.summary),
        ),
        h(
            'div.body',
            { lang: 'en' },
            prose(message.description),
            fieldTable(fields),
            (message.examples ?? []).map(({ payload }) => block(payload)),
        ),
    );
    return { id, title: message.name, view };
}

/** The messages of the operations that go one way, each once. */
function framesOf(description, action) {
    const { channels, operations } = description.asyncapi;
    const sockets = Object.values(operations).filter(
        (one) => one.action === action && one.channel.$ref === '#/channels/socket',
    );
    const found = new Map(
        sockets
            .flatMap(({ messages }) => messages)
            .map(({ $ref }) => {
                const message = description.follow(
                    channels.socket.messages[$ref.split('/').pop()],
                    HOME,
                );
                return [message.name, message];
            }),
    );
    return [...found.values()].map((message) => frameView(description, message));
}

export function liveSections(description) {
    const channels = Object.entries(description.asyncapi.channels);
    return [
        {
            id: 'live',
            title: t('api.live'),
            items: channels.map(([id, channel]) => channelView(id, channel)),
        },
        { id: 'frames', title: t('api.frames'), items: framesOf(description, 'send') },
        { id: 'commands', title: t('api.commands'), items: framesOf(description, 'receive') },
    ];
}
