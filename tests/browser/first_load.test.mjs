/* first_load: what the page costs before it can be used, and what it is made of. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { preloaded, www } from '../support/graph.mjs';
import { openSite } from '../support/site.mjs';
import { deployedSite, measureVisit } from '../support/visit.mjs';

/* Over the wire in all, to the page and to its workers, heads of the answers included. */
const BUDGET_BYTES = 100 * 1024;
const BUDGET_REQUESTS = 90;
const AGAIN_BYTES = 10 * 1024;
const AGAIN_REQUESTS = 20;

const site = await openSite();
const deployed = await deployedSite(site.stack);
after(async () => {
  await deployed.close();
  await site.close();
});

test('the_modules_of_the_start_are_named_in_the_page_and_no_others', () => {
  const html = readFileSync(join(www, 'index.html'), 'utf8');
  assert.equal(html, preloaded(html), 'run: node tests/support/graph.mjs --write');
});

test('a_first_visit_stays_within_its_budget_and_a_repeat_visit_costs_next_to_nothing', async () => {
  await deployed.reader.kept();
  const first = await measureVisit(deployed, { fresh: true });
  assert.ok(first.bytes < BUDGET_BYTES, `${first.bytes} bytes over the wire (${first.page.bytes} to the page)`);
  assert.ok(first.requests <= BUDGET_REQUESTS, `${first.requests} requests`);
  const again = await measureVisit(deployed);
  assert.ok(again.bytes < AGAIN_BYTES, `${again.bytes} bytes again: ${again.paths}`);
  assert.ok(again.requests <= AGAIN_REQUESTS, `${again.requests} requests again: ${again.paths}`);
});

test('the_page_can_be_installed_and_its_shortcuts_do_what_they_say', async () => {
  const ada = await site.reader();
  const cdp = await ada.context.newCDPSession(ada.page);
  const { errors, data } = await cdp.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
  const wrong = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
  assert.deepEqual(wrong, []);
  const manifest = JSON.parse(data);
  for (const { src, sizes } of manifest.icons.filter(({ type }) => type === 'image/png')) {
    const png = readFileSync(join(www, src));
    assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, sizes, src);
  }
  for (const { url } of manifest.shortcuts) {
    await ada.page.goto('about:blank');
    await ada.page.goto(new URL(url, ada.url).href);
    await ada.page.locator('dialog[open]').waitFor();
    await ada.page.keyboard.press('Escape');
    assert.equal(new URL(ada.page.url()).hash.includes('+'), false);
  }
  await ada.leave();
});
