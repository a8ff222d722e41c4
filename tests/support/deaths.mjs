/*
 * deaths: programs that have ended by themselves.
 *
 * The tests kill (SIGKILL) and ask to go (SIGTERM); whatever else ends a program, an assertion, a
 * fault of memory, a sanitizer's finding, is a failure, even when nobody noticed since it was
 * started again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/* What a shell gives as the status of those. */
const EXPECTED = ['0', '137', '143'];
const SIGNALS = ['0', '9', '15'];

const linesOf = (dir, log) => readFileSync(join(dir, 'log', `${log}.log`), 'utf8').split('\n');

/* The log's lines about them. */
export function deathsIn(dir) {
  const died = linesOf(dir, 'supervisor').filter((line) => {
    const status = / event=died .* status=(\d+)/.exec(line)?.[1];
    return status && !EXPECTED.includes(status);
  });
  const workers = linesOf(dir, 'pushd').filter((line) => {
    const signal = / event=worker_gone .*signal=(\d+)/.exec(line)?.[1];
    return signal && !SIGNALS.includes(signal);
  });
  return [...died, ...workers];
}
