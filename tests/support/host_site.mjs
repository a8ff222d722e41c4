/*
 * host_site: somebody else's site, on another origin than the chat's (localhost, not 127.0.0.1, and
 * another port), whose pages have the chat in them; and a visitor of it.
 *
 *   const site = await openHostSite();
 *   site.page('/shop', `<h1>Shop</h1><script src="${stack.url}/embed.js" …></script>`);
 *   const ann = await Visitor.open(browser, `${site.url}/shop`);
 *   await ann.openChat();
 *   await ann.say('hello');
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { until } from './wait.mjs';

export async function openHostSite() {
  const pages = new Map();
  const server = createServer(({ url, headers }, response) => {
    const page = pages.get(url);
    const body = typeof page === 'function' ? page(headers) : page;
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(body ?? '');
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${server.address().port}`,

    /* `body`: what stands in the page, or what makes it; or a text by itself where `bare`. */
    page(path, body, { bare = false, lang = 'en' } = {}) {
      const around = (text) => `<!doctype html><html lang="${lang}"><title>Host</title>${text}`;
      const make = typeof body === 'function' ? body : () => body;
      pages.set(path, bare ? make : (headers) => around(make(headers)));
    },

    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const USUAL = { locale: 'en-GB', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' };

export class Visitor {
  static async open(browser, url, options = {}) {
    const context = await browser.newContext({ ...USUAL, ...options });
    await context.addInitScript(() => {
      window.told = [];
      for (const name of ['unread', 'message', 'user', 'token', 'away'])
        addEventListener(`stonechat:${name}`, ({ detail }) => window.told.push([name, detail]));
    });
    const visitor = new Visitor(context);
    visitor.page = await context.newPage();
    visitor.page.setDefaultTimeout(30000);
    visitor.page.on('pageerror', (error) => visitor.faults.push(error.stack));
    await visitor.page.goto(url);
    return visitor;
  }

  constructor(context) {
    Object.assign(this, { context, faults: [] });
  }

  get frame() {
    return this.page.frameLocator('stonechat-chat iframe');
  }

  get bubble() {
    return this.page.locator('stonechat-chat button.bubble');
  }

  /* The composer is there: somebody is in, in a room. */
  async openChat() {
    await this.bubble.click();
    await this.frame.locator('#composer').waitFor();
    return this;
  }

  async comeInAs(nick) {
    await this.bubble.click();
    await this.frame.locator('input[name="guest"]').fill(nick);
    await this.frame.locator('form button[type="submit"]').click();
    await this.frame.locator('#composer').waitFor();
    return this;
  }

  async say(text) {
    await this.frame.locator('#composer').fill(text);
    await this.frame.locator('#composer').press('Enter');
  }

  message(text) {
    return this.frame.locator('.message').filter({ hasText: text });
  }

  sees(text) {
    return this.message(text).first().waitFor();
  }

  /* What the page around was told by this name, so far. */
  told(name) {
    return this.page.evaluate((wanted) => window.told.filter(([one]) => one === wanted).map(([, detail]) => detail), name);
  }

  wasTold(name, fits) {
    return until(`the page was told of ${name}`, async () => (await this.told(name)).some(fits));
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.faults, []);
  }
}
