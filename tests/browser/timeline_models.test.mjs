/* timeline_models: what the timeline is computed from, run in the browser that will run it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openSite } from '../support/site.mjs';

const site = await openSite();
after(() => site.close());
const { page } = await site.visitor();

await page.evaluate(() => {
  window.message = (seq, from = 'other', more = {}) => ({ type: 'message', seq, n: seq, at: seq, room: 'r', from: { id: from }, key: `k${seq}`, text: `${seq}`, ...more });
  window.range = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => message(first + i));
});

test('a_log_tells_what_it_spans_and_how_much_of_others_stands_there', async () => {
  const told = await page.evaluate(async () => {
    const { RoomLog } = await import('/js/model/room_log.js');
    const log = new RoomLog();
    const whole = new RoomLog();
    whole.open({ messages: [message(5)], first: 4, last: 5, more: false }, 5);
    const messages = [message(10), message(12, 'me'), message(13), message(14, 'other', { deleted: true }), message(16)];
    log.open({ messages, first: 9, last: 17, more: true, more_after: true }, 0);
    return {
      newer: log.newer,
      whole: [0, 5, 9].map((seq) => whole.joins(seq)),
      found: [9, 10, 11, 16, 17].map((seq) => log.get(seq)?.seq ?? null),
      spans: [8, 9, 17, 18].map((seq) => log.spans(seq)),
      joins: [7, 8, 16, 17].map((seq) => log.joins(seq)),
      heard: [[7, 17], [8, 17], [10, 17], [10, 13], [12, 12]].map(([from, to]) => log.heard(from, to, 'me')),
    };
  });
  assert.deepEqual(told, {
    newer: true,
    whole: [true, true, true],
    found: [null, 10, null, 16, null],
    spans: [false, true, true, false],
    joins: [false, true, true, false],
    heard: [null, 3, 2, 1, 0],
  });
});

test('a_log_that_is_read_further_back_takes_no_more_than_it_can_hold', async () => {
  const steps = await page.evaluate(async () => {
    const { RoomLog, WINDOW } = await import('/js/model/room_log.js');
    const ends = [];
    for (const following of [true, false]) {
      const log = new RoomLog();
      log.open({ messages: range(1, WINDOW), first: 1, last: WINDOW, more: false }, WINDOW);
      log.following = following;
      range(WINDOW + 1, WINDOW + 300).forEach((entry) => log.live(entry));
      ends.push([log.messages[0].seq > 1, log.messages.length <= WINDOW + 101, log.newer]);
    }
    return ends;
  });
  assert.deepEqual(steps, [
    [true, true, false],
    [false, true, true],
  ]);
});

test('a_place_is_opened_only_where_there_is_a_message_and_after_the_page_that_is_awaited', async () => {
  const told = await page.evaluate(async () => {
    const { History } = await import('/js/model/history.js');
    const { Emitter } = await import('/js/base/emitter.js');
    const asked = [];
    const api = {
      messages: async (room, query) => {
        asked.push(Object.keys(query)[0]);
        if (query.around === 500) throw new Error('away');
        await new Promise((resolve) => setTimeout(resolve, 20));
        return query.around
          ? { messages: range(query.around - 2, query.around + 2).filter(({ seq }) => seq !== 70), first: query.around - 2, last: query.around + 2, more: true, more_after: true }
          : { messages: range(91, 100), first: 91, last: 100, more: true };
      },
    };
    const rooms = Object.assign(new Emitter(), { get: () => ({ seq: 100 }) });
    const history = new History(api, rooms);
    history.newest('r');
    const found = await history.around('r', 50, true);
    const first = history.log('r').first;
    const none = await history.around('r', 70, true);
    const stays = history.log('r').first;
    const failed = await history.around('r', 500).catch(({ message: words }) => words);
    return { asked, found, first, none, stays, failed };
  });
  assert.deepEqual(told, { asked: ['limit', 'around', 'around', 'around'], found: true, first: 48, none: false, stays: 48, failed: 'away' });
});

test('a_slice_reaches_over_the_screen_on_both_sides_and_its_gaps_make_up_for_the_rest', async () => {
  const told = await page.evaluate(async () => {
    const { Slice } = await import('/js/view/timeline_slice.js');
    const rows = Array.from({ length: 1000 }, (_, i) => ({ key: `${i}`, kind: 'message', lead: i % 7 === 0, message: message(i + 1) }));
    const slice = new Slice();
    slice.choose(rows, 500, 600);
    const whole = () => slice.gaps(rows).reduce((px, gap) => px + gap, 0) + rows.slice(slice.from, slice.to).reduce((px, row) => px + slice.height(row), 0);
    const before = whole();
    const { from, to } = slice;
    slice.choose(rows, 520, 600);
    const moved = whole();
    slice.note(rows, Array.from({ length: slice.to - slice.from + 1 }, (_, i) => i * 100));
    const { index, top } = slice.at(rows, slice.gaps(rows)[0] + 150);
    return { from, to, same: before === moved, seen: slice.height(rows[520]), row: index - slice.from, offset: slice.gaps(rows)[0] + 100 - top };
  });
  assert.ok(told.from < 460 && told.from > 350 && told.to > 540 && told.to < 650, `${told.from}-${told.to}`);
  assert.deepEqual([told.same, told.seen, told.row, told.offset], [true, 100, 1, 0]);
});

test('rows_are_the_same_objects_until_their_message_is_another', async () => {
  const told = await page.evaluate(async () => {
    const { timelineRows } = await import('/js/view/timeline_rows.js');
    const log = { messages: range(1, 5), last: 5, holds: () => false, joins: (seq) => seq > 0 };
    const all = (more = {}) => timelineRows({ log, letters: [], me: { id: 'me' }, newAfter: null, ...more });
    const [one, two] = [all(), all()];
    log.messages[2] = { ...log.messages[2], text: 'edited' };
    const three = all({ newAfter: 3, receipt: { seq: 5, look: 'x', words: 'x' } });
    return {
      same: one.slice(1).every((row, i) => row === two[i + 1]),
      changed: three.filter(({ kind }) => kind === 'message').map(({ look }, i) => look !== one[i + 1].look),
      kinds: three.map(({ kind }) => kind),
      beyond: all({ newAfter: 0 }).some(({ kind }) => kind === 'unread'),
    };
  });
  assert.equal(told.same, true);
  assert.equal(told.beyond, false, 'the line stands where it belongs or not at all');
  assert.deepEqual(told.changed, [false, false, true, true, false]); // the fourth begins what is new
  assert.deepEqual(told.kinds, ['day', 'message', 'message', 'message', 'unread', 'message', 'message', 'receipt']);
});
