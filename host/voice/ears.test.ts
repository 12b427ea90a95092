import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Clock } from '#host/kernel/clock.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { HandClock } from '../../test/fakes/hand-clock.ts';
import { ListeningEars } from './ears.ts';
import { MicError, type AudioInput, type Ears, type SttEngine, type VadEngine } from './ports.ts';

/** A microphone whose frames the test sends, detection by loudness, and recognition that counts samples. */
function parts(clock: Clock = systemClock) {
  const open = { microphones: 0, vads: 0, stts: 0 };
  let onFrame: (frame: Float32Array) => void = () => undefined;
  let end: (failure: MicError | null) => void = () => undefined;
  const input: AudioInput = {
    async open(_, listener, signal) {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      open.microphones += 1;
      onFrame = listener;
      const ended = Promise.withResolvers<MicError | null>();
      let isOpen = true;
      end = (failure) => {
        if (isOpen) open.microphones -= 1;
        isOpen = false;
        ended.resolve(failure);
      };
      const close = end;
      return {
        device: { id: 'm', name: 'M', kind: 'input', is_default: true },
        dropped: 0,
        ended: ended.promise,
        close: () => close(null),
      };
    },
  };
  const vad: VadEngine = {
    status: { engine: 'loudness', fallback: null },
    open() {
      open.vads += 1;
      let tell: (speaking: boolean, atMs: number) => void = () => undefined;
      let speaking = false;
      let ms = 0;
      return {
        onSpeech: (listener) => (tell = listener),
        push(frame) {
          ms += 32;
          const loud = frame.some((sample) => Math.abs(sample) > 0.1);
          if (loud !== speaking) tell((speaking = loud), ms);
        },
        settled: async () => undefined,
        close: () => void (open.vads -= 1),
      };
    },
  };
  const stt: SttEngine = {
    setPhrases: async () => ({ phrases: 0, left_out: [] }),
    open() {
      open.stts += 1;
      let samples = 0;
      return {
        push: (frame) => void (samples += frame.length),
        onPartial: () => undefined,
        async finish() {
          open.stts -= 1;
          return {
            text: `${samples}`,
            accepted: true,
            score: 1,
            closest: [],
            snr_db: null,
            look: 'first',
            took_ms: 0,
          };
        },
        abort: () => void (open.stts -= 1),
      };
    },
  };
  const ears = new ListeningEars({ input, vad, stt, clock });
  return {
    ears,
    open,
    frame: (loud: number) => onFrame(new Float32Array(512).fill(loud)),
    end: (why: MicError | null) => end(why),
  };
}

type Options = Parameters<Ears['listen']>[0];
const options = (more: Partial<Options> = {}): Options => ({
  source: { device: null },
  endBy: 'hand',
  silenceMs: 300,
  signal: new AbortController().signal,
  onLevel: () => undefined,
  onSpeech: () => undefined,
  onPartial: () => undefined,
  ...more,
});

const none = { microphones: 0, vads: 0, stts: 0 };

describe('ears', () => {
  it('[V-64] a hundred turns started and aborted leave nothing behind', async () => {
    const { ears, open } = parts();
    for (let i = 0; i < 100; i += 1) {
      const stop = new AbortController();
      const turn = ears.listen(options({ signal: stop.signal }));
      if (i % 2 === 0) await turn.opened;
      stop.abort();
      assert.deepEqual(await turn.result, { kind: 'aborted' });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(open, none);
  });

  it('[V-64] refuses a second microphone while one is open, and takes it afterwards', async () => {
    const { ears, open } = parts();
    const first = ears.listen(options());
    await first.opened;
    await assert.rejects(
      ears.listen(options()).result,
      (thrown: MicError) => thrown.reason === 'device_busy',
    );
    first.finish();
    assert.deepEqual(await first.result, { kind: 'silence', audio_ms: 0 });
    const second = ears.listen(options());
    await second.opened;
    second.finish();
    await second.result;
    assert.deepEqual(open, none);
  });

  it('[V-64] no microphone stays open: a tap in which nobody speaks ends after 8 s, a hold after a minute', async () => {
    const clock = new HandClock();
    const { ears, open } = parts(clock);
    for (const [endBy, ms] of [
      ['silence', 8_000],
      ['hand', 60_000],
    ] as const) {
      const turn = ears.listen(options({ endBy }));
      await turn.opened;
      clock.move(ms - 1);
      assert.equal(open.microphones, 1, endBy);
      clock.move(1);
      assert.deepEqual(await turn.result, { kind: 'silence', audio_ms: 0 });
      assert.deepEqual([open, clock.armed], [none, 0]);
    }
  });

  it('[V-61] a microphone that is pulled out ends the turn with the reason', async () => {
    const { ears, open, end, frame } = parts();
    const turn = ears.listen(options());
    await turn.opened;
    frame(0.5);
    end(new MicError('device_lost', 'gone'));
    await assert.rejects(turn.result, (thrown: MicError) => thrown.reason === 'device_lost');
    assert.deepEqual(open, none);
  });

  it('[V-61] a hand that lets go while the microphone is opening is told so', async () => {
    const { ears, open } = parts();
    const turn = ears.listen(options());
    turn.finish();
    await assert.rejects(turn.opened, /still opening/);
    assert.deepEqual(await turn.result, { kind: 'silence', audio_ms: 0 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(open, none);
  });

  it('[V-61] says that a microphone is muted after one second of zeros, once', async () => {
    const { ears, frame } = parts();
    let muted = 0;
    const turn = ears.listen(options({ onMuted: () => (muted += 1) }));
    await turn.opened;
    for (let i = 0; i < 100; i += 1) frame(0);
    turn.finish();
    assert.equal((await turn.result).kind, 'silence');
    assert.equal(muted, 1);
  });

  it('[V-62] ends by silence at the same sample every time, with at most 20 levels a second', async () => {
    const { ears, open } = parts();
    const samples = new Float32Array(16_000 * 3);
    samples.fill(0.5, 16_000, 24_000);
    const heard: unknown[] = [];
    for (let i = 0; i < 5; i += 1) {
      let levels = 0;
      const turn = ears.listen(
        options({
          source: { samples, paced: false },
          endBy: 'silence',
          onLevel: () => (levels += 1),
        }),
      );
      heard.push(await turn.result);
      assert.ok(levels > 5 && levels <= 40, `${levels} levels`);
    }
    assert.equal((heard[0] as { kind: string }).kind, 'heard');
    assert.ok((heard[0] as { audio_ms: number }).audio_ms < 2_000);
    for (const one of heard) assert.deepEqual(one, heard[0]);
    assert.deepEqual(open, none);
  });
});
