/*
 * wrk: requests as fast as they are answered, and what each has cost whom.
 */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ms } from './table.mjs';
import { cpuNsOf, familyOf, sumOf } from '../support/process.mjs';

const peers = join(dirname(fileURLToPath(import.meta.url)), 'peers');

/* Who works for a request. */
export const PARTS = ['nginx', 'program', 'redis'];

/* Runs a script of peers/ with `args`; gives what its summary.lua has printed. */
export async function wrk(script, url, { clients, seconds, args }) {
  const all = ['-t', '1', '-c', `${clients}`, '-d', `${seconds}s`, '--latency', '-s', script, url, '--', ...args];
  const { stdout } = await promisify(execFile)('wrk', all, { cwd: peers });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/* `pids`: part -> the process, its children counted in. */
export const cpuOfAll = (pids) =>
  Object.fromEntries(PARTS.map((part) => [part, sumOf(familyOf(pids[part]), cpuNsOf)]));

/* Of what was sent between two moments: CPU us a request, by part and in all, rate and times. */
export function figuresOf(sent, before, after) {
  const each = (part) => (after[part] - before[part]) / 1000 / sent.requests;
  return {
    ...Object.fromEntries(PARTS.map((part) => [part, each(part)])),
    all: PARTS.reduce((sum, part) => sum + each(part), 0),
    per_second: (sent.requests * 1e6) / sent.us, p50_ms: ms(sent.p50_us), p99_ms: ms(sent.p99_us),
  };
}
