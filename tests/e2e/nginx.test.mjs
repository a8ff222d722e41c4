/*
 * What nginx answers, and what it refuses, in front of both programs: headers, errors in our own
 * form, hung and absent programs, crooked paths, foreign names, floods.
 *
 * Requests go by node:http with agent off, which sends the path as it is written here. The
 * configuration to deploy has its own test: nginx_tls.test.mjs.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { request, signUp } from '../support/client.mjs';
import { root, startStack } from '../support/stack.mjs';
import { until } from '../support/wait.mjs';

const HIDDEN = join(root, 'nginx/www', `.hidden-${process.pid}`);

let stack;
before(async () => {
  writeFileSync(HIDDEN, 'hidden');
  stack = await startStack({ set: { 'limits.logins_per_minute': 0 } });
});
after(async () => {
  rmSync(HIDDEN, { force: true });
  await stack?.stop();
});

function ask(method, path, { headers = {}, body = '', port = stack.port } = {}) {
  const began = performance.now();
  const options = { host: '127.0.0.1', port, method, path, headers, agent: false };
  return new Promise((resolve, reject) => {
    const sent = http.request(options, async (answer) => {
      let text = '';
      try {
        for await (const piece of answer.setEncoding('latin1')) text += piece;
      } catch (error) {
        return reject(error);
      }
      const { statusCode: status, headersDistinct: lists } = answer;
      resolve({ status, headers: answer.headers, lists, text, ms: performance.now() - began });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/* Bytes as they are; gives what comes back until the other side hangs up. */
function raw(bytes) {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(stack.port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('latin1').on('data', (piece) => { answer += piece; });
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}

const json = { 'content-type': 'application/json' };
const big = (bytes) => ({ headers: { ...json, 'content-length': bytes }, body: ' '.repeat(bytes) });

/* The row of error.h with this code word: its status and its sentence. */
function errorRow(code) {
  const rows = readFileSync(join(root, 'include/stonechat/error.h'), 'utf8');
  const [, status, detail] = rows.match(new RegExp(`"${code}", +(\\d+), +\\d+, +"(.*)"\\)`));
  return { status: Number(status), detail };
}

function isProblem(answer, code) {
  const { status, detail } = errorRow(code);
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(answer.headers['cache-control'], 'no-store');
  const problem = JSON.parse(answer.text);
  assert.ok(problem.title);
  assert.deepEqual({ ...problem, title: '' }, { type: 'about:blank', title: '', status, detail, code });
  if ([429, 503].includes(status)) assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
}

/* ------------------------------------------------------------------------------- headers */

const POLICY_OF_DATA = "default-src 'none'; frame-ancestors 'none'";
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
    "object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/* One of each kind of answer: method, path, what else is sent, status. */
const KINDS = [
  ['GET', '/', {}, 200],
  ['GET', '/nowhere', {}, 404],
  ['GET', '/js/nowhere.js', {}, 404],
  ['GET', '/js/live_worker.js', {}, 200],
  ['GET', '/worker.js', {}, 200],
  ['POST', '/', {}, 405],
  ['GET', '/api/v1/health', {}, 200],
  ['GET', '/api/v1/nowhere', {}, 404],
  ['GET', '/api/v1/me', {}, 401],
  ['GET', '/api', {}, 404],
  ['TRACE', '/api/v1/me', {}, 405],
  ['POST', '/api/v1/sessions', big(65537), 413],
  ['GET', '/api/v1/me', { headers: { 'x-big': 'x'.repeat(40_000) } }, 431],
  ['GET', '/health', {}, 200],
  ['GET', '/ws', {}, 426],
  ['GET', '/events', {}, 401],
];

for (const [method, path, more, status] of KINDS) {
  test(`security_headers_stand_once_on_${status}_of_${method}_${path}`, async () => {
    const answer = await ask(method, path, more);
    assert.equal(answer.status, status, answer.text);
    const isData = /^\/(api|health|ws|events)/.test(path) || answer.headers['content-type'] === 'application/problem+json';
    const expected = isData ? { ...SECURITY, 'content-security-policy': POLICY_OF_DATA } : SECURITY;
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(answer.lists[name], [value], name);
    assert.equal(answer.lists['permissions-policy']?.length, 1);
    assert.equal(answer.lists['cache-control']?.length, 1);
    assert.equal(answer.headers.server, 'nginx');
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  });
}

test('a_part_of_the_page_bears_what_concerns_it_and_no_more', async () => {
  for (const path of ['/js/app.js', '/css/base.css']) {
    const { status, headers } = await ask('GET', path);
    assert.equal(status, 200);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    const ofDocuments = ['content-security-policy', 'permissions-policy', 'referrer-policy', 'cross-origin-resource-policy'];
    for (const name of ofDocuments) assert.equal(headers[name], undefined, `${name} is for documents and workers`);
  }
});

test('the_page_is_asked_for_again_and_answered_by_304', async () => {
  const { headers } = await ask('GET', '/');
  assert.equal(headers['cache-control'], 'no-cache');
  const again = await ask('GET', '/', { headers: { 'if-none-match': headers.etag } });
  assert.equal(again.status, 304);
});

test('text_of_the_page_is_compressed_and_answers_about_people_are_not', async () => {
  const zip = { headers: { 'accept-encoding': 'gzip' } };
  assert.equal((await ask('GET', '/', zip)).headers['content-encoding'], 'gzip');
  assert.equal((await ask('GET', '/api/v1/nowhere', zip)).headers['content-encoding'], undefined);
});

/* ------------------------------------------------------------------------------- problems */

/* What nginx refuses on its own, and the word of error.h that it has to say. */
const REFUSED = [
  ['GET', '/api', {}, 'not_found'],
  ['TRACE', '/api/v1/me', {}, 'method_not_allowed'],
  ['POST', '/api/v1/sessions', big(65537), 'too_large'],
  ['GET', '/api/v1/me', { headers: { 'x-big': 'x'.repeat(40_000) } }, 'headers_too_large'],
  ['GET', `/api/v1/users?q=${'x'.repeat(40_000)}`, {}, 'headers_too_large'],
  ['GET', '/api/v1/%00', {}, 'bad_request'],
];

for (const [i, [method, path, more, code]] of REFUSED.entries()) {
  test(`refusal_${i + 1}_by_nginx_says_${code}_as_the_programs_would`, async () => {
    isProblem(await ask(method, path, more), code);
  });
}

test('a_body_of_exactly_the_limit_reaches_the_program', async () => {
  const { status } = await ask('POST', '/api/v1/sessions', big(65536));
  assert.ok([400, 403, 422].includes(status), `${status}`);
});

test('a_request_with_two_lengths_or_a_length_and_chunks_is_refused', async () => {
  const head = 'POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\n';
  for (const lengths of ['Content-Length: 4\r\nContent-Length: 5', 'Content-Length: 4\r\nTransfer-Encoding: chunked'])
    assert.match(await raw(`${head}${lengths}\r\n\r\n0\r\n\r\n`), /^HTTP\/1.1 400 /);
  const unknown = await raw(`${head}Transfer-Encoding: zip\r\nConnection: close\r\n\r\n0\r\n\r\n`);
  assert.match(unknown, /^HTTP\/1.1 400 [^]*"code":"bad_request"/);
  const version = await raw('GET /api/v1/health HTTP/3.0\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  assert.match(version, /400 [^]*"code":"bad_request"/);
});

/* --------------------------------------------------------------------- hung and absent programs */

describe('a_program', () => {
  for (const [name, path] of [['fcgi', '/api/v1/health'], ['pushd', '/health']]) {
    test(`${name}_that_hangs_is_answered_for_within_two_seconds`, async () => {
      const group = -stack.pid(name); // with its workers: each program leads a group of its own
      process.kill(group, 'SIGSTOP');
      await until('it to stand still', () => /^State:\s+T/m.test(readFileSync(`/proc/${-group}/status`, 'utf8')));
      try {
        const answer = await ask('GET', path);
        isProblem(answer, 'unavailable');
        assert.ok(answer.ms < 2000, `${answer.ms} ms`);
      } finally {
        process.kill(group, 'SIGCONT');
      }
      await until('recovery', async () => (await ask('GET', path)).status === 200);
    });
  }

  for (const [socket, paths] of [['fcgi.sock', ['/api/v1/health']], ['push.sock', ['/health', '/ws?ticket=NOT-FOR-LOGS', '/events?ticket=NOT-FOR-LOGS']]]) {
    test(`behind_${socket}_that_is_away_is_answered_for_at_once`, async () => {
      const path = join(stack.dir, socket);
      renameSync(path, `${path}.away`);
      stack.kill('nginx', 'SIGHUP'); // its next workers have kept no connection
      try {
        await until('a worker that has to connect', async () => (await ask('GET', paths[0])).status !== 200);
        for (const each of paths) isProblem(await ask('GET', each), 'unavailable');
      } finally {
        renameSync(`${path}.away`, path);
      }
      assert.equal((await ask('GET', paths[0])).status, 200);
    });
  }

  test('that_was_killed_is_back_within_a_second_and_until_then_answered_for', async () => {
    const began = Date.now();
    stack.kill('fcgi');
    const seen = new Set();
    await until('recovery', async () => {
      const { status } = await ask('GET', '/api/v1/health');
      seen.add(status);
      return status === 200;
    });
    assert.ok(Date.now() - began < 1500, `${Date.now() - began} ms`);
    assert.deepEqual([...seen].filter((status) => ![200, 503].includes(status)), []);
  });
});

/* --------------------------------------------------------------------------- crooked paths */

const hidden = HIDDEN.slice(HIDDEN.lastIndexOf('/') + 1);
const CROOKED = [
  `/${hidden}`, `//${hidden}`, `/js/../${hidden}`, `/%2e${hidden.slice(1)}`, `/api/../${hidden}`,
  '/.git/config', '/../locations.conf', '/%2e%2e/locations.conf', '/..%2flocations.conf', '/js../locations.conf',
  '/js/..%2f..%2flocations.conf', '/js/%2e%2e/%2e%2e/locations.conf', '/..\\locations.conf',
  '/../../../../../../../../etc/passwd', '/js/', '/js', '/problem', '/dev.conf.in', '/index.html%00.js',
  '/metrics', '//metrics', '/%6detrics', '/ws/../metrics', '/metrics/../ws', '/metrics%3f/../ws', '/api/../metrics', '/metrics/../api/v1/me/../x',
];
for (const path of CROOKED) {
  test(`nothing_is_to_be_had_at_${path.replace(hidden, '.hidden')}`, async () => {
    const { status, text } = await ask('GET', path);
    assert.ok([400, 404].includes(status), `${status}: ${text}`);
  });
}

const SPELLINGS = ['//api/v1/me', '/api//v1/me', '/api/v1//me', '/api/v1/%6de', '/%61pi/v1/me', '/api/v1/../v1/me',
  '/api/v1/%2e%2e/v1/me', '/api%2fv1%2fme', '/api/v1/me/', '/api/v1/me%00', '/API/v1/me'];
for (const path of SPELLINGS) {
  test(`${path}_opens_no_other_door_than_the_plain_path`, async () => {
    const { status } = await ask('GET', path);
    assert.ok([400, 401, 404].includes(status), `${status}`);
  });
}

test('a_line_break_in_a_path_makes_no_header', async () => {
  for (const path of ['/%0d%0aX-Injected:%20yes', '/js/%0d%0aX-Injected:%20yes', '/api/%0d%0aX-Injected:%20yes']) {
    const { headers } = await ask('GET', path);
    assert.equal(headers['x-injected'], undefined);
  }
});

/* ------------------------------------------------------------------- who asks, and under what name */

test('another_host_name_gets_nothing_but_a_problem', async () => {
  isProblem(await ask('GET', '/api/v1/health', { headers: { host: 'evil.example' } }), 'misdirected');

  for (const [host, status] of [['evil.example', 421], ['localhost.evil.example', 421], ['localhost', 200], ['127.0.0.1:8080', 200]])
    assert.equal((await ask('GET', '/', { headers: { host } })).status, status, host);
});

test('an_address_is_what_nginx_sees_and_not_what_the_client_says', async () => {
  const person = await signUp(stack.url);
  const headers = {
    authorization: `Bearer ${person.token}`,
    'x-forwarded-for': '192.0.2.6',
    'x-real-ip': '192.0.2.6',
  };
  const { text } = await ask('GET', '/api/v1/sessions', { headers });
  assert.deepEqual(JSON.parse(text).sessions.map(({ ip }) => ip), ['127.0.0.1']);
});

test('no_log_holds_a_query', async () => {
  await ask('GET', '/ws?ticket=NOT-FOR-LOGS');
  await ask('GET', '/events?ticket=NOT-FOR-LOGS');
  await ask('GET', '/api/v1/users?q=NOT-FOR-LOGS');
  for (const name of ['access', 'nginx', 'fcgi', 'pushd']) assert.doesNotMatch(stack.log(name), /NOT-FOR-LOGS/, name);
});

test('a_flood_of_requests_is_stopped_before_the_program', async () => {
  const small = await startStack({ set: { 'limits.requests_per_s': 5 } });
  try {
    const one = (path) => request(small.url, 'GET', path);
    const answers = await Promise.all(Array.from({ length: 1200 }, () => one('/api/v1/nothing')));
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length > 50, `${refused.length} refused`);
    assert.ok(answers.length - refused.length >= 980); // the start of the stack has used a few
    assert.deepEqual([refused[0].body.code, refused[0].headers['retry-after']], ['rate_limited', '1']);
    assert.equal((await one('/')).status, 200);
  } finally {
    await small.stop();
  }
});

test('a_flood_of_sign_ins_is_stopped_before_the_program', async () => {
  const other = await startStack();
  try {
    const options = { headers: json, body: '{"name":"nobody","password":"not this one"}', port: other.port };
    const flood = Array.from({ length: 80 }, () => ask('POST', '/api/v1/sessions', options));
    const refused = (await Promise.all(flood)).filter(({ status }) => status === 429);
    for (const answer of refused) isProblem(answer, 'rate_limited');
    assert.match(other.log('nginx'), /limiting requests/);
    assert.equal((await ask('GET', '/api/v1/health', { port: other.port })).status, 200);
  } finally {
    await other.stop();
  }
});

test('nginx_itself_takes_the_configuration_without_a_warning', () => {
  const said = execFileSync('sh', ['-c', 'nginx -t -e stderr -p "$1" -c "$1/nginx.conf" 2>&1', 'sh', stack.dir], {
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:${root}/build/bin` }, encoding: 'utf8',
  });
  assert.doesNotMatch(said, /\[(warn|error|emerg)\]/);
});
