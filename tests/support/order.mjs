/*
 * order: what a connection may receive of a room, checked frame by frame.
 *
 * Entries of a room's log bear a dense `seq`. From where `welcome`, `joined`, a cursor or `reset`
 * has put the reader, each entry must be the next one: not missing, not twice, not out of order,
 * and nothing of a room that the reader isn't in. Faults are gathered as sentences. The cursors
 * [seq, at] that it keeps are those to resume with.
 */

const LOGGED = new Set(['message', 'edited', 'deleted', 'reaction', 'pinned', 'member', 'room']);

export const isLogged = (frame) => LOGGED.has(frame.type);

export class Order {
  /* `cursors`: what the client says in `resume`: room -> [seq, at] or seq. */
  constructor(cursors = {}) {
    this.cursors = {};
    for (const [room, cursor] of Object.entries(cursors)) this.cursors[room] = [cursor].flat();
    this.faults = [];
    this.replaying = new Set();
    this.away = new Set();
    this.caughtUp = 0;
    this.entries = 0;
  }

  /* What to say in `resume` to go on from here. */
  get resume() {
    return Object.fromEntries(Object.entries(this.cursors).map(([room, [seq, at]]) => [room, at ? [seq, at] : seq]));
  }

  /* Looks at the next frame; true while there has been no fault. */
  take(frame) {
    const step = this[`on_${frame.type}`] ?? (isLogged(frame) ? this.onEntry : null);
    step?.call(this, frame);
    return this.faults.length === 0;
  }

  on_welcome({ rooms }) {
    const live = {};
    for (const { id, seq } of rooms) live[id] = this.cursors[id] ?? [seq];
    this.replaying = new Set(Object.keys(this.cursors).filter((room) => room in live));
    this.cursors = live;
  }

  on_joined({ room, seq }) {
    this.cursors[room] = [seq - 1];
  }

  on_left({ room }) {
    delete this.cursors[room];
  }

  on_reset({ room, seq }) {
    if (!(room in this.cursors)) this.faults.push(`reset of ${room}, which is not ours`);
    this.cursors[room] = [seq];
    this.replaying.delete(room);
  }

  /* The reader doesn't want this room for now; `caught_up` says where it is heard again. */
  unsubscribe(room) {
    delete this.cursors[room];
    this.away.add(room);
  }

  on_caught_up({ room, seq }) {
    this.caughtUp++;
    if (this.away.delete(room)) this.cursors[room] = [seq];
    const [here] = this.cursors[room] ?? [];
    if (here !== seq) this.faults.push(`caught_up of ${room} says ${seq}, but we stand at ${here}`);
    this.replaying.delete(room);
  }

  onEntry({ type, room, seq, at }) {
    if (!(room in this.cursors)) {
      this.faults.push(`${type} ${seq} of ${room}, which is not ours`);
      return;
    }
    const [last] = this.cursors[room];
    if (seq !== last + 1) this.faults.push(`${type} ${seq} of ${room} after ${last}`);
    this.cursors[room] = [seq, at];
    this.entries++;
  }
}
