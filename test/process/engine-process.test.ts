// The child processes that native code runs in, with a real one.
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { silentLog } from '#host/kernel/log.ts';
import { openAudio } from '#host/voice/audio/open-audio.ts';
import { EngineProcess } from '#host/voice/engine/engine-process.ts';
import { childrenRunning, isCollected } from '../fakes/child-processes.ts';
import { HandClock } from '../fakes/hand-clock.ts';
import { until } from '../fakes/test-servers.ts';

describe('a process for native code', () => {
  it('[V-65] ends when idle, also where something was asked that cannot be sent', async () => {
    const clock = new HandClock();
    const module = new URL('./fixtures/echo-engine.ts', import.meta.url);
    const engine = new EngineProcess({
      name: 'echo',
      module,
      clock,
      log: silentLog,
      idleMs: 1_000,
    });
    try {
      await assert.rejects(engine.request('echo', { not: () => 'to be copied' }), {
        message: /could not be cloned/,
      });
      assert.deepEqual(await engine.request('echo', { said: 1 }), { said: 1 });
      const { pid } = engine;
      assert.ok(pid !== undefined);
      clock.move(1_000);
      await until(async () => isCollected(pid));
    } finally {
      await engine.stop();
    }
  });

  it('[V-65] is ended where it stands still, and the next that is asked finds another', async () => {
    const clock = new HandClock();
    const crashes: string[] = [];
    const module = new URL('./fixtures/echo-engine.ts', import.meta.url);
    const options = { name: 'echo', module, clock, log: silentLog, idleMs: 1_000 };
    const engine = new EngineProcess({ ...options, onCrash: (why) => crashes.push(why) });
    try {
      await engine.request('echo', 0, 10_000);
      const { pid } = engine;
      assert.ok(pid !== undefined);
      process.kill(pid, 'SIGSTOP');
      const waiting = ['first', 'second'].map((said) => engine.request('echo', said, 10_000));
      const ends = Promise.all(
        waiting.map((one) =>
          assert.rejects(one, { code: 'process_ended', message: /no answer for 10 s/ }),
        ),
      );
      clock.move(10_000);
      await ends;
      assert.equal(await engine.request('echo', 'again', 10_000), 'again');
      assert.deepEqual(crashes, ['no answer for 10 s']);
      assert.ok(isCollected(pid));
    } finally {
      await engine.stop();
    }
  });

  it('[V-65] of a speaker that cannot be opened is not kept', async () => {
    const clock = new HandClock();
    const worker = new URL('../../host/voice/audio/sound.worker.ts', import.meta.url);
    const log = silentLog;
    const audio = openAudio({ library: () => 'decibri', worker, clock, log, idleMs: 1_000 });
    try {
      const { signal } = new AbortController();
      await assert.rejects(audio.output.open('alsa:not there', 16_000, signal));
      assert.equal(childrenRunning('sound.worker').length, 1);
      clock.move(1_000);
      await until(async () => childrenRunning('sound.worker').length === 0);
    } finally {
      await audio.dispose();
    }
  });
});
