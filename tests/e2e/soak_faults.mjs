/*
 * soak_faults: everything that may befall a site, drawn from a seed (soak.mjs).
 *
 * Each fault is a row: whom it strikes, how often in comparison, and what is done. Two hands strike
 * at the same time, each with a sequence of its own that the seed fixes; a victim that is in the
 * other hand's grip is left alone. What a fault began it also ends: who was stopped goes on, what was
 * cut is mended, Redis is started again. Who is killed is started again by ./dev, or by its master.
 */
import { childrenOf, familyOf, isAlive } from '../support/process.mjs';
import { sleep, until } from '../support/wait.mjs';

const HANDS = 2;
const PAUSE_MS = [200, 1400];
const STOP_MS = [300, 3500];
const CUT_MS = [300, 6000];

/* Mulberry32: a small generator, so that a run can be repeated by its seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const between = ([least, most], share) => least + share * (most - least);

function signal(pids, name) {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // Dead already.
    }
  }
}

/* Stopped, and going on after a while; whoever has died meanwhile needs nothing. */
async function stop(pids, share) {
  signal(pids, 'SIGSTOP');
  await sleep(between(STOP_MS, share));
  signal(pids, 'SIGCONT');
}

const master = (site, name) => {
  const pid = site.stack.pid(name);
  if (!isAlive(pid)) throw new Error(`no ${name} at the moment`);
  return pid;
};

/* One that has just been started would die of a signal that it doesn't mind yet. */
const settled = (site, name) => {
  const pid = master(site, name);
  if (childrenOf(pid).length === 0) throw new Error(`${name} is just coming up`);
  return pid;
};

const workerOf = (site, share) => {
  const workers = childrenOf(master(site, 'pushd'));
  return workers[Math.floor(share * workers.length)];
};

async function restartRedis(site, name) {
  const { redis } = site;
  redis.kill(name);
  await until('the end of Redis', () => redis.process.exitCode !== null || redis.process.signalCode !== null);
  await redis.start();
}

/* Everything for the room's subscribers, until their buffers are too full. */
async function overflow(site, share) {
  const { redis, room } = site;
  const [, limits] = (await redis.ask('CONFIG', 'GET', 'client-output-buffer-limit')).split('\n');
  const daemons = familyOf(master(site, 'pushd'));
  await redis.ask('CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 64kb 64kb 1');
  signal(daemons, 'SIGSTOP');
  try {
    const filler = 'x'.repeat(60_000);
    for (let i = 0; i < 40 + 80 * share; i++) await redis.ask('PUBLISH', `{r:${room}}:live`, filler);
  } finally {
    signal(daemons, 'SIGCONT');
    await redis.ask('CONFIG', 'SET', 'client-output-buffer-limit', limits);
  }
}

async function cutOff(site, share) {
  site.relay.cut();
  await sleep(between(CUT_MS, share));
  site.relay.mend();
}

/* [what is done, whom it strikes, weight, the deed, given the site and a number of [0, 1)] */
const FAULTS = [
  ['pushd is killed', 'pushd', 4, (site) => signal([master(site, 'pushd')], 'SIGKILL')],
  ['pushd is asked to go', 'pushd', 3, (site) => signal([master(site, 'pushd')], 'SIGTERM')],
  ['pushd is told to reload', 'pushd', 2, (site) => signal([settled(site, 'pushd')], 'SIGHUP')],
  ['pushd is stopped', 'pushd', 2, (site, share) => stop(familyOf(master(site, 'pushd')), share)],
  ['a worker is killed', 'pushd', 5, (site, share) => signal([workerOf(site, share)], 'SIGKILL')],
  ['a worker is asked to go', 'pushd', 2, (site, share) => signal([workerOf(site, share)], 'SIGTERM')],
  ['a worker is stopped', 'pushd', 3, (site, share) => stop([workerOf(site, share)], share)],
  ['fcgi is killed', 'fcgi', 4, (site) => signal([master(site, 'fcgi')], 'SIGKILL')],
  ['fcgi is asked to go', 'fcgi', 3, (site) => signal([master(site, 'fcgi')], 'SIGTERM')],
  ['fcgi is stopped', 'fcgi', 2, (site, share) => stop(familyOf(master(site, 'fcgi')), share)],
  ['nginx is killed', 'nginx', 2, (site) => signal([master(site, 'nginx')], 'SIGKILL')],
  ['nginx is reloaded', 'nginx', 3, (site) => signal([settled(site, 'nginx')], 'SIGHUP')],
  ['nginx is stopped', 'nginx', 1, (site, share) => stop(familyOf(master(site, 'nginx')), share)],
  ['redis is killed', 'redis', 4, (site) => restartRedis(site, 'SIGKILL')],
  ['redis is asked to go', 'redis', 1, (site) => restartRedis(site, 'SIGTERM')],
  ['redis is frozen', 'redis', 3, (site, share) => stop([site.redis.process.pid], share)],
  ['subscriptions are cut', 'redis', 5, ({ redis }) => redis.ask('CLIENT', 'KILL', 'TYPE', 'pubsub')],
  ['commands are cut', 'redis', 4, ({ redis }) => redis.ask('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')],
  ['scripts are forgotten', 'redis', 3, ({ redis }) => redis.ask('SCRIPT', 'FLUSH')],
  ['subscribers are drowned', 'redis', 2, overflow],
  ['the way to redis is cut', 'link', 3, cutOff],
  ['the way to redis is reset', 'link', 3, ({ relay }) => relay.reset()],
];
const WEIGHTS = FAULTS.reduce((sum, [, , weight]) => sum + weight, 0);

export class Misfortune {
  constructor(site, seed) {
    Object.assign(this, { site, seed, counts: new Map(FAULTS.map(([name]) => [name, 0])), held: new Set() });
  }

  run(isOver) {
    return Promise.all(Array.from({ length: HANDS }, (_, hand) => this.strike(randomFrom(this.seed + hand), isOver)));
  }

  /* What is drawn depends on the seed alone, not on what came of it. */
  async strike(random, isOver) {
    while (!isOver()) {
      const [pause, which, share] = [random(), random(), random()];
      await sleep(between(PAUSE_MS, pause));
      let left = which * WEIGHTS;
      const fault = FAULTS.find(([, , weight]) => (left -= weight) < 0);
      if (!isOver() && !this.held.has(fault[1])) await this.inflict(fault, share);
    }
  }

  async inflict([name, victim, , deed], share) {
    this.held.add(victim);
    try {
      await deed(this.site, share);
      this.counts.set(name, this.counts.get(name) + 1);
    } catch {
      // The victim isn't there just now, or doesn't answer.
    } finally {
      this.held.delete(victim);
    }
  }
}
