import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { PieceTable } from './piece-table.ts';

const bytes = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
);
const table = new PieceTable([
  '<unk>',
  '<s>',
  '</s>',
  ...bytes,
  ...'▁t he in ▁the fi ▁fi le ▁file ▁ e h t i f l n'.split(' '),
]);
const pieces = (text: string): string[] =>
  table.encode(text).map((piece) => table.decode([piece, table.end]));

describe('PieceTable', () => {
  it('joins first what stands first in the list', () => {
    assert.deepEqual(pieces('the file'), ['the', 'file']);
    assert.deepEqual(pieces('thin'), ['t', 'h', 'in']);
  });

  it('never joins over a space', () => {
    assert.deepEqual(table.encode('the in'), [...table.encode('the'), ...table.encode('in')]);
  });

  it('writes in bytes what is no piece, and gives every text back', () => {
    assert.deepEqual(pieces('é').length, 3);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const ids = table.encode(text);
        assert.ok(ids.every((id) => id > table.end && id < table.size));
        // A sign for a space in a text is a space to the model.
        assert.equal(table.decode(ids), text.replaceAll('▁', ' '));
      }),
    );
  });
});
