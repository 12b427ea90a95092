import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { kindOf, systemResolve } from './resolve.ts';

describe('addresses', () => {
  const table: Record<string, readonly string[]> = {
    public: ['93.184.216.34', '1.1.1.1', '2606:4700::1111', '64:ff9b::5db8:d822', '172.32.0.1'],
    private: [
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
      'fd12::1',
      '::ffff:10.0.0.1',
      '::ffff:c0a8:101',
      '64:ff9b::a00:1',
    ],
    loopback: ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1'],
    never: [
      '0.0.0.0',
      '169.254.169.254',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      'ff02::1',
      '::ffff:169.254.169.254',
      '64:ff9b::a9fe:a9fe',
      '2002:a9fe:a9fe::1',
      '2001:0:a9fe::1',
    ],
  };
  for (const [kind, addresses] of Object.entries(table))
    it(`[A-92] ${kind}: ${addresses.length} ways to write one`, () => {
      for (const address of addresses)
        assert.equal(kindOf(address, address.includes(':') ? 6 : 4), kind, address);
    });

  it('[A-92] an address instead of a name is judged as well, in every spelling that a URL knows', async () => {
    for (const url of ['http://2130706433', 'http://0x7f.1', 'http://127.1', 'http://[::1]']) {
      const found = await systemResolve(new URL(url).hostname);
      assert.deepEqual(
        found.map(({ kind }) => kind),
        ['loopback'],
        url,
      );
    }
    const [metadata] = await systemResolve(new URL('http://0xa9fea9fe/').hostname);
    assert.equal(metadata?.kind, 'never');
  });
});
