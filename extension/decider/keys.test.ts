import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, it } from 'mocha';
import { decisionKey, newPrivateKey } from './keys.ts';

const publicKeyOf = (x: string) =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });

describe('the key that decides', () => {
  it('[F-92] signs so that the raw public key alone verifies it', () => {
    const key = decisionKey(newPrivateKey());
    assert.match(key.publicKey, /^[A-Za-z0-9_-]{43}$/);
    const signature = key.sign('{"decision":"approve"}');
    assert.match(signature, /^[A-Za-z0-9_-]{86}$/);
    const check = (text: string): boolean =>
      verify(
        null,
        Buffer.from(text),
        publicKeyOf(key.publicKey),
        Buffer.from(signature, 'base64url'),
      );
    assert.equal(check('{"decision":"approve"}'), true);
    assert.equal(check('{"decision":"deny"}'), false);
  });

  it('is the same key after it was kept and read again', () => {
    const kept = newPrivateKey();
    assert.equal(decisionKey(kept).publicKey, decisionKey(kept).publicKey);
    assert.notEqual(decisionKey(newPrivateKey()).publicKey, decisionKey(kept).publicKey);
  });

  it('refuses what is not an Ed25519 key', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    assert.throws(() => decisionKey(other), /not an Ed25519 key/);
    assert.throws(() => decisionKey('AAAA'));
  });
});
