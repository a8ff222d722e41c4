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

/* Else packing would change it. */
test('no_template_of_a_script_goes_over_lines', () => {
  for (const name of scripts) {
    const text = readFileSync(join(packed, name), 'utf8');
    text.split('\n').forEach((line, at) => {
      const bare = line.replace(/'(?:\\.|[^'\\])*'|\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/[a-z]*|\/\/.*$/g, '');
      assert.equal((bare.match(/`/g) ?? []).length % 2, 0, `${name}:${at + 1}: ${line}`);
    });
  }
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
