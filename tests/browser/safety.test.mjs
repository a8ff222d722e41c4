/* safety: what people write is text, whatever it looks like. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newKey, newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';

const PAYLOADS = [
  '<script>window.hit = 1</script>',
  '<img src=x onerror="window.hit = 1">',
  '<svg onload="window.hit = 1">',
  '"><svg/onload=window.hit=1>',
  '\'"--></style></script><script>window.hit=1</script>',
  '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
  '<math><mtext><style><img src=x onerror=window.hit=1>',
  '<a href="javascript:window.hit=1">x</a>',
  'javascript:window.hit=1',
  ' java\nscript:window.hit=1',
  'vbscript:msgbox(1)',
  'data:text/html,<script>window.hit=1</script>',
  '[x](javascript:window.hit=1)',
  '//evil.example/x',
  'https://evil.example/"onmouseover="window.hit=1',
  'https://evil.example/<script>window.hit=1</script>',
  '&lt;script&gt;window.hit=1&lt;/script&gt;',
  '&#60;script&#62;',
  '{{constructor.constructor("window.hit=1")()}}',
  '${window.hit=1}',
  '__proto__',
  'constructor',
  '<details open ontoggle=window.hit=1>',
  '<body onload=window.hit=1>',
  '<template><script>window.hit=1</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=window.hit=1>">',
  '\u202Eevil\u202C',
  '<base href="//evil.example/">',
  '<meta http-equiv="refresh" content="0;url=//evil.example">',
  '<form action="//evil.example"><button>x</button></form>',
  '<input autofocus onfocus=window.hit=1>',
];

const site = await openSite();
after(() => site.close());

test('no_payload_becomes_a_node_or_runs', async () => {
  const evil = await signUp(site.stack.url, { display: '<img src=x onerror="window.hit = 1">' });
  const name = newName();
  const title = '<b onclick="window.hit=1">room</b>';
  const { room } = await evil.must(201, 'POST', '/rooms', {
    name,
    title,
    topic: '<script>window.hit = 1</script>',
    kind: 'public',
  });
  for (const payload of PAYLOADS) await evil.post(room.id, payload, newKey());
  await site.stack.redis('PUBLISH', 'chat:message', '{"title":"early"}');

  const ada = await site.reader();
  await ada.joinRoom(title, name);
  await ada.shows(PAYLOADS);
  await site.stack.redis(
    'PUBLISH',
    'chat:message',
    JSON.stringify({
      title: '<img src=x onerror=window.hit=1>',
      text: '<script>window.hit=1</script>',
    }),
  );
  await ada.page.locator('.toast').waitFor();
  assert.equal(await ada.page.locator('.head h1').textContent(), title);
  assert.equal(await ada.page.evaluate(() => window.hit), undefined);
  const alien =
    ':is(script, iframe, img, form, input, style, base, meta, details, template, math, b)';
  for (const place of ['.messages', '.rooms', '.head', '.toasts']) {
    assert.equal(await ada.page.locator(`${place} ${alien}`).count(), 0, place);
  }
  await ada.leave();
});

test('only_web_and_mail_addresses_become_links_and_those_are_harmless', async () => {
  const ada = await site.reader();
  await ada.createRoom(newName());
  await ada.say(
    'see https://example.org/a_(b)?q=1&x=<y>. or (http://example.org), mailto:me@example.org, ' +
      'not javascript:alert(1) nor data:text/html,x nor ftp://example.org 还有https://example.org/路径，好',
  );
  const links = ada.page.locator('.text a');
  await links.first().waitFor();
  const found = await links.evaluateAll((nodes) =>
    nodes.map(({ href, rel, target }) => ({ href, rel, target })),
  );
  assert.deepEqual(
    found.map(({ href }) => href),
    [
      'https://example.org/a_(b)?q=1&x=',
      'http://example.org/',
      'mailto:me@example.org',
      'https://example.org/%E8%B7%AF%E5%BE%84',
    ],
  );
  for (const { rel, target } of found) {
    assert.equal(rel, 'noopener noreferrer');
    assert.equal(target, '_blank');
  }
  await ada.leave();
});

test('an_address_reads_from_left_to_right_and_none_pretends_to_be_elsewhere', async () => {
  const ada = await site.reader();
  await ada.createRoom(newName());
  await ada.say('https://bank.example@evil.example/ and https://bank.example:443@evil.example/ \u202Ehttps://one.example/a/b');
  await ada.sent(); // then its row is drawn anew
  const links = ada.page.locator('.text a');
  await links.first().waitFor();
  assert.deepEqual(await links.allTextContents(), ['https://one.example/a/b']);
  const order = await links.first().evaluate((link) => {
    const at = (offset) => {
      const range = document.createRange();
      range.setStart(link.firstChild, offset);
      range.setEnd(link.firstChild, offset + 1);
      return range.getBoundingClientRect().left;
    };
    return at(0) < at(link.textContent.length - 1);
  });
  assert.ok(order, 'what comes first stands at the left');
  await ada.leave();
});

test('a_webhook_under_the_name_of_a_person_is_seen_to_be_one', async () => {
  const grace = await signUp(site.stack.url, { display: 'Grace' });
  const name = newName();
  const { room } = await grace.must(201, 'POST', '/rooms', { name, kind: 'public' });
  const { hook } = await grace.must(201, 'POST', `/rooms/${room.id}/hooks`, {});
  const ada = await site.reader();
  await ada.joinRoom(name);
  await grace.post(room.id, 'said by grace', newKey());
  await grace.must(201, 'POST', `/hooks/${hook.token}`, { text: 'said by no grace', username: 'Grace' });
  await ada.sees('said by no grace');
  const marks = (text) => ada.message(text).locator('.byline .bot');
  assert.deepEqual(await marks('said by no grace').allTextContents(), ['Bot']);
  assert.equal(await marks('said by grace').count(), 0);
  await ada.page.reload();
  await ada.sees('said by no grace');
  assert.deepEqual(await marks('said by no grace').allTextContents(), ['Bot']);
  await ada.leave();
});

test('nothing_private_is_kept_in_the_browser_but_what_waits_to_be_sent', async () => {
  const ada = await site.reader();
  await ada.createRoom(newName());
  await ada.say('said and acknowledged');
  await ada.sees('said and acknowledged');
  await ada.sent();
  const kept = await ada.page.evaluate(async () => {
    const requests = await Promise.all(
      (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
    );
    return {
      storage: JSON.stringify(localStorage),
      cached: requests.flat().map(({ url }) => new URL(url).pathname),
    };
  });
  assert.doesNotMatch(kept.storage, /acknowledged/);
  assert.doesNotMatch(kept.storage, /battery/);
  assert.deepEqual(
    kept.cached.filter((path) => path.startsWith('/api/')),
    [],
  );
  assert.equal(
    await ada.page.evaluate(() => document.cookie),
    '',
    'the session is out of reach of scripts',
  );
  await ada.menu('Sign out');
  await ada.page.locator('.card').waitFor();
  assert.doesNotMatch(
    await ada.page.evaluate(() => JSON.stringify(localStorage)),
    new RegExp(ada.name),
  );
  await ada.leave();
});
