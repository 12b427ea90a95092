import assert from 'node:assert/strict';
import { generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { describe, it } from 'mocha';
import { addAssertion } from './client-assertion.ts';

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function assertionOf(pem: string): {
  head: unknown;
  claims: Record<string, unknown>;
  signed: Buffer;
  signature: Buffer;
} {
  const params = new URLSearchParams();
  addAssertion(params, { client_id: 'me', pem, audience: 'https://a.example', nowMs: 5_000 });
  const [head = '', claims = '', signature = ''] = (params.get('client_assertion') ?? '').split(
    '.',
  );
  const read = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  return {
    head: read(head),
    claims: read(claims),
    signed: Buffer.from(`${head}.${claims}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

describe('a client that proves itself with its key', () => {
  it('[X-13] signs who it is, for whom and until when, in the way of its kind of key', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const larger = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const edwards = generateKeyPairSync('ed25519');
    for (const [{ privateKey, publicKey }, alg, hash] of [
      [rsa, 'RS256', 'sha256'],
      [curve, 'ES256', 'sha256'],
      [larger, 'ES384', 'sha384'],
      [edwards, 'EdDSA', null],
    ] as const) {
      const { head, claims, signed, signature } = assertionOf(pemOf(privateKey));
      assert.deepEqual(head, { alg, typ: 'JWT' });
      assert.ok(
        verify(hash, signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
        alg,
      );
      const { jti, ...rest } = claims;
      assert.equal(typeof jti, 'string');
      assert.deepEqual(rest, { iss: 'me', sub: 'me', aud: 'https://a.example', iat: 5, exp: 305 });
    }
  });

  it('[X-13] says so when the key is none, or of another kind', () => {
    const x25519 = generateKeyPairSync('x25519');
    for (const pem of ['nothing', pemOf(x25519.privateKey)])
      assert.throws(
        () => assertionOf(pem),
        (failure) => (failure as { code?: unknown }).code === 'login_refused',
      );
  });
});
