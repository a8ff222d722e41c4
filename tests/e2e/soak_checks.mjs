/*
 * soak_checks: what has to be true in the end (soak.mjs). Each check gives what is wrong, as
 * sentences; none of them asks anybody.
 */

export class Checks {
  constructor() {
    this.passed = 0;
    this.failed = 0;
  }

  /* `differences`: what is wrong, as sentences; the first ones are shown. */
  check(what, differences) {
    if (differences.length) this.failed++;
    else this.passed++;
    console.log(`${differences.length ? 'not ok' : 'ok'} - ${what}`);
    for (const one of differences.slice(0, 3)) console.log(`    ${one}`);
    if (differences.length > 3) console.log(`    and ${differences.length - 3} more`);
  }
}

const withoutType = ({ type, ...rest }) => rest;
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export function checkDense(log) {
  const wrong = [];
  let n = 0;
  log.forEach(({ id, entry }, i) => {
    if (entry.type === 'message') n++;
    if (id !== `${i + 1}-0` || entry.seq !== i + 1) wrong.push(`place ${i + 1} holds ${id}, seq ${entry.seq}`);
    if (entry.n !== n) wrong.push(`entry ${id} says n ${entry.n} instead of ${n}`);
  });
  return wrong;
}

export function checkAcknowledged(log, acknowledged) {
  const byKey = new Map();
  for (const { entry } of log) {
    if (entry.type !== 'message') continue;
    byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), withoutType(entry)]);
  }
  const wrong = acknowledged.flatMap((message) => {
    const found = byKey.get(message.key) ?? [];
    if (found.length !== 1) return [`${message.key} is in the log ${found.length} times`];
    if (same(found[0], message)) return [];
    return [`acknowledged: ${JSON.stringify(message)}, in the log: ${JSON.stringify(found[0])}`];
  });
  if (byKey.size !== acknowledged.length) wrong.push(`${acknowledged.length} acknowledged, ${byKey.size} in the log`);
  return wrong;
}

export function checkHistory(log, history) {
  const messages = log.filter(({ entry }) => entry.type === 'message').map(({ entry }) => withoutType(entry));
  if (messages.length !== history.length) return [`${messages.length} in the log, ${history.length} by REST`];
  return messages.flatMap((message, i) => (same(message, history[i]) ? [] : [`${message.seq} differs`]));
}

export function checkReader(log, reader) {
  const wrong = [...reader.faults];
  if (reader.resets) wrong.push(`${reader.resets} resets`);
  if (reader.seen.length !== log.length) wrong.push(`saw ${reader.seen.length} of ${log.length} entries`);
  log.forEach(({ id, text }, i) => {
    if (i < reader.seen.length && reader.seen[i] !== text) wrong.push(`${id} was seen as ${reader.seen[i]}`);
  });
  return wrong;
}
