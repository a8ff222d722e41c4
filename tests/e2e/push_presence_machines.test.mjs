/*
 * Who is online, with two whole stacks that share one Redis: a machine is killed, another one is
 * frozen and comes to. Every room is small here but the default one.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Person, signUp } from '../support/client.mjs';
import { familyOf } from '../support/process.mjs';
import { startRedis } from '../support/servers.mjs';
import { startStack } from '../support/stack.mjs';
import { sleep, until } from '../support/wait.mjs';

const SMALL = 2;
const SETTINGS = {
  'push.workers': 2, 'push.presence_grace_s': 1, 'limits.presence_members': SMALL,
  'limits.connections_per_user': 2, 'limits.logins_per_minute': 0,
};
let redis, near, far, ada, bob, others;

before(async () => {
  redis = await startRedis();
  near = await startStack({ set: { ...SETTINGS, 'redis.url': redis.url } });
  far = await startStack({ set: { ...SETTINGS, 'redis.url': redis.url } });
  ada = await signUp(near.url);
  bob = await signUp(far.url);
  others = [await signUp(far.url), await signUp(far.url)];
  await bob.join(await ada.openRoom());
});
after(async () => {
  await Promise.all([near?.stop(), far?.stop()]);
  redis?.stop();
});

const by = (person, stack) => Object.assign(new Person(stack.url, person), {
  token: person.token, session: person.session, user: person.user, id: person.id });
const tells = ({ id }, online) => (frame) => frame.type === 'presence' && frame.user?.id === id && frame.online === online;
const counts = (online) => (frame) => frame.type === 'presence' && frame.room === 'lobby' && frame.online === online;
const heard = (connection, { id }) => connection.frames.filter((frame) => frame.type === 'presence' && frame.user?.id === id)
  .map(({ online }) => online);

async function live(person) {
  const connection = await person.reach();
  await connection.sync();
  return connection;
}

test('who_comes_and_goes_there_is_told_here_and_counted_once', async () => {
  const watching = await live(ada);
  const there = await live(bob);
  await watching.next(tells(bob, true));
  const here = await live(by(bob, near));
  await assert.rejects(bob.connect(), { status: 429 });
  await watching.next(counts(2), 30_000);
  await there.close();
  await sleep(4000);
  await watching.sync();
  assert.deepEqual(heard(watching, bob), [true]);
  await here.close();
  await watching.next(tells(bob, false));
  await watching.next(counts(1), 30_000);
  await watching.close();
});

/* Long enough for it to be over, and not so long that its connections would be given up. */
test('a_worker_that_was_frozen_goes_on_as_another_and_its_users_stay', async () => {
  const watching = await live(ada);
  const there = await live(bob);
  await watching.next(tells(bob, true));
  const nodes = () => redis.ask('HKEYS', `{u:${bob.id}}:nodes`);
  const node = await nodes();
  const frozen = familyOf(far.pid('pushd')).slice(1);
  frozen.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  await sleep(18_000);
  frozen.forEach((pid) => process.kill(pid, 'SIGCONT'));
  await until('another node', async () => !(await nodes()).includes(node), 60_000);
  await there.sync();
  await until('the old node to be cleared away', async () => (await redis.ask('ZSCORE', 'nodes', node)).trim() === '', 60_000);
  await watching.sync();
  assert.deepEqual(heard(watching, bob), [true]);
  assert.equal((await redis.ask('HVALS', `{u:${bob.id}}:conns`)).trim(), bob.session.id);
  await there.close();
  await watching.next(tells(bob, false));
  await watching.close();
});

test('a_machine_that_restarts_has_nobody_said_to_be_away_who_comes_back', async () => {
  const watching = await live(ada);
  const there = await live(bob);
  await watching.next(tells(bob, true));
  const node = (await redis.ask('HKEYS', `{u:${bob.id}}:nodes`)).trim();
  far.kill('pushd', 'SIGTERM');
  assert.equal((await there.end()).code, 1012);
  const back = await live(bob);
  await until('the old node to be cleared away', async () => (await redis.ask('ZSCORE', 'nodes', node)).trim() === '', 60_000);
  await watching.sync();
  assert.deepEqual(heard(watching, bob), [true]);
  await back.close();
  await watching.next(tells(bob, false));
  await watching.close();
});

test('a_machine_that_is_killed_takes_its_users_offline_within_a_minute', async () => {
  const watching = await live(ada);
  await live(bob);
  await Promise.all(others.map(live));
  await watching.next(tells(bob, true));
  await watching.next(counts(2 + others.length), 30_000);
  const supervisor = far.pid('supervisor'); // which would only start it again
  const daemon = familyOf(far.pid('pushd'));
  [supervisor, ...daemon].forEach((pid) => process.kill(pid, 'SIGSTOP'));
  daemon.forEach((pid) => process.kill(pid, 'SIGKILL'));
  const began = Date.now();
  await watching.next(tells(bob, false), 60_000);
  await watching.next(counts(1), 60_000 - (Date.now() - began));
  await watching.close();
  process.kill(supervisor, 'SIGCONT');
});
