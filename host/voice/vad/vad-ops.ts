import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { EngineFailure } from '../engine/messages.ts';
import type { EngineOps, Notify } from '../engine/serve-engine.ts';
import { SAMPLE_RATE } from '../ports.ts';
import type { Detector, OpenDetector } from './detector.ts';
import { loadFvad } from './fvad.ts';

/** What the process for speech detection can do: one engine per process. */
export function vadOps(notify: Notify): EngineOps {
  let open: OpenDetector | null = null;
  const sessions = new Map<number, { detector: Detector; samples: number; speaking: boolean }>();
  return {
    /** Loads the engine and lets it judge a moment of silence. */
    async load(args: LoadArgs) {
      open = args.engine === 'silero' ? loadSilero(args) : await loadFvad();
      const probe = open(200);
      for (let frame = 0; frame < 4; frame += 1) probe.push(new Float32Array(512));
      probe.close();
    },
    open({ session, silenceMs }: { session: number; silenceMs: number }) {
      if (open === null) throw new EngineFailure('failed', 'nothing is loaded');
      sessions.set(session, { detector: open(silenceMs), samples: 0, speaking: false });
    },
    push({ session, samples }: { session: number; samples: Float32Array }) {
      const found = sessions.get(session);
      if (found === undefined) return;
      const speaking = found.detector.push(samples);
      found.samples += samples.length;
      if (speaking === found.speaking) return;
      found.speaking = speaking;
      const atMs = (found.samples * 1000) / SAMPLE_RATE;
      notify('speech', { session, speaking, atMs });
    },
    /** Answers when everything pushed before it was judged. */
    settle: () => null,
    close({ session }: { session: number }) {
      sessions.get(session)?.detector.close();
      sessions.delete(session);
    },
  };
}

/** `sha256` is what the model must have, in hex. */
export type LoadArgs = { engine: 'silero'; model: string; sha256: string } | { engine: 'fvad' };

interface Sherpa {
  Vad: new (
    config: object,
    bufferSeconds: number,
  ) => {
    acceptWaveform(samples: Float32Array): void;
    isDetected(): boolean;
    isEmpty(): boolean;
    pop(): void;
  };
}

/** Throws before the library sees a file that is not the one it was tried with: a bad one kills the process. */
function loadSilero({ model, sha256 }: LoadArgs & { engine: 'silero' }): OpenDetector {
  const sum = createHash('sha256').update(readFileSync(model)).digest('hex');
  if (sum !== sha256)
    throw new EngineFailure('bad_model', 'the Silero model is not the one that came with Hob');
  const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa;
  return (silenceMs) => {
    const vad = new sherpa.Vad(
      {
        sileroVad: {
          model,
          threshold: 0.5,
          minSilenceDuration: silenceMs / 1000,
          minSpeechDuration: 0.1,
          windowSize: 512,
          maxSpeechDuration: 60,
        },
        sampleRate: SAMPLE_RATE,
        numThreads: 1,
        provider: 'cpu',
        debug: 0,
      },
      65,
    );
    return {
      push(samples) {
        vad.acceptWaveform(samples);
        // What was said is of no use here.
        while (!vad.isEmpty()) vad.pop();
        return vad.isDetected();
      },
      close: () => undefined,
    };
  };
}
