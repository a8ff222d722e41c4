/*
 * search: the first page of a search in one room of a million messages, and what its index costs.
 *
 *   ./dev bench search [--messages N] [--seed N] [--rounds N] [--json]
 *
 * Through nginx, 50 messages a page, the median of some rounds and the slowest; `pages`: how many
 * calls it takes until something is found or it is known that there is nothing. The texts are made
 * up from a seed: half of them of words, a third Chinese, the rest both; which word comes how often
 * is as in real texts (Zipf), and some are in five messages only. Memory is what MEMORY USAGE says
 * of the keys; time of indexing is what both programs have used for it.
 */
import { parseArgs } from 'node:util';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';
import { cpuOf } from '../support/process.mjs';
import { sleep } from '../support/wait.mjs';
import { command } from './orders.mjs';
import { pipe } from './seed.mjs';
import { median, number, show } from './table.mjs';

const BATCH = 1024; // entries that are indexed together
const BLOCKS = 8; // of which the index knows apart
const RARE = ['quixotry', '鑫淼'];

const { values: options } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const [messages, seed, rounds] = [options.messages, options.seed, options.rounds].map(Number);

/* Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function dice(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const roll = dice(seed);
const below = (count) => Math.floor(roll() * count);
/* The k-th of `count` comes about 1/k as often as the first. */
const zipf = (count) => Math.min(count - 1, Math.floor(count ** roll()) - 1);
const list = (count, make) => Array.from({ length: count }, make);

const ONSETS = ['b', 'br', 'c', 'ch', 'd', 'f', 'g', 'gr', 'h', 'l', 'm', 'n', 'p', 'pl', 'r', 's', 'st', 't', 'th', 'v', 'w', ''];
const RHYMES = ['a', 'e', 'i', 'o', 'u', 'an', 'en', 'er', 'ing', 'on', 'or', 'ea', 'ou', 'al', 'is'];
const syllable = () => ONSETS[below(ONSETS.length)] + RHYMES[below(RHYMES.length)];
const WORDS = list(20000, () => list(1 + below(3), syllable).join(''));
const SIGNS = list(3000, (_, i) => String.fromCodePoint(0x4e00 + i * 6));
const TERMS = list(20000, () => list(1 + below(2), () => SIGNS[zipf(SIGNS.length)]).join(''));

const english = (words) => list(words, () => WORDS[zipf(WORDS.length)]).join(' ');
const chinese = (terms) => list(terms, () => TERMS[zipf(TERMS.length)]).join('');
const KINDS = [
  () => english(3 + below(15)), () => english(3 + below(15)), () => english(3 + below(15)),
  () => chinese(3 + below(15)), () => chinese(3 + below(15)), () => `${chinese(4 + below(5))}${english(2)}，${chinese(4)}`,
];

const rareEvery = Math.floor(messages / RARE.length / 5);
function text(index) {
  const plain = KINDS[below(KINDS.length)]();
  return index % rareEvery === 17 ? `${plain} ${RARE[Math.floor(index / rareEvery) % RARE.length]} ${plain}` : plain;
}

function* entries(room, from, first) {
  const at = Date.now() - messages * 1000;
  for (let i = 0; i < messages; i++) {
    const entry = { type: 'message', seq: first + i, n: i + 1, at: at + i * 1000, room, from, text: text(i), key: `bench-${i}` };
    yield command('XADD', `{r:${room}}:log`, `${first + i}-0`, 'e', JSON.stringify(entry));
  }
  yield command('HSET', `{r:${room}}:room`, 'seq', `${first + messages - 1}`, 'n', `${messages}`, 'last', `${first + messages - 1}`);
}

const memoryOf = async (stack, key) => Number(await stack.redis('MEMORY', 'USAGE', key, 'SAMPLES', '1000')) || 0;
const programs = ['fcgi', 'redis'];

/* A search that finds nothing to read, but leaves the room better indexed. */
const nudge = (person, room) => person.must(200, 'GET', `/rooms/${room}/search?q=nothing&before=1`);

async function buildIndex(stack, person, room) {
  const head = Number(await stack.redis('HGET', `{r:${room}}:room`, 'seq'));
  const blocks = Math.floor(head / BATCH) * BLOCKS;
  const before = programs.map((name) => cpuOf(stack.pid(name)));
  const began = performance.now();
  while (Number(await stack.redis('HGET', `{r:${room}}:room`, 'indexed')) < blocks) {
    await nudge(person, room);
    await sleep(5);
  }
  const used = programs.map((name, i) => (cpuOf(stack.pid(name)) - before[i]) * 1000 / messages);
  let bytes = 0;
  for (let segment = 0; segment * 256 < blocks; segment++) bytes += await memoryOf(stack, `{r:${room}}:ix:${segment}`);
  return {
    seconds: (performance.now() - began) / 1000, fcgi: used[0], redis: used[1], index: bytes / messages,
    log: (await memoryOf(stack, `{r:${room}}:log`)) / messages,
  };
}

async function once(person, path, q) {
  const began = performance.now();
  let page = await person.must(200, 'GET', `${path}?${new URLSearchParams({ q })}`);
  const ms = performance.now() - began;
  let pages = 1;
  for (; page.messages.length === 0 && page.next !== null; pages++) {
    page = await person.must(200, 'GET', `${path}?${new URLSearchParams({ q, [path === '/search' ? 'cursor' : 'before']: page.next })}`);
  }
  return { ms, pages, found: page.messages.length };
}

async function time(person, path, q) {
  const runs = [];
  for (let i = 0; i < rounds; i++) runs.push(await once(person, path, q));
  const times = runs.map(({ ms }) => ms);
  return { median: median(times), most: Math.max(...times), pages: runs[0].pages, found: runs[0].found };
}

const QUERIES = [
  ['a frequent word', WORDS[0]], ['a word of middling frequency', WORDS[300]], ['a rare word', RARE[0]], ['a word that is not there', 'zyxwvut'],
  ['a part of a rare word', 'ixotr'], ['frequent words in an order that is not there', `${WORDS[0]} ${WORDS[1]} ${WORDS[0]} ${WORDS[2]}`],
  ['a frequent Chinese pair', TERMS.find((term) => term.length === 2)], ['a rare Chinese pair', RARE[1]], ['a Chinese pair that is not there', '龘靐'],
  ['one Chinese character', SIGNS[1000]], ['one Latin letter that is not there', 'z'],
];

const stack = await startStack({ set: { 'limits.logins_per_minute': 0, 'limits.searches_per_minute': 0 } });
try {
  const person = await signUp(stack.url);
  const room = await person.openRoom();
  await stack.redis('CONFIG', 'SET', 'appendonly', 'no'); // the disk is not what is measured
  const { id, name } = person;
  await pipe(stack, entries(room, { id, name, display: name }, 2));
  const index = await buildIndex(stack, person, room);
  const figures = [];
  for (const [what, q] of QUERIES) {
    figures.push({ what, q, ...(await time(person, `/rooms/${room}/search`, q)) });
  }
  const everywhere = await time(person, '/search', RARE[0]);
  if (options.json) console.log(JSON.stringify({ messages, index, figures, everywhere }));
  else {
    console.log(`${messages} messages in one room, indexed in ${number(index.seconds, 0)} s`);
    console.log(`bytes a message: log ${number(index.log, 0)}, index ${number(index.index, 1)}`);
    console.log(`us of processor to index a message: fcgi ${number(index.fcgi, 1)}, redis ${number(index.redis, 1)}`);
    const row = ({ what, median: middle, most, found, pages }) => [what, number(middle, 1), number(most, 1), found, pages];
    show([['first page, ms', 'median', 'most', 'found', 'pages'], ...[...figures, { what: 'a rare word in all rooms', ...everywhere }].map(row)]);
  }
} finally {
  await stack.stop();
}
process.exit();
