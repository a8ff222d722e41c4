/*
 * The description of the API (nginx/www/api/) against the tables in the sources: endpoints and who
 * may, their fields, code words, frames, channels, settings. Needs no stack; what a running one
 * answers is held against the description by describe_live.test.mjs.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asyncapi, codesOf, inQuery, openapi, operations, problemOf, schemas, textOf,
} from '../support/api.mjs';
import * as tables from '../support/tables.mjs';

const sorted = (words) => [...words].sort();
const same = (found, wanted, what) => assert.deepEqual(sorted(found), sorted(wanted), what);

const errors = tables.errors();
const routes = tables.routes();
const routeOf = ({ method, path }) => routes.find((route) => route.method === method && route.path === path);
const socket = asyncapi.channels.socket;
const nameOf = ({ name }) => name;

test('the_files_have_the_one_form_that_tools_give_them', () => {
  assert.ok(textOf('openapi.json') === `${JSON.stringify(openapi, null, 2)}\n`);
  assert.ok(textOf('asyncapi.json') === `${JSON.stringify(asyncapi, null, 2)}\n`);
});

test('every_route_is_described_and_nothing_else', () => {
  assert.ok(routes.length >= 23);
  const lineOf = ({ method, path }) => `${method} ${path}`;
  same(operations.map(lineOf), routes.map(lineOf));
});

test('who_may_is_what_the_route_says', () => {
  for (const one of operations) {
    const { who } = routeOf(one);
    assert.equal(one.security === undefined, ['MEMBER', 'LATELY', 'HOLDER', 'ADMIN'].includes(who), one.operationId);
    assert.equal(one.security?.length === 0, who === 'ANYONE' || who === 'TOKEN', one.operationId);
    assert.equal(one.responses.has(401) && codesOf(one.responses.get(401)).includes('unauthenticated'),
      one.security === undefined, one.operationId);
    if (['HOLDER', 'ADMIN'].includes(who)) assert.ok(codesOf(one.responses.get(403)).includes('forbidden'));
  }
});

test('bodies_and_queries_have_the_fields_that_the_programs_read', () => {
  for (const one of operations) {
    const { fields, hasBody } = routeOf(one);
    const { properties = {}, required = [] } = one.body?.schema ?? {};
    assert.equal(Boolean(one.body), hasBody, one.operationId);
    same([...Object.keys(properties), ...inQuery(one).map(nameOf)], fields.map(nameOf), one.operationId);
    const needed = [...required, ...inQuery(one).filter((parameter) => parameter.required).map(nameOf)];
    same(needed, fields.filter((field) => field.required).map(nameOf), one.operationId);
    assert.equal(one.responses.has(413), hasBody || Boolean(one.raw), one.operationId);
    assert.equal(one.responses.has(422), fields.length > 0, one.operationId);
  }
});

test('what_is_counted_can_be_too_often_and_what_changes_anything_can_be_cross_site', () => {
  for (const one of operations) {
    if (routeOf(one).rate !== 'NONE') assert.ok(one.responses.has(429), one.operationId);
    const codes = one.responses.has(403) ? codesOf(one.responses.get(403)) : [];
    assert.equal(codes.includes('cross_site'), one.method !== 'get' && routeOf(one).who !== 'TOKEN', one.operationId);
  }
});

test('every_code_word_is_described_once_and_as_the_table_has_it', () => {
  const words = openapi.components.schemas.ErrorCode.oneOf;
  const closing = socket['x-close-codes'].filter(({ reason }) => reason);
  for (const { const: word, 'x-status': status } of words) assert.equal(errors.get(word)?.status, status, word);
  for (const { reason, code } of closing) assert.equal(errors.get(reason)?.close, code, reason);
  for (const { code, status } of socket['x-refusals']) assert.equal(errors.get(code)?.status, status, code);
  assert.equal(new Set(words.map((word) => word.const)).size, words.length);
  assert.equal(new Set(closing.map(({ reason }) => reason)).size, closing.length);
  same(new Set([...words.map((word) => word.const), ...closing.map(({ reason }) => reason)]), errors.keys());
});

test('refusals_name_words_that_there_are_under_their_status', () => {
  for (const [name, response] of Object.entries(openapi.components.responses)) {
    const { status, code } = problemOf(response).example;
    for (const word of codesOf(response)) assert.equal(errors.get(word)?.status, status, `${name}: ${word}`);
    assert.ok(codesOf(response).includes(code), name);
    const users = operations.filter((one) => [...one.responses.values()].includes(response));
    assert.ok(users.length > 0, `${name} is used nowhere`);
    for (const one of users) assert.equal(one.responses.get(status), response, `${one.operationId}: ${name}`);
  }
});

test('field_errors_have_the_words_that_text_h_has', () => {
  same(openapi.components.schemas.FieldCode.enum, tables.fieldCodes());
});

test('frames_are_the_events_that_clients_see_and_the_commands', () => {
  const typeOf = (name) => {
    const { payload } = asyncapi.components.messages[name];
    return (payload.allOf?.[0] ?? payload).properties.type.const;
  };
  const names = (id) => asyncapi.operations[id].messages.map(({ $ref }) => $ref.split('/').pop());
  same(names('tell').map(typeOf), tables.frames());
  same(['resume', 'ping', 'subscribe', 'unsubscribe', 'typing'].flatMap(names).map(typeOf), tables.commands());
  same(names('stream'), [...names('tell'), 'close']);
  same(Object.keys(socket.messages).map(typeOf), [...tables.frames(), ...tables.commands()]);
});

test('channels_are_those_that_any_program_may_publish_on', () => {
  const addresses = Object.values(asyncapi.channels).map(({ address }) => address);
  const described = addresses.filter((address) => !['/ws', '/events'].includes(address));
  const open = tables.channels().filter((name) => name.startsWith('chat:'));
  same(described.map((address) => address.replace(/\{\w+\}/, '%s')), open);
});

test('settings_are_there_and_their_defaults_are_those_that_are_told', () => {
  const known = tables.settings();
  const text = textOf('openapi.json') + textOf('asyncapi.json');
  const named = [...text.matchAll(/`(?!stonechat\.v1)(\w+\.\w+)`(?: \(([\d,]+)\))?/g)];
  assert.ok(named.length > 30);
  for (const [, name, value] of named) {
    assert.ok(known.has(name), name);
    if (value) assert.equal(known.get(name), value.replaceAll(',', ''), name);
  }
});

test('every_example_fits_its_schema', () => {
  const fits = (home, schema, example, what) => assert.deepEqual(schemas.faults(schema, example, home), [], what);
  for (const one of operations) {
    if (one.body) fits('openapi.json', one.body.schema, one.body.example, one.operationId);
    for (const parameter of one.parameters.filter(({ example }) => example !== undefined)) {
      fits('openapi.json', parameter.schema, parameter.example, parameter.name);
    }
    for (const [status, { content = {} }] of one.responses) {
      for (const { schema, example, examples = { only: { value: example } } } of Object.values(content)) {
        for (const { value } of Object.values(examples)) fits('openapi.json', schema, value, `${one.operationId} ${status}`);
      }
    }
  }
  for (const [name, { payload, examples }] of Object.entries(asyncapi.components.messages)) {
    for (const example of examples) fits('asyncapi.json', payload, example.payload, name);
  }
});
