/** A piece of a text that is read by bytes, and where the next one begins; null: it was the last. */
export interface Piece {
  readonly text: string;
  readonly next_from: number | null;
}

/**
 * The whole characters among bytes of UTF-8 that begin at `from`, of `total` in all. The last piece is
 * taken as it is, and so are bytes that are no UTF-8.
 */
export function pieceOf(
  bytes: Uint8Array,
  at: { readonly from: number; readonly total: number },
  decode: (bytes: Uint8Array) => string,
): Piece {
  if (bytes.length === 0 || at.from + bytes.length >= at.total)
    return { text: decode(bytes), next_from: null };
  const end = wholeCharacters(bytes);
  return { text: decode(bytes.subarray(0, end)), next_from: at.from + end };
}

/** Bytes up to the last character that is whole. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length - 1); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    return widthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Of a character in UTF-8, by its first byte. */
const widthOf = (first: number): number => (first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);
