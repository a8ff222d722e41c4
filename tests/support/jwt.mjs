/*
 * jwt: tokens as a host site makes them, and as a forger would; see fcgi/jwt.c.
 *
 * Knows nothing of what is accepted: any header and any claims are signed as they are.
 */
import { createHmac, generateKeyPairSync, randomUUID, sign as signByKey } from 'node:crypto';
import { secrets } from './client.mjs';

export const SECRET = 'of the site and of us, and of nobody else';

const base64url = (thing) => Buffer.from(typeof thing === 'string' ? thing : JSON.stringify(thing)).toString('base64url');

const SIGNERS = {
  HS256: (input, secret = SECRET) => createHmac('sha256', secret).update(input).digest(),
  RS256: (input, key) => signByKey('sha256', Buffer.from(input), key),
  EdDSA: (input, key) => signByKey(null, Buffer.from(input), key),
  none: () => '',
};

/* What a site says of its user by default. */
export const claimsOf = (fields = {}) => {
  const now = Math.floor(Date.now() / 1000);
  return { sub: randomUUID(), name: 'Ann Lee', iat: now, exp: now + 60, jti: randomUUID(), ...fields };
};

/* HEADER.CLAIMS.SIGNATURE, good unless asked otherwise. */
export function jwt(fields, { alg = 'HS256', by = alg, header = { typ: 'JWT', alg }, key } = {}) {
  const input = `${base64url(header)}.${base64url(claimsOf(fields))}`;
  const signature = Buffer.from(SIGNERS[by](input, key)).toString('base64url');
  if (signature) secrets.add(signature);
  return `${input}.${signature}`;
}

/* {privateKey, pem}: `rsa` or `ed25519`. */
export function keyPair(kind) {
  const { publicKey, privateKey } = generateKeyPairSync(kind, kind === 'rsa' ? { modulusLength: 2048 } : {});
  return { privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }) };
}
