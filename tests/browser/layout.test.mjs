/* layout: from 360 to 1440 pixels nothing is cut off. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newKey, newName, signUp } from '../support/client.mjs';
import { openSite } from '../support/site.mjs';

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

const site = await openSite();
after(() => site.close());

/* Everything that sticks out of the window or is cut off within its own box. */
const sticking = (page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll('body *')].filter((node) => {
      const box = node.getBoundingClientRect();
      return (
        node.checkVisibility() && box.width > 1 && (box.right > width + 0.5 || box.left < -0.5)
      );
    });
    const scrolls =
      document.scrollingElement.scrollWidth > width ||
      document.scrollingElement.scrollHeight > innerHeight;
    return [
      ...wide.map((node) => node.className || node.tagName),
      ...(scrolls ? ['the page scrolls'] : []),
    ];
  });

for (const width of [360, 720, 721, 1024, 1440]) {
  test(`at_${width}_pixels_nothing_sticks_out`, async () => {
    const long = newName();
    const writer = await signUp(site.stack.url, {
      display: `Somebody ${'with a long name '.repeat(3)}`,
    });
    const { room } = await writer.must(201, 'POST', '/rooms', {
      name: long,
      title: `${long} and on it goes for a while`,
      topic: 'topic '.repeat(20),
      kind: 'public',
    });
    await writer.post(
      room.id,
      `${'unbroken'.repeat(80)} https://example.org/${'path/'.repeat(60)}`,
      newKey(),
    );

    const ada = await site.visitor({ viewport: { width, height: 740 } });
    assert.deepEqual(await sticking(ada.page), []);
    await ada.register();
    assert.deepEqual(await sticking(ada.page), []);
    await ada.joinRoom(long);
    await ada.sees('unbroken');
    await ada.say('one line\nand another');
    await ada.sees('one line');
    assert.deepEqual(await sticking(ada.page), []);
    if (width <= 720) await ada.page.locator('.back').click();
    await ada.page.locator('.rooms a').first().waitFor();
    assert.deepEqual(await sticking(ada.page), []);
    for (const row of [0, 1]) {
      await ada.page.locator('.me').click();
      await ada.page.locator('.foot .menu button').nth(row).click();
      await ada.page.locator('dialog[open]').waitFor();
      await ada.page.waitForTimeout(250);
      assert.deepEqual(await sticking(ada.page), []);
      await ada.page.keyboard.press('Escape');
      await ada.page.locator('.brand button').nth(row).click();
      await ada.page.locator('dialog[open]').waitFor();
      await ada.page.waitForTimeout(250);
      assert.deepEqual(await sticking(ada.page), []);
      await ada.page.keyboard.press('Escape');
    }
    await ada.leave();
  });
}

test('on_a_phone_the_list_and_the_room_are_two_pages_and_back_leads_back', async () => {
  const ada = await site.reader(PHONE);
  assert.equal(await ada.page.locator('.main').isVisible(), false);
  await ada.enter('Lobby');
  assert.equal(await ada.page.locator('.sidebar').isVisible(), false);
  assert.equal(await ada.page.evaluate(() => document.activeElement.textContent), 'Lobby');
  await ada.page.goBack();
  await ada.page.locator('.sidebar').waitFor();
  assert.match(
    await ada.page.evaluate(() => document.activeElement.getAttribute('aria-label')),
    /^Lobby/,
  );
  await ada.leave();
});

test('with_reduced_motion_nothing_moves_not_even_for_a_moment', async () => {
  const ada = await site.reader({ reducedMotion: 'reduce' });
  const moving = await ada.page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((node) =>
        getComputedStyle(node)
          .transitionDuration.split(', ')
          .some((s) => s !== '0s'),
      )
      .map((node) => node.className || node.tagName),
  );
  assert.deepEqual(moving, []);
  await ada.leave();
});

test('text_has_contrast_enough_in_light_and_dark', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const ada = await site.reader({ colorScheme });
    await ada.say('some words https://example.org');
    await ada.sees('some words');
    const poor = await ada.page.evaluate(() => {
      const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      const over = (color, ground) => {
        context.fillStyle = ground;
        context.fillRect(0, 0, 1, 1);
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
      };
      const light = (rgb) =>
        rgb
          .map((v) => v / 255)
          .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      const groundOf = (node) => {
        for (let at = node; at; at = at.parentElement) {
          const color = getComputedStyle(at).backgroundColor;
          if (!/, 0\)$|transparent/.test(color)) return color;
        }
        return 'white';
      };
      const hasText = (node) =>
        [...node.childNodes].some(
          (child) => child.nodeType === Node.TEXT_NODE && child.data.trim(),
        );
      return [...document.querySelectorAll('body *')]
        .filter(
          (node) =>
            hasText(node) && node.checkVisibility() && node.getBoundingClientRect().width > 1,
        )
        .map((node) => {
          const ground = groundOf(node);
          const [a, b] = [
            light(over(getComputedStyle(node).color, ground)),
            light(over(ground, ground)),
          ].sort((x, y) => y - x);
          return { text: node.textContent.slice(0, 20), ratio: (a + 0.05) / (b + 0.05) };
        })
        .filter(({ ratio }) => ratio < 4.5);
    });
    assert.deepEqual(poor, [], colorScheme);
    await ada.leave();
  }
});
