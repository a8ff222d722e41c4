/*
 * Web Push, from a message to the screen of a device that sleeps: against a push service of our own
 * (tests/support/push_service.mjs), which checks every signature and decrypts every body.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startAnother } from '../support/another.mjs';
import { signUp } from '../support/client.mjs';
import { startPushService } from '../support/push_service.mjs';
import { scrape } from '../support/scrape.mjs';
import { startStack } from '../support/stack.mjs';
import { inParallel, sleep, until } from '../support/wait.mjs';

const DELAY_MS = 100;
/* Long enough for a push that must not come to have come. */
const SETTLED_MS = 1500;

let service, stack, alice, bob, room;

before(async () => {
  service = await startPushService();
  stack = await startStack({ set: {
    'limits.logins_per_minute': 0, 'limits.rooms_per_hour': 0, 'limits.pushes_per_minute': 0, 'limits.directs_per_hour': 0,
    'notify.private_endpoints': 'yes', 'notify.delay_ms': DELAY_MS, 'notify.timeout_ms': 1000,
    'notify.contact': 'mailto:ops@chat.example', 'limits.messages_per_10s': 0, 'limits.deletes_per_minute': 0,
  } });
});
after(async () => {
  await stack?.stop();
  service?.close();
});
beforeEach(async () => {
  [alice, bob] = await inParallel(1, [1, 2], () => signUp(stack.url));
  room = await alice.openRoom();
  await bob.join(room);
});

async function subscribed(person, device = service.subscribe()) {
  await person.must(201, 'POST', '/push', device.form);
  return device;
}
const listens = (person, level = 'all') => person.must(204, 'PUT', `/rooms/${room}/notify`, { level });
const queued = async () => Number(await stack.redis('ZCARD', '{push}:devices'));
const metrics = () => scrape({ host: '127.0.0.2', port: stack.port }, 'stonechat_fcgi_', '/metrics/fcgi');

/* What comes after this has been seen to has not come for what was before. */
async function nothingMore(device, count = 0) {
  await sleep(SETTLED_MS);
  await until('an empty queue', async () => (await queued()) === 0);
  assert.equal(device.received.length, count, JSON.stringify(device.received));
}

describe('a message wakes', () => {
  test('whoever wants to hear of all that is said in the room', async () => {
    const device = await subscribed(bob);
    await listens(bob);
    const { key } = await bob.must(200, 'GET', '/push');
    const { seq } = await alice.post(room, 'good morning');
    const [push] = await device.pushes(1);
    const { ttl, topic, ...rest } = push;
    const { title } = (await bob.must(200, 'GET', `/rooms/${room}`)).room;
    assert.deepEqual(rest, {
      room, seq, kind: 'public', title, from: alice.user.display, text: 'good morning', unread: 1, tag: `room:${room}`,
      urgency: 'high', sub: 'mailto:ops@chat.example', key,
    });
    assert.ok(ttl > 0 && topic.length > 8);
    await nothingMore(device, 1);
  });

  test('who_is_mentioned_where_the_room_is_as_usual', async () => {
    const device = await subscribed(bob);
    await alice.post(room, 'to nobody');
    await alice.post(room, `to @${bob.name}`);
    const [{ text }] = await device.pushes(1);
    assert.equal(text, `to @${bob.name}`);
    await nothingMore(device, 1);
  });

  test('the_other_of_a_direct_room', async () => {
    const device = await subscribed(bob);
    const { room: direct } = (await alice.call('PUT', `/direct/${bob.id}`)).body;
    await alice.post(direct.id, 'psst');
    const [{ kind, from }] = await device.pushes(1);
    assert.deepEqual([kind, from], ['direct', alice.user.display]);
  });

  test('who_joined_after_subscribing', async () => {
    const device = await subscribed(bob);
    room = await alice.openRoom();
    await bob.join(room);
    await alice.post(room, `@${bob.name}`);
    await device.pushes(1);
  });

  test('each_device_of_a_person', async () => {
    const phone = await bob.anotherDevice();
    const devices = [await subscribed(bob), await subscribed(phone)];
    await listens(bob);
    await alice.post(room);
    await Promise.all(devices.map((device) => device.pushes(1)));
  });

  test('by_a_webhook_too', async () => {
    const device = await subscribed(bob);
    await listens(bob);
    const { hook } = await alice.must(201, 'POST', `/rooms/${room}/hooks`, { name: 'Weather' });
    await bob.must(201, 'POST', `/hooks/${hook.token}`, { text: 'rain', username: alice.user.display });
    const [{ text, from, bot }] = await device.pushes(1);
    assert.deepEqual([text, from, bot], ['rain', alice.user.display, true]);
  });

  test('once_for_many_with_the_newest', async () => {
    const device = await subscribed(bob);
    await listens(bob);
    await Promise.all(Array.from({ length: 10 }, (_, i) => alice.post(room, `word ${i}`)));
    const { room: { seq } } = await bob.must(200, 'GET', `/rooms/${room}`);
    await until('the newest', () => device.received.at(-1)?.seq === seq);
    assert.ok(device.received.length < 4, `${device.received.length} pushes for 10 messages`);
    assert.equal(new Set(device.received.map(({ topic }) => topic)).size, 1);
  });

  test('with_a_long_text_cut_between_characters', async () => {
    const device = await subscribed(bob);
    await listens(bob);
    await alice.post(room, '好'.repeat(4000));
    const [{ text }] = await device.pushes(1);
    assert.equal(text, `${'好'.repeat(120)}…`);
  });
});

describe('a message does not wake', () => {
  const rows = {
    who_wants_to_hear_of_nothing: async () => {
      await listens(bob, 'nothing');
      await alice.post(room, `@${bob.name}`);
    },
    who_wrote_it: async () => {
      await listens(bob);
      await bob.post(room);
    },
    who_has_read_it_meanwhile: async () => {
      await listens(bob);
      const { seq } = await alice.post(room);
      await bob.must(204, 'PUT', `/rooms/${room}/read`, { seq });
    },
    who_has_left: async () => {
      await listens(bob);
      await bob.must(204, 'DELETE', `/rooms/${room}/members/me`);
      await alice.post(room);
    },
    when_it_is_deleted_at_once: async () => {
      await listens(bob);
      const { seq } = await alice.post(room);
      await alice.must(204, 'DELETE', `/rooms/${room}/messages/${seq}`);
    },
    in_quiet_hours: async () => {
      await listens(bob);
      await bob.must(200, 'PUT', '/me/notifications', { from: '00:00', to: '23:59', zone: 'Asia/Shanghai' });
      await alice.post(room);
    },
    who_does_not_want_to_be_disturbed_for_now: async () => {
      await listens(bob);
      await bob.must(200, 'PUT', '/me/notifications', { until: Date.now() + 60_000 });
      await alice.post(room);
    },
    a_device_that_was_signed_out: async () => {
      await listens(bob);
      const other = await bob.anotherDevice();
      await other.must(204, 'DELETE', `/sessions/${bob.session.id}`);
      await alice.post(room);
    },
    an_account_that_is_disabled: async () => {
      await listens(bob);
      await stack.redis('HSET', `{u:${bob.id}}:user`, 'disabled', '1');
      await alice.post(room);
    },
    a_device_that_has_unsubscribed: async () => {
      await listens(bob);
      await bob.must(204, 'DELETE', '/push/current');
      await alice.post(room);
    },
  };
  for (const [name, deed] of Object.entries(rows)) {
    test(name, async () => {
      const device = await subscribed(bob);
      await deed();
      await nothingMore(device);
    });
  }

  test('and_what_was_said_is_not_shown_to_whom_does_not_want_it', async () => {
    const device = await subscribed(bob);
    await listens(bob);
    await bob.must(200, 'PUT', '/me/notifications', { text: false });
    await alice.post(room, 'a secret');
    const [push] = await device.pushes(1);
    assert.equal('text' in push, false);
    assert.equal(push.from, alice.user.display);
  });
});

describe('a browser', () => {
  const openOf = async (person) => (await person.must(200, 'GET', '/push')).push !== null;

  test('is_woken_for_whom_is_signed_in_there_now_and_not_for_who_was_before', async () => {
    const device = await subscribed(bob); // whose session goes on: nobody has signed him out
    await listens(bob);
    await subscribed(alice, device);
    assert.deepEqual([await openOf(bob), await openOf(alice)], [false, true]);
    await alice.post(room, 'for bob alone');
    await nothingMore(device);
    await listens(alice);
    await bob.post(room, 'for alice');
    const [{ text }] = await device.pushes(1);
    assert.equal(text, 'for alice');
    await subscribed(bob, device); // and back
    assert.deepEqual([await openOf(bob), await openOf(alice)], [true, false]);
  });

  test('is_woken_once_for_a_person_who_has_signed_in_there_anew', async () => {
    const device = await subscribed(bob);
    await subscribed(await bob.anotherDevice(), device);
    await listens(bob);
    await alice.post(room);
    await device.pushes(1);
    await nothingMore(device, 1);
  });

  test('stays_subscribed_whatever_others_do_who_know_its_endpoint', async () => {
    const device = await subscribed(bob);
    await alice.must(201, 'POST', '/push', { ...service.subscribe().form, endpoint: device.form.endpoint });
    await alice.must(201, 'POST', '/push', { ...device.form, keys: { ...device.form.keys, auth: service.subscribe().form.keys.auth } });
    assert.equal(await openOf(bob), true);
    await alice.must(204, 'DELETE', '/push/current');
    assert.equal(await openOf(bob), true);
  });
});

describe('a push service that', () => {
  const retried = async (answer) => {
    const device = service.subscribe();
    device.answers.push(answer);
    await subscribed(bob, device);
    await listens(bob);
    await alice.post(room);
    await device.pushes(1);
    return device.tries;
  };

  for (const status of [500, 503, 429]) {
    test(`answers_${status}_is_asked_again`, async () => assert.equal((await retried(status)).length, 2));
  }

  test('asks_to_wait_is_left_alone_for_so_long', async () => {
    const [first, second] = await retried((_, response) => response.writeHead(429, { 'retry-after': '3' }).end());
    assert.ok(second.at - first.at >= 2900, `${second.at - first.at} ms`);
  });

  test('asks_to_wait_is_left_alone_also_when_something_new_is_said', async () => {
    const device = service.subscribe();
    device.answers.push((_, response) => response.writeHead(429, { 'retry-after': '3' }).end());
    await subscribed(bob, device);
    await listens(bob);
    await alice.post(room);
    const [first] = await device.tried(1);
    await alice.post(room, 'the newest');
    const [{ text }] = await device.pushes(1);
    assert.equal(text, 'the newest');
    assert.ok(device.tries[1].at - first.at >= 2900);
  });

  test('never_answers_is_asked_again', async () => assert.equal((await retried(() => {})).length, 2));

  test('hangs_up_is_asked_again', async () =>
    assert.equal((await retried((request) => request.socket.destroy())).length, 2));

  test('never_stops_answering_is_cut_off', async () => {
    const { pushes_sent_total: before } = await metrics();
    const device = service.subscribe();
    device.answers.push((_, response) => {
      response.writeHead(201);
      const pour = setInterval(() => response.write('x'.repeat(65536)), 1);
      response.on('close', () => clearInterval(pour));
    });
    await subscribed(bob, device);
    await listens(bob);
    await alice.post(room);
    await until('an end', async () => (await metrics()).pushes_sent_total > before);
  });

  test('sends_elsewhere_is_not_followed', async () => {
    const device = service.subscribe(), elsewhere = service.subscribe();
    device.answers.push((_, response) => response.writeHead(307, { location: elsewhere.form.endpoint }).end());
    await subscribed(bob, device);
    await listens(bob);
    await alice.post(room);
    await device.tried(1);
    await nothingMore(elsewhere);
    assert.equal(elsewhere.tries.length, 0);
    assert.equal(device.tries.length, 1);
  });

  for (const status of [404, 410]) {
    test(`answers_${status}_is_forgotten`, async () => {
      const device = service.subscribe();
      device.answers.push(status);
      await subscribed(bob, device);
      await listens(bob);
      await alice.post(room);
      await until('it to be forgotten', async () => (await bob.must(200, 'GET', '/push')).push === null);
      await alice.post(room);
      await nothingMore(device);
      assert.equal(device.tries.length, 1);
    });
  }

  test('refuses_for_good_is_not_asked_again_for_that', async () => {
    const device = service.subscribe();
    device.answers.push(413);
    await subscribed(bob, device);
    await listens(bob);
    await alice.post(room);
    await device.tried(1);
    await nothingMore(device);
    await alice.post(room);
    await device.pushes(1);
  });
});

describe('nothing is lost', () => {
  test('by_the_end_of_the_program_in_the_middle_of_sending', async () => {
    const device = service.subscribe();
    const held = [];
    device.answers.push((_, response) => held.push(response));
    await subscribed(bob, device);
    await listens(bob);
    await alice.post(room);
    await device.tried(1);
    stack.kill('fcgi');
    await stack.redis('ZADD', '{push}:devices', 'XX', '0', (await stack.redis('ZRANGE', '{push}:devices', '0', '-1'))); // the lease is over
    await device.pushes(1);
  });

  test('by_the_end_of_the_program_before_the_room_is_noted', async () => {
    const { seq } = await alice.post(room, 'said before anybody listened');
    const device = await subscribed(bob);
    await listens(bob);
    await stack.redis('HSET', `{r:${room}}:room`, 'push', `${seq}`); // as message_send leaves it
    await stack.redis('DEL', 'chore:pushes');
    stack.kill('fcgi');
    await until('the walk over all rooms', () => device.received.length > 0, 90_000);
    assert.equal(device.received[0].seq, seq);
  });

  test('and_two_programs_share_the_work_without_doubling', async () => {
    const devices = await inParallel(2, Array.from({ length: 20 }), async () => {
      const person = await signUp(stack.url);
      await person.join(room);
      await listens(person);
      return subscribed(person);
    });
    const other = await startAnother(stack);
    try {
      await alice.post(room);
      await Promise.all(devices.map((device) => device.pushes(1)));
      await sleep(SETTLED_MS);
    } finally {
      other.stop();
    }
    assert.deepEqual(devices.map(({ tries }) => tries.length), devices.map(() => 1));
  });
});

test('many_long_messages_that_mention_somebody_cost_redis_little_however_many_listen', async () => {
  const crowd = Array.from({ length: 1000 }, (_, i) => `listener${i}`);
  const busy = async () => Number(/used_cpu_user_main_thread:([\d.]+)/.exec(await stack.redis('INFO', 'cpu'))[1]);
  const seen = () => until('a look', async () => (await stack.redis('HEXISTS', `{r:${room}}:room`, 'push')) === '0');
  await subscribed(bob);
  await Promise.all(Array.from({ length: 50 }, () => alice.post(room, `@${bob.name} ${'"\n'.repeat(1900)}`)));
  await seen();
  const row = await stack.redis('HGET', `{r:${room}}:members`, bob.id);
  await stack.redis('HSET', `{r:${room}}:members`, ...crowd.flatMap((id) => [id, row]));
  await stack.redis('SADD', `{r:${room}}:pushers`, ...crowd);
  await stack.redis('HSET', `{r:${room}}:room`, 'push', '1'); // as if all of it were still to be looked at
  const before = await busy();
  await alice.post(room, 'and one more');
  await seen();
  const took = (await busy()) - before;
  assert.ok(took < 0.7, `${took} s of Redis`);
});

test('a_room_without_subscribers_is_not_looked_at', async () => {
  await alice.post(room, `@${bob.name}`);
  assert.equal(await stack.redis('HEXISTS', `{r:${room}}:room`, 'push'), '0');
});

test('what_waits_is_bounded', async () => {
  const small = await startStack({ set: {
    'limits.logins_per_minute': 0, 'notify.private_endpoints': 'yes', 'notify.queue': 1, 'notify.delay_ms': 0, 'notify.timeout_ms': 60000, 'notify.parallel': 1,
  } });
  try {
    const [ann, ben, cem] = await inParallel(1, [1, 2, 3], () => signUp(small.url));
    const hub = await ann.openRoom();
    for (const person of [ben, cem]) {
      const device = service.subscribe();
      device.answers.push(() => {});
      await person.join(hub);
      await subscribed(person, device);
      await person.must(204, 'PUT', `/rooms/${hub}/notify`, { level: 'all' });
    }
    await ann.post(hub);
    await until('one to be dropped', async () =>
      (await scrape({ host: '127.0.0.2', port: small.port }, 'stonechat_fcgi_', '/metrics/fcgi')).pushes_dropped_total === 1);
    assert.equal(await small.redis('ZCARD', '{push}:devices'), '1');
  } finally {
    await small.stop();
  }
});

describe('who has only push services that never answer', () => {
  const ROOMS = 26, DEVICES = 20;
  let small, eve, ann, ben;
  const figures = () => scrape({ host: '127.0.0.2', port: small.port }, 'stonechat_fcgi_', '/metrics/fcgi');

  async function crowd(rooms, devices) {
    for (let i = 0; i < devices; i++) {
      const device = service.subscribe();
      device.answers.push(...Array(1000).fill(() => {}));
      await (await eve.anotherDevice()).must(201, 'POST', '/push', device.form);
    }
    for (let i = 0; i < rooms; i++) {
      const hub = await ann.openRoom();
      await eve.join(hub);
      await eve.must(204, 'PUT', `/rooms/${hub}/notify`, { level: 'all' });
      await ann.post(hub);
    }
  }

  before(async () => {
    small = await startStack({ set: {
      'limits.logins_per_minute': 0, 'limits.rooms_per_hour': 0, 'limits.messages_per_10s': 0, 'limits.joins_per_minute': 0,
      'limits.pushes_per_minute': 0, 'notify.private_endpoints': 'yes', 'notify.delay_ms': 0, 'notify.timeout_ms': 5000, 'notify.parallel': 4,
    } });
    [eve, ann, ben] = await inParallel(1, [1, 2, 3], () => signUp(small.url));
  });
  after(() => small?.stop());

  test('keeps_nobody_else_waiting_and_takes_no_more_places_than_are_hers', async () => {
    await crowd(ROOMS, DEVICES);
    await until('what is too much to be dropped', async () => (await figures()).pushes_dropped_total >= ROOMS * DEVICES - 500);
    assert.equal(await small.redis('ZCARD', '{push}:devices'), '500');
    const device = service.subscribe(), hub = await ann.openRoom();
    await ben.join(hub);
    await subscribed(ben, device);
    const began = Date.now();
    await ann.post(hub, `@${ben.name}`);
    await device.pushes(1);
    assert.ok(Date.now() - began < 3000, `${Date.now() - began} ms`);
  });
});

test('nothing_private_is_connected_to_unless_the_site_says_so', async () => {
  const strict = await startStack({ set: { 'limits.logins_per_minute': 0, 'notify.delay_ms': 0 } });
  try {
    const [ann, ben] = [await signUp(strict.url), await signUp(strict.url)];
    const hub = await ann.openRoom();
    await ben.join(hub);
    await ben.must(204, 'PUT', `/rooms/${hub}/notify`, { level: 'all' });
    const { form } = service.subscribe();
    const plain = await ben.call('POST', '/push', form);
    assert.deepEqual([plain.status, plain.body.errors.map(({ field }) => field)], [422, ['endpoint']]);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '10.0.0.1', '169.254.169.254']) {
      await ben.must(201, 'POST', '/push', { ...form, endpoint: `https://${host}:9/secret` });
      await ann.post(hub);
      await until(`${host} to be forgotten`, async () => (await ben.must(200, 'GET', '/push')).push === null);
    }
    assert.match(strict.log('fcgi'), /event=push_gone .*service="?https:\/\/127\.0\.0\.1:9"? .*private/);
    assert.doesNotMatch(strict.log('fcgi'), /\/secret/);
  } finally {
    await strict.stop();
  }
});
