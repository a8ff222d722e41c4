/*
 * Clients that mean harm, by mass and persistence rather than by one wrong byte (for those see
 * push_frames and push_handshake): what they cost is bounded, and somebody decent gets in meanwhile.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';
import { OP, Raw, frame, text, upgrade } from '../support/raw.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { childrenOf, cpuOf, descriptorsOf, residentOf } from '../support/process.mjs';
import { scrape } from '../support/scrape.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

const FRAMES_PER_S = 20;
/* A sanitizer would keep what was freed for a while, and memory is what is measured here. */
const FRANK = ':quarantine_size_mb=0:thread_local_quarantine_size_kb=0';
let stack, alice, eve, direct, worker, secret;

before(async () => {
  stack = await startStack({
    env: { ASAN_OPTIONS: (process.env.ASAN_OPTIONS ?? '') + FRANK },
    set: {
      'limits.client_frames_per_s': FRAMES_PER_S, 'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0,
      'accounts.sessions_per_user': 1000,
    },
  });
  direct = { path: join(stack.dir, 'push.sock') };
  [alice, eve] = [await signUp(stack.url), await signUp(stack.url)];
  [worker] = childrenOf(stack.pid('pushd'));
  secret = await alice.openRoom('private');
  for (let i = 0; i < 3; i++) await alice.post(secret);
});
after(() => stack?.stop());
afterEach(() => assert.deepEqual(childrenOf(stack.pid('pushd')), [worker], 'a worker has died'));

const headers = (who = eve) => ({ Host: `127.0.0.1:${stack.port}`, Authorization: `Bearer ${who.token}` });
const nginx = () => ({ host: '127.0.0.1', port: stack.port });
const open = (who) => Raw.open(direct, headers(who));
const figures = () => scrape(direct.path, 'stonechat_pushd_');
const codeOf = ({ payload }) => payload.readUInt16BE();

/* Somebody decent comes in, and is answered, in less than a second. */
async function decentGetsIn() {
  const began = performance.now();
  const one = await alice.connect();
  await one.sync();
  const took = performance.now() - began;
  await one.close();
  assert.ok(took < 1000, `${took} ms`);
}

/* Writes `bytes` again and again, as fast as they are taken, until nobody takes them any more or
 * `ms` have gone by; gives how many bytes went out and how long it took. */
async function flood(bytes, ms = 20000) {
  const raw = await open();
  let sent = 0;
  const began = Date.now();
  while (!raw.over && Date.now() - began < ms) {
    sent += bytes.length;
    if (raw.socket.destroyed || !raw.socket.writable) break;
    await new Promise((resolve) => {
      raw.wake = resolve;
      raw.socket.write(bytes, resolve);
    });
  }
  raw.drop();
  return { sent, ms: Date.now() - began };
}

describe('floods without an end', () => {
  const many = (one) => Buffer.concat(Array.from({ length: 4000 }, () => one));
  const first = text('[', { fin: false });
  const kinds = {
    pings: many(frame(OP.ping, 'x')),
    pongs: many(frame(OP.pong)),
    'frames of one byte': many(text('x')),
    'fragments of one byte': Buffer.concat([first, many(frame(OP.more, 'x', { fin: false }))]),
    'fragments of nothing': Buffer.concat([first, many(frame(OP.more, '', { fin: false }))]),
  };
  for (const [what, bytes] of Object.entries(kinds)) {
    test(`${what.replaceAll(' ', '_')}_are_cut_early_and_cost_little`, async () => {
      const [cpu, before] = [cpuOf(worker), await figures()];
      const end = await flood(bytes);
      const used = cpuOf(worker) - cpu;
      const now = await figures();
      const risen = (name) => now[name] - before[name];
      assert.equal(risen('closes_total{code="4429",reason="rate_limited"}'), 1);
      assert.ok(risen('frames_received_total') <= 2 * FRAMES_PER_S + 2, `${risen('frames_received_total')} frames`);
      assert.ok(end.sent < 16 << 20 && end.ms < 4000, JSON.stringify(end));
      assert.ok(used < 500, `${used} ms of processor for ${end.sent} bytes`);
      await decentGetsIn();
    });
  }
});

describe('what is announced and never comes', () => {
  test('ten_thousand_frames_of_64_KiB_leave_no_memory_taken', async () => {
    const one = Buffer.concat([Buffer.from(upgrade(headers())), text('x', { form: 64, announce: 65536 })]);
    const round = (count) => inParallel(50, Array(count).fill(), async () => {
      const raw = await Raw.connect(direct);
      raw.write(one);
      const close = await raw.frame();
      raw.drop();
      return [raw.answer.status, close.opcode === OP.close && codeOf(close)].join();
    });
    await round(200);
    const before = residentOf(worker);
    const codes = await round(10000);
    assert.deepEqual([...new Set(codes)], ['101,1009']);
    const grown = residentOf(worker) - before;
    assert.ok(grown < 20 << 20, `${grown} bytes more`);
  });

  test('bodies_of_upgrades_and_of_health_checks_are_refused_at_once', async () => {
    for (const more of ['Content-Length: 65536', 'Transfer-Encoding: chunked', 'Content-Length: 5\r\nTransfer-Encoding: chunked',
      'Content-Length: 0\r\nContent-Length: 5', 'Content-Length: 9223372036854775808', 'Content-Length: -1']) {
      for (const path of ['/ws', '/health']) {
        const raw = await Raw.connect(direct);
        raw.write(upgrade(headers(), { line: `GET ${path} HTTP/1.1` }).replace('\r\n\r\n', `\r\n${more}\r\n\r\n`));
        assert.equal((await raw.head()).status, 400, more);
        raw.drop();
      }
    }
  });
});

describe('handshakes that never end', () => {
  const COUNT = 5000;
  for (const [where, target] of [['to_the_daemon', () => direct], ['through_nginx', nginx]]) {
    test(`five_thousand_of_them_${where}_keep_nobody_out`, async () => {
      const half = upgrade(headers()).slice(0, 60);
      const held = await inParallel(200, Array(COUNT).fill(), async () => {
        const raw = await Raw.connect(target());
        raw.write(half);
        return raw;
      });
      try {
        if (where === 'to_the_daemon') await until('all inside', () => descriptorsOf(worker) >= COUNT);
        for (let i = 0; i < 3; i++) await decentGetsIn();
      } finally {
        for (const raw of held) raw.drop();
      }
      await until('their places back', () => descriptorsOf(worker) < 100);
    });
  }
});

describe('rooms that are not the caller s', () => {
  const commands = {
    resume: (room) => ({ type: 'resume', cursors: { [room]: 0 } }),
    subscribe: (room) => ({ type: 'subscribe', rooms: [room] }),
    unsubscribe: (room) => ({ type: 'unsubscribe', rooms: [room] }),
    typing: (room) => ({ type: 'typing', room }),
  };
  for (const [name, make] of Object.entries(commands)) {
    test(`${name}_says_the_same_of_a_private_room_and_of_none_and_brings_nothing`, async () => {
      const raw = await open();
      const hers = await alice.connect();
      const answers = [];
      for (const room of [secret, 'nosuchroom']) {
        raw.write(text(make(room)));
        answers.push((await raw.frame()).payload.toString());
      }
      assert.equal(answers[0], answers[1]);
      assert.equal(JSON.parse(answers[0]).code, 'not_found');
      const { seq } = await alice.post(secret);
      await hers.entry(secret, seq);
      raw.write(text({ type: 'ping', id: 'end' }));
      for (let one; (one = await raw.json()).type !== 'pong';) assert.notEqual(one.room, secret);
      assert.deepEqual(hers.frames.filter(({ type }) => type === 'typing'), []);
      raw.drop();
      await hers.close();
    });
  }

  test('cursors_of_every_kind_tell_nothing_of_a_private_room', async () => {
    const answers = new Set();
    for (const cursor of [0, 1, 3, [3, 1], 99, Number.MAX_SAFE_INTEGER, [2, Date.now()]]) {
      const raw = await open();
      raw.write(text({ type: 'resume', cursors: { [secret]: cursor } }));
      answers.add((await raw.frame()).payload.toString());
      raw.drop();
    }
    assert.equal(answers.size, 1, [...answers].join('\n'));
  });
});

describe('cursors that can not be', () => {
  const reset = ['reset'];
  const error = ['error'];
  for (const [what, cursor, wanted] of [
    ['of_the_future', '99', reset],
    ['of_the_far_future', '9007199254740993', reset],
    ['of_the_end_of_64_bits', '9223372036854775807', reset],
    ['beyond_64_bits', '9223372036854775808', error],
    ['of_another_time', '[2, 1]', reset],
    ['of_a_time_to_come', '[2, 99999999999999]', reset],
    ['below_nothing', '-1', error],
    ['of_a_time_below_nothing', '[2, -1]', error],
    ['of_a_text', '"2"', error],
    ['of_yes', 'true', error],
    ['of_null', 'null', error],
    ['of_an_object', '{"seq":2}', error],
    ['of_a_fraction', '2.0', error],
    ['of_half_a_pair', '[2, null]', error],
  ]) {
    test(`one_${what}_is_answered_by_${wanted[0]}`, async () => {
      const room = await eve.openRoom();
      for (let i = 0; i < 2; i++) await eve.post(room);
      const raw = await open();
      raw.write(text(`{"type":"resume","cursors":{"${room}":${cursor}}}`));
      let answer;
      do answer = await raw.json(); while (answer.type === 'presence'); // of somebody who has gone
      assert.equal(answer.type, wanted[0]);
      raw.write(text({ type: 'resume', cursors: {} }));
      const { seq } = await eve.post(room);
      let got;
      do got = await raw.json(); while (got.seq !== seq || got.type !== 'message');
      raw.drop();
    });
  }
});

describe('a session that ends while somebody comes in by it', () => {
  test('leaves_nobody_inside_whenever_it_ends', async () => {
    const seen = new Set();
    await inParallel(4, Array(60).fill(), async (_, i) => {
      const device = await eve.anotherDevice();
      const raw = await Raw.connect(direct);
      raw.write(upgrade(headers(device)));
      if (i % 3) await sleep(i % 3);
      const ended = device.must(204, 'DELETE', '/sessions/current');
      const { status } = await raw.head();
      await ended;
      if (status === 101) {
        let last;
        do last = await raw.frame(); while (last.opcode !== OP.close);
        assert.equal(codeOf(last), 4401);
      } else {
        assert.equal(status, 401);
      }
      seen.add(status);
      raw.drop();
    });
    assert.ok(seen.size > 0);
  });

  test('is_noticed_by_a_head_that_began_before', async () => {
    const device = await eve.anotherDevice();
    const bytes = upgrade(headers(device));
    const raw = await Raw.connect(direct);
    raw.write(bytes.slice(0, -2));
    await device.must(204, 'DELETE', '/sessions/current');
    raw.write(bytes.slice(-2));
    assert.equal((await raw.head()).status, 401);
    raw.drop();
  });
});

describe('requests that stand one behind the other', () => {
  const health = 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const all = async (bytes, target = direct) => {
    const raw = await Raw.connect(target);
    raw.write(bytes);
    await raw.head();
    await until('the end', () => raw.over);
    return raw;
  };

  test('behind_a_health_check_nothing_is_answered', async () => {
    for (const second of [health, upgrade(headers()), health.repeat(100)]) {
      const raw = await all(health + second);
      assert.equal(raw.answer.status, 200);
      assert.equal(raw.bytes.toString(), '{"status":"ok"}');
    }
  });

  test('behind_a_refusal_nothing_is_answered', async () => {
    const raw = await all(upgrade({ Authorization: 'Bearer nobody.s1.x' }) + upgrade(headers()));
    assert.equal(raw.answer.status, 401);
    assert.doesNotMatch(raw.bytes.toString(), /HTTP\/1\.1/);
  });

  test('behind_an_upgrade_a_request_is_a_broken_frame', async () => {
    const each = [upgrade(headers()), health].flatMap((second) => [direct, nginx()].map((target) => [second, target]));
    await inParallel(4, each, async ([second, target]) => {
      const raw = await Raw.connect(target);
      raw.write(upgrade(headers()) + second);
      assert.equal((await raw.head()).status, 101);
      const { code } = await raw.conclusion();
      assert.equal(code, 1002);
    });
  });

  test('nginx_answers_each_and_mixes_none_up', async () => {
    const raw = await Raw.connect(nginx());
    const mine = (path, who) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${stack.port}\r\nAuthorization: Bearer ${who.token}\r\n\r\n`;
    raw.write(mine('/api/v1/me', alice) + mine('/health', eve) + mine('/api/v1/me', eve).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await raw.head();
    await until('the end', () => raw.over);
    const bodies = raw.bytes.toString().split('HTTP/1.1 200');
    assert.equal(bodies.length, 3);
    assert.match(bodies[0], new RegExp(alice.id));
    assert.match(bodies[1], /"status":"ok"/);
    assert.match(bodies[2], new RegExp(eve.id));
  });
});

describe('headers that come twice', () => {
  const twice = {
    Host: 'localhost', Authorization: 'Bearer x', Cookie: 'stonechat=x', Origin: 'http://localhost', Upgrade: 'websocket',
    Connection: 'Upgrade', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Protocol': 'stonechat.v1', 'X-Real-IP': '192.0.2.1', 'X-Forwarded-Proto': 'http',
  };
  for (const [name, value] of Object.entries(twice)) {
    test(`${name}_is_refused`, async () => {
      for (const again of [name, name.toLowerCase()]) {
        const raw = await Raw.connect(direct);
        raw.write(upgrade({ ...headers(), [name]: value }).replace('\r\n\r\n', `\r\n${again}: ${value}\r\n\r\n`));
        assert.equal((await raw.head()).status, 400);
        raw.drop();
      }
    });
  }

  test('a_hundred_that_mean_nothing_are_fine_and_ten_thousand_are_too_large', async () => {
    for (const [count, status] of [[100, 101], [10000, 431]]) {
      const raw = await Raw.connect(direct);
      raw.write(upgrade(headers()).replace('\r\n\r\n', `\r\n${'X-A: b\r\n'.repeat(count)}\r\n`));
      assert.equal((await raw.head()).status, status);
      raw.drop();
    }
  });
});

/* The last, since it changes the limit of frames. */
describe('objects of as many members as fit', () => {
  const keys = (count) => JSON.stringify(Object.fromEntries([['type', 'ping'], ...Array.from({ length: count }, (_, i) => [i.toString(36), 0])]));

  before(async () => {
    const file = join(stack.dir, 'stonechat.conf');
    writeFileSync(file, `${readFileSync(file)}\n[limits]\nclient_frames_per_s = 0\n`);
    stack.kill('pushd', 'SIGHUP');
    await until('no limit', () => stack.log('pushd').includes('changed=limits.client_frames_per_s'));
  });

  test('cost_as_much_as_their_number_and_no_more', async () => {
    const [few, most] = [64, 512];
    assert.ok(keys(most).length <= 4096);
    const costs = [];
    for (const [count, times] of [[few, 8 * 1500], [most, 1500], [few, 8 * 1500], [most, 1500]]) {
      const raw = await open();
      const cpu = cpuOf(worker);
      const bytes = Buffer.concat(Array(100).fill(text(keys(count))));
      for (let i = 0; i < times / 100; i++) {
        raw.write(bytes);
        for (let j = 0; j < 100; j++) while ((await raw.json()).type !== 'pong');
      }
      costs.push(cpuOf(worker) - cpu);
      raw.drop();
    }
    const [small, large] = [costs[0] + costs[2], costs[1] + costs[3]];
    assert.ok(large < 3 * small, `as many members in objects of ${few}: ${small} ms, of ${most}: ${large} ms`);
  });

  test('fragments_without_an_end_are_too_large_where_nothing_counts_them', async () => {
    const raw = await open();
    raw.write(text('[', { fin: false }));
    for (let i = 0; i < 5000; i++) raw.write(frame(OP.more, 'x', { fin: false }));
    assert.equal((await raw.conclusion()).code, 1009);
  });
});

test('the_daemon_has_not_died', () => assert.deepEqual(deathsIn(stack.dir), []));
