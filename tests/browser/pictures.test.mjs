/* pictures: those of the README, taken anew with SCREENSHOTS=1: a whole small site, in which people talk.
 * They look best where Inter, Noto Sans CJK and Noto Color Emoji are installed. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { newKey, signUp } from '../support/client.mjs';
import { openHostSite, Visitor } from '../support/host_site.mjs';
import { openSite } from '../support/site.mjs';
import { root } from '../support/stack.mjs';
import { sleep } from '../support/wait.mjs';

const PICTURES = join(dirname(fileURLToPath(import.meta.url)), 'screenshots');
const WANTED = { skip: !process.env.SCREENSHOTS && 'only with SCREENSHOTS=1' };
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };
const SHARP = { deviceScaleFactor: 1.4 };

const PEOPLE = { maya: 'Maya Lindqvist', jonas: 'Jonas Weber', yu: '林小雨', tomasz: 'Tomasz K.' };

const ROOMS = {
  birds: ['Design', 'Type, colour, spacing, pictures of birds'],
  duty: ['运维值班', '谁在值班，出了什么事'],
  release: ['Release 1.0', 'What is left before we ship'],
};

/* [who, text, what else]: `answers` is the place in this list of what is answered. */
const TALK = [
  ['maya', 'Morning! The new staging box is up: https://staging.example.org/status'],
  ['jonas', 'Thanks Maya. I’ll point the nightly job at it.', { reactions: { '👍': ['maya', 'yu'] } }],
  ['yu', '早上好 👋 中文翻译也补齐了，有空帮我看一眼。'],
  ['maya', 'And this is what goes on the first page:', { picture: true, reactions: { '❤️': ['yu', 'tomasz', 'jonas'], '🎉': ['tomasz'] } }],
  ['tomasz', 'What I wrote in the tunnel went out **exactly once** when the signal came back.', { answers: 1 }],
];

const LAST = 'Lovely. Then the changelog is the last thing; I take it.';

/* The bird of the page, as large as a photograph. */
async function bird(browser) {
  const page = await browser.newPage({ viewport: { width: 560, height: 300 } });
  const svg = readFileSync(join(root, 'nginx/www/stonechat.svg'), 'utf8');
  await page.setContent(`<style>body{margin:0;background:#ead9c6}svg{width:100vw;height:120vh}</style>${svg}`);
  const png = await page.screenshot();
  await page.close();
  return png;
}

async function populate(site) {
  const people = {};
  for (const [key, display] of Object.entries(PEOPLE))
    people[key] = await signUp(site.stack.url, { name: key, display });
  const rooms = {};
  for (const [key, [title, topic]] of Object.entries(ROOMS)) {
    const { room } = await people.maya.must(201, 'POST', '/rooms', { name: key, title, topic, kind: 'public' });
    rooms[key] = room.id;
    for (const who of ['jonas', 'yu', 'tomasz']) await people[who].join(room.id);
  }
  return { people, rooms };
}

async function talk(site, { people, rooms }) {
  const png = await bird(site.browser);
  const path = `/rooms/${rooms.release}`;
  const seqs = [];
  for (const [who, text, { answers, picture, reactions = {} } = {}] of TALK) {
    const more = {};
    if (answers !== undefined) more.reply_to = seqs[answers];
    if (picture) more.files = [(await people[who].must(201, 'POST', `${path}/files?name=bird.png`, png)).file.id];
    const { message } = await people[who].must(201, 'POST', `${path}/messages`, { text, key: newKey(), ...more });
    seqs.push(message.seq);
    for (const [emoji, whose] of Object.entries(reactions))
      for (const one of whose)
        await people[one].must(204, 'PUT', `${path}/messages/${message.seq}/reactions/${encodeURIComponent(emoji)}`);
  }
}

const settled = (page) => page.waitForTimeout(800);

test('of_the_page', WANTED, async () => {
  mkdirSync(PICTURES, { recursive: true });
  const site = await openSite();
  after(() => site.close());
  const shot = async (name, page) => {
    await settled(page);
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  };
  const crowd = await populate(site);
  const { people, rooms } = crowd;
  const ada = await site.visitor({ viewport: DESK, ...SHARP, colorScheme: 'light' });
  await ada.register({ name: 'ada', display: 'Ada Byron' });
  const wires = await Promise.all([people.maya, people.yu].map((one) => one.connect()));
  await people.maya.post('lobby', 'Welcome, Ada!', newKey());
  for (const [name, [title]] of Object.entries(ROOMS)) await ada.joinRoom(title, name);
  await talk(site, crowd);
  await ada.sees('exactly once');
  await ada.say(LAST);
  await ada.sent();
  const me = (await ada.ask('GET', '/me')).user;
  const direct = (await people.yu.must(201, 'PUT', `/direct/${me.id}`)).room.id;
  await people.yu.post(direct, '谢谢你的帮忙！', newKey());
  await people.yu.post(rooms.duty, '备份检查完成，没有问题。', newKey());
  await people.tomasz.post(rooms.birds, 'I prefer the second one, the rust is warmer.', newKey());
  await people.jonas.post(rooms.birds, '@ada which one do you like?', newKey());
  await ada.room('Design').locator('.badge', { hasText: '2' }).waitFor();
  await ada.members();
  await ada.page.locator('#composer').focus();
  await ada.page.mouse.move(700, 795);
  await shot('desktop', ada.page);
  await ada.page.emulateMedia({ colorScheme: 'dark' });
  await shot('dark', ada.page);
  await ada.page.locator('.panel-head button').click();
  await ada.page.setViewportSize(PHONE);
  await shot('phone', ada.page);
  const yu = await site.visitor({ viewport: DESK, ...SHARP, locale: 'zh-CN', colorScheme: 'light' });
  await yu.signIn(people.yu);
  await yu.enter(ROOMS.release[0]);
  await yu.page.mouse.move(700, 795);
  await shot('chinese', yu.page);
  await Promise.all(wires.map((one) => one.close()));
  await Promise.all([ada.leave(), yu.leave()]);
});

const BUSY_MS = 100_000; // the figures are those of five minutes: a curve, and room for it to go on

/* Somebody says something to somebody every now and then, sooner and later. */
async function chatter(people, room) {
  const until = Date.now() + BUSY_MS;
  for (let turn = 0; Date.now() < until; turn++) {
    const hurry = 1 + Math.round(3 * (1 + Math.sin(turn / 15)));
    await Promise.all(people.slice(0, hurry).map((one) => one.post(room, `Still here, and this is ${turn}`, newKey())));
    await sleep(400);
  }
}

test('of_the_administration', WANTED, async () => {
  const site = await openSite({ 'accounts.first_admin': 'yes' });
  after(() => site.close());
  const boss = await site.visitor({ viewport: DESK, ...SHARP, colorScheme: 'light' });
  await boss.fill({ name: boss.name, display: 'Ada Byron', password: boss.password }); // whoever is first is offered nothing else
  await boss.submit();
  await boss.page.locator('.rooms a').first().waitFor();
  const crowd = await populate(site);
  const people = Object.values(crowd.people);
  const wires = await Promise.all([...people, ...people].map((one) => one.connect()));
  const { page } = boss;
  await page.goto(`${site.stack.url}/admin/#/live`);
  await chatter(people, crowd.rooms.release);
  await page.locator('figure.chart').first().waitFor();
  await settled(page);
  await page.screenshot({ path: join(PICTURES, 'admin.png') });
  await Promise.all(wires.map((one) => one.close()));
  await boss.leave();
});

const SHOP = `<meta name="viewport" content="width=device-width"><style>
  :root { --stonechat-accent: #16425b }
  body { margin: 0; font: 17px/1.6 Inter, sans-serif; color: #23303a; background: #f3f6f8 }
  header { padding: 20px 48px; background: #16425b; color: #fff; font-size: 22px; font-weight: 650 }
  main { max-width: 560px; padding: 32px 48px }
</style><header>Kettles &amp; more</header><main><h1>The quiet kettle</h1>
<p>Boils a litre in two minutes and says nothing about it. Steel, with a handle of beech.</p><p><b>39 €</b>, in stock.</p></main>`;

test('of_the_chat_in_another_page', WANTED, async () => {
  const shop = await openHostSite();
  const site = await openSite({ 'accounts.guests': 'yes', 'http.embed_origins': shop.url });
  after(async () => {
    await site.close();
    await shop.close();
  });
  shop.page('/', `${SHOP}<script src="${site.stack.url}/embed.js" data-room="lobby" async></script>`);
  const maya = await signUp(site.stack.url, { name: 'maya', display: 'Maya Lindqvist' });
  const guest = await Visitor.open(site.browser, `${shop.url}/`, { viewport: { width: 1100, height: 720 }, ...SHARP, colorScheme: 'light' });
  await guest.comeInAs('Wanderer');
  await guest.say('Does it whistle?');
  await guest.sees('Does it whistle?');
  const { seq } = await maya.post('lobby', 'Not at all. It switches itself off 🙂', newKey());
  await guest.sees('switches itself off');
  await maya.must(204, 'PUT', `/rooms/lobby/messages/${seq}/reactions/${encodeURIComponent('👍')}`);
  await guest.frame.locator('.head h1').hover();
  await settled(guest.page);
  await guest.page.screenshot({ path: join(PICTURES, 'embed.png') });
  await guest.leave();
});
