import { createHmac, hash } from 'node:crypto';
import type { Digests } from '../core/chain.ts';

/** `node:crypto` as the chain needs it. */
export const nodeDigests: Digests = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  hmacSha256: (key, text) => createHmac('sha256', key).update(text).digest(),
  hex: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex'),
};
