/*
 * graph: which files the page is made of, read from their text: what main.js imports, directly or
 * not, is loaded at the start; what is named in import('…') comes later.
 *
 *   node tests/support/graph.mjs --write    # names the modules of the start in index.html
 *
 * The browser would learn of each level of imports a round trip after the one before; named in
 * index.html they all come at once. A test holds that list against the imports.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const www = resolve(dirname(fileURLToPath(import.meta.url)), '../../nginx/www');
const INDEX = join(www, 'index.html');
const STATIC = /^(?:import|export)\b[^;]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm;
const LATER = /import\(\s*'(\.[^']+)'\s*\)/g;

const found = (path, pattern) =>
  [...readFileSync(join(www, path), 'utf8').matchAll(pattern)]
    .map(([, a, b]) => relative(www, resolve(www, dirname(path), a ?? b)));

/* Paths below www/, in the order in which they are met; the first is `path` itself. */
export function modulesFrom(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const next of found(path, STATIC)) modulesFrom(next, seen);
  return seen;
}

/* Modules that are fetched later, of those that `paths` and they themselves name. */
export function modulesLater(paths) {
  const later = new Set();
  const walk = (path) => found(path, LATER).forEach((next) => {
    for (const module of modulesFrom(next)) {
      if (paths.has(module) || later.has(module)) continue;
      later.add(module);
      walk(module);
    }
  });
  [...paths].forEach(walk);
  return later;
}

export const startOfPage = () => modulesFrom('js/main.js');

const PRELOADS = /(?: {4}<link rel="modulepreload" href="[^"]+">\n)*( {4}<script type="module")/;
const preload = (path) => `    <link rel="modulepreload" href="${path}">\n`;

/* index.html as it has to be. */
export function preloaded(html = readFileSync(INDEX, 'utf8')) {
  const [, ...modules] = startOfPage();
  return html.replace(PRELOADS, modules.map(preload).join('') + '$1');
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === '--write') {
  writeFileSync(INDEX, preloaded());
}
