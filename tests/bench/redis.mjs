/*
 * redis: how many commands a site's Redis has been sent, and by which name.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/* Name -> calls so far, those inside scripts included. */
export async function commandStats(stack) {
  const text = await stack.redis('INFO', 'commandstats');
  return Object.fromEntries([...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name, calls]) => [name, Number(calls)]));
}

/* Those that came in between, without INFO itself. */
export const between = (before, after) => Object.fromEntries(Object.entries(after)
  .map(([name, calls]) => [name, calls - (before[name] ?? 0)])
  .filter(([name, calls]) => calls > 0 && name !== 'info'));

/* Counts what clients send, by name, scripts' own calls left out, until `stop` gives {name: count}. */
export async function monitor(stack) {
  const child = spawn('redis-cli', ['-s', `${stack.dir}/redis.sock`, 'MONITOR'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const counts = {};
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const [, from, name] = /^[\d.]+ \[\d+ (\S+)\] "([^"]+)"/.exec(line) ?? [];
    if (name && from !== 'lua') counts[name.toLowerCase()] = (counts[name.toLowerCase()] ?? 0) + 1;
  });
  await once(lines, 'line'); // OK
  return {
    counts,
    async stop() {
      child.kill();
      await once(child, 'exit');
      return counts;
    },
  };
}
