/*
 * another: a second stonechat-fcgi on the Redis of a stack, which knows nothing of the first.
 *
 *   const other = await startAnother(stack);
 *   await fastcgi(other, 'GET', '/me', { token });   // asked as the stack's own is
 *   other.stop();
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stack.mjs';
import { until } from './wait.mjs';

export const program = join(process.env.STONECHAT_BUILD ?? join(root, 'build/plain'), 'stonechat-fcgi');

export async function startAnother(stack, name = 'another') {
  const dir = join(stack.dir, name);
  const socket = join(dir, 'fcgi.sock');
  mkdirSync(dir);
  const child = spawn(program, ['-c', join(stack.dir, 'stonechat.conf'), '--set', `http.socket=${socket}`], { stdio: 'ignore' });
  await until('the other program', () => existsSync(socket));
  return { dir, stop: () => child.kill() };
}
