/* api: the page that shows the description: all of it, in both languages, on any screen. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { asyncapi, openapi, operations } from '../support/api.mjs';
import { openSite } from '../support/site.mjs';

const site = await openSite();
after(() => site.close());

const HAN = /\p{Script=Han}/u;

/* A page at this address; whatever its console says is a fault. */
async function open(hash = '', options = {}) {
  const context = await site.browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${site.stack.url}/api/${hash}`);
  await page.locator('main details').first().waitFor();
  return { page, async leave() {
    await context.close();
    assert.deepEqual(faults, []);
  } };
}

const texts = (page, selector) => page.locator(selector).allTextContents();

test('every_operation_frame_error_and_shape_is_shown_with_its_answers', async () => {
  const { page, leave } = await open();
  for (const one of operations) {
    const item = page.locator(`details#${one.operationId}`);
    assert.equal(await item.locator('summary .path').textContent(), one.path);
    assert.deepEqual(await item.locator('.status').allTextContents(), [...one.responses.keys()].map(String));
    assert.match(await item.locator('pre').first().textContent(), /^curl /);
  }
  const frames = Object.values(asyncapi.components.messages).map(({ name }) => name);
  const shown = await texts(page, '[id^="frame-"] summary .path');
  assert.deepEqual(frames.filter((name) => !shown.includes(name) && !['publication', 'close'].includes(name)), []);
  const words = openapi.components.schemas.ErrorCode.oneOf.map((word) => word.const);
  assert.deepEqual(await texts(page, '#errors th'), words);
  for (const name of Object.keys(openapi.components.schemas)) assert.equal(await page.locator(`#schema-${name}`).count(), 1, name);
  await leave();
});

test('no_link_within_the_page_leads_nowhere', async () => {
  const { page, leave } = await open();
  const lost = await page.evaluate(() => {
    const hashes = [...document.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute('href').slice(1));
    return [...new Set(hashes)].filter((id) => !document.getElementById(id));
  });
  assert.deepEqual(lost, []);
  await leave();
});

test('an_address_opens_what_it_names', async () => {
  const { page, leave } = await open('#sendMessage');
  assert.ok(await page.locator('#sendMessage[open] .body').isVisible());
  await page.locator('nav a[href="#readMe"]').click();
  await page.locator('#readMe[open] .body').waitFor();
  await leave();
});

test('the_contents_are_narrowed_by_what_is_sought', async () => {
  const { page, leave } = await open();
  await page.locator('nav input').fill('webhook');
  const left = await page.locator('nav li:visible').allTextContents();
  assert.ok(left.length >= 3 && left.every((line) => /webhook/i.test(line)), left.join());
  await leave();
});

test('labels_come_in_the_readers_language_and_the_switch_is_remembered', async () => {
  const { page, leave } = await open('', { locale: 'zh-CN' });
  const own = ':is(h1, h2, h3, .must, .open)';
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-Hans');
  for (const label of await texts(page, `main ${own}, nav h2`)) assert.match(label, HAN);
  await page.locator('header button', { hasText: 'English' }).click();
  for (const label of await texts(page, `main ${own}, nav h2`)) assert.doesNotMatch(label, HAN);
  await page.reload();
  await page.locator('main details').first().waitFor();
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await leave();
});

for (const width of [360, 820, 821, 1440]) {
  test(`at_${width}_pixels_only_tables_and_examples_scroll_sideways`, async () => {
    const { page, leave } = await open('', { viewport: { width, height: 800 } });
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
    assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth));
    const outside = await page.evaluate(() => [...document.querySelectorAll('body *')].filter((node) =>
      !node.closest('.wide, pre') && node.getBoundingClientRect().right > innerWidth + 0.5).map((node) => node.className || node.tagName));
    assert.deepEqual(outside, []);
    await leave();
  });
}
