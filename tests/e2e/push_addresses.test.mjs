/*
 * Connections of one client address, over all workers of the daemon: the bound, what is one
 * address, and that a place is free as soon as its connection is gone, by whatever death.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { signUp } from '../support/client.mjs';
import { childrenOf } from '../support/process.mjs';
import { Raw, upgrade } from '../support/raw.mjs';
import { inParallel, until } from '../support/wait.mjs';

const WORKERS = 3;
const MOST = 6;
let stack, alice, direct, nginx;

before(async () => {
  stack = await startStack({
    set: { 'push.workers': WORKERS, 'limits.connections_per_address': MOST, 'limits.logins_per_minute': 0 },
  });
  direct = { path: join(stack.dir, 'push.sock') };
  nginx = (localAddress) => ({ host: '127.0.0.1', port: stack.port, localAddress });
  alice = await signUp(stack.url);
});
after(() => stack?.stop());

/* One upgrade from `address`, as nginx would name it: the connection, its answer read. */
async function from(address, target = direct) {
  const raw = await Raw.connect(target);
  raw.write(upgrade({ Host: `127.0.0.1:${stack.port}`, Authorization: `Bearer ${alice.token}`, ...(address && { 'X-Real-IP': address }) }));
  await raw.head();
  return raw;
}

const statusFrom = async (address, target) => {
  const raw = await from(address, target);
  raw.drop();
  return raw.answer.status;
};
const fill = (address, target) => inParallel(3, Array(MOST).fill(), () => from(address, target));
const drop = (all) => all.forEach((raw) => raw.drop());
const comesIn = (address, target) => until('a free place', async () => (await statusFrom(address, target)) === 101);

test('one_more_than_allowed_is_refused_by_every_worker_and_those_inside_notice_nothing', async () => {
  const all = await fill('192.0.2.1');
  assert.deepEqual(all.map(({ answer }) => answer.status), Array(MOST).fill(101));
  const refused = await inParallel(1, Array(4 * WORKERS).fill(), () => from('192.0.2.1'));
  for (const { answer, bytes } of refused) {
    assert.equal(answer.status, 429);
    assert.ok(Number(answer.headers['retry-after']) >= 1);
    assert.equal(JSON.parse(bytes).code, 'too_many_connections');
  }
  for (const raw of all) {
    assert.equal((await raw.json()).type, 'welcome');
    raw.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0]));
    assert.equal((await raw.frame()).opcode, 10);
  }
  assert.equal(await statusFrom('192.0.2.2'), 101);
  drop([...all, ...refused]);
});

test('a_place_is_free_again_however_its_connection_ended', async () => {
  const all = await fill('192.0.2.3');
  assert.equal(await statusFrom('192.0.2.3'), 429);
  all[0].drop();
  await comesIn('192.0.2.3');
  await until('all but one place taken', async () => {
    const raw = await from('192.0.2.3');
    if (raw.answer.status === 101) all.push(raw);
    return raw.answer.status === 429;
  });
  for (const pid of childrenOf(stack.pid('pushd'))) process.kill(pid, 'SIGKILL');
  const again = await until('new workers, and all places', async () => {
    const found = await fill('192.0.2.3').catch(() => []);
    if (found.length === MOST && found.every(({ answer }) => answer.status === 101)) return found;
    drop(found);
    return false;
  });
  assert.equal(await statusFrom('192.0.2.3'), 429);
  drop([...all, ...again]);
});

test('a_network_of_ipv6_is_one_address_and_nobody_s_address_has_no_limit', async () => {
  const all = await fill('2001:db8:1:2::1');
  assert.equal(await statusFrom('2001:db8:1:2:ffff::9'), 429);
  assert.equal(await statusFrom('2001:db8:1:3::1'), 101);
  const nobody = [...await fill(undefined), ...await fill(undefined), ...await fill('unix:')];
  for (const { answer } of nobody) assert.equal(answer.status, 101);
  drop([...all, ...nobody]);
});

test('a_reader_of_events_takes_a_place_like_any_other', async () => {
  const all = await fill('192.0.2.6');
  all.pop().drop();
  const line = { line: 'GET /events HTTP/1.1' };
  const headers = { Authorization: `Bearer ${alice.token}`, 'X-Real-IP': '192.0.2.6', Upgrade: undefined, Connection: undefined };
  const reader = await until('the free place', async () => {
    const raw = await Raw.connect(direct);
    raw.write(upgrade(headers, line));
    return (await raw.head()).status === 200 && raw;
  });
  assert.equal(await statusFrom('192.0.2.6'), 429);
  const late = await Raw.connect(direct);
  late.write(upgrade(headers, line));
  assert.equal((await late.head()).status, 429);
  reader.drop();
  await comesIn('192.0.2.6');
  drop([...all, late]);
});

test('nginx_names_the_address_and_no_client_can_name_another', async () => {
  const all = await fill('203.0.113.1', nginx('127.0.0.1'));
  assert.deepEqual(all.map(({ answer }) => answer.status), Array(MOST).fill(101));
  assert.equal(await statusFrom('203.0.113.2', nginx('127.0.0.1')), 429);
  assert.equal(await statusFrom('203.0.113.2', nginx('127.0.0.9')), 101);
  drop(all);
  await comesIn(undefined, nginx('127.0.0.1'));
});

test('who_is_refused_for_another_reason_takes_no_place', async () => {
  const refused = await inParallel(2, Array(2 * MOST).fill(), async () => {
    const raw = await Raw.connect(direct);
    raw.write(upgrade({ Authorization: 'Bearer nobody.s1.x', 'X-Real-IP': '192.0.2.5' }));
    assert.equal((await raw.head()).status, 401);
    return raw;
  });
  const all = await fill('192.0.2.5');
  assert.deepEqual(all.map(({ answer }) => answer.status), Array(MOST).fill(101));
  drop([...all, ...refused]);
});
