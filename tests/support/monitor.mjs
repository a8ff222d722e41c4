/*
 * monitor: every command that Redis is sent, counted as it is sent; what scripts do inside isn't.
 *
 *   const monitor = await startMonitor(stack);
 *   ...
 *   const counts = await monitor.stop();   // { evalsha: 500, subscribe: 20, ... }
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { until } from './wait.mjs';

const LINE = /^\d+\.\d+ \[\d+ (\S+)\] "([^"]+)"/;

export async function startMonitor(stack) {
  const child = spawn('redis-cli', ['-s', join(stack.dir, 'redis.sock'), 'MONITOR'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const counts = {};
  let rest = '';
  let begun = false;
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      begun ||= line === 'OK';
      const [, source, command] = LINE.exec(line) ?? [];
      if (command && source !== 'lua') counts[command.toLowerCase()] = (counts[command.toLowerCase()] ?? 0) + 1;
    }
  });
  await until('MONITOR', () => begun);
  return {
    async stop() {
      const mark = `end-of-monitor`;
      await stack.redis('ECHO', mark);
      await until('the last command', () => counts.echo);
      child.kill();
      delete counts.echo;
      return counts;
    },
  };
}
