const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/**
 * A random UUID (RFC 9562, version 4) of 16 random bytes. `crypto.randomUUID` is missing where the
 * workbench is served over plain http from another machine; `getRandomValues` is always there.
 */
export function uuidOf(random: Uint8Array): string {
  const bytes = Uint8Array.from(random);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = [...bytes].map(hex).join('');
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    text.slice(12, 16),
    text.slice(16, 20),
    text.slice(20),
  ].join('-');
}
