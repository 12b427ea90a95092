// A sound library that takes its process along: what the person who wants to talk notices of it.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { SoundInput } from '#host/voice/audio/sound-input.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

describe('a sound library that crashes', () => {
  let folder = '';
  before(() => (folder = temporaryFolder('crash')));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function opening(crashes: number): Promise<string> {
    const file = join(folder, 'crashes');
    writeFileSync(file, 'crash\n'.repeat(crashes));
    const input = new SoundInput({
      library: () => 'decibri',
      worker: pathToFileURL(join(import.meta.dirname, 'fixtures/crashing-sound.ts')),
      clock: systemClock,
      log: silentLog,
      idleMs: 60_000,
      env: { HOB_TEST_CRASHES: file },
    });
    try {
      const microphone = await input.open(null, () => undefined, new AbortController().signal);
      microphone.close();
      return microphone.device.name;
    } catch (failure) {
      return String(failure);
    } finally {
      await input.dispose();
    }
  }

  it('[V-60] once at opening is not noticed: it is opened again', async () => {
    assert.equal(await opening(1), 'One');
  });

  it('[V-61] twice is said, with what to do', async () => {
    assert.match(await opening(2), /Choose another one.*the sound library crashed/);
  });
});
