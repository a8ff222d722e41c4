/*
 * permessage-deflate from outside: what is agreed upon, that a message is compressed once for all
 * its readers and is the same for everybody, and what becomes of bombs and broken data.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import WebSocket from 'ws';
import { signUp } from '../support/client.mjs';
import { childrenOf, residentOf } from '../support/process.mjs';
import { OP, Raw, frame, text, upgrade } from '../support/raw.mjs';
import { scrape } from '../support/scrape.mjs';
import { startStack } from '../support/stack.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

const OFFER = 'permessage-deflate; client_max_window_bits';
const ANSWER = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
const WORDY = 'the same words again and again, '.repeat(20);

let stack, alice, direct, nginx;

before(async () => {
  stack = await startStack({
    set: { 'limits.logins_per_minute': 0, 'limits.messages_per_10s': 0, 'limits.client_frames_per_s': 0,
      'limits.connections_per_user': 0 },
  });
  direct = { path: join(stack.dir, 'push.sock') };
  nginx = { host: '127.0.0.1', port: stack.port };
  alice = await signUp(stack.url);
  await Raw.open(direct, bearer()); // for good: that she has come is told within a second, and compressed as well
  await sleep(2500);
});
after(() => stack.stop());

const bearer = () => ({ Authorization: `Bearer ${alice.token}` });
const pack = (what) =>
  deflateRawSync(Buffer.from(what), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
const unpack = (bytes) =>
  inflateRawSync(Buffer.concat([bytes, Buffer.from([0, 0, 255, 255])]), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
const deflated = async () => (await scrape(direct.path, 'stonechat_pushd_')).deflated_frames_total;

async function answerTo(target, offers, headers = {}) {
  const raw = await Raw.connect(target);
  raw.write(upgrade({ ...bearer(), 'Sec-WebSocket-Extensions': offers, ...headers }));
  const answer = await raw.head();
  raw.drop();
  return answer;
}

/* Upgraded, deflating, and live. */
async function open(target = direct) {
  const raw = await Raw.open(target, { ...bearer(), 'Sec-WebSocket-Extensions': OFFER });
  raw.write(text({ type: 'resume', cursors: {} }));
  return raw;
}

/* The next message's text frame, as it came. */
async function nextMessage(raw) {
  for (;;) {
    const got = await raw.frame();
    if (got.opcode !== OP.text) continue;
    const json = got.rsv === 4 ? unpack(got.payload) : got.payload.toString();
    if (JSON.parse(json).type === 'message') return { ...got, json };
  }
}

for (const [way, target] of [['direct', () => direct], ['nginx', () => nginx]]) {
  test(`${way}_what_is_offered_is_taken_without_context`, async () => {
    const { status, headers } = await answerTo(target(), OFFER, { 'Sec-WebSocket-Protocol': 'stonechat.v1' });
    assert.equal(status, 101);
    assert.equal(headers['sec-websocket-extensions'], ANSWER);
    assert.equal(headers['sec-websocket-protocol'], 'stonechat.v1');
  });
}

test('a_window_that_can_be_kept_to_is_answered_and_a_smaller_one_passed_over', async () => {
  const twelve = await answerTo(direct, 'permessage-deflate; server_max_window_bits=12');
  assert.equal(twelve.headers['sec-websocket-extensions'], `${ANSWER}; server_max_window_bits=12`);
  const eleven = await answerTo(direct, 'permessage-deflate; server_max_window_bits=11');
  assert.equal(eleven.status, 101);
  assert.equal(eleven.headers['sec-websocket-extensions'], undefined);
  const both = await answerTo(direct, 'permessage-deflate; server_max_window_bits=9, permessage-deflate');
  assert.equal(both.headers['sec-websocket-extensions'], ANSWER);
});

test('offers_may_be_spread_over_headers_and_what_is_of_no_form_is_refused', async () => {
  const raw = await Raw.connect(direct);
  const head = upgrade({ ...bearer(), 'Sec-WebSocket-Extensions': 'permessage-deflate; what' });
  raw.write(head.replace('\r\n\r\n', `\r\nsec-websocket-extensions: ${OFFER}\r\n\r\n`));
  assert.equal((await raw.head()).headers['sec-websocket-extensions'], ANSWER);
  raw.drop();
  assert.equal((await answerTo(direct, 'permessage-deflate;')).status, 400);
});

test('who_offers_nothing_gets_nothing_and_may_not_deflate', async () => {
  const raw = await Raw.open(direct, bearer());
  assert.equal(raw.answer.headers['sec-websocket-extensions'], undefined);
  raw.write(text(pack('{"type":"ping"}'), { rsv: 4 }));
  assert.equal(await closeCode(raw), 1002);
});

test('a_message_is_compressed_once_and_the_same_for_all', async () => {
  const readers = await inParallel(8, Array.from({ length: 20 }), (_, i) => open(i % 2 ? direct : nginx));
  const plain = await Raw.open(direct, bearer());
  plain.write(text({ type: 'resume', cursors: {} }));
  await inParallel(8, [...readers, plain], (raw) => pinged(raw));
  const before = await deflated();
  const message = await alice.post('lobby', WORDY);
  const got = await inParallel(8, [...readers, plain], nextMessage);
  assert.equal(await deflated(), before + 1);
  const uncompressed = got.pop();
  assert.equal(uncompressed.rsv, 0);
  assert.equal(JSON.parse(uncompressed.json).seq, message.seq);
  for (const { rsv, payload, json } of got) {
    assert.equal(rsv, 4);
    assert.ok(payload.length < json.length / 2);
    assert.deepEqual(payload, got[0].payload);
    assert.equal(json, uncompressed.json);
  }
  for (const raw of [...readers, plain]) raw.drop();
});

test('a_burst_is_in_order_and_each_message_of_it_is_compressed_once', async () => {
  const readers = await inParallel(8, Array.from({ length: 10 }), () => open());
  await inParallel(8, readers, pinged);
  const before = await deflated();
  const posted = await inParallel(16, Array.from({ length: 100 }), (_, i) => alice.post('lobby', `${i} ${WORDY}`));
  const seqs = posted.map(({ seq }) => seq).sort((a, b) => a - b);
  for (const raw of readers) {
    for (const seq of seqs) {
      const { rsv, json } = await nextMessage(raw);
      assert.equal(JSON.parse(json).seq, seq);
      assert.equal(rsv, 4);
    }
    raw.drop();
  }
  assert.equal(await deflated(), before + 100);
});

/* Has said ping, deflated where that was agreed upon, and has heard pong. */
async function pinged(raw) {
  const command = '{"type":"ping","id":"here"}';
  const packs = raw.answer.headers['sec-websocket-extensions'];
  raw.write(packs ? text(pack(command), { rsv: 4 }) : text(command));
  for (let got; got?.type !== 'pong'; ) got = await anyJson(raw);
}

async function anyJson(raw) {
  const { opcode, rsv, payload } = await raw.frame();
  if (opcode !== OP.text) throw new Error(`opcode ${opcode}: ${payload}`);
  return JSON.parse(rsv === 4 ? unpack(payload) : payload);
}

test('nobody_who_deflates_reads_nobody_compresses', async () => {
  const plain = await Raw.open(direct, bearer());
  plain.write(text({ type: 'resume', cursors: {} }));
  await pinged(plain);
  const before = await deflated();
  await alice.post('lobby', WORDY);
  await nextMessage(plain);
  assert.equal(await deflated(), before);
  plain.drop();
});

test('a_usual_client_reads_live_and_what_it_missed', async () => {
  const url = `${stack.url.replace('http', 'ws')}/ws`;
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${alice.token}` }, perMessageDeflate: { threshold: 0 } });
  const frames = [];
  socket.on('message', (data) => frames.push(JSON.parse(data)));
  await until('welcome', () => frames.some(({ type }) => type === 'welcome'));
  assert.match(socket.extensions, /permessage-deflate/);
  const history = await alice.history('lobby');
  socket.send(JSON.stringify({ type: 'resume', cursors: { lobby: history[0].seq - 1 } }));
  const live = await alice.post('lobby', `${WORDY} 你好`);
  await until('the last message', () => frames.some(({ seq, text: said }) => seq === live.seq && said));
  assert.deepEqual(frames.filter(({ type }) => type === 'message').map(({ text: said }) => said),
    [...history, live].map(({ text: said }) => said));
  socket.terminate();
});

test('a_command_may_be_deflated_and_cut_into_fragments', async () => {
  const raw = await open();
  const bytes = pack('{"type":"ping","id":"in pieces"}');
  raw.write(text(bytes.subarray(0, 4), { rsv: 4, fin: false }));
  raw.write(frame(OP.ping, 'between'));
  raw.write(frame(OP.more, bytes.subarray(4, 9), { fin: false }));
  raw.write(frame(OP.more, bytes.subarray(9)));
  for (let got; got?.opcode !== OP.text || !/in pieces/.test(got.payload); ) got = await raw.frame();
  raw.drop();
});

/* The code of the Close frame; what comes after that isn't waited for. */
async function closeCode(raw) {
  let got;
  do got = await raw.frame(); while (got.opcode !== OP.close);
  raw.drop();
  return got.payload.readUInt16BE();
}

const refused = {
  bomb: [1009, () => text(pack(Buffer.alloc(3_000_000)), { rsv: 4 })],
  one_byte_too_long: [1009, () => text(pack('a'.repeat(4097)), { rsv: 4 })],
  broken: [1007, () => text(Buffer.from('ffffff', 'hex'), { rsv: 4 })],
  cut_short: [1007, () => text(pack('{"type":"ping"}').subarray(0, -3), { rsv: 4 })],
  no_utf8: [1007, () => text(pack(Buffer.from('ff', 'hex')), { rsv: 4 })],
  second_fragment_says_it_again: [1002, () => Buffer.concat([
    text(pack('{}').subarray(0, 1), { rsv: 4, fin: false }), frame(OP.more, '', { rsv: 4 })])],
  ping: [1002, () => frame(OP.ping, '', { rsv: 4 })],
  two_reserved_bits: [1002, () => text(pack('{}'), { rsv: 6 })],
};
for (const [name, [code, make]] of Object.entries(refused)) {
  test(`what_is_wrong_is_refused_${name}`, async () => {
    const raw = await open();
    raw.write(make());
    assert.equal(await closeCode(raw), code);
  });
}

const resident = () => residentOf(childrenOf(stack.pid('pushd'))[0]);

test('bombs_are_not_inflated', async () => {
  const bomb = text(pack(Buffer.alloc(3_000_000)), { rsv: 4 });
  const before = resident();
  await inParallel(4, Array.from({ length: 200 }), async () => {
    const raw = await open();
    raw.write(bomb);
    assert.equal(await closeCode(raw), 1009);
  });
  assert.ok(resident() - before < 40e6, `${resident() - before} bytes more`);
});

test('a_connection_that_deflates_holds_no_more_memory_than_any', async () => {
  const all = [];
  const grown = async (open_one) => {
    const before = resident();
    const added = await inParallel(8, Array.from({ length: 300 }), open_one);
    await inParallel(8, added, pinged);
    all.push(...added);
    return resident() - before;
  };
  const plain = await grown(() => Raw.open(direct, bearer()));
  const deflating = await grown(() => open());
  assert.ok(deflating < plain + 1.5e6, `${deflating} bytes instead of ${plain}`);
  for (const raw of all) raw.drop();
});

test('a_setting_turns_it_off', async () => {
  const other = await startStack({ set: { 'push.deflate': 'no', 'limits.logins_per_minute': 0 } });
  try {
    const bob = await signUp(other.url);
    const raw = await Raw.open({ path: join(other.dir, 'push.sock') },
      { Authorization: `Bearer ${bob.token}`, 'Sec-WebSocket-Extensions': OFFER });
    assert.equal(raw.answer.headers['sec-websocket-extensions'], undefined);
    raw.drop();
  } finally {
    await other.stop();
  }
});
