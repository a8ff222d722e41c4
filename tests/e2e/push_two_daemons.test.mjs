/*
 * Two machines' worth of daemons: two whole stacks that share nothing but one Redis.
 *
 * Whatever is said, done or revoked on one reaches those who read on the other, in order and
 * complete; and what befalls one of them (killed, its subscriptions cut) is noticed by nobody on
 * the other.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { startStack } from '../support/stack.mjs';
import { Person, signUp } from '../support/client.mjs';
import { deathsIn } from '../support/deaths.mjs';
import { leaksIn } from '../support/leaks.mjs';
import { familyOf } from '../support/process.mjs';
import { scrape } from '../support/scrape.mjs';
import { startRedis } from '../support/servers.mjs';
import { healthy } from '../support/steady.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

const FREE = { 'limits.messages_per_10s': 0, 'limits.logins_per_minute': 0 };
const PROMPTLY_MS = 1000;
let redis, near, far, stacks, nearLinks, alice, bob;

before(async () => {
  redis = await startRedis();
  near = await startStack({ set: { ...FREE, 'redis.url': redis.url } });
  nearLinks = await subscriptions();
  far = await startStack({ set: { ...FREE, 'redis.url': redis.url, 'push.workers': 2 } });
  stacks = [near, far];
  alice = await signUp(near.url);
  bob = await signUp(far.url);
});
after(async () => {
  await Promise.all([near?.stop(), far?.stop()]);
  redis?.stop();
});
afterEach(() => Promise.all(stacks.map((stack) => healthy(stack))));

/* Ids of the push daemons' links that subscribe, as Redis knows them: those of stonechat-fcgi listen to patterns. */
const subscriptions = async () =>
  [...(await redis.ask('CLIENT', 'LIST', 'TYPE', 'pubsub')).matchAll(/^id=(\d+) .* psub=0 /gm)].map(([, id]) => id);

async function cutSubscriptionsOfFar() {
  const its = (await subscriptions()).filter((id) => !nearLinks.includes(id));
  await Promise.all(its.map((id) => redis.ask('CLIENT', 'KILL', 'ID', id)));
  return its.length;
}

/* The same person with the same session, by the other machine. */
const elsewhere = (person, stack) => Object.assign(new Person(stack.url, person), {
  token: person.token, session: person.session, user: person.user, id: person.id, cookie: person.cookie });

/* A room that both are in, each with a live connection to the own machine. */
async function scene() {
  const room = await alice.openRoom();
  await bob.join(room);
  const here = await alice.reach();
  const there = await bob.reach();
  await Promise.all([here.sync(), there.sync()]);
  return { room, here, there };
}

const closeAll = (...connections) => Promise.all(connections.map((one) => one.close()));
const counted = async (stack) => scrape(join(stack.dir, 'push.sock'), 'stonechat_pushd_');
const within = (began) => assert.ok(performance.now() - began < PROMPTLY_MS, `after ${performance.now() - began} ms`);

describe('what happens on one machine', () => {
  test('is_said_on_both_in_the_same_order_and_completely', async () => {
    const { room, here, there } = await scene();
    const posted = await inParallel(8, Array(400).fill(), (_, i) => (i % 2 ? alice : bob).post(room));
    const last = Math.max(...posted.map(({ seq }) => seq));
    await Promise.all([here, there].map((one) => one.entry(room, last)));
    const [ours, theirs] = [here, there].map((one) =>
      one.texts.filter((_, i) => one.frames[i].room === room && one.frames[i].type === 'message'));
    assert.deepEqual(ours.slice(-400), theirs.slice(-400));
    assert.equal(new Set(ours).size, 400);
    await closeAll(here, there);
  });

  test('a_session_that_is_ended_there_is_closed_here_at_once', async () => {
    for (const way of ['/sessions/current', '/sessions']) {
      const device = await alice.anotherDevice();
      const away = elsewhere(device, far);
      const connections = await Promise.all([device, away].map((one) => one.reach()));
      await Promise.all(connections.map((one) => one.sync()));
      const began = performance.now();
      await away.must(204, 'DELETE', way);
      for (const connection of connections) assert.equal((await connection.end(5000)).code, 4401);
      within(began);
      await assert.rejects(device.connect(), { status: 401 });
      if (way === '/sessions') await alice.signIn();
    }
  });

  test('who_joins_or_leaves_there_begins_and_ends_to_be_told_here', async () => {
    const room = await bob.openRoom();
    const away = elsewhere(alice, far);
    const here = await alice.reach();
    await here.sync();
    for (let round = 0; round < 5; round++) {
      const began = performance.now();
      await away.join(room);
      await here.next((frame) => frame.type === 'joined' && frame.room === room);
      within(began);
      const { seq } = await bob.post(room);
      await here.entry(room, seq);
      await away.must(204, 'DELETE', `/rooms/${room}/members/me`);
      await here.next((frame) => frame.type === 'left' && frame.room === room);
      const unheard = await bob.post(room);
      await here.sync();
      assert.ok(!here.of(room).some((frame) => frame.seq === unheard.seq));
    }
    await here.close();
  });

  test('typing_and_notices_pass_over', async () => {
    const { room, here, there } = await scene();
    there.say({ type: 'typing', room });
    const typing = await here.next((frame) => frame.type === 'typing' && frame.room === room);
    assert.equal(typing.user.id ?? typing.user, bob.id);
    await redis.ask('PUBLISH', 'chat:message', '{"a":1}');
    for (const connection of [here, there]) assert.deepEqual((await connection.next('notice')).data, { a: 1 });
    await closeAll(here, there);
  });

  test('a_cursor_from_there_is_good_here', async () => {
    const { room, here, there } = await scene();
    const first = await alice.post(room);
    await there.entry(room, first.seq);
    await there.close();
    const posted = await inParallel(4, Array(60).fill(), () => bob.post(room));
    const back = await elsewhere(bob, near).reach({ cursors: there.order.resume });
    await back.entry(room, Math.max(...posted.map(({ seq }) => seq)));
    assert.equal(back.of(room).filter(({ type }) => type === 'message').length, 60);
    await closeAll(here, back);
  });
});

describe('what befalls one machine', () => {
  /* Both post all the time; gives {stop}, which resolves to the last seq. */
  function stream(room, ...people) {
    let going = true, last = 0, failed = 0;
    const posting = Promise.all(people.map(async (person) => {
      while (going) {
        await person.post(room).then(({ seq }) => { last = Math.max(last, seq); }, () => { failed++; });
        await sleep(5);
      }
    }));
    return {
      async stop() {
        going = false;
        await posting;
        return { last, failed };
      },
    };
  }

  test('its_push_daemon_killed_is_nothing_to_the_others_readers', async () => {
    const { room, here, there } = await scene();
    const talk = stream(room, alice, bob);
    let back = there;
    for (let round = 0; round < 3; round++) {
      await sleep(200);
      await until('a daemon', async () => (await healthy(far), true));
      far.kill('pushd', 'SIGKILL');
      await back.end();
      back = await bob.reach({ cursors: back.order.resume });
    }
    const { last, failed } = await talk.stop();
    assert.equal(failed, 0);
    await Promise.all([here.entry(room, last), back.entry(room, last)]);
    assert.ok(!here.over);
    await closeAll(here, back);
  });

  test('its_subscriptions_cut_only_its_own_readers_catch_up', async () => {
    const { room, here, there } = await scene();
    const before = await Promise.all(stacks.map(counted));
    const talk = stream(room, alice);
    let cut = 0;
    for (let round = 0; round < 5; round++) {
      await sleep(150);
      cut += await cutSubscriptionsOfFar();
    }
    const { last } = await talk.stop();
    await Promise.all([here.entry(room, last), there.entry(room, last)]);
    const after = await Promise.all(stacks.map(counted));
    const [ours, theirs] = after.map((one, i) =>
      one['link_losses_total{link="subscriptions"}'] - before[i]['link_losses_total{link="subscriptions"}']);
    assert.equal(ours, 0);
    assert.ok(cut > 0 && theirs === cut, `${cut} were cut, ${theirs} were noticed`);
    assert.equal(after[0].missed_entries_total, before[0].missed_entries_total);
    assert.ok(!here.over && !there.over);
    await closeAll(here, there);
  });

  test('it_stopped_for_a_while_the_other_goes_on_and_it_makes_up', async () => {
    const { room, here, there } = await scene();
    const family = familyOf(far.pid('pushd'));
    for (const pid of family) process.kill(pid, 'SIGSTOP');
    const posted = await inParallel(4, Array(200).fill(), () => alice.post(room));
    const last = Math.max(...posted.map(({ seq }) => seq));
    await here.entry(room, last);
    for (const pid of family) process.kill(pid, 'SIGCONT');
    await there.entry(room, last);
    await closeAll(here, there);
  });

  test('its_stonechat_fcgi_killed_leaves_delivery_alone', async () => {
    const { room, here, there } = await scene();
    const talk = stream(room, alice);
    for (let round = 0; round < 3; round++) {
      await sleep(100);
      await healthy(far);
      far.kill('fcgi', 'SIGKILL');
    }
    const { last, failed } = await talk.stop();
    assert.equal(failed, 0);
    await Promise.all([here.entry(room, last), there.entry(room, last)]);
    await closeAll(here, there);
  });
});

test('neither_has_died_by_itself_nor_told_a_secret', () => {
  for (const { dir } of stacks) assert.deepEqual([...deathsIn(dir), ...leaksIn(dir)], []);
});
