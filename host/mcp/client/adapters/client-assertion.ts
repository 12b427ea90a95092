import { createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { HobError } from '#host/kernel/errors.ts';

const LIFETIME_S = 300;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Proves a client with its private key (RFC 7523, private_key_jwt). The SDK's own way brings a library for it. */
export function addAssertion(
  params: URLSearchParams,
  {
    client_id,
    pem,
    audience,
    nowMs,
  }: { client_id: string; pem: string; audience: string; nowMs: number },
): void {
  const key = keyOf(pem);
  const { alg, hash } = algorithmOf(key);
  const iat = Math.floor(nowMs / 1000);
  const claims = {
    iss: client_id,
    sub: client_id,
    aud: audience,
    iat,
    exp: iat + LIFETIME_S,
    jti: randomUUID(),
  };
  const signed = [{ alg, typ: 'JWT' }, claims].map(encoded).join('.');
  const signature = sign(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  params.set('client_id', client_id);
  params.set('client_assertion_type', ASSERTION_TYPE);
  params.set('client_assertion', `${signed}.${signature.toString('base64url')}`);
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

function keyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new HobError('login_refused', {
      message: 'The private key in the vault is no key: it has to be PEM, without a passphrase.',
      cause,
    });
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): {
  alg: string;
  hash: string | null;
} {
  if (asymmetricKeyType === 'rsa') return { alg: 'RS256', hash: 'sha256' };
  if (asymmetricKeyType === 'ed25519') return { alg: 'EdDSA', hash: null };
  if (asymmetricKeyDetails?.namedCurve === 'prime256v1') return { alg: 'ES256', hash: 'sha256' };
  if (asymmetricKeyDetails?.namedCurve === 'secp384r1') return { alg: 'ES384', hash: 'sha384' };
  throw new HobError('login_refused', {
    message:
      'The private key in the vault is of a kind that Hob cannot sign with: RSA, EC or Ed25519.',
  });
}
