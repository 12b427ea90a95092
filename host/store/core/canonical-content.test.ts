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
        const { text, data: copy } = canonicalContent(object);
        assert.equal(text, canonicalJson(object));
        // Whoever folds the copy sees what whoever reads the text sees, in the same order.
        assert.deepEqual(copy, JSON.parse(text));
        assert.equal(JSON.stringify(copy), JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('knows no negative zero', () => {
    const { text, data } = canonicalContent({ a: -0, b: [-0] });
    assert.equal(text, '{"a":0,"b":[0]}');
    assert.ok(Object.is(data['a'], 0));
  });

  it('leaves out what is undefined and refuses what has no JSON form', () => {
    const { text } = canonicalContent({ b: 1, a: undefined } as unknown as JsonObject);
    assert.equal(text, '{"b":1}');
    assert.throws(() => canonicalContent({ a: Number.NaN }));
    assert.throws(() => canonicalContent({ a: Number.POSITIVE_INFINITY }));
    assert.throws(() => canonicalContent({ a: '\ud800' }));
    assert.throws(() => canonicalContent({ '\ud800': 1 }));
  });
});
