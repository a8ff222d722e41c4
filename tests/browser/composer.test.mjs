/* composer: what is written, answered, changed, half written, and who is seen to write it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { sleep, until } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());

const PAUSE_MS = 300; // for what must not happen
const TOUCH = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/* A room of the reader's own, and somebody else in it. */
async function roomFor(ada) {
  const name = newName();
  await ada.createRoom(name);
  const bob = await signUp(site.stack.url, { display: 'Bob' });
  const id = new URL(ada.page.url()).hash.slice(2);
  await bob.join(id);
  return { name, id, bob };
}

/* What a menu of a message does: says to the composer what it is to be. */
async function compose(ada, kind, text) {
  const { id, bob, seq } = await ada.spied;
  await ada.page.evaluate(
    async ([room, which, target]) => {
      const { messages } = window.client.history.log(room);
      const message = messages.find((one) => one.text === target);
      window.client.emit('compose', { room, kind: which, message });
    },
    [id, kind, text],
  );
  return { bob, seq };
}

/* The page's own client, caught when it next says something. */
async function spyOn(ada, room) {
  await ada.page.evaluate(async () => {
    const { Client } = await import('/js/model/client.js');
    const { emit } = Client.prototype;
    Client.prototype.emit = function spied(...told) {
      window.client = this;
      return emit.apply(this, told);
    };
  });
  await room.bob.post(room.id, 'the first');
  await ada.sees('the first');
  ada.spied = room;
}

const box = (ada) => ada.page.locator('#composer');
const bar = (ada) => ada.page.locator('.composer-bar');

test('a_reply_shows_what_it_answers_and_bears_its_number', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  await spyOn(ada, room);
  await compose(ada, 'reply', 'the first');
  assert.match(await bar(ada).textContent(), /Replying to Bob.*the first/);
  await box(ada).press('Escape');
  assert.equal(await bar(ada).isVisible(), false);
  await compose(ada, 'reply', 'the first');
  await ada.page.reload();
  assert.match(await bar(ada).textContent(), /Replying to Bob/);
  await ada.say('an answer');
  await ada.sees('an answer');
  await ada.sent();
  assert.equal(await bar(ada).isVisible(), false);
  const [first, answer] = await room.bob.history(room.id);
  assert.equal(answer.reply_to, first.seq);
  await room.bob.post(room.id, '**bold** `words`');
  await ada.sees('bold words');
  await spyOn(ada, room);
  await compose(ada, 'reply', '**bold** `words`');
  assert.match(await bar(ada).textContent(), /bold words/);
  await ada.leave();
});

test('arrow_up_changes_the_last_own_message_and_what_was_half_written_comes_back', async () => {
  const ada = await site.reader();
  const room = await roomFor(ada);
  await ada.say('one');
  await ada.say('too');
  await ada.shows(['one', 'too']);
  await ada.sent();
  await box(ada).press('ArrowUp');
  assert.equal(await box(ada).inputValue(), 'too');
  assert.match(await bar(ada).textContent(), /Editing your message/);
  await box(ada).press('Escape');
  assert.equal(await box(ada).inputValue(), '');

  await spyOn(ada, room);
  await box(ada).fill('half writ');
  await compose(ada, 'edit', 'too');
  await box(ada).fill('two');
  await box(ada).press('Enter');
  await ada.shows(['one', 'two', 'the first']);
  await until('what was there before', async () => (await box(ada).inputValue()) === 'half writ');
  await ada.leave();
});

test('an_edit_that_is_refused_keeps_its_text_and_says_why', async () => {
  const ada = await site.reader();
  await roomFor(ada);
  await ada.say('as it was');
  await ada.sent();
  await ada.page.route('**/messages/*', (route) =>
    route.fulfill({ status: 409, contentType: 'application/problem+json', body: '{"status":409,"code":"limit_reached"}' }));
  await box(ada).press('ArrowUp');
  await box(ada).fill('as it is to be');
  await box(ada).press('Enter');
  await bar(ada).getByRole('alert').waitFor();
  assert.match(await bar(ada).getByRole('alert').textContent(), /as many of these/);
  assert.equal(await box(ada).inputValue(), 'as it is to be');
  await ada.page.unroute('**/messages/*');
  await box(ada).press('Enter');
  await ada.shows(['as it is to be']);
  await ada.leave();
});

test('a_draft_outlives_the_tab_is_marked_in_the_list_and_follows_into_other_tabs', async () => {
  const ada = await site.reader();
  const { name } = await roomFor(ada);
  const first = ada.page;
  await box(ada).fill('half a thought');
  await ada.enter('Lobby');
  assert.equal(await box(ada).inputValue(), '');
  assert.equal(await ada.room(name).locator('.room-snippet').textContent(), 'Draft: half a thought');
  await first.close();
  await ada.newPage();
  await ada.live();
  assert.equal(await ada.room(name).locator('.room-snippet').textContent(), 'Draft: half a thought');
  await ada.enter(name);
  assert.equal(await box(ada).inputValue(), 'half a thought');
  const second = ada.page;
  await ada.newPage();
  await ada.live();
  await ada.enter(name);
  await box(ada).fill('half a thought, and the rest');
  await until('the other tab has it', async () =>
    (await second.locator('#composer').inputValue()) === 'half a thought, and the rest');
  await box(ada).press('Enter');
  await until('the other tab is empty too', async () => (await second.locator('#composer').inputValue()) === '');
  await ada.shows(['half a thought, and the rest']);
  await ada.leave();
});

test('drafts_are_gone_from_the_browser_when_their_writer_signs_out', async () => {
  const ada = await site.reader();
  await roomFor(ada);
  await box(ada).fill('nobody else may read this');
  const kept = () => ada.page.evaluate(() => JSON.stringify(localStorage).includes('nobody else'));
  assert.equal(await kept(), true);
  await ada.menu('Sign out');
  await ada.page.locator('.card').waitFor();
  assert.equal(await kept(), false);
  await ada.leave();
});

test('who_writes_is_seen_by_the_others_until_the_message_is_there', async () => {
  const ada = await site.reader({ display: 'Ada' });
  const bob = await site.reader({ display: 'Bob' });
  const { name } = await roomFor(ada);
  await bob.joinRoom(name);
  const line = ada.page.locator('.typing-line');
  const before = await ada.page.locator('.composer-frame').boundingBox();
  await box(bob).press('/');
  await sleep(PAUSE_MS);
  assert.equal(await line.textContent(), '');
  await box(bob).fill('hel');
  await until('Bob is seen to write', async () => (await line.textContent()) === 'Bob is typing…');
  assert.equal(await bob.page.locator('.typing-line').textContent(), '');
  assert.deepEqual(await ada.page.locator('.composer-frame').boundingBox(), before);
  await bob.say('hello');
  await ada.sees('hello');
  assert.equal(await line.textContent(), '');
  await ada.leave();
  await bob.leave();
});

test('several_who_write_are_named_counted_and_forgotten_after_some_seconds', async () => {
  const ada = await site.visitor();
  const heard = await ada.page.evaluate(async () => {
    const { Emitter } = await import('/js/base/emitter.js');
    const { Typing } = await import('/js/model/typing.js');
    const { typingLine } = await import('/js/view/composer_notes.js');
    const client = Object.assign(new Emitter(), { me: { id: 'me' }, said: [], say: (frame) => client.said.push(frame) });
    client.typing = new Typing(client);
    const line = typingLine(client, { id: 'r' }, new AbortController().signal);
    const lines = [];
    for (const id of ['me', 'Ada', 'Bob', 'Cy']) {
      client.emit('typing', { room: 'r', user: { id, display: id } });
      lines.push(line.textContent);
    }
    client.emit('message', { room: 'r', from: { id: 'Ada' } });
    lines.push(line.textContent);
    for (const text of ['a', 'ab', '', '/help']) client.typing.writes('r', text);
    client.typing.wrote('r');
    client.typing.writes('r', 'b');
    await new Promise((resolve) => setTimeout(resolve, 6500));
    return { lines, after: line.textContent, said: client.said.length };
  });
  assert.deepEqual(heard, {
    lines: ['', 'Ada is typing…', 'Ada and Bob are typing…', 'Several people are typing…', 'Bob and Cy are typing…'],
    after: '',
    said: 2,
  });
  await ada.leave();
});

test('the_keys_for_bold_italic_and_code_put_marks_on_and_off', async () => {
  const ada = await site.reader();
  await box(ada).fill('so loud');
  const select = () => box(ada).evaluate((node) => node.setSelectionRange(3, 7));
  await select();
  for (const [key, marked] of [['b', 'so **loud**'], ['i', 'so _loud_'], ['e', 'so `loud`']]) {
    await box(ada).press(`Control+${key}`);
    await until(marked, async () => (await box(ada).inputValue()) === marked);
    await box(ada).press(`Control+${key}`);
    assert.equal(await box(ada).inputValue(), 'so loud');
  }
  await box(ada).press('Control+b');
  await box(ada).press('Control+z');
  assert.equal(await box(ada).inputValue(), 'so loud');
  await ada.leave();
});

test('under_a_thumb_enter_breaks_the_line_and_the_button_sends', async () => {
  const ada = await site.visitor(TOUCH);
  await ada.register();
  await ada.live();
  await ada.enter('Lobby');
  const text = newName();
  await box(ada).fill(text);
  await box(ada).press('Enter');
  assert.equal(await box(ada).inputValue(), `${text}\n`);
  assert.equal(await box(ada).getAttribute('enterkeyhint'), 'enter');
  await ada.page.getByRole('button', { name: 'Send' }).tap();
  await ada.sees(text);
  await ada.leave();
});

test('who_is_muted_is_told_so_and_keeps_what_was_written', async () => {
  const ada = await site.reader();
  const bob = await signUp(site.stack.url);
  const room = newName();
  const { room: { id } } = await bob.must(201, 'POST', '/rooms', { name: room, kind: 'public' });
  await ada.joinRoom(room);
  const me = await ada.page.evaluate(async () => (await (await fetch('/api/v1/me')).json()).user.id);
  await bob.must(204, 'PUT', `/rooms/${id}/mutes/${me}`, {});
  await ada.say('may I?');
  await ada.page.locator('.message.failed').waitFor();
  await until('it is told', () => ada.page.locator('.composer-blocked').isVisible());
  assert.match(await ada.page.locator('.composer-blocked').textContent(), /a moderator has muted you/);
  assert.equal(await box(ada).isDisabled(), true);
  await bob.must(204, 'DELETE', `/rooms/${id}/mutes/${me}`);
  await ada.page.evaluate(() => dispatchEvent(new Event('focus')));
  await until('the box is back', async () => !(await box(ada).isDisabled()));
  assert.equal(await ada.page.locator('.composer-blocked').isVisible(), false);
  await ada.leave();
});
