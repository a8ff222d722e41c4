/*
 * leaks: what must never stand in a log, searched for in all of them.
 *
 * Passwords and message texts of the tests bear one mark, tokens and tickets are noted as they are
 * handed out (client.mjs); a secret counts as leaked when a good half of it stands there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MARK, secrets } from './client.mjs';

const files = (folder) => readdirSync(folder, { withFileTypes: true, recursive: false }).flatMap((entry) => {
  const path = join(folder, entry.name);
  return entry.isDirectory() ? files(path) : entry.isFile() ? [path] : [];
});

const half = (secret) => secret.slice(-24);

/* One sentence for each file and kind of secret in it; throws when there are no logs to look at. */
export function leaksIn(dir) {
  const logs = files(join(dir, 'log')).map((path) => [path, readFileSync(path, 'latin1')]);
  if (!logs.some(([, text]) => text.length > 0)) throw new Error(`no logs in ${dir}/log`);
  const found = [];
  for (const [path, text] of logs) {
    if (text.includes(MARK)) found.push(`a password or a message's text in ${path}: ${around(text, MARK)}`);
    const secret = [...secrets].find((one) => text.includes(half(one)));
    if (secret) found.push(`a token or ticket in ${path}: ${around(text, half(secret))}`);
  }
  return found;
}

function around(text, what) {
  const at = text.indexOf(what);
  return JSON.stringify(text.slice(Math.max(0, at - 80), at + what.length + 20));
}
