/*
 * Notices: what any program publishes to chat:message and its forms for one room and one user. A
 * part of delivery.mjs.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../support/wait.mjs';

const publish = ({ stack }, channel, text) => stack.redis('PUBLISH', channel, text);

export function notices(scene) {
  const notice = { type: 'notice', data: { hello: '世界', n: [1, { a: null }], at: 1.5 } };
  const json = JSON.stringify(notice.data);

  /* Connections of all three people, two of them in a room of their own. */
  async function audience() {
    const { alice, bob, carol } = scene;
    const room = await alice.openRoom();
    await bob.join(room);
    const connections = await Promise.all([alice, bob, carol, bob].map((who) => who.connect()));
    await Promise.all(connections.map((connection) => connection.sync()));
    return { room, connections };
  }
  const closeAll = (connections) => Promise.all(connections.map((connection) => connection.close()));

  test('to_everybody', async () => {
    const { connections } = await audience();
    await publish(scene, 'chat:message', json);
    for (const connection of connections) assert.deepEqual(await connection.next('notice'), notice);
    await closeAll(connections);
  });

  test('to_one_room', async () => {
    const { room, connections } = await audience();
    await publish(scene, `chat:message:room:${room}`, json);
    await publish(scene, 'chat:message', '{"last":1}');
    const isLast = (frame) => frame.type === 'notice' && frame.data.last === 1;
    for (const [i, connection] of connections.entries()) {
      await until('the last notice', () => connection.frames.some(isLast));
      const got = connection.frames.filter((frame) => frame.type === 'notice' && !isLast(frame));
      assert.deepEqual(got, i === 2 ? [] : [{ ...notice, room }]);
    }
    await closeAll(connections);
  });

  test('to_one_user', async () => {
    const { connections } = await audience();
    await publish(scene, `chat:message:user:${scene.bob.id}`, json);
    await publish(scene, 'chat:message', '{"last":1}');
    const isLast = (frame) => frame.type === 'notice' && frame.data.last === 1;
    for (const [i, connection] of connections.entries()) {
      await until('the last notice', () => connection.frames.some(isLast));
      const got = connection.frames.filter((frame) => frame.type === 'notice' && !isLast(frame));
      assert.deepEqual(got, i === 1 || i === 3 ? [notice] : []);
    }
    await closeAll(connections);
  });

  test('of_64_KiB_pass_and_of_one_byte_more_are_dropped', async () => {
    const { connections } = await audience();
    const sized = (bytes) => JSON.stringify({ pad: 'x'.repeat(bytes - '{"pad":""}'.length) });
    await publish(scene, 'chat:message', sized(65537));
    await publish(scene, 'chat:message', sized(65536));
    for (const connection of connections) {
      const { data } = await connection.next('notice');
      assert.equal(data.pad.length, 65536 - '{"pad":""}'.length);
    }
    await closeAll(connections);
  });

  test('that_are_no_JSON_object_are_dropped', async () => {
    const { connections } = await audience();
    const rubbish = ['', 'hello', '[]', '1', 'null', '"x"', '{', '{"a":1} x', '{"a":1,"a":2}', '{a:1}',
      '{"a":"\\ud800"}', "{'a':1}", '['.repeat(5000), '{"a":'.repeat(5000), '{"type":"revoked"}x'];
    for (const text of rubbish) await publish(scene, 'chat:message', text);
    for (const channel of ['chat:message:room:', 'chat:message:user:', 'chat:message:room:nosuch', 'chat:message:user:*']) {
      await publish(scene, channel, json);
    }
    await publish(scene, 'chat:message', '{"last":1}');
    for (const connection of connections) assert.deepEqual((await connection.next('notice')).data, { last: 1 });
    await closeAll(connections);
  });

  test('that_look_like_our_own_frames_stay_data', async () => {
    const { connections } = await audience();
    const forged = { type: 'revoked', session: '', room: 'lobby', seq: 1 };
    await publish(scene, 'chat:message', JSON.stringify(forged));
    for (const connection of connections) {
      assert.deepEqual(await connection.next('notice'), { type: 'notice', data: forged });
      await connection.sync();
    }
    await closeAll(connections);
  });
}
