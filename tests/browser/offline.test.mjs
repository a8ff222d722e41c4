/* offline: networks that go, programs that die, pages that are reloaded; nothing lost or doubled. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { sleep, until } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());
const { stack } = site;

const seconds = (n) => n * 1000;
const history = async (person, id) => (await person.history(id)).map(({ text }) => text);

/* A room of their own for a reader and a witness who looks by REST. */
async function roomFor(reader) {
  const name = newName();
  await reader.createRoom(name);
  const witness = await signUp(stack.url);
  const id = new URL(reader.page.url()).hash.slice(2);
  await witness.join(id);
  return { name, id, witness };
}

test('written_offline_stays_pending_over_a_reload_and_is_sent_exactly_once', async () => {
  const ada = await site.reader();
  const { id, witness } = await roomFor(ada);
  await ada.say('before the tunnel');
  await until('the first is there', async () => (await history(witness, id)).length === 1);
  await ada.kept();
  await ada.context.setOffline(true);
  await ada.page.locator('.link-bar[data-state="offline"]').waitFor();
  await ada.say('in the tunnel 1');
  await ada.say('in the tunnel 2');
  await ada.page.locator('.message.pending').nth(1).waitFor();
  await ada.page.reload();
  await ada.page.locator('.message.pending').nth(1).waitFor();
  assert.deepEqual(await ada.page.locator('.message.pending .text').allTextContents(), [
    'in the tunnel 1',
    'in the tunnel 2',
  ]);
  assert.deepEqual(await history(witness, id), ['before the tunnel']);
  await ada.context.setOffline(false);
  const all = ['before the tunnel', 'in the tunnel 1', 'in the tunnel 2'];
  await ada.shows(all, seconds(40));
  await ada.sent();
  assert.deepEqual(await history(witness, id), all);
  await ada.leave();
});

test('with_the_api_frozen_messages_wait_through_a_reload_and_then_go_once', async () => {
  const ada = await site.reader();
  const { id, witness } = await roomFor(ada);
  stack.kill('fcgi', 'SIGSTOP');
  try {
    await ada.say('while it is frozen');
    await ada.page.locator('.message.pending .letter-state').waitFor();
    await ada.page.reload();
    await ada.page.locator('.message.pending', { hasText: 'while it is frozen' }).waitFor();
    await sleep(2500);
  } finally {
    stack.kill('fcgi', 'SIGCONT');
  }
  await ada.shows(['while it is frozen'], seconds(40));
  await ada.sent(seconds(40));
  assert.deepEqual(await history(witness, id), ['while it is frozen']);
  await ada.leave();
});

test('an_answer_that_never_arrives_does_not_double_the_message', async () => {
  const ada = await site.reader();
  const { id, witness } = await roomFor(ada);
  let lost = 0;
  await ada.page.route('**/messages', async (route) => {
    if (route.request().method() !== 'POST' || lost++) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await ada.say('heard, but not acknowledged');
  await ada.shows(['heard, but not acknowledged'], seconds(30));
  await until(
    'nothing is left in the browser',
    () =>
      ada.page.evaluate(
        () => !Object.keys(localStorage).some((name) => name.startsWith('stonechat.outbox')),
      ),
    seconds(40),
  );
  assert.deepEqual(await history(witness, id), ['heard, but not acknowledged']);
  await ada.leave();
});

/* Web Locks are there on https and localhost only; elsewhere the keys alone must do. */
const lockless = () =>
  Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });

for (const [kind, init] of [
  ['with', () => {}],
  ['without', lockless],
]) {
  test(`two_tabs_${kind}_locks_that_were_written_in_offline_send_each_message_once`, async () => {
    const ada = await site.reader();
    await ada.context.addInitScript(init);
    const { name, id, witness } = await roomFor(ada);
    await ada.page.reload();
    await ada.live();
    const first = ada.page;
    const second = await ada.newPage();
    await ada.live();
    await ada.enter(name);
    await ada.context.setOffline(true);
    for (const [page, text] of [
      [first, 'one'],
      [second, 'two'],
      [first, 'three'],
    ]) {
      ada.page = page;
      await ada.say(text);
      await sleep(20);
    }
    for (const page of [first, second]) {
      await until(
        'both tabs show all that waits',
        async () => (await page.locator('.message.pending').count()) === 3,
      );
    }
    await ada.context.setOffline(false);
    for (const page of [first, second]) {
      ada.page = page;
      await ada.shows(['one', 'two', 'three'], seconds(40));
      await ada.sent(seconds(40));
    }
    assert.deepEqual(await history(witness, id), ['one', 'two', 'three']);
    await ada.leave();
  });
}

test('a_browser_that_keeps_nothing_can_talk_all_the_same', async () => {
  const ada = await site.visitor();
  await ada.context.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await ada.page.reload();
  await ada.register();
  await ada.live();
  const { id, witness } = await roomFor(ada);
  await ada.say('kept nowhere');
  await until('it is sent', async () => (await history(witness, id)).length === 1);
  await ada.shows(['kept nowhere']);
  await ada.leave();
});

test('a_message_that_is_refused_stays_visible_and_can_be_retried_or_discarded', async () => {
  const ada = await site.reader();
  const { id, witness } = await roomFor(ada);
  const refuse = (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({
          status: 403,
          contentType: 'application/problem+json',
          body: '{"status":403,"code":"forbidden"}',
        })
      : route.continue();
  await ada.page.route('**/messages', refuse);
  await ada.say('not wanted 1');
  await ada.say('not wanted 2');
  const failed = ada.page.locator('.message.failed');
  await failed.nth(1).waitFor();
  assert.match(await failed.first().textContent(), /Not sent: You are not allowed to do this/);
  await ada.page.unroute('**/messages', refuse);
  await ada.page.reload();
  await failed.nth(1).waitFor();
  await failed.nth(1).locator('button', { hasText: 'Discard' }).click();
  await failed.first().locator('button', { hasText: 'Try again' }).click();
  await until('it is sent', async () => (await failed.count()) === 0);
  await ada.shows(['not wanted 1']);
  assert.deepEqual(await history(witness, id), ['not wanted 1']);
  await ada.leave();
});

test('over_deaths_and_restarts_of_the_push_daemon_nothing_is_missed_or_doubled', async () => {
  const ada = await site.reader();
  const { id, witness } = await roomFor(ada);
  const said = [];
  const say = async (text) => {
    said.push(text);
    await witness.post(id, text);
  };
  await say('before');
  await ada.sees('before');
  for (let round = 1; round <= 3; round++) {
    stack.kill('pushd', round === 2 ? 'SIGTERM' : 'SIGKILL');
    for (let i = 0; i < 5; i++) await say(`round ${round}, ${i}`);
    await ada.shows(said, seconds(40));
    await say(`after round ${round}`);
    await ada.shows(said, seconds(40));
  }
  await ada.leave();
});

test('over_kill_9_of_redis_and_of_the_api_every_message_goes_exactly_once', async () => {
  const ada = await site.reader();
  const bob = await site.reader();
  const { name, id, witness } = await roomFor(ada);
  await bob.joinRoom(name);
  const said = [];
  for (const [round, program] of ['redis', 'fcgi', 'redis', 'fcgi'].entries()) {
    for (let i = 0; i < 4; i++) {
      said.push(`round ${round}, ${i}`);
      await ada.say(said.at(-1));
      if (i === 1) stack.kill(program);
    }
    await until('all is well again', async () => (await fetch(`${stack.url}/api/v1/health`)).ok);
  }
  await bob.shows(said, seconds(60));
  await ada.shows(said, seconds(60));
  await ada.sent(seconds(60));
  assert.deepEqual(await history(witness, id), said);
  await ada.leave();
  await bob.leave();
});

test('an_entry_that_did_not_come_is_fetched_before_the_next_is_shown', async () => {
  const ada = await site.reader();
  await ada.page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((data) => JSON.parse(data).text !== 'swallowed' && socket.send(data));
  });
  await ada.page.reload();
  await ada.live();
  const { witness, id } = await roomFor(ada);
  for (const text of ['first', 'swallowed', 'third']) await witness.post(id, text);
  await ada.shows(['first', 'swallowed', 'third']);
  await ada.leave();
});

test('a_reset_replaces_what_the_page_held', async () => {
  const ada = await site.reader();
  let inject;
  await ada.page.routeWebSocket(/\/ws$/, (socket) => {
    socket.connectToServer();
    inject = (frame) => socket.send(JSON.stringify(frame));
  });
  await ada.page.reload();
  await ada.live();
  const { witness, id } = await roomFor(ada);
  const { seq } = await witness.post(id, 'that is so');
  const phantom = {
    type: 'message',
    seq: seq + 1,
    n: 9,
    at: Date.now(),
    room: id,
    from: witness.user,
    text: 'that never was',
    key: 'phantom-1',
  };
  await ada.sees('that is so');
  inject(phantom);
  await ada.sees('that never was');
  inject({ type: 'reset', room: id, seq });
  await ada.shows(['that is so']);
  await witness.post(id, 'and goes on');
  await ada.shows(['that is so', 'and goes on']);
  await ada.leave();
});

test('a_page_without_its_connection_says_so_and_counts_down', async () => {
  const ada = await site.reader();
  await ada.page.routeWebSocket(/\/ws$/, (socket) => socket.close());
  await ada.page.reload();
  const bar = ada.page.locator('.link-bar');
  await bar.waitFor();
  await until(
    'a countdown',
    async () => /next try in \d+ s/.test(await bar.textContent()),
    seconds(20),
  );
  await bar.getByRole('button', { name: 'Try now' }).waitFor();
  await ada.leave();
});

test('a_half_open_connection_is_noticed_and_replaced', async () => {
  const ada = await site.reader();
  let connections = 0;
  await ada.page.routeWebSocket(/\/ws$/, (socket) => {
    const dead = ++connections === 1;
    const server = socket.connectToServer();
    server.onMessage((data) => {
      const { type } = JSON.parse(data);
      if (!dead || type === 'welcome') socket.send(data);
    });
  });
  await ada.page.reload();
  await ada.live();
  const { id, witness } = await roomFor(ada);
  await witness.post(id, 'said into the silence');
  await ada.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await ada.sees('said into the silence');
  assert.equal(connections, 2);
  await ada.leave();
});

test('a_laptop_that_wakes_after_hours_comes_back_once_and_has_missed_nothing', async () => {
  const ada = await site.reader();
  await ada.alone();
  await ada.page.clock.install();
  await ada.page.reload();
  await ada.live();
  const { witness, id, name } = await roomFor(ada);
  const texts = Array.from({ length: 12 }, (_, i) => `while the lid was closed ${i}`);
  let opened = 0;
  ada.page.on('websocket', () => opened++);
  await ada.context.setOffline(true);
  for (const text of texts) await witness.post(id, text);
  await ada.page.clock.fastForward('08:00:00');
  await ada.context.setOffline(false);
  await ada.enter(name);
  await ada.shows(texts);
  await ada.live();
  await sleep(seconds(3));
  assert.ok(opened >= 1 && opened <= 2, `${opened} connections were opened`);
  assert.deepEqual(await ada.texts(), texts);
  await ada.leave();
});

test('the_session_that_has_ended_meanwhile_leads_to_the_door_and_keeps_what_waits', async () => {
  const ada = await site.reader();
  const { name } = await roomFor(ada);
  await ada.context.setOffline(true);
  await ada.say('sent after signing in again');
  await ada.page.locator('.message.pending').waitFor();
  const elsewhere = await site.visitor();
  await elsewhere.signIn(ada);
  await elsewhere.menu('My devices');
  await elsewhere.page.locator('dialog .actions .danger').click();
  await elsewhere.page.locator('dialog .danger', { hasText: /^Sign out$/ }).click();
  await elsewhere.page.locator('.card').waitFor();
  await ada.context.setOffline(false);
  await ada.page.locator('.card').waitFor({ timeout: seconds(40) });
  await ada.signIn();
  await ada.enter(name);
  await ada.shows(['sent after signing in again'], seconds(40));
  await ada.leave();
  await elsewhere.leave();
});

test('what_was_read_can_be_read_again_without_a_network_and_is_brought_up_after_it', async () => {
  const ada = await site.reader();
  const { id, witness, name } = await roomFor(ada);
  const said = Array.from({ length: 45 }, (_, i) => `line ${i}`);
  for (const text of said) await witness.post(id, text);
  await ada.shows(said);
  await ada.kept();
  await sleep(1500); // what has just come is kept a second later
  await ada.context.setOffline(true);
  await ada.page.reload();
  await ada.page.locator('.head h1', { hasText: name }).waitFor();
  await ada.shows(said);
  const where = () => // below the timeline's edge: the line about the connection comes and goes above it
    ada.message('line 12').evaluate(
      (node) => node.getBoundingClientRect().top - node.closest('.timeline').getBoundingClientRect().top,
    );
  await ada.page.locator('.timeline').evaluate((node) => {
    node.scrollTop = 150;
  });
  await sleep(300);
  const before = await where();
  await witness.call('DELETE', `/rooms/${id}/messages/${(await witness.history(id)).at(-1).seq}`);
  await witness.post(id, 'said meanwhile');
  await ada.context.setOffline(false);
  await until('the truth', async () => (await ada.texts()).at(-1) === 'said meanwhile', seconds(60));
  assert.ok(!(await ada.texts()).includes('line 44'), 'what was deleted is gone');
  assert.ok(Math.abs((await where()) - before) < 2, `${before} -> ${await where()}`);
  await ada.leave();
});

/* What IndexedDB holds, as text. */
const shelf = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.open('stonechat');
        request.onsuccess = () => {
          const all = request.result.transaction('pages').objectStore('pages').getAll();
          all.onsuccess = () => [request.result.close(), resolve(JSON.stringify(all.result))];
        };
      }),
  );

test('nothing_that_was_kept_outlives_the_session', async () => {
  const ada = await site.reader();
  await roomFor(ada);
  await ada.say('a secret');
  await ada.sees('a secret');
  await until('it is kept', async () => (await shelf(ada.page)).includes('a secret'));
  await ada.menu('Sign out');
  await ada.page.locator('.card').waitFor();
  await until('it is gone', async () => (await shelf(ada.page)) === '[]');
  await ada.leave();
});

test('a_reader_who_wants_nothing_kept_says_so_once', async () => {
  const ada = await site.reader();
  await roomFor(ada);
  await ada.say('a secret');
  await until('it is kept', async () => (await shelf(ada.page)).includes('a secret'));
  await ada.menu('My devices');
  await ada.page.getByLabel(/Keep the newest messages/).uncheck();
  await until('it is gone', async () => (await shelf(ada.page)) === '[]');
  await ada.page.keyboard.press('Escape');
  await ada.say('another');
  await ada.sees('another');
  await sleep(1500);
  await ada.page.reload();
  await ada.live();
  await sleep(1500);
  assert.equal(await shelf(ada.page), '[]');
  await ada.leave();
});
