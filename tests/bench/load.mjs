/*
 * load: the load generator (load.c) in hand: groups of connections, traffic, and what they saw.
 *
 *   const load = await Load.start({ site, groups: { good: { connections: 10, ...contender } } });
 *   await load.enter('good'); await load.say('rate 100'); … await load.settle(); await load.end();
 *
 * Every answer is the state at that moment. A bench that sees a fault has failed: `verdict` says
 * which, and the program ends with 1.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sleep } from '../support/wait.mjs';

const PATIENCE_MS = 180_000;
const FAULTS = ['gaps', 'duplicates', 'resets', 'closed'];

const flags = (options) => Object.entries(options).filter(([, value]) => value !== undefined && value !== false)
  .flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, `${value}`]));

export class Load {
  /* `groups`: by name the options of load.c; `order` and `to`: of its publisher. */
  static async start({ order, to, groups, servers = {} }) {
    const args = [...flags({ order, to }),
      ...Object.entries(groups).flatMap(([name, options]) => ['--group', name, ...flags(options)])];
    const load = new Load();
    load.child = spawn(join(process.env.STONECHAT_BUILD, 'bench-load'), args, { stdio: ['pipe', 'pipe', 'inherit'] });
    load.child.stdin.on('error', () => {}); // its end is told by `exit`
    load.lines = createInterface({ input: load.child.stdout })[Symbol.asyncIterator]();
    load.ended = new Promise((resolve) => load.child.once('exit', resolve));
    for (const [name, pid] of Object.entries(servers)) await load.say(`watch ${name} ${pid}`);
    return load;
  }

  async say(command) {
    this.child.stdin.write(`${command}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`bench-load has ended at: ${command}`);
    return JSON.parse(value);
  }

  look() {
    return this.say('look');
  }

  /* Looks until `probe` likes what it sees. */
  async until(what, probe, ms = PATIENCE_MS) {
    for (const deadline = Date.now() + ms; ; await sleep(20)) {
      const state = await this.look();
      if (probe(state)) return state;
      if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain: ${what}: ${JSON.stringify(state)}`);
    }
  }

  allIn(name) {
    return this.until(`all of ${name} are in`, ({ groups }) => groups[name].in === groups[name].connections);
  }

  async enter(name) {
    await this.say(`open ${name}`);
    return this.allIn(name);
  }

  /* No more traffic, and all that was published has come, or is found missing. */
  async settle(ms = 30_000) {
    await this.say('rate 0').catch(() => {});
    return this.until('the last delivery', (state) => state.deliveries >= state.expected, ms).catch(() => this.look());
  }

  /* `ms` of the traffic that `command` begins: [state before, state after]. */
  async during(command, ms, warm_ms = 500) {
    await this.say(command);
    await sleep(warm_ms);
    const before = await this.say('fresh');
    await sleep(ms);
    return [before, await this.look()];
  }

  async end() {
    this.child.stdin.end();
    await this.ended;
  }
}

/* Processor time of a server between two states, in microseconds a delivery, and as share of a core. */
export function cpuBetween(before, after, server) {
  const ns = after.servers[server].cpu_ns - before.servers[server].cpu_ns;
  const deliveries = after.deliveries - before.deliveries;
  return { cpu_us: ns / 1000 / deliveries, share: ns / (after.at_ns - before.at_ns) };
}

/* What must not be: {gaps, duplicates, resets, closed, missing}, those that are. */
export function faultsOf(state) {
  const all = { missing: state.expected - state.deliveries };
  for (const name of FAULTS) {
    all[name] = Object.values(state.groups).reduce((sum, group) => sum + group[name], 0);
  }
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count !== 0));
}

/* Says it when there are any, and lets the program end with 1. */
export function verdict(what, faults) {
  const said = Object.entries(faults).map(([name, count]) => `${count} ${name}`).join(', ');
  if (!said) return 'none';
  console.error(`${what}: ${said}`);
  process.exitCode = 1;
  return said;
}
