import { performance } from 'node:perf_hooks';
import {
  FRAME_SAMPLES,
  SAMPLE_RATE,
  type AudioDevice,
  type AudioInput,
  type MicError,
  type OpenMicrophone,
} from '#host/voice/ports.ts';

const device: AudioDevice = {
  id: 'paced',
  name: 'Paced recording',
  kind: 'input',
  is_default: true,
};
const FRAME_MS = (FRAME_SAMPLES * 1_000) / SAMPLE_RATE;

/** A microphone before which a recording is played in real time, with faint noise around it. */
export class PacedMicrophone implements AudioInput {
  #samples: Float32Array = new Float32Array(0);
  #played = Promise.withResolvers<number>();

  /** What the next opening hears. Resolves with the moment of its last sample. */
  play(samples: Float32Array): Promise<number> {
    this.#samples = samples;
    this.#played = Promise.withResolvers();
    return this.#played.promise;
  }

  devices(): Promise<AudioDevice[]> {
    return Promise.resolve([device]);
  }

  open(
    _: string | null,
    onFrame: (frame: Float32Array) => void,
    signal: AbortSignal,
  ): Promise<OpenMicrophone> {
    const samples = this.#samples;
    const played = this.#played;
    const began = performance.now();
    let frames = 0;
    const deliver = (): void => {
      while (performance.now() - began >= (frames + 1) * FRAME_MS) {
        const at = frames * FRAME_SAMPLES;
        onFrame(frame(samples, at));
        frames += 1;
        if (at < samples.length && at + FRAME_SAMPLES >= samples.length)
          played.resolve(performance.now());
      }
    };
    const timer = setInterval(deliver, 1);
    const ended = Promise.withResolvers<MicError | null>();
    const close = (): void => {
      clearInterval(timer);
      ended.resolve(null);
    };
    signal.addEventListener('abort', close, { once: true });
    return Promise.resolve({ device, dropped: 0, ended: ended.promise, close });
  }
}

function frame(samples: Float32Array, at: number): Float32Array {
  const out = Float32Array.from({ length: FRAME_SAMPLES }, () => (Math.random() - 0.5) * 2e-4);
  for (let n = 0; n < FRAME_SAMPLES; n += 1) out[n] = (out[n] ?? 0) + (samples[at + n] ?? 0);
  return out;
}
