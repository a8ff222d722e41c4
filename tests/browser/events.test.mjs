/* events: the browser's own EventSource, on GET /events of the page's origin. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());

/* In the page: an EventSource that keeps what comes, in `window.seen`. One gives up for good when it
 * is answered by anything but 200, as while the daemon is away; then the page opens another, which
 * says in its address where the first one stood. */
const listen = (page) =>
  page.evaluate(() => {
    window.seen = [];
    let last = '';
    window.open_events = (query) => {
      window.source = new EventSource(`/events${query}`);
      source.onmessage = ({ data, lastEventId }) => {
        last = lastEventId;
        seen.push(JSON.parse(data));
      };
      source.addEventListener('close', ({ data }) => seen.push({ type: 'close', ...JSON.parse(data) }));
      source.onerror = () => {
        if (source.readyState !== EventSource.CLOSED || seen.at(-1)?.code === 4401) return;
        setTimeout(open_events, 200, `?${new URLSearchParams({ last_event_id: last })}`);
      };
    };
    open_events('');
  });
const seen = (page, type) => page.evaluate((wanted) => seen.filter((event) => event.type === wanted), type);
const texts = async (page) => (await seen(page, 'message')).map(({ text }) => text);

test('an_event_source_reads_live_and_goes_on_after_a_restart', async () => {
  const [ada, bob] = [await site.reader(), await site.reader()];
  await listen(ada.page);
  await until('welcome', async () => (await seen(ada.page, 'welcome')).length === 1);
  await bob.say('one');
  await until('one', async () => (await texts(ada.page)).includes('one'));
  site.stack.kill('pushd', 'SIGTERM');
  await until('its end', async () => (await seen(ada.page, 'close'))[0]?.code === 1012);
  await bob.say('two');
  await bob.say('three');
  await until('what was missed', async () => (await texts(ada.page)).includes('three'));
  assert.deepEqual(await texts(ada.page), ['one', 'two', 'three']);
  assert.ok((await seen(ada.page, 'welcome')).length >= 2);
  await ada.page.evaluate(() => source.close());
  await Promise.all([ada.leave(), bob.leave()]);
});

test('a_session_that_has_ended_is_not_tried_again', async () => {
  const ada = await site.reader();
  await listen(ada.page);
  await until('welcome', async () => (await seen(ada.page, 'welcome')).length === 1);
  await ada.page.evaluate(() => fetch('/api/v1/sessions/current', { method: 'DELETE' }));
  await until('its end', async () => (await seen(ada.page, 'close'))[0]?.code === 4401);
  await until('no more tries', () => ada.page.evaluate(() => source.readyState === EventSource.CLOSED));
  assert.equal((await seen(ada.page, 'welcome')).length, 1);
  await ada.leave();
});
