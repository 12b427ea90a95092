// Sound files through a real host with its real reader and recogniser: what is wrong with a file is said, and
// what can be heard is heard.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import type { CommandResult } from '#schema/commands/registry.ts';
import { padded, recorded, rendered, wavOf } from '../fakes/speech-samples.ts';
import { resample } from '#host/voice/audio/core/resample.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

type HeardFile = CommandResult<'conversation.inject_audio'>;

/** As a device records it: nothing above 4 kHz folds down into it. */
const halfRate = (samples: Float32Array): Float32Array => resample(samples, 16_000, 8_000);

describe('a sound file', function () {
  let t: TestHost;
  let cli: HostClient;
  let folder: string;
  const order = padded(recorded('git-status'));
  before(async () => {
    t = await startTestHost();
    cli = await t.host.connect('cli');
    folder = temporaryFolder('wav');
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
    const tenMinutes = wavOf(new Float32Array(8_000 * 601), 8_000);
    assert.equal(await codeOf(inject('long.wav', tenMinutes)), 'audio_too_long');
  });

  it('[V-62] with 8 kHz and two channels is heard like any other', async () => {
    const said = await inject('phone.wav', wavOf(halfRate(order), 8_000, 2));
    assert.equal(said.transcript, 'show me the git status');
    assert.equal(said.status, 'dry_run');
  });

  it('[V-62] that is too loud, so that its peaks are cut, is heard or asked for again', async () => {
    const clipped = order.map((sample) => Math.max(-1, Math.min(1, sample * 4)));
    const { record, intent, status } = await inject('clipped.wav', wavOf(clipped));
    assert.ok((record.level?.peak ?? 0) > 0.5);
    assert.ok(status === 'not_understood' || intent?.name === 'git_status', intent?.phrase);
  });

  it('[V-62] of silence says that nothing was heard', async () => {
    const said = await inject('silence.wav', wavOf(new Float32Array(3 * 16_000)));
    assert.deepEqual(
      [said.status, said.reply, said.record.ended_reason, said.transcript],
      ['not_understood', 'I heard nothing.', 'nothing_heard', ''],
    );
  });

  it('[V-16] that says approve, and is understood, is refused as a decision', async () => {
    const approve = wavOf(padded(await rendered('approve')));
    assert.equal(await codeOf(inject('approve.wav', approve)), 'approval_source_refused');
    assert.equal((await inject('order.wav', wavOf(order))).status, 'dry_run');
  });
});
