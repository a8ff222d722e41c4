/* access_direction: ready for scripts that are written from right to left: the page mirrored is the page,
 * and its styles speak of where lines begin and end, not of left and right. And nothing moves where
 * that isn't wanted. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fillRoom } from '../support/full_room.mjs';
import { openSite } from '../support/site.mjs';
import { root } from '../support/stack.mjs';

const CSS = join(root, 'nginx/www/css');
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };

const site = await openSite();
after(() => site.close());

let ada;
let full;
before(async () => {
  ada = await site.reader({ display: 'Ada' });
  full = await fillRoom(site.stack.url, (await ada.ask('GET', '/me')).user);
  await ada.enter(full.title);
  await ada.page.evaluate(() => (document.documentElement.dir = 'rtl'));
});
after(() => ada.leave());

/* `[file, declaration]` that may name a side, since a script computes it from the screen's left edge, or
 * it is undone for the other direction. */
const PHYSICAL = [
  ['message_tools.css', 'left: var(--x, 0)'],
  ['timeline.css', 'object-position: left'],
  ['timeline.css', 'object-position: right'],
];
const SIDED = /(?:^|-)(?:left|right)$/;
const SIDED_VALUE = /^(?:text-align|float|clear|object-position|background-position)$/;
const FOUR = /^(?:margin|padding|inset|border-width|border-color|border-style|scroll-margin|scroll-padding)$/;

function isPhysical([property, value]) {
  if (SIDED.test(property)) return true;
  if (SIDED_VALUE.test(property)) return /\b(?:left|right)\b/.test(value);
  const parts = value.match(/(?:\([^()]*(?:\([^()]*\))*[^()]*\)|[^\s()])+/g);
  return FOUR.test(property) && parts.length === 4 && parts[1] !== parts[3];
}

test('no_style_says_left_or_right_where_it_means_the_beginning_or_the_end', () => {
  const found = readdirSync(CSS).flatMap((file) => {
    const text = readFileSync(join(CSS, file), 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');
    return [...text.matchAll(/^\s*([a-z-]+):\s*([^;{}]+);/gm)]
      .map(([, property, value]) => [property, value])
      .filter(isPhysical)
      .map(([property, value]) => [file, `${property}: ${value}`]);
  });
  const order = (rows) => rows.map((row) => row.join(', ')).sort();
  assert.deepEqual(order(found), order(PHYSICAL));
});

/* What sticks out of the window, or of the line that it stands in. */
const sticking = (page) => page.evaluate(() => {
  const width = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll('body *')].filter((node) => {
    const box = node.getBoundingClientRect();
    const seen = node.checkVisibility({ checkVisibilityCSS: true }) && box.width > 1 && !node.closest('.code, .sr-only, svg');
    return seen && (box.right > width + 0.5 || box.left < -0.5);
  });
  const scrolls = document.scrollingElement.scrollWidth > width || document.scrollingElement.scrollLeft !== 0;
  return [...out.map((node) => node.className || node.tagName), ...(scrolls ? ['the page scrolls'] : [])];
});

/* Controls that lie upon one another though neither is within the other nor above the page. */
const overlapping = (page) => page.evaluate(() => {
  const controls = [...document.querySelectorAll('.sidebar :is(a, button), .head :is(a, button), .composer :is(button, textarea), .panel :is(button, input)')]
    .filter((node) => node.checkVisibility({ checkVisibilityCSS: true }))
    .filter((node) => {
      const { x, y, width, height } = node.getBoundingClientRect();
      return width > 1 && node.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    })
    .map((node) => ({ node, box: node.getBoundingClientRect() }));
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  return controls.flatMap((a, i) => controls.slice(i + 1)
    .filter((b) => !a.node.contains(b.node) && !b.node.contains(a.node) && meet(a.box, b.box))
    .map((b) => `${a.node.outerHTML.slice(0, 80)} and ${b.node.outerHTML.slice(0, 80)}`));
});

const middle = async (selector) => {
  const { x, width } = await ada.page.locator(selector).first().boundingBox();
  return x + width / 2;
};

async function isWhole() {
  assert.deepEqual(await sticking(ada.page), []);
  assert.deepEqual(await overlapping(ada.page), []);
}

test('mirrored_the_rooms_are_at_the_right_and_the_panel_at_the_left', async () => {
  await isWhole();
  await ada.members();
  await isWhole();
  assert.ok((await middle('.sidebar')) > (await middle('.room-main')));
  assert.ok((await middle('.panel')) < (await middle('.room-main')));
  assert.ok((await middle('.message .gutter')) > (await middle('.message .content')));
  const row = ada.page.locator('.message').filter({ hasText: 'an answer' });
  await row.hover();
  const tools = await row.locator('.message-tools').boundingBox();
  const box = await row.boundingBox();
  assert.ok(tools.x - box.x < box.width / 2, 'what can be done with a message is at its end');
  const code = await ada.page.locator('.code pre').first().evaluate((node) => getComputedStyle(node).direction);
  assert.equal(code, 'ltr', 'code is not mirrored');
});

const CARDS = [
  ['.me', '.foot .menu'],
  ['.head .menu-anchor > button', '.head .menu'],
  ['.brand button', 'dialog[open]'],
];

test('mirrored_what_opens_is_on_the_screen_too', async () => {
  for (const [button, card] of CARDS) {
    await ada.page.locator(button).first().click();
    await ada.page.locator(card).waitFor();
    assert.deepEqual(await sticking(ada.page), [], card);
    await ada.page.keyboard.press('Escape');
    await ada.page.locator(card).waitFor({ state: 'hidden' });
  }
});

test('mirrored_it_fits_a_phone', async () => {
  await ada.page.locator('.panel-head button').click();
  await ada.page.setViewportSize(PHONE);
  await isWhole();
  await ada.page.locator('.back').click();
  await ada.page.locator('.rooms a').first().waitFor();
  await isWhole();
  await ada.page.setViewportSize(DESK);
  await ada.enter(full.title);
});

/* Longer than that is movement; but for what comes later, the delay of which moves nothing. */
const STILL_MS = 10;

test('where_motion_is_not_wanted_there_is_none', async () => {
  const running = () => ada.page.evaluate((most) => [...document.querySelectorAll('*')].flatMap((node) =>
    [null, '::before', '::after'].flatMap((pseudo) => {
      const style = getComputedStyle(node, pseudo);
      const ms = (text) => text.split(', ').map((one) => parseFloat(one) * (one.endsWith('ms') ? 1 : 1000));
      const counts = style.animationIterationCount.split(', ').map((one) => (one === 'infinite' ? Infinity : Number(one)));
      const plays = style.animationName !== 'none' && ms(style.animationDuration).some((one, i) => one * (counts[i] ?? counts[0]) > most);
      const moves = ms(style.transitionDuration).some((one) => one > most) || style.scrollBehavior === 'smooth';
      return plays || moves ? [`${node.className || node.tagName}${pseudo ?? ''}`] : [];
    })), STILL_MS);
  assert.deepEqual(await running(), []);
  const wire = await full.grace.connect();
  wire.say({ type: 'typing', room: full.room });
  await ada.page.locator('.typing-line.busy').waitFor();
  assert.deepEqual(await running(), []);
  await wire.close();
  for (const [button, card] of CARDS) {
    await ada.page.locator(button).first().click();
    await ada.page.locator(card).waitFor();
    assert.deepEqual(await running(), [], card);
    await ada.page.keyboard.press('Escape');
  }
  await ada.page.emulateMedia({ reducedMotion: 'no-preference' });
  assert.notDeepEqual(await running(), [], 'and where it is, there is some');
  await ada.page.emulateMedia({ reducedMotion: 'reduce' });
});
