// Sound files through a real host with its real reader: what is wrong with a file is said.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import type { CommandResult } from '#schema/commands/registry.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';

type HeardFile = CommandResult<'conversation.inject_audio'>;

/** A PCM WAV file with 16 bits a sample; `sample(n)` gives −1..1 for each channel alike. */
function wav(
  rate: number,
  channels: number,
  seconds: number,
  sample: (n: number) => number,
): Buffer {
  const frames = Math.round(rate * seconds);
  const data = Buffer.alloc(frames * channels * 2);
  for (let n = 0; n < frames; n++)
    for (let c = 0; c < channels; c++)
      data.writeInt16LE(
        Math.round(Math.max(-1, Math.min(1, sample(n))) * 32_767),
        (n * channels + c) * 2,
      );
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * channels * 2, 28);
  head.writeUInt16LE(channels * 2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

describe('a sound file', function () {
  let t: TestHost;
  let cli: HostClient;
  let folder: string;
  before(async () => {
    t = await startTestHost();
    cli = await t.host.connect('cli');
    folder = mkdtempSync(join(tmpdir(), 'hob-wav-'));
  });
  after(async () => {
    await t[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const inject = (name: string, bytes: Buffer | null): Promise<HeardFile> => {
    const path = join(folder, name);
    if (bytes !== null) writeFileSync(path, bytes);
    return cli.request('conversation.inject_audio', { path, dry_run: true });
  };
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'heard',
      (failure: { code: string }) => failure.code,
    );

  it('[V-18] that cannot be heard is refused with what is wrong', async () => {
    assert.equal(await codeOf(inject('missing.wav', null)), 'audio_unreadable');
    assert.equal(await codeOf(inject('empty.wav', Buffer.alloc(0))), 'audio_invalid');
    assert.equal(
      await codeOf(inject('text.wav', Buffer.from('this is no sound'))),
      'audio_invalid',
    );
    assert.equal(
      await codeOf(
        inject(
          'long.wav',
          wav(8_000, 1, 601, () => 0),
        ),
      ),
      'audio_too_long',
    );
  });
});
