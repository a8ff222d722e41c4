/*
 * ./dev as somebody meets it who has just cloned the repository: what it starts, keeps alive,
 * refuses and leaves behind.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { dev, freePort, root, startStack } from '../support/stack.mjs';
import { until } from '../support/wait.mjs';

const PROGRAMS = ['redis', 'fcgi', 'pushd', 'nginx'];
const BACK_MS = 1500; // "within a second", and what a busy machine adds to it

let home;
before(() => { home = mkdtempSync(join(tmpdir(), 'stonechat dev ')); });
after(() => rmSync(home, { recursive: true, force: true }));

const status = (port, path) => new Promise((resolve) => {
  http.get({ host: '127.0.0.1', port, path, agent: false }, (answer) => resolve(answer.resume().statusCode))
    .on('error', () => resolve(0));
});
const healthy = async ({ port }) =>
  (await status(port, '/api/v1/health')) === 200 && (await status(port, '/health')) === 200;

/* The processes that work in `dir`: supervisor, keepers and programs all do. */
function processesIn(dir) {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${dir}/`);
    } catch {
      return false;
    }
  });
}

describe('a stack', () => {
  let stack;
  before(async () => { stack = await startStack({ dir: join(home, 'one') }); });
  after(() => stack?.stop());

  test('holds_what_the_contract_names', () => {
    const names = ['stonechat.conf', 'redis.sock', 'fcgi.sock', 'push.sock', 'log', 'data',
      ...PROGRAMS.map((name) => `${name}.pid`)];
    assert.deepEqual(names.filter((name) => !existsSync(join(stack.dir, name))), []);
  });

  test('has_the_true_process_ids', () => {
    const commands = PROGRAMS.map((name) => readFileSync(`/proc/${stack.pid(name)}/cmdline`, 'utf8'));
    for (const [i, word] of ['redis-server', 'stonechat-fcgi', 'stonechat-pushd', 'nginx: master'].entries())
      assert.match(commands[i], new RegExp(word));
  });

  for (const name of PROGRAMS) {
    test(`starts_${name}_again_within_a_second_when_it_is_killed`, async () => {
      const old = stack.kill(name);
      await until(`a new ${name}`, () => stack.pid(name) !== old, BACK_MS);
      await until('health', () => healthy(stack), BACK_MS);
      assert.match(stack.log('supervisor'), new RegExp(`event=died name=${name} pid=${old} `));
    });
  }

  test('is_not_disturbed_by_a_second_one', async () => {
    const second = await startStack({ dir: join(home, 'two') });
    await second.redis('SET', 'whose', 'second');
    assert.equal(await stack.redis('GET', 'whose'), '');
    await second.stop();
    assert.ok(await healthy(stack));
  });

  test('says_so_when_it_is_up_already', async () => {
    const same = await dev(['up', '--detach', '--dir', stack.dir, '--port', `${stack.port}`]);
    assert.equal(same.code, 0);
    assert.match(same.output, new RegExp(`already up.*http://localhost:${stack.port} `));
    const elsewhere = await dev(['up', '--detach', '--dir', stack.dir, '--port', `${await freePort()}`]);
    assert.equal(elsewhere.code, 1);
    assert.match(elsewhere.output, new RegExp(`already, on port ${stack.port}`));
  });

  test('refuses_a_port_that_is_in_use', async () => {
    const { code, output } = await dev(['up', '--detach', '--dir', join(home, 'three'), '--port', `${stack.port}`]);
    assert.equal(code, 1);
    assert.match(output, new RegExp(`port ${stack.port} is in use.*--port`));
    assert.deepEqual(processesIn(join(home, 'three')), []);
  });

  test('goes_down_without_a_trace_and_comes_back_with_its_data_within_three_seconds', async () => {
    await stack.redis('SET', 'kept', 'yes');
    assert.equal((await dev(['down', '--dir', stack.dir])).code, 0);
    assert.deepEqual(processesIn(stack.dir), []);
    assert.deepEqual(PROGRAMS.filter((name) => existsSync(join(stack.dir, `${name}.pid`))), []);

    const began = Date.now();
    const { code, output } = await dev(['up', '--detach', '--dir', stack.dir, '--port', `${stack.port}`]);
    assert.equal(code, 0, output);
    assert.ok(Date.now() - began < 3000, `up took ${Date.now() - began} ms`);
    assert.equal(await stack.redis('GET', 'kept'), 'yes');
  });

  test('is_cleared_away_even_when_its_supervisor_was_killed', async () => {
    process.kill(Number(readFileSync(join(stack.dir, 'supervisor.pid'), 'utf8')), 'SIGKILL');
    assert.equal((await dev(['down', '--dir', stack.dir])).code, 0);
    await until('an end', () => processesIn(stack.dir).length === 0);
    const again = await dev(['up', '--detach', '--dir', stack.dir, '--port', `${stack.port}`]);
    assert.equal(again.code, 0, again.output);
  });

  test('may_be_taken_down_twice', async () => {
    for (let i = 0; i < 2; i++) assert.equal((await dev(['down', '--dir', stack.dir])).code, 0);
    assert.equal((await dev(['down', '--dir', join(home, 'never')])).code, 0);
    assert.ok(!existsSync(join(home, 'never')));
  });
});

test('in_the_foreground_it_ends_with_the_signal', async () => {
  const dir = join(home, 'foreground');
  const child = spawn(join(root, 'dev'), ['up', '--dir', dir, '--port', `${await freePort()}`]);
  let output = '';
  child.stdout.on('data', (piece) => { output += piece; });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await until('health', () => /Ctrl-C/.test(output));
  child.kill('SIGINT');
  assert.equal(await ended, 0);
  assert.deepEqual(processesIn(dir), []);
});

/* Before anything is started: exit status, and what the one line says. */
const REFUSED = [
  ['a_setting_that_is_out_of_range', ['--set', 'push.workers=no'], 2, /stonechat\.conf.*4.*push.*workers/],
  ['a_setting_that_nobody_knows', ['--set', 'push.wings=2'], 2, /stonechat\.conf.*4.*push.*wings/],
  ['a_setting_without_section', ['--set', 'workers=2'], 2, /section\.key=value/],
  ['a_port_that_is_none', ['--port', '70000'], 2, /--port wants/],
  ['an_option_that_nobody_knows', ['--fast'], 2, /unknown option: --fast/],
  ['a_folder_that_no_configuration_could_name', ['--dir', '/tmp/a;b'], 2, /can't take/],
  ['a_folder_whose_sockets_would_not_fit', ['--dir', `/tmp/${'long/'.repeat(20)}`], 2, /107 bytes/],
];
for (const [what, args, code, said] of REFUSED) {
  test(`refuses_${what}`, async () => {
    const dir = join(home, 'refused');
    mkdirSync(dir, { recursive: true });
    const port = await freePort();
    const answer = await dev(['up', '--detach', '--dir', dir, '--port', `${port}`, ...args]);
    assert.equal(answer.code, code, answer.output);
    assert.match(answer.output, said);
    assert.deepEqual(processesIn(dir), []);
    assert.ok(!existsSync(join(dir, 'redis.pid')));
  });
}
