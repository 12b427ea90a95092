/*
 * The proofs of the handshake. Both sides show that they hold the 32 bytes of the host's key file
 * without sending them; both nonces are in both proofs, so neither can be replayed, and the word
 * `host` or `client` keeps one from being reflected as the other. docs/contract.md has it byte by byte.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const HANDSHAKE_LABEL = 'hob-handshake-v1';
export const NONCE_BYTES = 32;
export const KEY_BYTES = 32;

/** What both proofs are about. Nonces are raw bytes. */
export interface HandshakeTerms {
  role: string;
  channel: string;
  instanceId: string;
  clientNonce: Uint8Array;
  hostNonce: Uint8Array;
}

/** HMAC-SHA256 over every part, each with its length (4 bytes, big-endian) in front. */
export function macOf(key: Uint8Array, parts: readonly (string | Uint8Array)[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    mac.update(length).update(bytes);
  }
  return mac.digest();
}

const commonParts = (side: 'host' | 'client', terms: HandshakeTerms): (string | Uint8Array)[] => [
  HANDSHAKE_LABEL,
  side,
  terms.role,
  terms.channel,
  terms.instanceId,
  terms.clientNonce,
  terms.hostNonce,
];

/** `challenge.proof`, raw. */
export const hostProof = (key: Uint8Array, terms: HandshakeTerms): Buffer =>
  macOf(key, commonParts('host', terms));

/** `auth.proof`, raw. Covers what the client says about itself; `token` is empty when it has none. */
export const clientProof = (
  key: Uint8Array,
  terms: HandshakeTerms,
  principalHint: string,
  token: string,
): Buffer => macOf(key, [...commonParts('client', terms), principalHint, token]);

/** Compares a received proof (base64url) with the expected one in constant time. */
export function proofMatches(expected: Buffer, received: string): boolean {
  const bytes = Buffer.from(received, 'base64url');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
