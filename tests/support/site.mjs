/*
 * site: a stack and a browser before it, for one test file of the page.
 *
 *   const site = await openSite();
 *   after(() => site.close());
 *   const ada = await site.reader();
 */
import { launchBrowser } from './browser.mjs';
import { Reader } from './reader.mjs';
import { startStack } from './stack.mjs';
import { unhurried } from './tables.mjs';

/* Tests come faster than people. */
export async function openSite(set = {}) {
  const stack = await startStack({ set: { ...unhurried(), ...set } });
  const browser = await launchBrowser();
  return {
    stack,
    browser,

    /* Somebody who stands before the door. */
    visitor: (options) => Reader.open(browser, stack.url, options),

    /* Somebody who is in, with an account of his own. */
    async reader({ display, ...options } = {}) {
      const reader = await Reader.open(browser, stack.url, options);
      await reader.register({ display });
      return reader.live();
    },

    async close() {
      await browser.close();
      await stack.stop();
    },
  };
}
