/* composer_mentions: the list behind an @, by name, by how a Chinese name is spelt, by keyboard. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';
import { sleep, until } from '../support/wait.mjs';

const site = await openSite();
after(() => site.close());

const PAUSE_MS = 400; // for what must not happen

const box = (ada) => ada.page.locator('#composer');
const list = (ada) => ada.page.locator('.completion');
const names = (ada) => list(ada).locator('strong').allTextContents();

/* A private room with these people in it, by the names that they show. */
async function roomWith(ada, ...shown) {
  const owner = await signUp(site.stack.url, { display: 'Olga' });
  const { room } = await owner.must(201, 'POST', '/rooms', { name: newName(), title: newName(), kind: 'private' });
  const people = {};
  for (const display of shown) {
    const person = await signUp(site.stack.url, { display });
    await owner.must(201, 'PUT', `/rooms/${room.id}/members/${person.id}`, {});
    people[display] = person;
  }
  const me = await ada.page.evaluate(async () => (await (await fetch('/api/v1/me')).json()).user.id);
  await owner.must(201, 'PUT', `/rooms/${room.id}/members/${me}`, {});
  await ada.enter(room.title);
  return { owner, people, id: room.id };
}

const offers = (ada, expected) =>
  until(`exactly ${expected}`, async () => (await names(ada)).join() === expected.join());

test('a_chinese_name_is_found_by_its_initials_by_its_spelling_and_by_itself', async () => {
  const ada = await site.reader();
  const { people } = await roomWith(ada, '张三', '曾小燕', '吕布', 'Zoe', '李四');
  for (const [typed, found] of [
    ['@zs', ['张三']],
    ['@zhangsan', ['张三']],
    ['@zhs', ['张三']],
    ['@张', ['张三']],
    ['@zxy', ['曾小燕']],
    ['@xiaoyan', ['曾小燕']],
    ['@lvbu', ['吕布']],
    ['@lubu', ['吕布']],
    ['@zo', ['Zoe']],
    [`@${people['李四'].name}`, ['李四']],
  ]) {
    await box(ada).fill('');
    await box(ada).pressSequentially(typed);
    await offers(ada, found);
  }
  await box(ada).fill('@zsx');
  await list(ada).waitFor({ state: 'hidden' });
  await ada.leave();
});

test('a_name_is_taken_in_the_middle_of_chinese_and_mentions_whom_it_names', async () => {
  const ada = await site.reader();
  const { people, owner, id } = await roomWith(ada, '张三');
  await box(ada).pressSequentially('请问@zs');
  await offers(ada, ['张三']);
  await box(ada).press('Enter');
  assert.equal(await box(ada).inputValue(), `请问@${people['张三'].name} `);
  await box(ada).pressSequentially('在吗');
  await box(ada).press('Enter');
  await ada.sees('在吗');
  await ada.sent();
  const [message] = await owner.history(id);
  assert.deepEqual(message.mentions, [people['张三'].id]);
  await ada.leave();
});

test('the_list_is_walked_by_arrows_with_the_focus_in_the_box', async () => {
  const ada = await site.reader();
  const { people } = await roomWith(ada, 'Mia A', 'Mia B', 'Mia C');
  await box(ada).pressSequentially('@mi');
  await offers(ada, ['Mia A', 'Mia B', 'Mia C']);
  const active = async () => {
    const id = await box(ada).getAttribute('aria-activedescendant');
    return ada.page.locator(`#${id}`).locator('strong').textContent();
  };
  assert.equal(await active(), 'Mia A');
  await box(ada).press('ArrowUp');
  assert.equal(await active(), 'Mia C');
  await box(ada).press('ArrowDown');
  await box(ada).press('ArrowDown');
  assert.equal(await active(), 'Mia B');
  assert.equal(await list(ada).getByRole('option', { selected: true }).locator('strong').textContent(), 'Mia B');
  await box(ada).press('Escape');
  await list(ada).waitFor({ state: 'hidden' });
  assert.equal(await box(ada).inputValue(), '@mi');
  await box(ada).pressSequentially('a');
  await list(ada).getByText('Mia C').click();
  assert.equal(await box(ada).inputValue(), `@${people['Mia C'].name} `);
  assert.equal(await box(ada).evaluate((node) => node === document.activeElement), true);
  await ada.leave();
});

test('in_a_public_room_anybody_is_found_and_in_an_address_nobody', async () => {
  const ada = await site.reader();
  const name = newName();
  await ada.createRoom(newName());
  const stranger = await signUp(site.stack.url, { name, display: `Stranger ${name}` });
  await box(ada).pressSequentially(`hi @${name.slice(0, 9)}`);
  await offers(ada, [`Stranger ${name}`]);
  await box(ada).press('Tab');
  assert.equal(await box(ada).inputValue(), `hi @${stranger.name} `);
  await box(ada).fill('');
  await box(ada).pressSequentially(`post@${name.slice(0, 9)}`);
  await sleep(PAUSE_MS);
  assert.equal(await list(ada).isVisible(), false);
  await ada.leave();
});

test('an_input_method_neither_sends_nor_takes_a_name', async () => {
  const ada = await site.reader();
  await roomWith(ada, '张三', '张四');
  const input = await ada.context.newCDPSession(ada.page);
  await box(ada).pressSequentially('@');
  await until('the list', async () => (await names(ada)).length > 1);
  await input.send('Input.imeSetComposition', { text: 'zhang', selectionStart: 5, selectionEnd: 5 });
  await box(ada).evaluate((node) => {
    for (const key of ['Enter', 'Tab', 'ArrowDown', 'Escape']) {
      for (const more of [{ isComposing: true }, { keyCode: 229 }]) {
        node.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
      }
    }
  });
  await sleep(PAUSE_MS);
  assert.equal(await box(ada).inputValue(), '@zhang');
  assert.deepEqual(await ada.texts(), []);
  await input.send('Input.insertText', { text: '张' });
  await offers(ada, ['张三', '张四']);
  assert.equal(await box(ada).inputValue(), '@张');
  await ada.leave();
});
