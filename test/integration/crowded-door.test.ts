// Hundreds of clients that knock at a host's socket in the same moment: more than the system lets wait there.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { HostCallError, type LinkError } from '#schema/client/errors.ts';
import { openChannel } from '#schema/client/open-channel.ts';
import { encodeFrame } from '#schema/wire/framing.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const CLIENTS = 700;
const refusal = encodeFrame(
  JSON.stringify({
    type: 'refused',
    error: { code: 'too_many_connections', message: 'Full.', retryable: true },
  }),
);

describe('a crowded door', () => {
  it('[R-39] lets everybody in turn hear the host, also those whom the system turned away at first', async () => {
    const folder = temporaryFolder('door');
    const address = join(folder, 's');
    const server = net.createServer((socket) => socket.on('error', () => {}).end(refusal));
    await new Promise<void>((listening) => server.listen(address, listening));
    try {
      const options = { address, key: new Uint8Array(32), role: 'cli' as const, timeoutMs: 60_000 };
      // All of them knock before the server, which lives in this thread, takes the first one in.
      const answers = await Promise.allSettled(
        Array.from({ length: CLIENTS }, () => openChannel(options, 'envelope')),
      );
      const codes = answers.map((answer) =>
        answer.status === 'rejected' && answer.reason instanceof HostCallError
          ? answer.reason.code
          : String(answer.status === 'rejected' ? (answer.reason as LinkError).cause : 'let in'),
      );
      assert.deepEqual(new Set(codes), new Set(['too_many_connections']));
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
