/* The configuration to deploy, nginx/stonechat.conf, run as it is: see deployed.mjs. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { signUp } from '../support/client.mjs';
import { HOST, env, furnish } from '../support/deployed.mjs';
import { ask as figuresOf, scrape } from '../support/scrape.mjs';
import { startStack } from '../support/stack.mjs';
import { until } from '../support/wait.mjs';

let stack, front, spool, dir, plain, secure, figures, ca;

before(async () => {
  stack = await startStack();
  front = await furnish(stack);
  spool = join(stack.dir, 'data', 'spool');
  ({ dir, plain, secure, figures, ca } = front);
});
after(async () => {
  await front?.stop();
  await stack?.stop();
});

function ask(kind, method, path, { host = HOST, headers = {} } = {}) {
  const options = { host: '127.0.0.1', port: kind === https ? secure : plain, method, path, agent: false,
    headers: { host, ...headers }, servername: HOST, ca };
  return new Promise((resolve, reject) => {
    kind.request(options, async (answer) => {
      let text = '';
      for await (const piece of answer.setEncoding('utf8')) text += piece;
      resolve({ status: answer.statusCode, headers: answer.headers, text });
    }).on('error', reject).end();
  });
}

test('nginx_takes_it', () => {
  const said = execFileSync('sh', ['-c', 'nginx -t -e stderr -p "$1" -c "$1/nginx.conf" 2>&1', 'sh', dir], { env, encoding: 'utf8' });
  // 1.25 and later would rather have "http2 on", which those before do not know
  assert.doesNotMatch(said.replace(/.*"listen \.\.\. http2" directive is deprecated.*/g, ''), /\[(warn|error|emerg)\]/);
  front.start();
});

test('behind_tls_everything_is_there_and_asks_to_stay_there', async () => {
  await until('nginx', () => ask(https, 'GET', '/').catch(() => null));
  for (const [path, status] of [['/', 200], ['/api/v1/health', 200], ['/health', 200], ['/nowhere', 404], ['/api/v1/nowhere', 404], ['/ws', 426], ['/events', 401]]) {
    const answer = await ask(https, 'GET', path);
    assert.equal(answer.status, status, path);
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000', path);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
    assert.match(answer.headers['content-security-policy'], /^default-src 'none';/, path);
  }
});

test('http_2_is_spoken', async () => {
  const client = http2.connect(`https://127.0.0.1:${secure}`, { ca, servername: HOST });
  const stream = client.request({ ':path': '/api/v1/health', ':authority': HOST });
  const status = await new Promise((resolve, reject) => {
    stream.once('response', (headers) => resolve(headers[':status'])).once('error', reject);
  });
  client.destroy();
  assert.equal(status, 200);
});

test('a_file_is_spooled_moved_and_sent', async () => {
  const ada = await signUp(stack.url);
  const send = (method, path, body) => new Promise((resolve, reject) => {
    const headers = { host: HOST, authorization: `Bearer ${ada.token}` };
    const options = { host: '127.0.0.1', port: secure, method, path, headers, servername: HOST, ca, agent: false };
    https.request(options, async (answer) => {
      let text = '';
      for await (const piece of answer.setEncoding('utf8')) text += piece;
      resolve({ status: answer.statusCode, headers: answer.headers, text });
    }).on('error', reject).end(body);
  });
  const room = await ada.openRoom();
  const { status, text } = await send('POST', `/api/v1/rooms/${room}/files?name=a.txt`, 'text');
  assert.equal(status, 201, text);
  const file = await send('GET', JSON.parse(text).file.url);
  assert.equal(file.text, 'text');
  assert.equal(file.headers['content-security-policy'], "default-src 'none'; sandbox");
  assert.equal((await send('GET', '/stonechat-files/')).status, 404);
});

/* A body over HTTP/2 that never ends: what is answered, and whether the disk has anything of it. */
async function pour(headers) {
  const client = http2.connect(`https://127.0.0.1:${secure}`, { ca, servername: HOST });
  const target = { ':method': 'POST', ':path': '/api/v1/rooms/lobby/files?name=a', ':authority': HOST };
  const stream = client.request({ ...target, ...headers }, { endStream: false });
  let status = null;
  stream.on('response', (head) => { status = head[':status']; }).on('error', () => {}).resume();
  stream.write(Buffer.alloc(2_000_000));
  await until('an answer, or some of it on the disk', () => status !== null || spooled() > 0);
  const found = { status, spooled: spooled() > 0 };
  client.destroy();
  await until('an empty spool', () => spooled() === 0);
  return found;
}

const sizeOf = (name) => statSync(join(spool, name), { throwIfNoEntry: false })?.size ?? 0;
const spooled = () => readdirSync(spool).reduce((sum, name) => sum + sizeOf(name), 0);

test('nothing_of_a_stranger_is_spooled_however_long_it_says_to_be', async () => {
  const ada = await signUp(stack.url);
  const authorization = `Bearer ${ada.token}`;
  assert.deepEqual(await pour({ authorization }), { status: null, spooled: true });
  for (const headers of [{}, { 'content-length': '2000000' }, { authorization: `${authorization}x` }, { authorization: '' }]) {
    assert.deepEqual(await pour(headers), { status: 401, spooled: false }, JSON.stringify(headers));
  }
});

test('in_the_clear_a_page_moves_and_the_api_is_refused', async () => {
  const page = await ask(http, 'GET', '/room?x=1');
  assert.equal(page.status, 301);
  assert.equal(page.headers.location, `https://${HOST}/room?x=1`);
  for (const path of ['/api/v1/sessions', '/api', '/ws', '/events', '/health']) {
    const answer = await ask(http, 'POST', path);
    assert.equal(answer.status, 403, path);
    assert.equal(JSON.parse(answer.text).code, 'forbidden');
  }
});

test('figures_are_for_this_machine_only', async () => {
  const target = { host: '127.0.0.1', port: figures };
  assert.ok((await scrape(target, 'stonechat_fcgi_', '/metrics/fcgi')).requests_in_flight >= 0);
  assert.equal((await scrape(target, 'stonechat_pushd_', '/metrics/pushd'))['worker_up{worker="0"}'], 1);
  assert.equal((await figuresOf(target, '/metrics/fcgi', { host: HOST })).status, 421);
  for (const path of ['/metrics', '/metrics/fcgi', '/metrics/pushd']) {
    for (const host of [HOST, '127.0.0.1', 'localhost']) {
      const { status, text } = await ask(https, 'GET', path, { host });
      assert.ok([404, 421].includes(status), `${path} ${host}: ${status}`);
      assert.doesNotMatch(text, /stonechat_(fcgi|pushd)_/);
    }
  }
});

test('another_name_gets_nothing', async () => {
  assert.equal((await ask(http, 'GET', '/', { host: 'evil.example' })).status, 421);
  assert.equal((await ask(https, 'GET', '/', { host: 'evil.example' })).status, 421);
  const options = { host: '127.0.0.1', port: secure, servername: 'evil.example', ca, agent: false };
  await assert.rejects(new Promise((resolve, reject) => https.get(options, resolve).on('error', reject)), /alert|unrecognized/i);
});
