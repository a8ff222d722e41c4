/*
 * wait: for a condition, with a generous deadline, never for a time.
 *
 * A test says what it waits for; when that doesn't come, the sentence is the failure. The deadlines
 * are far above what is to be expected: a slow machine makes a test slow, not red.
 */

/* What a test grants before it gives up, unless it says otherwise. */
export const PATIENCE_MS = 20_000;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* Asks `probe` until it gives something true, and gives that. */
export async function until(what, probe, ms = PATIENCE_MS) {
  const deadline = Date.now() + ms;
  for (let pause = 2; ; pause = Math.min(pause * 1.5, 100)) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await sleep(pause);
  }
}

/* `promise`, or the failure that it didn't come. */
export function within(what, promise, ms = PATIENCE_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain: ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/* Runs `work` over `items`, `width` at a time, and gives the results in order. */
export async function inParallel(width, items, work) {
  const results = new Array(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i], i);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
