import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { canonicalJson } from '#schema/envelope/canonical.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { canonicalContent } from './canonical-content.ts';

describe('canonicalContent', () => {
  it('writes what RFC 8785 asks for, whatever the keys', () => {
    const key = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('10', '9', '__proto__', 'é', '\u{1F600}', '\ufb33', 'toJSON', ''),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        tie('array'),
        tie('object'),
      ),
      array: fc.array(tie('any'), { maxLength: 4 }),
      object: fc.dictionary(key, tie('any'), { maxKeys: 6, noNullPrototype: true }),
    }));
    fc.assert(
      fc.property(value.object, (data) => {
        const object = data as JsonObject;
        assert.equal(canonicalContent(object), canonicalJson(object));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves out what is undefined and refuses what has no JSON form', () => {
    assert.equal(canonicalContent({ b: 1, a: undefined } as unknown as JsonObject), '{"b":1}');
    assert.throws(() => canonicalContent({ a: Number.NaN }));
    assert.throws(() => canonicalContent({ a: Number.POSITIVE_INFINITY }));
    assert.throws(() => canonicalContent({ a: '\ud800' }));
    assert.throws(() => canonicalContent({ '\ud800': 1 }));
  });
});
