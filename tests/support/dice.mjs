/*
 * dice: random numbers from a seed (splitmix32), so that what a test has found can be found again.
 */
export class Dice {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /* A whole number from 0 to `below` - 1. */
  throw(below) {
    let z = (this.state = (this.state + 0x9e3779b9) >>> 0);
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) % below;
  }

  pick(list) {
    return list[this.throw(list.length)];
  }

  /* One of the keys of `weights`, in proportion. */
  weigh(weights) {
    const rows = Object.entries(weights);
    let left = this.throw(rows.reduce((sum, [, weight]) => sum + weight, 0));
    return rows.find(([, weight]) => (left -= weight) < 0)[0];
  }
}
