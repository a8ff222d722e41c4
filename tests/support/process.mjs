/*
 * process: what Linux tells of the programs under test, by /proc.
 */
import { readFileSync, readdirSync } from 'node:fs';

const status = (pid) => readFileSync(`/proc/${pid}/status`, 'utf8');
const field = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);

export const nameOf = (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();

export function isAlive(pid) {
  try {
    return !/^State:\s+[ZX]/m.test(status(pid));
  } catch {
    return false;
  }
}

/* Resident bytes of one process. */
export const residentOf = (pid) => field(status(pid), 'VmRSS') * 1024;

/* Its proportional share: what it adds to the machine, shared pages split among their users. */
export const shareOf = (pid) => field(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss') * 1024;

/* What it shares with nobody. */
export function privateOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return (field(text, 'Private_Clean') + field(text, 'Private_Dirty')) * 1024;
}

export function childrenOf(pid) {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text ? text.split(' ').map(Number) : [];
}

/* The process and all that come from it. */
export const familyOf = (pid) => [pid, ...childrenOf(pid).flatMap(familyOf)];

/* Milliseconds of processor that it has used so far (Linux counts in hundredths of a second). */
export function cpuOf(pid) {
  const [, times] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = times.split(' ').slice(11, 13).map(Number);
  return (user + system) * 10;
}

/* The same to the nanosecond, of all its threads; those that have ended are not in it. */
export const cpuNsOf = (pid) => sumOf(readdirSync(`/proc/${pid}/task`), (task) =>
  Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]));

export const descriptorsOf = (pid) => readdirSync(`/proc/${pid}/fd`).length;

export const sumOf = (pids, measure) => pids.reduce((sum, pid) => sum + measure(pid), 0);
