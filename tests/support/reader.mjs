/*
 * reader: a person in front of the page, in a browser context of his own.
 *
 *   const ada = await Reader.open(browser, stack.url);
 *   await ada.register();
 *   await ada.say('hello');
 *   await ada.sees('hello');
 *
 * It does what hands do and reads what eyes read. Whatever the page complains about (an error
 * thrown, a violation of the content security policy) is kept in `faults`; `leave` throws it.
 */
import assert from 'node:assert/strict';
import { newName } from './client.mjs';
import { until } from './wait.mjs';

const PASSWORD = 'a horse with a battery';
const USUAL = { locale: 'en-GB', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' };

export class Reader {
  static async open(browser, url, options = {}) {
    const context = await browser.newContext({ ...USUAL, ...options });
    await context.addInitScript(reportViolations);
    const reader = new Reader(context, url);
    await reader.newPage();
    return reader;
  }

  constructor(context, url) {
    Object.assign(this, { context, url, name: newName(), password: PASSWORD, faults: [] });
  }

  /* One more tab; it becomes the one that is looked at. */
  async newPage() {
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(10000);
    this.page.on('pageerror', (error) => this.faults.push(error.stack || String(error)));
    this.page.on('console', (message) => {
      if (/Content.Security.Policy|violation/i.test(message.text()))
        this.faults.push(message.text());
    });
    this.seeSockets();
    await this.page.goto(this.url);
    return this.page;
  }

  /* Playwright does not see into a SharedWorker: a page whose WebSocket a test wants to route has
   * one of its own. */
  seeSockets() {
    const { page } = this;
    const route = page.routeWebSocket.bind(page);
    page.routeWebSocket = async (...what) => {
      await page.addInitScript(alone);
      return route(...what);
    };
  }

  /* From the next load on this person's pages have a connection each. */
  alone() {
    return this.context.addInitScript(alone);
  }

  async register({ name = this.name, display = '' } = {}) {
    this.name = name;
    await this.page.locator('.other button').first().click();
    await this.fill({ name, display, password: this.password });
    await this.submit();
    await this.page.locator('.rooms a').first().waitFor();
    return this;
  }

  async signIn({ name, password } = this) {
    Object.assign(this, { name, password });
    await this.fill({ name, password });
    await this.submit();
    await this.page.locator('.rooms a').first().waitFor();
    return this;
  }

  async fill(values) {
    for (const [name, value] of Object.entries(values)) {
      await this.page.locator(`input[name="${name}"]`).fill(value);
    }
  }

  submit() {
    return this.page.locator('form.form button[type="submit"]').first().click();
  }

  /* The live connection stands: nothing in the line about the connection but good news. */
  async live() {
    await this.page.waitForFunction(() => {
      const bar = document.querySelector('.link-bar');
      return bar && (bar.hidden || bar.dataset.state === 'live');
    });
    return this;
  }

  /* The page itself is kept: from now on it opens without a network. */
  kept() {
    return this.page.waitForFunction(() => navigator.serviceWorker.controller);
  }

  async say(text) {
    await this.page.locator('#composer').fill(text);
    await this.page.locator('#composer').press('Enter');
  }

  sees(text) {
    return this.message(text).first().waitFor();
  }

  /* Everything that was written here has been acknowledged. */
  sent(ms) {
    return until(
      'nothing is pending',
      async () => (await this.page.locator('.message.pending').count()) === 0,
      ms,
    );
  }

  message(text) {
    return this.page.locator('.message').filter({ hasText: text });
  }

  /* The texts on the screen, oldest first. */
  texts() {
    return this.page.locator('.messages .text').allTextContents();
  }

  /* The texts of the whole room, oldest first, read from its beginning to its end: only what is near
   * the screen is drawn. One that is drawn twice comes twice. */
  readThrough() {
    return this.page.evaluate(readThrough);
  }

  /* Waits until the page shows exactly these texts, in this order. */
  shows(expected, ms) {
    return until(
      `these messages and no others: ${expected}`,
      async () => {
        const texts = await this.texts();
        return texts.length === expected.length && texts.every((text, i) => text === expected[i]);
      },
      ms,
    );
  }

  room(title) {
    return this.page.locator('.rooms a').filter({ hasText: title });
  }

  async enter(title) {
    await this.room(title).click();
    await this.page.locator('.head h1', { hasText: title }).waitFor();
  }

  async createRoom(title, kind = 'public') {
    await this.page.locator('.brand button').last().click();
    await this.page.locator('dialog input[name="title"]').fill(title);
    await this.page.locator(`dialog input[value="${kind}"]`).check({ force: true });
    await this.page.locator('dialog button[type="submit"]').click();
    await this.page.locator('.head h1', { hasText: title }).waitFor();
  }

  async joinRoom(title, search = title) {
    await this.page.locator('.brand button').first().click();
    await this.page.locator('dialog input[type="search"]').fill(search);
    await this.page.locator('dialog .listing-row', { hasText: title }).locator('button').click();
    await this.page.locator('.head h1', { hasText: title }).waitFor();
  }

  /* Opens a row of the menu at the reader's own name by its place. */
  async menu(name) {
    await this.page.locator('.me').click();
    await this.page.locator('.foot .menu').getByText(name, { exact: true }).click();
  }

  /* Opens the panel of members. */
  async members() {
    await this.page.locator('.head button[aria-label="Members"]').click();
    await this.page.locator('.member:not(.skeleton)').first().waitFor();
  }

  memberRow(name) {
    return this.page.locator('.member', { hasText: name });
  }

  async memberMenu(name) {
    await this.memberRow(name).locator('[aria-haspopup="menu"]').click();
    return this.page.locator('.menu.popup');
  }

  /* Does `move` to a member, and says yes to the question before it. */
  async moderate(name, move, choice) {
    const menu = await this.memberMenu(name);
    await menu.getByText(move, { exact: true }).click();
    if (choice) await this.page.locator('dialog .choice', { hasText: choice }).click();
    await this.page.locator('dialog .actions button').last().click();
    await this.page.locator('dialog').waitFor({ state: 'detached' });
  }

  /* Chooses a row of the open room's menu. */
  async openRoomMenu(row) {
    await this.page.locator('.head .menu-anchor > button').click();
    await this.page.locator('.head .menu').getByText(row, { exact: true }).click();
  }

  roomId() {
    return this.page.evaluate(() => location.hash.slice(2));
  }

  /* A request of this page, outside its own code. */
  async ask(method, path, body) {
    const { status, answer } = await this.page.evaluate(async ([path, options]) => {
      const response = await fetch(`/api/v1${path}`, options);
      return { status: response.status, answer: await response.json().catch(() => null) };
    }, [path, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) }]);
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  async leaveRoom() {
    await this.openRoomMenu('Leave room');
    await this.page.locator('dialog .danger').click();
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.faults, []);
  }
}

async function readThrough() {
  const frame = document.querySelector('.timeline');
  const drawn = async (frames = 3) => {
    while (frames--) await new Promise(requestAnimationFrame);
  };
  do {
    frame.scrollTop = 0;
    await drawn();
  } while (!document.querySelector('.beginning') || frame.scrollTop > 0);
  const read = new Map();
  const look = () => {
    const rows = [...document.querySelectorAll('.message[data-seq]')];
    for (const [seq, same] of Map.groupBy(rows, ({ dataset }) => Number(dataset.seq))) {
      if ((read.get(seq)?.length ?? 0) > same.length) continue;
      read.set(seq, same.map((row) => row.querySelector('.text').textContent));
    }
    const below = frame.scrollHeight - frame.scrollTop - frame.clientHeight;
    return below < 1 && document.querySelector('.jump').hidden;
  };
  for (await drawn(); !look(); await drawn()) frame.scrollTop += frame.clientHeight / 2;
  return [...read].sort(([a], [b]) => a - b).flatMap(([, texts]) => texts);
}

function alone() {
  delete window.SharedWorker;
}

function reportViolations() {
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`violation of ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  });
}
