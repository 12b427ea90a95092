import { createHash, createPublicKey, verify } from 'node:crypto';
import type { Crypto } from '../ports.ts';

export const nodeCrypto: Crypto = {
  sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  verify(publicKey, text, signature) {
    try {
      const key = createPublicKey({
        key: { kty: 'OKP', crv: 'Ed25519', x: publicKey },
        format: 'jwk',
      });
      return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64url'));
    } catch {
      return false;
    }
  },
};
