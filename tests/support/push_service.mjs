/*
 * push_service: a push service as browsers have one (RFC 8030), and the browser at its other end.
 *
 *   const service = await startPushService();
 *   const device = service.subscribe();            // {endpoint, keys} as a browser gives them
 *   await person.must(201, 'POST', '/push', device.form);
 *   const [push] = await device.pushes(1);         // decrypted, its headers checked
 *
 * Whoever posts must show a token signed by the key that it names (RFC 8292) for this very service,
 * and a body that only this device can read (RFC 8291): anything else is a fault, which `close`
 * tells. `device.answers` are the statuses (or functions of the request and response) that come
 * first; after them it is 201.
 */
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import http from 'node:http';
import { until } from './wait.mjs';

const POINT_BYTES = 65;
const decode = (text) => Buffer.from(text, 'base64url');

/* The claims of `vapid t=..., k=...`, whose signature is seen to; throws when it isn't good. */
export function readVapid(header) {
  const [, token, key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header ?? '') ?? [];
  if (!token) throw new Error(`no VAPID: ${header}`);
  const point = decode(key);
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
  const [head, claims, signature] = token.split('.');
  const good = verify('sha256', Buffer.from(`${head}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, decode(signature));
  if (!good) throw new Error('the signature is wrong');
  if (JSON.parse(decode(head)).alg !== 'ES256') throw new Error('not ES256');
  return { ...JSON.parse(decode(claims)), key };
}

/* RFC 8291 section 3.4 and RFC 8188 section 2, from the browser's side. */
export function decrypt(body, ecdh, auth) {
  const salt = body.subarray(0, 16), record = body.readUInt32BE(16), idBytes = body[20];
  const sender = body.subarray(21, 21 + idBytes), sealed = body.subarray(21 + idBytes);
  if (idBytes !== POINT_BYTES || body.length > record) throw new Error('not one record');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), sender]);
  const material = Buffer.from(hkdfSync('sha256', ecdh.computeSecret(sender), auth, info, 32));
  const derive = (label, bytes) => Buffer.from(hkdfSync('sha256', material, salt, `Content-Encoding: ${label}\0`, bytes));
  const cipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
  cipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  const end = plain.lastIndexOf(2);
  return plain.subarray(0, end).toString();
}

class Device {
  constructor(url, id) {
    Object.assign(this, { id, received: [], tries: [], answers: [], auth: randomBytes(16), ecdh: createECDH('prime256v1') });
    const p256dh = this.ecdh.generateKeys().toString('base64url');
    this.form = { endpoint: `${url}/push/${id}`, keys: { p256dh, auth: this.auth.toString('base64url') } };
  }

  take(request, body, origin) {
    const { aud, exp, sub, key } = readVapid(request.headers.authorization);
    const left = exp - Date.now() / 1000;
    if (aud !== origin) throw new Error(`aud ${aud}`);
    if (left < 0 || left > 86400) throw new Error(`exp in ${left} s`);
    const { ttl, topic, urgency, 'content-encoding': encoding } = request.headers;
    if (encoding !== 'aes128gcm' || !/^\d+$/.test(ttl) || !/^[\w-]{1,32}$/.test(topic)) throw new Error('headers');
    return { ...JSON.parse(decrypt(body, this.ecdh, this.auth)), ttl: Number(ttl), topic, urgency, sub, key };
  }

  /* Those that were answered by 201, as soon as there are so many. */
  pushes(count) {
    return until(`${count} pushes`, () => this.received.length >= count && this.received);
  }

  tried(count) {
    return until(`${count} tries`, () => this.tries.length >= count && this.tries);
  }
}

export async function startPushService() {
  const devices = new Map(), faults = [];
  let url;

  async function serve(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const device = devices.get(request.url.slice('/push/'.length));
    if (request.method !== 'POST' || !device) return response.writeHead(404).end();
    const push = device.take(request, Buffer.concat(parts), url);
    device.tries.push({ at: Date.now(), push });
    const answer = device.answers.shift() ?? 201;
    if (typeof answer === 'function') return answer(request, response);
    if (answer === 201) device.received.push(push);
    return response.writeHead(answer).end();
  }

  const server = http.createServer((request, response) =>
    serve(request, response).catch((fault) => { faults.push(fault); response.writeHead(400).end(); }));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    faults,
    subscribe() {
      const device = new Device(url, randomBytes(8).toString('hex'));
      devices.set(device.id, device);
      return device;
    },
    close() {
      server.closeAllConnections();
      server.close();
      if (faults.length > 0) throw faults[0];
    },
  };
}
