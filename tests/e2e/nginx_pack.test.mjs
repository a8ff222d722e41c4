/* nginx/pack, and `cmake --install`, which calls it: the page as it is put on a server. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { program } from '../support/another.mjs';
import { www } from '../support/graph.mjs';
import { root } from '../support/stack.mjs';

const PACK = join(root, 'nginx/pack');
const scratch = mkdtempSync(join(tmpdir(), 'stonechat-pack-'));
after(() => rmSync(scratch, { recursive: true }));

const files = (dir) => readdirSync(dir, { recursive: true }).filter((name) => statSync(join(dir, name)).isFile()).sort();
const sources = files(www);
const scripts = sources.filter((name) => /^((js|css)\/.*\.(js|css)|worker\.js)$/.test(name));
const packed = join(scratch, 'packed');
execFileSync(PACK, [www, packed]);

/* The lines that are nothing but comment. */
function comments(text) {
  let inside = false;
  return text.split('\n').map((line) => {
    const begins = /^\s*\/\*/.test(line);
    const comment = inside || begins || /^\s*\/\//.test(line);
    if (inside || begins) inside = !/\*\//.test(line);
    return comment;
  });
}

test('every_file_is_there_and_beside_it_the_same_compressed', () => {
  const pictures = /\.png$/;
  const expected = sources.flatMap((name) => (pictures.test(name) ? [name] : [name, `${name}.gz`])).sort();
  assert.deepEqual(files(packed), expected);
  for (const name of sources.filter((one) => !pictures.test(one))) {
    const text = readFileSync(join(packed, name));
    assert.deepEqual(gunzipSync(readFileSync(join(packed, `${name}.gz`))), text, name);
  }
});

test('lines_are_the_same_but_for_comments_and_indentation', () => {
  let dropped = 0;
  for (const name of sources) {
    const [before, now] = [www, packed].map((dir) => readFileSync(join(dir, name), name.endsWith('.png') ? 'latin1' : 'utf8'));
    if (!scripts.includes(name)) {
      assert.equal(now, before, name);
      continue;
    }
    const isComment = comments(before);
    const expected = before.split('\n').map((line, at) => (isComment[at] ? '' : line.trimStart()));
    assert.deepEqual(now.split('\n'), expected, name);
    dropped += isComment.filter(Boolean).length;
  }
  assert.ok(dropped > 500, `${dropped}`);
});

/* Where templates go over a line: [offset]. Of JavaScript it knows what can hide a backtick: comments, strings,
 * regular expressions (a slash where a value may begin) and templates themselves, with code in them. */
function broken(text) {
  const found = [];
  const past = (pattern, at) => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : text.length;
  };
  const template = (from) => {
    for (let at = from + 1; at < text.length; at++) {
      if (text[at] === '\n') found.push(at);
      if (text[at] === '\\') at++;
      else if (text[at] === '`') return at + 1;
      else if (text.startsWith('${', at)) at = code(at + 2) - 1;
    }
    return text.length;
  };
  const code = (from) => {
    let depth = 0;
    for (let at = from; at < text.length;) {
      const [char, before] = [text[at], text.slice(from, at).trimEnd().slice(-8)];
      const mayBegin = !before || /[([{,;:=!&|?+\-*%<>~^}]$|\b(?:return|typeof|case|in|of)$/.test(before);
      if (text.startsWith('//', at)) at = past(/\n|$/g, at);
      else if (text.startsWith('/*', at)) at = past(/\*\//g, at);
      else if (char === "'" || char === '"') at = past(char === "'" ? /'(?:\\.|[^'\\])*'/y : /"(?:\\.|[^"\\])*"/y, at);
      else if (char === '`') at = template(at);
      else if (char === '/' && mayBegin) at = past(/\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/[a-z]*/y, at);
      else {
        depth += { '{': 1, '}': -1 }[char] ?? 0;
        at++;
        if (depth < 0) return at;
      }
    }
    return text.length;
  };
  code(0);
  return found;
}

/* Else packing would change it. */
test('no_template_of_a_script_goes_over_lines', () => {
  assert.deepEqual(broken("a = `b\nc` + '`' + /`/ + `${`\n`}`"), [6, 28]);
  for (const name of scripts.filter((one) => one.endsWith('.js'))) {
    const text = readFileSync(join(www, name), 'utf8');
    const lines = broken(text).map((at) => text.slice(0, at).split('\n').length);
    assert.deepEqual(lines, [], name);
  }
  assert.ok(broken(readFileSync(join(www, 'embed.js'), 'utf8')).length > 5, 'which is not packed, and has one');
});

test('a_second_time_changes_nothing_and_leaves_what_else_is_there', () => {
  writeFileSync(join(packed, 'robots.txt'), 'theirs');
  const times = () => files(packed).map((name) => [name, statSync(join(packed, name)).mtimeMs]);
  const before = times();
  execFileSync(PACK, [www, packed]);
  assert.deepEqual(times(), before);
  assert.equal(statSync(join(packed, 'index.html')).mtimeMs, statSync(join(www, 'index.html')).mtimeMs);
});

test('whoever_names_it_no_page_is_told_how', () => {
  for (const args of [[], [www], [scratch, packed], [www, packed, 'more']]) {
    const { status, stderr } = spawnSync(PACK, args, { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /^usage: nginx\/pack FROM TO/);
  }
});

test('an_installation_has_both_programs_and_the_page', () => {
  execFileSync('cmake', ['--install', join(program, '..'), '--prefix', '/opt/chat'], { env: { ...process.env, DESTDIR: scratch } });
  const installed = join(scratch, 'opt/chat');
  for (const name of ['stonechat-fcgi', 'stonechat-pushd'])
    assert.ok(statSync(join(installed, 'bin', name)).mode & 0o111, name);
  assert.deepEqual(files(join(installed, 'share/stonechat/www')), files(packed).filter((name) => name !== 'robots.txt'));
  assert.ok(!existsSync(join(installed, 'share/stonechat/www/robots.txt')));
});
