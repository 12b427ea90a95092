import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { fuzzEnvelopes } from './envelope-fuzz.ts';
import { RawClient, welcomed } from './raw-client.ts';
import { shells, type Shell } from './shells.ts';

const COUNT = 10_000;

for (const kind of shells) {
  describe(`damaged requests to ${kind.name}`, () => {
    let shell: Shell;
    before(async () => (shell = await kind.start()));
    after(() => shell.stop());

    it(`[R-34] [G-54] each of ${COUNT} gets one answer with a code, and the host lives on`, async function () {
      const result = await fuzzEnvelopes(shell, COUNT, 20_261_120);
      assert.deepEqual(result.problems, []);
      assert.equal(result.answered, COUNT);
      // A fuzzer that only ever reaches the first check finds nothing.
      for (const code of ['ok', 'bad_frame', 'bad_request', 'unknown_command', 'invalid_payload']) {
        assert.ok(
          (result.codes[code] ?? 0) > COUNT / 500,
          `${code}: ${JSON.stringify(result.codes)}`,
        );
      }
      assert.equal((await (await welcomed(shell)).ask('host.ping', {}))?.['ok'], true);
    });

    it('[R-34] streams of noise before the welcome are refused or cut, and the host lives on', async function () {
      let state = 7;
      for (let round = 0; round < 200; round++) {
        const noise = Buffer.alloc(1 + (round % 64));
        for (let at = 0; at < noise.length; at++)
          noise[at] = (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16;
        const client = new RawClient(shell.open());
        client.bytes(noise);
        client.stream.end();
        await client.ended;
        client.close();
      }
      assert.equal((await (await welcomed(shell)).ask('host.ping', {}))?.['ok'], true);
    });
  });
}
