/* models: the page's own arithmetic, run in the browser that will run it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openSite } from '../support/site.mjs';

const site = await openSite();
after(() => site.close());
const { page } = await site.visitor();

test('a_pause_is_jittered_grows_and_is_capped', async () => {
  const pauses = await page.evaluate(async () => {
    const { Backoff } = await import('/js/base/pause.js');
    const highest = new Backoff();
    const lowest = new Backoff();
    return Array.from({ length: 12 }, () => [lowest.next(() => 0), highest.next(() => 1)]);
  });
  assert.deepEqual(
    pauses.map(([low]) => low),
    Array(12).fill(200),
  );
  assert.deepEqual(
    pauses.map(([, high]) => high).slice(0, 7),
    [1000, 2000, 4000, 8000, 16000, 30000, 30000],
  );
});

test('a_log_takes_no_entry_twice_and_shows_no_hole', async () => {
  const result = await page.evaluate(async () => {
    const { RoomLog } = await import('/js/model/room_log.js');
    const message = (seq) => ({
      type: 'message',
      seq,
      from: { id: 'u' },
      key: `k${seq}`,
      text: `${seq}`,
    });
    const log = new RoomLog();
    log.open({ messages: [message(5), message(6)], first: 5, last: 7, more: true }, 7);
    const steps = [];
    const note = () => steps.push([log.messages.map(({ seq }) => seq).join(), log.last, log.newer]);
    log.live(message(6));
    note();
    log.live(message(8));
    note();
    log.live({ type: 'member', seq: 9 });
    note();
    log.live(message(12));
    note();
    log.live(message(13));
    note();
    log.append({ messages: [message(10), message(11), message(12)], last: 12, more: false }, 13);
    note();
    log.append({ messages: [message(13)], last: 13, more: false }, 13);
    note();
    log.prepend({ messages: [message(3), message(5)], first: 1, more: false });
    note();
    return steps;
  });
  assert.deepEqual(result, [
    ['5,6', 7, false],
    ['5,6,8', 8, false],
    ['5,6,8', 9, false],
    ['5,6,8', 9, true],
    ['5,6,8', 9, true],
    ['5,6,8,10,11,12', 12, true],
    ['5,6,8,10,11,12,13', 13, false],
    ['3,5,6,8,10,11,12,13', 13, false],
  ]);
});

test('a_log_shows_what_became_of_its_messages_however_late_it_hears', async () => {
  const shown = await page.evaluate(async () => {
    const { RoomLog } = await import('/js/model/room_log.js');
    const from = { id: 'u' };
    const message = (seq) => ({ type: 'message', seq, n: seq, at: seq, room: 'r', from, key: `k${seq}`, text: `${seq}` });
    const edit = (seq, target, text) => ({ type: 'edited', seq, at: seq, target, text });
    const log = new RoomLog();
    log.open({ messages: [1, 2, 3, 4].map(message), first: 1, last: 4, more: false }, 4);
    log.live(edit(5, 1, 'second'));
    log.live(edit(9, 2, 'beyond a hole')); // does not join on, and is true all the same
    log.live(edit(4, 1, 'first'));
    log.live({ type: 'deleted', seq: 10, at: 10, target: 3 });
    log.live(edit(11, 3, 'too late'));
    log.live(edit(12, 99, 'nowhere'));
    return log.messages.map(({ text, edited_at, deleted }) => [text, edited_at, deleted].join());
  });
  assert.deepEqual(shown, ['second,5,', 'beyond a hole,9,', ',,true', '4,,']);
});

test('the_frame_that_resumes_fits_and_names_first_what_is_behind', async () => {
  const { bytes, named, behind } = await page.evaluate(async () => {
    const { Rooms } = await import('/js/model/rooms.js');
    const row = (i) => ({
      id: `room${String(i).padStart(20, '0')}`,
      title: 't',
      seq: 1000 + i,
      n: 1,
      read: 0,
      unread: 0,
      last: null,
    });
    const rows = Array.from({ length: 300 }, (_, i) => row(i));
    const rooms = new Rooms({ rooms: async () => ({ rooms: rows }) }, { id: 'me' });
    await rooms.refresh();
    const welcome = { rooms: rows.map(({ id, seq }, i) => ({ id, seq: seq + (i > 290 ? 5 : 0) })) };
    const frame = rooms.resume(welcome);
    return {
      bytes: JSON.stringify(frame).length,
      named: Object.keys(frame.cursors),
      behind: rows.slice(291).map(({ id }) => id),
    };
  });
  assert.ok(bytes <= 4096, `${bytes} bytes`);
  for (const id of behind) assert.ok(named.includes(id), id);
});

test('unread_is_counted_once_whoever_counts_first', async () => {
  const counts = await page.evaluate(async () => {
    const { Rooms } = await import('/js/model/rooms.js');
    let row = { id: 'r', title: 't', seq: 10, n: 5, read: 8, unread: 1, last: null };
    const rooms = new Rooms({ rooms: async () => ({ rooms: [row] }) }, { id: 'me' });
    const entry = (seq, from) => ({
      type: 'message',
      room: 'r',
      seq,
      n: 6,
      at: 1,
      from: { id: from },
    });
    await rooms.refresh();
    const seen = [];
    const note = () => seen.push(rooms.get('r').unread);
    note();
    rooms.entry(entry(11, 'you'));
    rooms.entry(entry(11, 'you'));
    rooms.entry(entry(12, 'me'));
    note();
    row = { ...row, seq: 11, unread: 2 };
    await rooms.refresh();
    note();
    row = { ...row, seq: 13, unread: 3 };
    await rooms.refresh();
    rooms.entry(entry(13, 'you'));
    note();
    rooms.reset({ room: 'r', seq: 20 });
    rooms.entry(entry(21, 'you'));
    row = { ...row, seq: 21, unread: 9 };
    await rooms.refresh();
    note();
    rooms.readUpTo('r', 21);
    rooms.readUpTo('r', 5);
    note();
    return seen;
  });
  assert.deepEqual(counts, [1, 2, 2, 3, 9, 0]);
});

test('close_codes_end_hint_or_slow_the_connection', async () => {
  const found = await page.evaluate(async () => {
    const { Socket } = await import('/js/model/socket.js');
    const made = [];
    class Fake {
      static OPEN = 1;

      readyState = 1;

      sent = [];

      constructor() {
        made.push(this);
      }

      send(text) {
        this.sent.push(JSON.parse(text));
      }

      close() {}
    }
    const real = window.WebSocket;
    window.WebSocket = Fake;
    const close = async (code, reason = '') => {
      const address = async () => 'ws://x';
      const socket = new Socket({ address, resume: () => ({ type: 'resume', cursors: {} }) });
      const states = [];
      socket.on('state', ({ state, reason: why }) => states.push(why ? `${state} ${why}` : state));
      const before = made.length;
      socket.start();
      while (made.length === before) await 0; // the address is known a moment later
      const ws = made.at(-1);
      ws.onmessage({ data: '{"type":"welcome","heartbeat":25,"rooms":[]}' });
      ws.onclose({ code, reason });
      const pause = socket.retryAt - Date.now();
      const { sent } = ws;
      socket.end();
      return { states, pause, sent };
    };
    const result = {
      ended: await close(4401),
      forbidden: await close(4403),
      many: await close(4429),
      restart: await close(1012, '{"retry_ms":50}'),
      lost: await close(1006),
    };
    window.WebSocket = real;
    return result;
  });
  assert.deepEqual(found.ended.states, ['connecting', 'live', 'ended signed_out', 'ended']);
  assert.deepEqual(found.forbidden.states.at(2), 'ended forbidden');
  assert.ok(found.many.pause > 9000, `${found.many.pause}`);
  assert.ok(found.restart.pause <= 50, `${found.restart.pause}`);
  assert.ok(found.lost.pause > 0 && found.lost.pause <= 1000, `${found.lost.pause}`);
  assert.deepEqual(found.lost.sent, [{ type: 'resume', cursors: {} }]);
  assert.deepEqual(found.lost.states.slice(0, 3), ['connecting', 'live', 'waiting']);
});

test('a_way_that_is_blocked_is_gone_around', async () => {
  const ways = await page.evaluate(async () => {
    const { Detour } = await import('/js/model/detour.js');
    const walk = (worked) => {
      const detour = new Detour();
      if (worked) detour.welcomed('socket');
      return Array.from({ length: 8 }, () => {
        const { way } = detour;
        detour.refused(way);
        return way === 'events' ? 'E' : 'W';
      }).join('');
    };
    return { never: walk(false), once: walk(true) };
  });
  assert.deepEqual(ways, { never: 'WWEWWEWW', once: 'WWWWWEWW' });
});

test('the_tail_of_a_room_brings_up_who_is_behind_or_says_that_it_can_not', async () => {
  const found = await page.evaluate(async () => {
    const { Tail } = await import('/js/model/tail.js');
    const tail = new Tail(10);
    const push = (seq) => tail.push({ seq, at: seq * 10 });
    const after = (...cursor) => tail.after(...cursor)?.map(({ seq }) => seq).join() ?? null;
    const first = [tail.cursor, after(10), after(9), push(11), push(11), push(12), tail.cursor];
    const held = [after(10), after(11, 110), after(11, 111), after(12), after(15), after(9)];
    push(15);
    const hole = [after(12), after(14), tail.seq];
    for (let seq = 16; seq < 16 + 400; seq++) push(seq);
    const trimmed = [after(114), after(115, 1150).split(',').length, after(115, 7), tail.seq];
    return { first, held, hole, trimmed };
  });
  assert.deepEqual(found, {
    first: [10, '', null, true, false, true, [12, 120]],
    held: ['11,12', '12', null, '', '', null],
    hole: [null, '15', 15],
    trimmed: [null, 300, null, 415],
  });
});

test('a_room_name_is_made_of_any_title', async () => {
  const names = await page.evaluate(async () => {
    const { anyName, nameFrom } = await import('/js/model/room_name.js');
    const made = [
      'Coffee & cake',
      'Release 1.0',
      ' -_.x.y_- ',
      'a -- b',
      '运维值班',
      '🎉🎉',
      `${'long '.repeat(9)}`,
    ].map(nameFrom);
    return [...made, /^room-\w{6,8}$/.test(anyName())];
  });
  assert.deepEqual(names, [
    'Coffee-cake',
    'Release-1.0',
    'x.y',
    'a-b',
    '运维值班',
    '',
    'long-long-long-long-long-long-lo',
    true,
  ]);
});

test('devices_have_the_names_that_their_owners_use', async () => {
  const names = await page.evaluate(async () => {
    const { device } = await import('/js/base/agent.js');
    return [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36 MicroMessenger/8.0',
      'curl/8.5.0',
      '',
    ].map(device);
  });
  assert.deepEqual(names, [
    'Edge on Windows',
    'Safari on iPhone',
    'Firefox on Linux',
    'WeChat on Android',
    'curl',
    'Unknown device',
  ]);
});
