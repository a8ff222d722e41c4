/*
 * What the README says of the programs is what they say of themselves, and what it points at is there.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const BUILD = process.env.STONECHAT_BUILD ?? join(ROOT, 'build/plain');
const read = (name) => readFileSync(join(ROOT, name), 'utf8');

test('the_table_of_settings_is_what_the_program_prints', () => {
  const [, table] = read('README.md').match(/<!-- settings:[^>]*-->\n([\s\S]*?)\n<!-- \/settings -->/);
  const printed = execFileSync(join(BUILD, 'stonechat-fcgi'), ['--markdown'], { encoding: 'utf8' });
  assert.equal(table.trim(), printed.trim());
});

for (const name of ['README.md', 'README.zh-CN.md']) {
  test(`every_file_that_${name}_points_at_is_there`, () => {
    const targets = [...read(name).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target);
    assert.ok(targets.length > 4);
    for (const target of targets) assert.ok(existsSync(join(ROOT, target)), target);
  });
}
