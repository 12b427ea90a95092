import { hash } from 'node:crypto';
import type { Digests } from '../core/chain.ts';

const BLOCK = 64;

/** HMAC (RFC 2104) from two one-shot hashes: `createHmac` makes a key object first, which costs four times as much. */
function hmacSha256(key: Uint8Array, text: string): Uint8Array {
  if (key.length > BLOCK) throw new RangeError('the key is longer than a block');
  const inner = Buffer.allocUnsafe(BLOCK + Buffer.byteLength(text));
  const outer = Buffer.allocUnsafe(BLOCK + 32);
  for (let i = 0; i < BLOCK; i += 1) {
    const byte = key[i] ?? 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  inner.write(text, BLOCK);
  outer.set(hash('sha256', inner, 'buffer'), BLOCK);
  return hash('sha256', outer, 'buffer');
}

/** `node:crypto` as the chain needs it. */
export const nodeDigests: Digests = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  hmacSha256,
  hex: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex'),
};
