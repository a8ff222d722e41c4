/*
 * The disk under Redis is full, and has room again: nothing acknowledged is lost, and nobody has to
 * do anything but make room.
 *
 * The data folder is a small tmpfs, which only root can mount: elsewhere this is skipped.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { newText, signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { fresh, healthOf, healthy, holdsExactly, insist, pidsOf, post, refusedProperly } from '../support/steady.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

const DISK = '8m';
const LEFT_BYTES = 32 << 10;
const dir = mkdtempSync(join(tmpdir(), 'stonechat-'));
const data = join(dir, 'data');
const filler = join(data, 'filler');
let stack, alice, programs;

function mount() {
  mkdirSync(data);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'stonechat-test', data], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const skip = mount() ? false : 'no tmpfs can be mounted here';

before(async () => {
  if (skip) return;
  stack = await startStack({ dir, set: { 'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0 } });
  alice = await signUp(stack.url);
  programs = pidsOf(stack);
});
after(async () => {
  await stack?.stop();
  if (!skip) execFileSync('umount', ['-l', data]);
  rmSync(dir, { recursive: true, force: true });
});

/* Leaves a little room, which messages then use up. */
function fillDisk() {
  const { bavail, bsize } = statfsSync(data);
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - LEFT_BYTES)));
}

/* Posts until refused; gives what was acknowledged, and the body that was not. */
async function postUntilRefused(room, posted) {
  for (;;) {
    const body = { ...fresh(), text: newText().padEnd(2000, '.') };
    const answer = await post(alice, room, body);
    if (answer.status !== 201) {
      refusedProperly(answer);
      return body;
    }
    posted.push(answer.body.message);
  }
}

async function goesOnOnceThereIsRoom(room, live, posted, body) {
  rmSync(filler);
  posted.push(await insist(alice, room, body));
  posted.push(...await inParallel(4, Array(12).fill(), () => insist(alice, room)));
  await healthy(stack);
  await live.entry(room, Math.max(...posted.map(({ seq }) => seq)));
  await holdsExactly(alice, room, posted);
  assert.equal(live.over, null);
  assert.deepEqual(pidsOf(stack), programs);
  await live.close();
}

describe('a full disk', { skip }, () => {
  test('with_everysec_refuses_writes_and_nothing_else', async () => {
    await stack.redis('CONFIG', 'SET', 'appendfsync', 'everysec');
    const room = await alice.openRoom();
    const live = await alice.reach();
    const posted = [];
    fillDisk();
    const body = await postUntilRefused(room, posted);
    const redis = stack.pid('redis');
    await sleep(2000);
    (await Promise.all([post(alice, room), alice.call('POST', '/rooms', { name: 'x'.repeat(8), kind: 'public' }),
      alice.call('POST', '/tickets')])).forEach(refusedProperly);
    const page = await alice.call('GET', `/rooms/${room}/messages?limit=1`);
    assert.deepEqual([page.status, page.body?.messages], [200, posted.slice(-1)]);
    const links = () => stack.log('pushd').match(/event=redis_link_up/g).length;
    const before = links();
    for (const type of ['pubsub', 'normal']) await stack.redis('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
    await until('new links', () => links() === before + 2);
    await until('health', async () => (await healthOf(stack)).pushd);
    await stack.redis('PUBLISH', `chat:message:room:${room}`, '{"text":"still live"}');
    assert.equal((await live.next('notice')).data.text, 'still live');
    assert.deepEqual(await healthOf(stack), { fcgi: false, pushd: true });
    await goesOnOnceThereIsRoom(room, live, posted, body);
    assert.equal(stack.pid('redis'), redis);
  }, { timeout: 60_000 });

  test('with_always_ends_redis_which_comes_back_with_all_that_was_acknowledged', async () => {
    await stack.redis('CONFIG', 'SET', 'appendfsync', 'always');
    const room = await alice.openRoom();
    const live = await alice.reach();
    const posted = [];
    const redis = stack.pid('redis');
    fillDisk();
    const body = await postUntilRefused(room, posted);
    await until('redis to have ended', () => stack.pid('redis') !== redis);
    for (let i = 0; i < 20; i++) {
      refusedProperly(await post(alice, room, body));
      await sleep(100);
    }
    await goesOnOnceThereIsRoom(room, live, posted, body);
  }, { timeout: 60_000 });

  test('ends_neither_of_the_programs', () => {
    assert.deepEqual(deathsIn(stack.dir).filter((line) => !line.includes('name=redis')), []);
  });
});
