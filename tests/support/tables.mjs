/*
 * tables: the facts that stand as rows in the C sources, read from their text.
 *
 * For tests that hold something written by hand (the API description, a page) against what the
 * programs are built from. Knows the form of those tables and nothing of C.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stack.mjs';

const source = (path) => readFileSync(join(root, path), 'utf8');

/* The rows X(…) of an X-macro, each as its arguments, strings without their quotes. */
function rowsOf(path, name) {
  const [, body] = source(path).match(new RegExp(`#define ${name}\\(X\\) \\\\\\n((?:.*\\\\\\n)*.*)`));
  const rows = body.split('\n').map((line) => line.match(/X\((.*)\)/)?.[1]).filter(Boolean);
  return rows.map((row) => [...row.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s,"]+)/g)].map(([, text, word]) => text ?? word));
}

/* Code word -> {status, close}, `ok` left out. */
export function errors() {
  const rows = rowsOf('include/stonechat/error.h', 'SC_ERRORS').filter(([name]) => name !== 'OK');
  return new Map(rows.map(([, code, status, close]) => [code, { status: Number(status), close: Number(close) }]));
}

export const fieldCodes = () =>
  rowsOf('include/stonechat/text.h', 'SC_TEXT_FAULTS').map(([, code]) => code).filter((code) => code !== 'ok');

/* The types of all events; `revoked` stays inside the push daemon. */
export const frames = () =>
  rowsOf('include/stonechat/event.h', 'SC_EVENTS').map(([, word]) => word).filter((word) => word !== 'revoked');

export const commands = () => rowsOf('include/stonechat/command.h', 'SC_COMMANDS').map(([, word]) => word);

/* The names of all Redis channels, with %s where an id stands. */
export const channels = () => rowsOf('include/stonechat/schema.h', 'SC_CHANNELS').map(([, format]) => format);

/* 'section.key' -> its default, as it is written. */
export function settings() {
  const row = /(?:INT|BOOL|TEXT|PATH|WORD) *\((\w+), (\w+), ("[^"]*"|\w+),/g;
  const rows = source('include/stonechat/settings.h').matchAll(row);
  return new Map([...rows].map(([, section, key, value]) => [`${section}.${key}`, value]));
}

/* The rows of fcgi/route.c: {method, path, who, hasBody, fields, rate}. */
export function routes() {
  const row = /\{METHOD_(\w+), +"([^"]+)", +WHO_(\w+), +(\w+), +(\w+), +RATE_(\w+), +\w+\}/g;
  const rows = source('fcgi/route.c').matchAll(row);
  return [...rows].map(([, method, path, who, body, fields, rate]) => ({
    method: method.toLowerCase(), path: `/${path}`, who, hasBody: body !== '0', rate,
    fields: fields === 'NULL' ? [] : formFields(fields),
  }));
}

/* The rows of one table of form fields: {name, required}. */
function formFields(table) {
  const files = readdirSync(join(root, 'fcgi')).filter((name) => name.endsWith('.c'));
  const found = files.map((name) => source(`fcgi/${name}`).split(`struct form_field ${table}[] = {`)[1]).find(Boolean);
  const rows = found.split('{.name = NULL}')[0].split(/\[\w+\] = \{/).slice(1);
  return rows.map((row) => ({ name: row.match(/"(\w+)"/)[1], required: row.includes('.required = true') }));
}

/* The rows of fcgi/rate.h: {name, word, whose, setting, window_ms}. */
export const rates = () =>
  rowsOf('fcgi/rate.h', 'RATES').map(([name, word, whose, setting, ms]) => ({
    name, word, whose, setting: setting.replace('_', '.'), window_ms: Number(ms),
  }));

/* Settings under which nothing is too often. */
export const unhurried = () => Object.fromEntries(rates().map(({ setting }) => [setting, 0]));
