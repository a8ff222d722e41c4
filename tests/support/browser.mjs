/*
 * browser: Debian's Chromium for the tests, headless, and silent towards the outside.
 *
 *   const browser = await launchBrowser();
 *   after(() => browser.close());
 *
 * `args`: what else Chromium is told.
 */
import { chromium } from 'playwright-core';

/* Without these Chromium looks up its maker's hosts at every start. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
];

/* CHROMIUM names another one than Debian's. As root Chromium's own sandbox can't start. `args` are
 * for what is about the browser itself. */
export function launchBrowser(args = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...QUIET, ...args],
    chromiumSandbox: process.getuid() !== 0,
  });
}
