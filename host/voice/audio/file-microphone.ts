import type { Clock } from '#host/kernel/clock.ts';
import { FRAME_SAMPLES, SAMPLE_RATE, type AudioDevice } from '../ports.ts';

const FRAME_MS = (FRAME_SAMPLES * 1000) / SAMPLE_RATE;
/** Between so many frames the event loop gets its turn. */
const FRAMES_AT_ONCE = 32;

interface FileMicrophone {
  device: AudioDevice;
  /** Resolves true at the end, false when the signal aborted. */
  play(onFrame: (frame: Float32Array) => void, signal: AbortSignal): Promise<boolean>;
}

/** Samples that play the part of a microphone: at its pace, or as fast as they are taken. */
export function fileMicrophone(
  { samples, paced }: { samples: Float32Array; paced: boolean },
  clock: Clock,
  /** Called after each frame and waited for. */
  taken: (() => Promise<void> | undefined) | undefined,
): FileMicrophone {
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => void clock.timer(ms, resolve));
  const pace = async (frames: number, started: number): Promise<void> => {
    if (taken !== undefined) await taken();
    else if (paced) await wait(started + frames * FRAME_MS - clock.monotonic());
    else if (frames % FRAMES_AT_ONCE === 0) await wait(0);
  };
  return {
    device: { id: 'file', name: 'Sound file', kind: 'input', is_default: false },
    async play(onFrame, signal) {
      const started = clock.monotonic();
      for (let at = 0, frames = 1; at < samples.length; at += FRAME_SAMPLES, frames += 1) {
        if (signal.aborted) return false;
        const frame = new Float32Array(FRAME_SAMPLES);
        frame.set(samples.subarray(at, at + FRAME_SAMPLES));
        // Paced, a frame is there when its last sample was said.
        if (paced) await pace(frames, started);
        if (signal.aborted) return false;
        onFrame(frame);
        if (!paced) await pace(frames, started);
      }
      return !signal.aborted;
    },
  };
}
