import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { noSecrets, readContents, withoutSecret, withSecret } from './contents.ts';

describe('the contents of the vault', () => {
  it('[X-12] come back as they were; what is something else, or later, is not taken', () => {
    const one = withSecret(noSecrets, 'a', 'value of a', '2026-01-01T00:00:00.000Z');
    const two = withSecret(one, 'b', 'value of b', '2026-01-02T00:00:00.000Z');
    assert.deepEqual(readContents(JSON.stringify(two)), two);
    assert.deepEqual(withoutSecret(two, 'b'), one);
    assert.deepEqual(withoutSecret(two, 'c'), two);
    for (const text of [
      '',
      'x',
      'null',
      '[]',
      '{"v":2,"secrets":{}}',
      '{"v":1}',
      '{"v":1,"secrets":{"a":"plain"}}',
      '{"v":1,"secrets":{"a":{"value":1,"set_at":""}}}',
    ])
      assert.equal(readContents(text), null, text);
  });
});
