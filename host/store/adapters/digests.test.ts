import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { describe, it } from 'mocha';
import { nodeDigests } from './digests.ts';

describe('nodeDigests', () => {
  it('computes the HMAC that node:crypto computes', () => {
    for (const text of ['', 'abc', 'é\u{1F680}'.repeat(100), 'x'.repeat(5_000)]) {
      const key = randomBytes(32);
      const expected = createHmac('sha256', key).update(text).digest('hex');
      assert.equal(nodeDigests.hex(nodeDigests.hmacSha256(key, text)), expected);
    }
  });

  it('has a test vector of RFC 4231', () => {
    const mac = nodeDigests.hmacSha256(Buffer.from('Jefe'), 'what do ya want for nothing?');
    assert.equal(
      nodeDigests.hex(mac),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
