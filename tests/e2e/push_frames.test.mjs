/*
 * Frames that a decent client would never send (RFC 6455 sections 5 to 7), straight to the push
 * daemon's socket, and a few through nginx: each ends in the Close frame that is due, which
 * arrives even while the client goes on sending; what is legal works, however odd.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { startStack } from '../support/stack.mjs';
import { request, signUp } from '../support/client.mjs';
import { OP, Raw, closing, frame, text } from '../support/raw.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { familyOf, residentOf, sumOf } from '../support/process.mjs';
import { inParallel, sleep } from '../support/wait.mjs';

const FRAMES_PER_S = 40;
let stack, alice, direct, pid;

before(async () => {
  stack = await startStack({
    set: {
      'limits.client_frames_per_s': FRAMES_PER_S, 'limits.logins_per_minute': 0, 'limits.connections_per_user': 0,
      'limits.connections_per_address': 0, 'push.handshake_s': 2,
    },
  });
  direct = { path: join(stack.dir, 'push.sock') };
  alice = await signUp(stack.url);
  pid = stack.pid('pushd');
});
after(() => stack?.stop());
afterEach(() => {
  assert.equal(stack.pid('pushd'), pid, 'the push daemon has died');
});

const open = (target = direct) =>
  Raw.open(target, { Host: new URL(stack.url).host, Authorization: `Bearer ${alice.token}` });
const throughNginx = () => open({ host: new URL(stack.url).hostname, port: stack.port });

/* Sends `bytes` on a fresh connection and gives how it ended. */
async function endAfter(bytes, options) {
  const raw = await open();
  raw.write(bytes);
  return raw.conclusion(options);
}

const ping = (id) => text({ type: 'ping', id });

/* That the connection lives and answers. */
async function lives(raw, id = 'still-here') {
  raw.write(ping(id));
  assert.deepEqual(await raw.json(), { type: 'pong', id });
  raw.drop();
}

const halves = (bytes, at = bytes.length >> 1) => [bytes.subarray(0, at), bytes.subarray(at)];

/* After a fault the daemon listens for a while before it hangs up: let many wait together. */
const together = { concurrency: 20 };

describe('frames that end the connection', together, () => {
  const long = 'x'.repeat(4097);
  const cases = {
    'unmasked text': [1002, () => text('{}', { mask: false })],
    'unmasked ping': [1002, () => frame(OP.ping, '', { mask: false })],
    'RSV1 without an extension': [1002, () => text('{}', { rsv: 4 })],
    'RSV2': [1002, () => text('{}', { rsv: 2 })],
    'RSV3': [1002, () => text('{}', { rsv: 1 })],
    'opcode 3': [1002, () => frame(3, 'x')],
    'opcode 7': [1002, () => frame(7, 'x')],
    'opcode 11': [1002, () => frame(11, 'x')],
    'opcode 15': [1002, () => frame(15, 'x')],
    'a continuation of nothing': [1002, () => frame(OP.more, 'x')],
    'text inside a fragmented text': [1002, () => Buffer.concat([text('{', { fin: false }), text('{}')])],
    'a fragmented ping': [1002, () => frame(OP.ping, 'x', { fin: false })],
    'a ping of 126 bytes': [1002, () => frame(OP.ping, 'x'.repeat(126))],
    'a ping with a 16-bit length of 5': [1002, () => frame(OP.ping, 'xxxxx', { form: 16 })],
    'a 16-bit length of 5': [1002, () => text('"abc"', { form: 16 })],
    'a 64-bit length of 300': [1002, () => text('x'.repeat(300), { form: 64 })],
    'a length with the top bit': [1002, () => text('x', { form: 64, announce: 1n << 63n })],
    'a length of all ones': [1002, () => text('x', { form: 64, announce: (1n << 64n) - 1n })],
    'a length of 2^63-1': [1009, () => text('x', { form: 64, announce: (1n << 63n) - 1n })],
    'a length of 2^32': [1009, () => text('x', { form: 64, announce: 1n << 32n })],
    'a length that wraps 32 bits with its mask': [1009, () => text('x', { form: 64, announce: 0xfffffffcn })],
    'an announced 4,097 bytes': [1009, () => text('x', { announce: 4097 })],
    '4,097 bytes of text': [1009, () => text(long)],
    '4,097 bytes in fragments': [1009, () => Buffer.concat([
      text(long.slice(0, 4000), { fin: false }), frame(OP.more, long.slice(4000))])],
    'binary': [1003, () => frame(OP.binary, '{}')],
    'fragmented binary': [1003, () => frame(OP.binary, '{', { fin: false })],
    'a byte that is no UTF-8': [1007, () => text(Buffer.from('{"a":"\xff"}', 'latin1'))],
    'an overlong slash': [1007, () => text(Buffer.from('{"a":"\xc0\xaf"}', 'latin1'))],
    'a surrogate in UTF-8': [1007, () => text(Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'))],
    'beyond U+10FFFF': [1007, () => text(Buffer.from('{"a":"\xf4\x90\x80\x80"}', 'latin1'))],
    'a character cut off at the end': [1007, () => text(Buffer.from('{"a":"\xe4\xb8', 'latin1'))],
    'bad UTF-8 in the first fragment already': [1007, () => text(Buffer.from('\xc0\x80', 'latin1'), { fin: false })],
    'a Close of one byte': [1002, () => frame(OP.close, 'x')],
    'a Close whose reason is no UTF-8': [1007, () => frame(OP.close, Buffer.from('\x03\xe8\xff', 'latin1'))],
  };
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535]) {
    cases[`Close with ${code}`] = [1002, () => frame(OP.close, closing(code))];
  }
  for (const [what, [code, make]] of Object.entries(cases)) {
    test(`${what.replaceAll(' ', '_')}_is_${code}`, async () => {
      const end = await endAfter(make());
      assert.equal(end.code, code, JSON.stringify(end));
      assert.notEqual(end.how, 'ECONNRESET');
    });
  }
});

describe('frames that are legal', () => {
  test('fragmented_text_with_control_frames_between', async () => {
    const raw = await open();
    const [one, two] = halves(Buffer.from(JSON.stringify({ type: 'ping', id: '中文' })), 25);
    raw.write(text(one, { fin: false }));
    raw.write(frame(OP.ping, 'between'));
    raw.write(frame(OP.pong, 'unasked'));
    raw.write(frame(OP.more, '', { fin: false }));
    raw.write(frame(OP.more, two));
    const pong = await raw.frame();
    assert.deepEqual([pong.opcode, String(pong.payload)], [OP.pong, 'between']);
    assert.deepEqual(await raw.json(), { type: 'pong', id: '中文' });
    await lives(raw);
  });

  test('a_frame_split_after_every_byte', async () => {
    const raw = await open();
    for (const byte of ping('bytewise')) {
      raw.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    assert.deepEqual(await raw.json(), { type: 'pong', id: 'bytewise' });
    await lives(raw);
  });

  test('a_ping_is_answered_with_its_payload', async () => {
    const raw = await open();
    for (const payload of ['', 'x', '\0\x01中', 'y'.repeat(125)]) {
      raw.write(frame(OP.ping, payload));
      const { opcode, payload: back, masked } = await raw.frame();
      assert.deepEqual([opcode, String(back), masked], [OP.pong, payload, false]);
    }
    await lives(raw);
  });

  test('exactly_4096_bytes_are_accepted', async () => {
    const raw = await open();
    const shell = JSON.stringify({ type: 'ping', id: 'full', pad: '' });
    raw.write(text(JSON.stringify({ type: 'ping', id: 'full', pad: 'x'.repeat(4096 - shell.length) })));
    assert.deepEqual(await raw.json(), { type: 'pong', id: 'full' });
    await lives(raw);
  });

  test('what_is_not_known_is_ignored', async () => {
    const raw = await open();
    raw.write(text({ later: [1, { deep: null }], type: 'ping', id: 'new', more: 'x' }));
    assert.deepEqual(await raw.json(), { type: 'pong', id: 'new' });
    await lives(raw);
  });

  test('several_frames_in_one_segment_are_answered_in_order', async () => {
    const raw = await open();
    raw.write(Buffer.concat(['a', 'b', 'c', 'd'].map(ping)));
    for (const id of ['a', 'b', 'c', 'd']) assert.equal((await raw.json()).id, id);
    raw.drop();
  });
});

describe('commands that are none', () => {
  const cases = {
    'no JSON': 'hello',
    'empty': '',
    'an array': '[1]',
    'a string': '"resume"',
    'trailing text': '{"type":"ping"} x',
    'twice the same member': '{"type":"ping","type":"ping"}',
    'NUL escaped': '{"type":"ping","id":"\\u0000"}',
    'a lone surrogate': '{"type":"ping","id":"\\ud800"}',
    'nesting of 500': `{"type":"ping","x":${'['.repeat(500)}${']'.repeat(500)}}`,
    'a number as id': '{"type":"ping","id":7}',
    'an id of 4,000': `{"type":"ping","id":"${'x'.repeat(4000)}"}`,
    'no type': '{}',
    'a type that is not known': '{"type":"fly"}',
    'a type of the server': '{"type":"welcome"}',
    'a type that is a number': '{"type":1}',
    'cursors that are an array': '{"type":"resume","cursors":[]}',
    'a cursor that is a word': '{"type":"resume","cursors":{"lobby":"x"}}',
    'a cursor below nothing': '{"type":"resume","cursors":{"lobby":-1}}',
    'a cursor of a half': '{"type":"resume","cursors":{"lobby":1.5}}',
    'a cursor of 1e300': '{"type":"resume","cursors":{"lobby":1e300}}',
    'a cursor of three': '{"type":"resume","cursors":{"lobby":[1,2,3]}}',
    'a cursor of none': '{"type":"resume","cursors":{"lobby":[]}}',
    'a cursor of a path': '{"type":"resume","cursors":{"../lobby":1}}',
    'a cursor of a key': '{"type":"resume","cursors":{"{r:lobby}:room":1}}',
    'a cursor of nothing': '{"type":"resume","cursors":{"":1}}',
  };
  for (const [what, body] of Object.entries(cases)) {
    test(`${what.replaceAll(' ', '_')}_gets_an_error_or_1008`, async () => {
      const raw = await open();
      raw.write(text(body));
      const first = await raw.frame();
      if (first.opcode === OP.close) {
        assert.equal(first.payload.readUInt16BE(), 1008);
      } else {
        const { type, code, detail } = JSON.parse(first.payload);
        assert.deepEqual([type, typeof code, typeof detail], ['error', 'string', 'string']);
        await lives(raw);
      }
      raw.drop();
    });
  }
});

describe('the end', together, () => {
  for (const code of [1000, 1001, 1003, 1011, 3000, 4000, 4999]) {
    test(`a_close_with_${code}_is_echoed`, async () => {
      const end = await endAfter(frame(OP.close, closing(code, 'good bye')), { closed: true });
      assert.deepEqual([end.code, end.how], [code, 'end']);
    });
  }

  test('a_close_without_a_code_is_echoed', async () => {
    const end = await endAfter(frame(OP.close), { closed: true });
    assert.ok([1000, 1005].includes(end.code), JSON.stringify(end));
  });

  test('nothing_is_answered_after_a_close', async () => {
    const raw = await open();
    raw.write(Buffer.concat([frame(OP.close, closing(1000)), ping('too late'), frame(OP.binary, 'x')]));
    assert.equal((await raw.frame()).opcode, OP.close);
    assert.equal((await raw.conclusion({ closed: true })).code, null);
  });

  test('a_hang_up_without_a_close_harms_nothing', async () => {
    for (let i = 0; i < 20; i++) (await open()).drop();
    await lives(await open());
  });

  for (const [where, target] of [['directly', () => undefined], ['through_nginx', () => ({
    host: new URL(stack.url).hostname, port: stack.port })]]) {
    for (const [what, bad, code] of [
      ['unmasked', () => text('{}', { mask: false }), 1002],
      ['binary', () => frame(OP.binary, 'x'), 1003],
      ['no_utf8', () => text(Buffer.from([0xff])), 1007],
      ['too_long', () => text('x'.repeat(5000)), 1009],
    ]) {
      test(`the_close_after_${what}_arrives_${where}_while_the_client_goes_on_sending`, async () => {
        const raw = await open(target());
        const more = text('x'.repeat(4000));
        raw.write(Buffer.concat([bad(), ...Array(50).fill(more)]));
        const flood = setInterval(() => raw.write(Buffer.concat(Array(20).fill(more))), 1);
        const end = await raw.conclusion().finally(() => clearInterval(flood));
        assert.equal(end.code, code, JSON.stringify(end));
      });
    }
  }
});

describe('floods', () => {
  for (const [what, one] of [
    ['pings', () => frame(OP.ping, 'x')],
    ['pongs', () => frame(OP.pong, 'x')],
    ['commands', () => ping('x')],
    ['empty_fragments', (i) => (i ? frame(OP.more, '', { fin: false }) : text('', { fin: false }))],
  ]) {
    test(`more_${what}_a_second_than_allowed_are_4429`, async () => {
      const end = await endAfter(Buffer.concat(Array.from({ length: FRAMES_PER_S * 5 }, (_, i) => one(i))));
      assert.equal(end.code, 4429);
    });
  }

  test('as_many_as_allowed_are_fine', async () => {
    const raw = await open();
    for (let i = 0; i < FRAMES_PER_S / 2; i++) {
      raw.write(ping(String(i)));
      assert.equal((await raw.json()).id, String(i));
    }
    await sleep(1100);
    await lives(raw);
  });

  test('announced_lengths_cost_no_memory', async () => {
    const resident = () => sumOf(familyOf(pid), residentOf);
    await lives(await open());
    const before = resident();
    const raws = await inParallel(20, Array(300).fill(), () => open());
    for (const raw of raws) raw.write(text('x', { announce: 4096 }));
    await lives(await open());
    const grown = resident() - before;
    assert.ok(grown < 8 << 20, `${grown} bytes more`);
    for (const raw of raws) raw.drop();
  });
});

test('through_nginx_it_is_the_same', async () => {
  const raw = await throughNginx();
  raw.write(frame(OP.ping, 'via'));
  assert.equal(String((await raw.frame()).payload), 'via');
  await lives(raw);
});

test('the_daemon_is_well_and_its_logs_tell_of_no_secret_and_no_crash', async () => {
  assert.equal((await request(stack.url, 'GET', '/health')).status, 200);
  assert.deepEqual([...leaksIn(stack.dir), ...deathsIn(stack.dir)], []);
});
