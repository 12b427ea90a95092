import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pieceOf } from './pieces.ts';

const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** Everything, piece by piece. */
function inPieces(text: string, limit: number): string[] {
  const whole = Buffer.from(text);
  const texts: string[] = [];
  let from: number | null = 0;
  while (from !== null) {
    const bytes = whole.subarray(from, from + limit);
    const piece = pieceOf(bytes, { from, total: whole.length }, decode);
    texts.push(piece.text);
    from = piece.next_from;
  }
  return texts;
}

describe('a text in pieces', () => {
  for (const limit of [4, 5, 6, 7, 8])
    it(`[M-62] is whole again, with no character torn, ${limit} bytes at a time`, () => {
      const text = 'plain, grün, 語り, 🦉🦉 and plain again';
      assert.equal(inPieces(text, limit).join(''), text);
    });
  it('is taken as it is where it is no UTF-8', () => {
    const bytes = Buffer.from([0x80, 0x81, 0x82, 0x83, 0x84, 0x85]);
    const piece = pieceOf(bytes.subarray(0, 4), { from: 0, total: 6 }, decode);
    assert.deepEqual(piece, { text: '\ufffd'.repeat(4), next_from: 4 });
  });
  it('ends where it is asked for beyond its end', () =>
    assert.deepEqual(pieceOf(Buffer.alloc(0), { from: 9, total: 6 }, decode), {
      text: '',
      next_from: null,
    }));
});
