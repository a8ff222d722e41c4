/* access: every screen for everyone: WCAG 2.2 AA as axe-core knows it, in light and dark, narrow and
 * very wide, in both languages. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faultsOf } from '../support/axe.mjs';
import { signUp } from '../support/client.mjs';
import { fillRoom } from '../support/full_room.mjs';
import { openHostSite, Visitor } from '../support/host_site.mjs';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const shop = await openHostSite();
const site = await openSite({
  'accounts.first_admin': 'yes',
  'accounts.guests': 'yes',
  'http.embed_origins': shop.url,
});
after(async () => {
  await site.close();
  await shop.close();
});
shop.page('/', `<main><h1>Shop</h1></main><script src="${site.stack.url}/embed.js" data-room="lobby" async></script>`);

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const HUGE = { width: 3840, height: 2160 };

/* Tall enough for all of a room to be drawn. */
const TALL = { width: 1280, height: 1600 };

/* What axe takes for a fault and is none, and why. */
const EXCEPT = [
  {
    rule: 'label-content-name-mismatch',
    at: 'a.room-row', // its label is the title, with which its name begins; the rest is a preview
  },
];

/* Looks at what is there, in light and dark. With SHOTS it leaves pictures in that folder. */
async function look(name, page, { frame = page, schemes = ['light', 'dark'] } = {}) {
  const faults = [];
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name.replaceAll(/\W+/g, '_')}_${colorScheme}.png` });
    faults.push(...(await faultsOf(frame, { except: EXCEPT })).map((fault) => `${name}, ${colorScheme}: ${fault}`));
  }
  return faults;
}

const OPEN = 'dialog[open], .popup, .overlay, .menu:not([hidden]), .panel:not([hidden])';

async function tidy({ page }) {
  for (let i = 0; i < 6 && (await page.locator(OPEN).count()); i++) {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(50);
  }
  assert.equal(await page.locator(OPEN).count(), 0, 'Escape closes whatever is open');
}

/* Opens each screen of a table, looks at it, and closes it again. */
async function lookAt(screens, reader, { prefix = '', ...how } = {}) {
  const faults = [];
  for (const [name, open] of screens) {
    await open(reader);
    faults.push(...(await look(`${prefix}${name}`, reader.page, how)));
    await tidy(reader);
  }
  assert.deepEqual(faults, []);
}

const click = (selector, which = 'first') => ({ page }) => page.locator(selector)[which]().click();
const there = (selector) => ({ page }) => page.locator(selector).first().waitFor();
const steps = (...all) => async (reader) => {
  for (const step of all) await step(reader);
};

/* The first person comes to an empty server, so this is the first of all. */
let ada;
let full;
before(async () => {
  ada = await site.visitor({ viewport: TALL });
  await ada.page.locator('.card h1').waitFor();
});
after(() => ada.leave());

const card = (words) => ({ page }) => page.locator('.card h1', { hasText: words }).waitFor();
const way = (words) => ({ page }) => page.locator('.other button', { hasText: words }).click();

test('the_door_of_an_empty_server', () => lookAt([['door: the first person', card('Welcome to your server')]], ada));

test('the_door', async () => {
  await ada.fill({ name: 'ada', display: 'Ada', password: ada.password });
  await ada.submit();
  await ada.live();
  Object.assign(ada, { name: 'ada' });
  const stranger = await site.visitor();
  await lookAt([
    ['door: sign in', card('Welcome back')],
    ['door: refused', steps(
      (reader) => reader.fill({ name: 'nobody', password: 'wrong wrong wrong' }), (reader) => reader.submit(), there('.alert'))],
    ['door: register', steps(way('Create'), there('input[name="display"]'))],
    ['door: a field is wrong', steps(
      (reader) => reader.fill({ name: '!', display: '', password: 'x' }), (reader) => reader.submit(), there('.field.bad'))],
    ['door: guest', steps(way('Sign in'), way('guest'), there('input[name="guest"]'))],
  ], stranger);
  await stranger.leave();
});

/* Of Ada's letters one is refused and one is under way for ever; Grace writes on. */
async function livenRoom() {
  const { user } = await ada.ask('GET', '/me');
  full = await fillRoom(site.stack.url, user);
  await ada.enter(full.title);
  await ada.say('what others have read');
  await ada.sent();
  const own = Number(await ada.message('what others have read').getAttribute('data-seq'));
  await full.lin.must(204, 'PUT', `${full.path}/read`, { seq: own });
  await full.react(own, '👍');
  await ada.enter('Lobby');
  await full.say(`something new for @${user.name}`);
  await ada.room(full.title).locator('.badge').waitFor();
  await ada.enter(full.title);
  await there('.new-line')(ada);
  const refusal = { status: 403, contentType: 'application/problem+json', body: '{"code":"forbidden","status":403}' };
  let asked = 0;
  await ada.page.route('**/messages', (route) =>
    route.request().method() === 'POST' ? ++asked === 1 && route.fulfill(refusal) : route.continue());
  await ada.say('refused');
  await there('.message.failed')(ada);
  await ada.say('under way');
  await there('.message.pending')(ada);
  const wire = await full.grace.connect();
  wire.say({ type: 'typing', room: full.room });
  await there('.typing-line.busy')(ada);
  return wire;
}

test('a_room_full_of_everything', async () => {
  const wire = await livenRoom();
  await ada.page.waitForTimeout(1200); // until the letter that is under way says so
  await lookAt([
    ['room: everything', () => {}],
    ['room: a message is chosen', ({ page }) => page.locator(`.message[data-seq="${full.seqs.forms}"]`).hover()],
  ], ada);
  await wire.close();
  await ada.page.unroute('**/messages');
});

const dialog = there('dialog[open]');
const inDialog = (selector) => there(`dialog[open] ${selector}`);
const messageMenu = async ({ page }) => {
  const row = page.locator(`.message[data-seq="${full.seqs.forms}"]`);
  await row.hover();
  await row.locator('[data-deed="menu"]').click();
  await page.locator('.menu.overlay').waitFor();
};
const menu = (row) => (reader) => reader.menu(row);
const roomMenu = (row) => (reader) => reader.openRoomMenu(row);
const panel = (label) => click(`.head button[aria-label="${label}"]`);
const type = (selector, text) => ({ page }) => page.locator(selector).fill(text);
const press = (key) => ({ page }) => page.keyboard.press(key);

const PANELS = [
  ['panel: members', steps(panel('Members'), there('.member:not(.skeleton)'))],
  ['panel: pins', steps(panel('Pinned messages'), there('.panel .pin, .panel .found, .panel li'))],
  ['panel: search, empty', steps(panel('Search'), there('.panel input[type="search"]'))],
  ['panel: search, found', steps(panel('Search'), type('.panel input[type="search"]', 'files'), there('.panel .found'))],
  ['panel: a member', async (reader) => {
    await reader.members();
    await reader.memberMenu('林小雨');
  }],
];

const MENUS = [
  ['menu: mine', click('.me')],
  ['menu: of the room', click('.head .menu-anchor > button')],
  ['menu: of a message', messageMenu],
  ['menu: emoji', steps(messageMenu, ({ page }) => page.locator('.menu.overlay button', { hasText: 'Add a reaction' }).click(), there('.emoji-grid button'))],
  ['menu: emoji, found', steps(messageMenu, ({ page }) => page.locator('.menu.overlay button', { hasText: 'Add a reaction' }).click(),
    there('.emoji-grid button'), type('.emoji-search', 'rocket'))],
  ['a person', steps(click('.author'), there('.person-action'))],
  ['completion', steps(type('#composer', ''), ({ page }) => page.locator('#composer').pressSequentially('@'), there('.completion li'))],
];

const DIALOGS = [
  ['dialog: rooms', steps(click('.brand button', 'first'), inDialog('.listing-row'))],
  ['dialog: new room', steps(click('.brand button', 'last'), inDialog('input[name="title"]'))],
  ['dialog: new message', steps(click('.rooms-head button'), inDialog('input'))],
  ['dialog: palette', steps(press('Control+k'), there('.palette [role="option"]'))],
  ['dialog: shortcuts', steps(press('Control+/'), dialog)],
  ['dialog: profile', steps(menu('My profile'), inDialog('.danger'))],
  ['dialog: closing the account', steps(menu('My profile'), inDialog('.danger'), click('dialog .danger'), there('dialog[open] input[type="password"]'))],
  ['dialog: notifications', steps(menu('Notifications'), inDialog('input[name="text"]'))],
  ['dialog: devices', steps(menu('My devices'), inDialog('li'))],
  ['dialog: settings of a room', steps(roomMenu('Room settings'), inDialog('input[name="topic"]'))],
  ['dialog: people for a room', steps(roomMenu('Add people'), inDialog('input[type="search"]'))],
  ['dialog: notifications of a room', steps(roomMenu('Notifications'), inDialog('input'))],
  ['dialog: a question', steps(roomMenu('Leave room'), inDialog('.danger'))],
  ['dialog: a picture', steps(({ page }) => page.locator('.picture').first().click(), there('dialog.viewer img'))],
];

test('the_panels', () => lookAt(PANELS, ada));
test('the_menus', () => lookAt(MENUS, ada));
test('the_dialogs', () => lookAt(DIALOGS, ada));

test('what_is_being_written', () => lookAt([
  ['composer: files', steps(
    ({ page }) => page.locator('.composer input[type="file"]').setInputFiles(
      ['one.txt', 'two.txt'].map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) }))),
    there('.upload[data-state="done"]'))],
  ['composer: an answer', steps(messageMenu, ({ page }) => page.locator('.menu.overlay button', { hasText: 'Reply' }).click(), there('.composer-bar:not([hidden])'))],
], ada));

test('other_rooms', async () => {
  await ada.page.setViewportSize({ width: 1280, height: 800 });
  await lookAt([
    ['room: empty', (reader) => reader.createRoom('Nothing here yet')],
    ['room: of which I own', steps(roomMenu('Room settings'), inDialog('input[name="typed"]'))],
    ['room: direct', async (reader) => {
      const { room } = await reader.ask('PUT', `/direct/${full.grace.id}`);
      await full.grace.post(room.id, 'between us');
      await reader.page.evaluate((id) => (location.hash = `#/${id}`), room.id);
      await reader.sees('between us');
    }],
  ], ada);
});

test('what_comes_by_itself', async () => {
  await ada.enter(full.title);
  await lookAt([
    ['link: lost', async ({ page, context }) => {
      await context.setOffline(true);
      await page.locator('.link-bar:not([hidden])').waitFor();
    }],
    ['link: back', async ({ page, context }) => {
      await context.setOffline(false);
      await page.locator('.link-bar[data-state="live"]').waitFor();
    }],
    ['toasts', async ({ page }) => {
      await page.evaluate(async () => {
        const { Toasts } = await import('/js/view/toasts.js');
        const toasts = new Toasts();
        document.querySelector('.toasts').replaceWith(toasts.node);
        for (const kind of ['notice', 'done', 'bad']) toasts.show(kind, `words of ${kind}`, kind === 'notice' && 'A title');
      });
      await page.locator('.toast').nth(2).waitFor();
    }],
  ], ada);
});

test('on_a_screen_of_3840_pixels', async () => {
  await ada.page.setViewportSize(HUGE);
  await lookAt([['huge: a room', there('.message')], PANELS[0], DIALOGS[0]], ada, { prefix: 'huge, ' });
  await ada.page.setViewportSize(TALL);
});

const small = (name) => [...PANELS, ...MENUS, ...DIALOGS].find(([one]) => one === name);

test('on_a_phone', async () => {
  const phone = await site.visitor(PHONE);
  await lookAt([['door', card('Welcome back')]], phone, { prefix: 'phone, ' });
  await phone.signIn(ada);
  await phone.live();
  await lookAt([
    ['the rooms', there('.rooms a')],
    ['mine', click('.me')],
    small('dialog: rooms'),
    small('dialog: new room'),
    ['a room', (reader) => reader.enter(full.title)],
    small('panel: members'),
    small('menu: of the room'),
    ['panel: search', steps(roomMenu('Search'), there('.panel input[type="search"]'))],
    ['dialog: settings', small('dialog: settings of a room')[1]],
    ['menu: of a message', async ({ page }) => {
      await page.locator('.message').last().focus();
      await page.keyboard.press('Enter');
      await page.locator('.menu.overlay').waitFor();
    }],
    ['a picture', small('dialog: a picture')[1]],
  ], phone, { prefix: 'phone, ' });
  await phone.leave();
});

test('in_chinese', async () => {
  const lin = await site.visitor({ locale: 'zh-CN', viewport: TALL });
  await lookAt([['door', card('')]], lin, { prefix: 'chinese, ' });
  await lin.signIn(ada);
  await lin.live();
  const one = { prefix: 'chinese, ', schemes: ['dark'] };
  await lookAt([
    ['a room', (reader) => reader.enter(full.title)],
    ['mine', click('.me')],
    ['members', steps(panel('成员'), there('.member:not(.skeleton)'))],
    ['rooms', steps(click('.brand button', 'first'), inDialog('.listing-row'))],
    ['shortcuts', steps(press('Control+/'), dialog)],
    ['notifications', steps(menu('通知'), inDialog('input[name="text"]'))],
  ], lin, one);
  await lin.leave();
});

test('the_pages_of_administrators', async () => {
  const page = await ada.context.newPage();
  const reader = { page };
  await page.setViewportSize({ width: 1280, height: 900 });
  await lookAt(['people', 'rooms', 'live', 'notice', 'settings'].map((section) => [`admin: ${section}`, async () => {
    await page.goto(`${site.stack.url}/admin/#/${section}`);
    await page.locator('#admin main h1').waitFor();
    await page.waitForTimeout(500);
  }]), reader);
  await page.setViewportSize(PHONE.viewport);
  await lookAt(['people', 'live'].map((section) => [`admin, narrow: ${section}`, async () => {
    await page.goto(`${site.stack.url}/admin/#/${section}`);
    await page.locator('#admin main h1').waitFor();
    await page.waitForTimeout(500);
  }]), reader);
  await page.close();
  const nobody = await site.visitor();
  await nobody.page.goto(`${site.stack.url}/admin/`);
  await lookAt([['admin: for nobody else', there('#admin main')]], nobody);
  await nobody.leave();
});

test('the_description_of_the_api', async () => {
  const page = await ada.context.newPage();
  await page.goto(`${site.stack.url}/api/`);
  await page.locator('main details').first().waitFor();
  const reader = { page };
  await lookAt([
    ['api', () => {}],
    ['api: an operation', click('main details summary')],
  ], reader);
  await page.setViewportSize(PHONE.viewport);
  await lookAt([['api, narrow', () => {}]], reader);
  await page.close();
});

test('the_chat_in_another_page', async () => {
  const guest = await Visitor.open(site.browser, `${shop.url}/`);
  await guest.bubble.waitFor();
  await lookAt([['embed: bubble', () => {}]], guest);
  await guest.bubble.click();
  await guest.frame.locator('input[name="guest"]').waitFor();
  const frame = () => guest.page.frames().find((one) => /embed\.html/.test(one.url()));
  const faults = await look('embed: door', guest.page, { frame: frame() });
  await guest.frame.locator('input[name="guest"]').fill('Wanderer');
  await guest.frame.locator('form button[type="submit"]').click();
  await guest.frame.locator('#composer').waitFor();
  await guest.say('hello');
  await guest.sees('hello');
  faults.push(...(await look('embed: room', guest.page, { frame: frame() })));
  faults.push(...(await look('embed: around', guest.page)));
  assert.deepEqual(faults, []);
  await guest.leave();
});
