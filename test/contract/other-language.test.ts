import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { shells, type Shell } from './shells.ts';

const program = join(import.meta.dirname, 'client.py');

/** `npm test` on Debian installs Python with the tools that code-server needs. */
describe('a client in another language', () => {
  let shell: Shell;
  before(async () => {
    const kind =
      shells.find(({ name }) => name.includes('process of its own')) ??
      assert.fail('there is no such shell');
    shell = await kind.start();
  });
  after(() => shell.stop());

  it('[F-107] [R-29] [G-02] written from docs/contract.md shakes hands, asks and receives an event', async () => {
    const { stdout } = await promisify(execFile)('python3', [program, shell.dataDir], {
      timeout: 300_000,
    });
    const { echo, event } = JSON.parse(stdout) as {
      echo: string;
      event: { event: string; payload: object; seq: number };
    };
    assert.equal(echo, 'hé');
    assert.deepEqual(
      [event.event, event.payload],
      ['orb.palette', { palette: { idle: '#0a0b0c' } }],
    );
    assert.ok(event.seq > 0);
  });
});
