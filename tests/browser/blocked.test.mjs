/* blocked: networks that let no WebSocket through; the page goes by events then, and back. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newName, signUp } from '../support/client.mjs';
import { startGateway } from '../support/gateway.mjs';
import { Reader } from '../support/reader.mjs';
import { openSite } from '../support/site.mjs';
import { until } from '../support/wait.mjs';

const site = await openSite();
const gateway = await startGateway(site.stack.url);
after(() => {
  gateway.close();
  return site.close();
});

const seconds = (n) => n * 1000;

/* Somebody whose way leads through the gateway, in a room of their own with a witness. */
async function behindGateway(upgrades) {
  Object.assign(gateway, { upgrades, tried: 0 });
  const ada = await Reader.open(site.browser, gateway.url);
  await ada.register();
  await until('a stream of events', () => gateway.streams === 1, seconds(60));
  await ada.live();
  const name = newName();
  await ada.createRoom(name);
  const id = new URL(ada.page.url()).hash.slice(2);
  const witness = await signUp(site.stack.url);
  await witness.join(id);
  return { ada, id, witness, name };
}

for (const how of ['refuse', 'swallow']) {
  test(`where_websockets_are_met_with_${how}_the_page_talks_by_events`, async () => {
    const { ada, id, witness } = await behindGateway(how);
    const said = ['to be heard at once', 'and this'];
    for (const text of said) await witness.post(id, text);
    await ada.shows(said);
    await ada.say('and answered');
    await ada.shows([...said, 'and answered']);
    assert.ok(gateway.tried >= 2, `${gateway.tried} tries before`);
    await ada.leave();
  });
}

test('by_events_nothing_is_missed_or_doubled_over_deaths_of_the_daemon', async () => {
  const { ada, id, witness } = await behindGateway('refuse');
  const said = [];
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    site.stack.kill('pushd', signal);
    for (let i = 0; i < 5; i++) {
      said.push(`${signal} ${i}`);
      await witness.post(id, said.at(-1));
    }
    await ada.shows(said, seconds(40));
  }
  await until('by events again', () => gateway.streams === 1, seconds(40));
  await ada.leave();
});

test('by_events_too_the_end_of_the_session_is_the_end', async () => {
  const { ada } = await behindGateway('refuse');
  await ada.page.evaluate(() => fetch('/api/v1/sessions/current', { method: 'DELETE' }));
  await ada.page.locator('.card').waitFor();
  await until('the stream has ended', () => gateway.streams === 0);
  await ada.leave();
});

test('when_the_way_is_free_again_a_websocket_takes_over_without_a_gap', async () => {
  const { ada, id, witness } = await behindGateway('refuse');
  await ada.page.evaluate(async (room) => {
    const { Socket } = await import('/js/model/socket.js');
    const held = {};
    window.heard = [];
    window.states = [];
    const socket = new Socket({
      address: async () => `ws://${location.host}/ws`,
      held: () => held,
      resume: () => ({ type: 'resume', cursors: held }),
      wayBackMs: 500,
    });
    socket.on('state', ({ state }) => states.push(state));
    socket.on('frame', (frame) => {
      if (frame.type !== 'message' || frame.room !== room) return;
      held[room] = [frame.seq, frame.at];
      heard.push(frame.text);
    });
    socket.start();
  }, id);
  await until('a second stream', () => gateway.streams === 2, seconds(40));
  await until('which is live', () => ada.page.evaluate(() => states.includes('live')));
  const said = [];
  const say = async (text) => {
    said.push(text);
    await witness.post(id, text);
  };
  await say('by events');
  const tried = gateway.tried;
  await until('it tries in vain', () => gateway.tried >= tried + 2);
  await say('still by events');
  gateway.upgrades = 'pass';
  for (let i = 0; gateway.streams > 1 && i < 200; i++) await say(`in between ${i}`);
  await until('the stream is given up', () => gateway.streams === 1);
  await say('by websocket');
  await until('all of it', () => ada.page.evaluate(() => heard.includes('by websocket')));
  const { heard, states } = await ada.page.evaluate(() => ({ heard, states }));
  assert.deepEqual(heard, said);
  assert.deepEqual(states.slice(states.indexOf('live')), ['live', 'live'], 'without a break');
  await ada.leave();
});
