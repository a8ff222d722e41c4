/* notify: what makes itself known when nobody looks, and what does not. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newText, signUp } from '../support/client.mjs';
import { startPushService } from '../support/push_service.mjs';
import { openSite } from '../support/site.mjs';
import { sleep, until } from '../support/wait.mjs';

const site = await openSite({ 'notify.private_endpoints': 'yes', 'notify.delay_ms': 0 });
const service = await startPushService();
after(async () => {
  await site.close();
  service.close();
});

/* Long enough for a notification that must not come to have come. */
const SETTLED_MS = 1200;
const ALLOWED = { permissions: ['notifications'] };

/* Somebody who has allowed notifications and looks elsewhere: at another room, `away`. */
async function readerAway(options = {}) {
  const ada = await site.reader({ ...ALLOWED, ...options });
  await ada.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await open(ada);
  await ada.page.locator('dialog input[name="show"]').check();
  await close(ada);
  const grace = await signUp(site.stack.url);
  const { room: { id } } = await grace.must(201, 'POST', '/rooms', { name: grace.name, title: `Room ${grace.name}`, kind: 'public' });
  const { id: me } = await ada.page.evaluate(async () => (await (await fetch('/api/v1/me')).json()).user);
  await grace.must(201, 'PUT', `/rooms/${id}/members/${me}`, {});
  await ada.room(`Room ${grace.name}`).waitFor();
  return { ada, grace, id, title: `Room ${grace.name}` };
}

async function open(reader) {
  await reader.menu('Notifications');
  await reader.page.locator('dialog input[name="text"]').waitFor();
}
const close = (reader) => reader.page.locator('dialog .dialog-head button').click();

const shown = (reader) => reader.page.evaluate(async () => {
  const all = await (await navigator.serviceWorker.ready).getNotifications();
  return all.map(({ title, body, tag, data }) => ({ title, body, tag, address: data.address }));
});
const shows = (reader, count) => until(`${count} notifications`, async () => {
  const all = await shown(reader);
  return all.length === count && all;
});
async function staysSilent(reader) {
  await sleep(SETTLED_MS);
  assert.deepEqual(await shown(reader), []);
}
const level = (reader, id, value) => reader.page.evaluate(async ([room, body]) => {
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`/api/v1/rooms/${room}/notify`, { method: 'PUT', headers, body });
  if (status !== 204) throw new Error(`${status}`);
}, [id, JSON.stringify({ level: value })]);

test('a_mention_in_another_room_is_shown_and_closed_when_it_is_read', async () => {
  const { ada, grace, id, title } = await readerAway();
  const { seq } = await grace.post(id, `hello @${ada.name}`);
  const [one] = await shows(ada, 1);
  assert.deepEqual(one, { title: `${grace.user.display} · ${title}`, body: `hello @${ada.name}`, tag: `room:${id}`, address: `#/${id}/${seq}` });
  assert.match(await ada.page.locator('link[rel="icon"]').getAttribute('href'), /news/);
  await ada.enter(title);
  await shows(ada, 0);
  await until('the plain picture', async () => !/news/.test(await ada.page.locator('link[rel="icon"]').getAttribute('href')));
  await ada.leave();
});

test('a_webhook_under_the_name_of_a_person_is_seen_to_be_one_in_a_notification_too', async () => {
  const { ada, grace, id, title } = await readerAway();
  const { hook } = await grace.must(201, 'POST', `/rooms/${id}/hooks`, {});
  await grace.must(201, 'POST', `/hooks/${hook.token}`, { text: `@${ada.name}`, username: grace.user.display });
  const [one] = await shows(ada, 1);
  assert.equal(one.title, `🤖 ${grace.user.display} · ${title}`);
  await ada.leave();
});

test('it_is_closed_when_it_is_read_on_another_device', async () => {
  const { ada, grace, id } = await readerAway();
  const { seq } = await grace.post(id, `@${ada.name}`);
  await shows(ada, 1);
  const phone = await site.visitor();
  await phone.signIn(ada);
  await phone.page.evaluate(async ([room, body]) => {
    await fetch(`/api/v1/rooms/${room}/read`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
  }, [id, JSON.stringify({ seq })]);
  await shows(ada, 0);
  await phone.leave();
  await ada.leave();
});

test('a_message_to_nobody_is_shown_only_where_all_are_wanted', async () => {
  const { ada, grace, id, title } = await readerAway();
  await grace.post(id, newText());
  await staysSilent(ada);
  await ada.enter(title);
  await ada.page.locator('.head .menu-anchor > button').click();
  await ada.page.locator('.head .menu').getByText('Notifications').click();
  await ada.page.locator('dialog .choice', { hasText: 'All messages' }).click();
  await until('the server to know', async () =>
    (await site.stack.redis('HVALS', `{r:${id}}:notify`)) === 'all');
  await close(ada);
  await ada.room('lobby').or(ada.room('Lobby')).first().click();
  const text = newText();
  await grace.post(id, text);
  assert.equal((await shows(ada, 1))[0].body, text);
  await ada.leave();
});

test('nothing_is_shown_of_the_room_in_front_of_ones_own_or_where_nothing_is_wanted', async () => {
  const { ada, grace, id, title } = await readerAway();
  await level(ada, id, 'nothing');
  await ada.page.reload();
  await ada.live();
  await grace.post(id, `@${ada.name}`);
  await staysSilent(ada);
  await level(ada, id, 'all');
  await ada.page.reload();
  await ada.live();
  await ada.enter(title);
  await grace.post(id, newText());
  await ada.say(newText());
  await staysSilent(ada);
  await ada.leave();
});

test('of_two_tabs_one_shows_it_and_none_while_the_other_has_the_room_in_front', async () => {
  const { ada, grace, id, title } = await readerAway();
  await ada.page.evaluate(() => {
    const { showNotification } = ServiceWorkerRegistration.prototype;
    globalThis.told = 0;
    ServiceWorkerRegistration.prototype.showNotification = function count(...all) {
      globalThis.told += 1;
      return showNotification.apply(this, all);
    };
  });
  const first = ada.page;
  const second = await ada.newPage();
  await ada.live();
  await second.evaluate(() => {
    const { showNotification } = ServiceWorkerRegistration.prototype;
    globalThis.told = 0;
    ServiceWorkerRegistration.prototype.showNotification = function count(...all) {
      globalThis.told += 1;
      return showNotification.apply(this, all);
    };
  });
  await grace.post(id, `@${ada.name}`);
  await shows(ada, 1);
  await sleep(SETTLED_MS);
  const told = async () => (await first.evaluate(() => globalThis.told)) + (await second.evaluate(() => globalThis.told));
  assert.equal(await told(), 1);
  await ada.enter(title);
  await shows(ada, 0);
  await grace.post(id, `@${ada.name}`);
  await staysSilent(ada);
  assert.equal(await told(), 1);
  await ada.leave();
});

test('quiet_hours_are_set_here_hold_everywhere_and_silence', async () => {
  const { ada, grace, id } = await readerAway();
  await open(ada);
  await ada.page.locator('dialog input[name="quiet"]').check();
  await ada.page.locator('dialog input[name="from"]').waitFor();
  await ada.page.locator('dialog input[name="from"]').fill('00:00');
  await ada.page.locator('dialog input[name="from"]').blur();
  await ada.page.locator('dialog input[name="to"]').fill('23:59');
  await ada.page.locator('dialog input[name="to"]').blur();
  const wishes = () => ada.page.evaluate(async () => (await (await fetch('/api/v1/me/notifications')).json()).notifications);
  await until('the server to know', async () => (await wishes()).to === '23:59' && (await wishes()).from === '00:00');
  await close(ada);
  await grace.post(id, `@${ada.name}`);
  await staysSilent(ada);
  await ada.leave();
});

test('nobody_is_asked_for_permission_but_by_a_click_of_theirs', async () => {
  const ada = await site.visitor();
  await ada.page.addInitScript(() => {
    globalThis.asked = 0;
    Notification.requestPermission = async () => {
      globalThis.asked += 1;
      return 'denied';
    };
  });
  await ada.page.reload();
  await ada.register();
  await ada.live();
  await open(ada);
  assert.equal(await ada.page.evaluate(() => globalThis.asked), 0);
  await ada.page.locator('dialog input[name="show"]').click();
  await ada.page.locator('dialog .alert', { hasText: 'does not allow' }).waitFor();
  assert.equal(await ada.page.evaluate(() => globalThis.asked), 1);
  assert.equal(await ada.page.locator('dialog input[name="show"]').isChecked(), false);
  await ada.leave();
});

/* Chromium in a test has no push service: what it would give is given in its place. */
const subscribeAt = (form) => {
  const make = (subscribed) => ({ ...subscribed, toJSON: () => form, unsubscribe: async () => true });
  let held = null;
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async (options) => {
    globalThis.subscribedWith = [...options.applicationServerKey];
    return (held = make({ options }));
  };
};

test('a_device_subscribes_is_woken_and_unsubscribes', async () => {
  const { ada, grace, id } = await readerAway();
  const device = service.subscribe();
  await ada.page.evaluate(subscribeAt, device.form);
  await open(ada);
  await ada.page.locator('dialog input[name="push"]').check();
  const stored = () => ada.page.evaluate(async () => (await (await fetch('/api/v1/push')).json()).push);
  await until('the subscription', stored);
  assert.equal((await ada.page.evaluate(() => globalThis.subscribedWith)).length, 65);
  await grace.post(id, `wake up @${ada.name}`);
  assert.equal((await device.pushes(1))[0].text, `wake up @${ada.name}`);
  await ada.page.locator('dialog input[name="push"]').uncheck();
  await until('its end', async () => (await stored()) === null);
  await ada.leave();
});

test('a_push_is_shown_by_the_worker_and_a_click_opens_the_room', async () => {
  const { ada, id } = await readerAway();
  const cdp = await ada.context.newCDPSession(ada.page);
  const registrations = [];
  cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: all }) => registrations.push(...all));
  await cdp.send('ServiceWorker.enable');
  await until('the registration', () => registrations.length > 0);
  const data = JSON.stringify({ room: id, seq: 1, kind: 'public', title: 'Plans', from: 'Grace', bot: true, text: 'hi', unread: 3, tag: `room:${id}` });
  const { registrationId } = registrations.at(-1);
  await until('the push to be shown', async () => { // a worker that only just begins misses one
    await cdp.send('ServiceWorker.deliverPushMessage', { origin: new URL(site.stack.url).origin, registrationId, data });
    await sleep(SETTLED_MS);
    return (await shown(ada)).length > 0;
  });
  assert.deepEqual(await shows(ada, 1), [{ title: '🤖 Grace · Plans (3)', body: 'hi', tag: `room:${id}`, address: `#/${id}/1` }]);
  const [worker] = ada.context.serviceWorkers();
  await worker.evaluate(async () => {
    const [notification] = await registration.getNotifications();
    dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  });
  await ada.page.waitForURL((url) => url.hash.startsWith(`#/${id}`));
  await shows(ada, 0);
  await ada.leave();
});
