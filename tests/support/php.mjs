/*
 * php: php-fpm and nginx of a PHP site, for tests: each as a child, its words in a log of its folder.
 */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stack.mjs';

const FPM = join(root, 'build/bin/php-fpm/php-fpm'); // unpacked by ./dev test
const PATH = `${process.env.PATH}:/usr/sbin:/sbin:${join(root, 'build/bin')}`;
const AS_ROOT = process.getuid() === 0;

/* False, or why tests that need it are skipped. */
export const withoutPhp = existsSync(FPM) ? false : 'no php-fpm here: ./dev test unpacks it';

/* Answers what stops it and resolves once it has ended. */
function start(dir, command, args) {
  const log = openSync(join(dir, 'log'), 'a');
  const child = spawn(command, args, { stdio: ['ignore', log, log], env: { ...process.env, PATH } });
  closeSync(log);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return () => (child.kill(), ended);
}

/* On DIR/php.sock. */
export function startPhp(dir) {
  const conf = join(dir, 'php-fpm.conf');
  writeFileSync(conf, [
    '[global]', 'daemonize = no', 'error_log = /dev/stderr', 'log_level = warning',
    '[site]', `listen = ${join(dir, 'php.sock')}`, 'listen.mode = 0600', 'pm = static', 'pm.max_children = 2',
    ...(AS_ROOT ? ['user = root', 'group = root'] : []), `php_value[session.save_path] = ${dir}`, '',
  ].join('\n'));
  return start(dir, FPM, ['-n', '--nodaemonize', ...(AS_ROOT ? ['--allow-to-run-as-root'] : []), '--fpm-config', conf]);
}

/* `text`: its configuration, in which `words` are filled in between @; DIR, ROOT and USER always are. */
export function startNginx(dir, text, words) {
  const conf = join(dir, 'nginx.conf');
  const all = { DIR: dir, ROOT: root, USER: AS_ROOT ? 'user root root;' : '', ...words };
  writeFileSync(conf, text.replace(/@(\w+)@/g, (_, word) => all[word]));
  execFileSync('nginx', ['-t', '-q', '-e', 'stderr', '-p', dir, '-c', conf], { env: { ...process.env, PATH }, stdio: 'pipe' });
  return start(dir, 'nginx', ['-e', 'stderr', '-p', dir, '-c', conf]);
}
