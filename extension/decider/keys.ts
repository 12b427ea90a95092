import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** An Ed25519 key that decides, as it is used; the private half never leaves this object. */
export interface DecisionKey {
  /** Raw public key, 32 bytes, base64url. */
  readonly publicKey: string;
  /** Ed25519 over the text's UTF-8 bytes, base64url without padding. */
  sign(text: string): string;
}

/** A new private key as it is kept in SecretStorage: PKCS #8, base64. */
export const newPrivateKey = (): string =>
  generateKeyPairSync('ed25519')
    .privateKey.export({ format: 'der', type: 'pkcs8' })
    .toString('base64');

/** Throws when the text is not an Ed25519 key in PKCS #8. */
export function decisionKey(privateKey: string): DecisionKey {
  const key = createPrivateKey({
    key: Buffer.from(privateKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  return {
    publicKey: rawPublicKey(key),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64url'),
  };
}

function rawPublicKey(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined) throw new TypeError('the key has no public half');
  return x;
}
