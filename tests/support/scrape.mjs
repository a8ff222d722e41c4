/*
 * scrape: what a program shows on GET /metrics, read as a Prometheus server would.
 *
 * The text is checked against its format (0.0.4) line by line: every family announced by HELP and
 * TYPE before its samples, each sample once, names with the suffix that the type asks for.
 */
import assert from 'node:assert/strict';
import http from 'node:http';

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([0-9][0-9.e+-]*)$/;
const LABELS = /^[a-zA-Z_]\w*="[^"\\]*"(,[a-zA-Z_]\w*="[^"\\]*")*$/;
const SUFFIXES = { counter: [''], gauge: [''], histogram: ['_bucket', '_sum', '_count'] };

/* A text as {families: name -> type, samples: 'name{labels}' -> number}. */
export function parse(text) {
  const families = new Map();
  const samples = new Map();
  let family = null;
  assert.ok(text.endsWith('\n'), 'the last line has no end');
  for (const line of text.slice(0, -1).split('\n')) {
    const [, word, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (word === 'HELP') {
      assert.match(name, NAME);
      assert.ok(!families.has(name), `${name} twice`);
      families.set((family = name), null);
    } else if (word === 'TYPE') {
      assert.equal(name, family);
      assert.ok(rest in SUFFIXES, line);
      assert.equal(rest === 'counter', name.endsWith('_total'), line);
      families.set(name, rest);
    } else {
      readSample(line);
    }
  }
  return { families, samples };

  function readSample(line) {
    const [, name, labels, number] = SAMPLE.exec(line) ?? assert.fail(`no sample: ${line}`);
    const suffixes = SUFFIXES[families.get(family)];
    assert.ok(suffixes.some((suffix) => name === family + suffix), `${line} in the family ${family}`);
    if (labels !== undefined) assert.match(labels, LABELS);
    const key = labels === undefined ? name : `${name}{${labels}}`;
    assert.ok(!samples.has(key), `${key} twice`);
    samples.set(key, Number(number));
  }
}

/* One GET by a unix socket, or of {host, port}: {status, headers, text}. */
export function ask(target, path = '/metrics', headers = {}) {
  const way = typeof target === 'string' ? { socketPath: target } : target;
  return new Promise((resolve, reject) => {
    http.get({ ...way, path, headers, agent: false }, async (answer) => {
      let text = '';
      for await (const piece of answer.setEncoding('utf8')) text += piece;
      resolve({ status: answer.statusCode, headers: answer.headers, text });
    }).on('error', reject);
  });
}

/* The samples, by name without `prefix`. */
export async function scrape(target, prefix, path) {
  const { status, headers, text } = await ask(target, path);
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  return Object.fromEntries([...parse(text).samples].map(([key, value]) => {
    assert.ok(key.startsWith(prefix), key);
    return [key.slice(prefix.length), value];
  }));
}
