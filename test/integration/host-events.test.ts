import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { describe, it } from 'mocha';
import { compose } from '#host/runtime/compose.ts';
import { createHost } from '#host/runtime/in-process.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

describe('what the log says about a host', () => {
  it('[A-02] why it ended, as it was asked to', async () => {
    const dataDir = temporaryFolder('ended');
    try {
      const first = await createHost({ dataDir, compose, socket: false });
      await first.stop({ reason: 'a newer build takes over' });
      const second = await createHost({ dataDir, compose, socket: false });
      const cli = await second.connect('cli');
      const { events } = await cli.request('event.query', { event_type: ['host.stopped'] });
      await second.stop();
      assert.deepEqual(
        events.map(({ data }) => data?.['reason']),
        ['a newer build takes over'],
      );
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
