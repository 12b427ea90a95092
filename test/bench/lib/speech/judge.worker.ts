// One recogniser that says what led it to its verdict, which the product's own thread keeps to itself.
import { parentPort, workerData } from 'node:worker_threads';
import { FRAME_SAMPLES, type SpokenPhrases } from '#host/voice/ports.ts';
import { Rescorer } from '#host/voice/recognition/rescoring/rescorer.ts';
import { Utterances } from '#host/voice/recognition/worker/utterances.ts';

export type ToJudge =
  | { kind: 'phrases'; id: number; spoken: SpokenPhrases }
  | { kind: 'clip'; id: number; samples: Float32Array };

if (parentPort === null) throw new Error('judge.worker runs in a worker thread');
const port = parentPort;
/** For tuning, every clip is looked at twice. */
const { always } = workerData as { always: boolean };
const utterances = Utterances.create({ secondLook: new Rescorer(), always });
let busy = Promise.resolve();

port.on('message', (message: ToJudge) => {
  busy = busy.then(async () => {
    const all = await utterances;
    if (message.kind === 'phrases') {
      port.postMessage({ id: message.id, answer: all.setPhrases(message.spoken) });
      return;
    }
    await all.begin();
    const { samples, id } = message;
    for (let at = 0; at < samples.length; at += FRAME_SAMPLES)
      all.push(samples.subarray(at, at + FRAME_SAMPLES));
    const began = performance.now();
    const { signal } = new AbortController();
    const outcome = await all.end({ patient: true, signal });
    port.postMessage({ id, answer: { ...outcome, endMs: performance.now() - began } });
  });
});
