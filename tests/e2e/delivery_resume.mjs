/*
 * Coming back with a cursor: what is replayed, when it is a reset, and that nothing else comes
 * before it. A part of delivery.mjs.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inParallel } from '../support/wait.mjs';

const seqs = (frames) => frames.map(({ seq }) => seq);

export function resume(scene) {
  /* A room of Alice's with `count` messages, and their entries. */
  async function roomWith(count) {
    const room = await scene.alice.openRoom();
    const posted = [];
    for (let i = 0; i < count; i++) posted.push(await scene.alice.post(room));
    return { room, posted };
  }
  const back = (cursors, who = scene.alice) => who.connect({ cursors });

  test('replays_what_came_after_the_cursor_then_is_caught_up', async () => {
    const { room, posted } = await roomWith(6);
    const connection = await back({ [room]: [posted[2].seq, posted[2].at] });
    const mark = await connection.next('caught_up');
    assert.deepEqual(mark, { type: 'caught_up', room, seq: posted[5].seq });
    const replayed = connection.of(room).filter(({ type }) => type === 'message');
    assert.deepEqual(replayed, posted.slice(3).map((message) => ({ type: 'message', ...message })));
    await connection.close();
  });

  test('takes_a_plain_seq_and_starts_from_nothing', async () => {
    const { room, posted } = await roomWith(3);
    const connection = await back({ [room]: 0 });
    await connection.next('caught_up');
    assert.deepEqual(seqs(connection.of(room).slice(0, -1)), [1, ...seqs(posted)]);
    await connection.close();
  });

  test('replays_more_than_one_page', async () => {
    const { room } = await roomWith(1);
    await inParallel(32, Array(700).fill(), () => scene.alice.post(room));
    const connection = await back({ [room]: 0 });
    const { seq } = await connection.next('caught_up');
    assert.equal(seq, 702);
    assert.equal(connection.order.entries, 702);
    await connection.close();
  });

  test('at_the_end_already_is_caught_up_at_once', async () => {
    const { room, posted: [{ seq, at }] } = await roomWith(1);
    const connection = await back({ [room]: [seq, at] });
    assert.deepEqual(await connection.next('caught_up'), { type: 'caught_up', room, seq });
    await connection.close();
  });

  test('beyond_the_end_is_a_reset_and_goes_on_live', async () => {
    const { room, posted: [first] } = await roomWith(1);
    let end = first.seq;
    for (const beyond of [() => [end + 5, first.at], () => end + 1, () => 2 ** 52]) {
      const connection = await back({ [room]: beyond() });
      const mark = await connection.next((frame) => ['reset', 'caught_up', 'message'].includes(frame.type));
      assert.deepEqual(mark, { type: 'reset', room, seq: end });
      ({ seq: end } = await scene.alice.post(room));
      await connection.entry(room, end);
      await connection.close();
    }
  });

  test('with_another_at_is_a_reset', async () => {
    const { room, posted } = await roomWith(3);
    const connection = await back({ [room]: [posted[0].seq, posted[0].at + 1] });
    assert.deepEqual(await connection.next('reset'), { type: 'reset', room, seq: posted[2].seq });
    assert.equal(connection.order.entries, 0);
    await connection.close();
  });

  test('of_a_trimmed_log_is_a_reset', async () => {
    const { room, posted } = await roomWith(6);
    await scene.stack.redis('XTRIM', `{r:${room}}:log`, 'MINID', `${posted[4].seq}-0`);
    const connection = await back({ [room]: [posted[1].seq, posted[1].at] });
    assert.equal((await connection.next((frame) => frame.room === room)).type, 'reset');
    await connection.close();
  });

  test('leaves_a_room_that_is_not_named_live', async () => {
    const one = await roomWith(2);
    const other = await roomWith(2);
    const connection = await back({ [one.room]: [one.posted[0].seq, one.posted[0].at] });
    await connection.next('caught_up');
    const { seq } = await scene.alice.post(other.room);
    await connection.entry(other.room, seq);
    assert.deepEqual(seqs(connection.of(other.room)), [seq]);
    await connection.close();
  });

  test('without_it_nothing_comes_for_a_second_then_everything', async () => {
    const { room } = await roomWith(1);
    const opened = performance.now();
    const connection = await back(null);
    const first = await scene.alice.post(room);
    const second = await scene.alice.post(room);
    await connection.entry(room, second.seq);
    assert.deepEqual(seqs(connection.of(room)), [first.seq, second.seq]);
    assert.ok(connection.times.at(-1) - opened > 800, `after ${connection.times.at(-1) - opened} ms`);
    await connection.close();
  });

  test('what_is_posted_between_welcome_and_resume_is_replayed', async () => {
    const { room, posted: [{ seq, at }] } = await roomWith(1);
    const connection = await back(null);
    connection.order.cursors[room] = [seq, at];
    const next = await scene.alice.post(room);
    connection.say({ type: 'resume', cursors: { [room]: [seq, at] } });
    await connection.entry(room, next.seq);
    /* Before the entry, when the daemon heard of it after the resume, or else right behind it. */
    if (!connection.frames.some(({ type }) => type === 'caught_up')) await connection.next('caught_up');
    await connection.close();
  });

  test('while_others_post_has_no_gap_and_nothing_twice', async () => {
    const { room } = await roomWith(1);
    let posting = true;
    const poster = (async () => {
      while (posting) await scene.alice.post(room);
    })();
    for (let round = 0; round < 12; round++) {
      const connection = await back({ [room]: round });
      const { seq } = await connection.next('caught_up');
      await connection.entry(room, seq + 3);
      await connection.close();
    }
    posting = false;
    await poster;
  });

  test('twice_harms_nothing', async () => {
    const { room, posted } = await roomWith(3);
    const connection = await back({ [room]: 0 });
    await connection.next('caught_up');
    connection.say({ type: 'resume', cursors: { [room]: 0 } });
    connection.say({ type: 'resume', cursors: { [room]: posted[2].seq + 9 } });
    const { seq } = await scene.alice.post(room);
    await connection.next((frame) => frame.seq === seq && frame.type === 'message');
    assert.deepEqual(seqs(connection.of(room).filter(({ type }) => type === 'message')),
      [...seqs(posted), seq]);
    await connection.close();
  });

  test('tells_nothing_of_rooms_that_one_is_not_in', async () => {
    const hidden = await scene.bob.openRoom('private');
    const open = await scene.bob.openRoom('public');
    for (const room of [hidden, open]) await scene.bob.post(room);
    const connection = await back({ [hidden]: 0, [open]: 0, nosuchroom: 3 });
    await connection.sync();
    for (const room of [hidden, open]) await scene.bob.post(room);
    const { seq } = await scene.alice.post('lobby');
    await connection.entry('lobby', seq);
    for (const room of [hidden, open, 'nosuchroom']) assert.deepEqual(connection.of(room), []);
    await connection.close();
  });
}
