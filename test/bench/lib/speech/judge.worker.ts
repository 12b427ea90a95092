// One recogniser that says what led it to its verdict, which the product's own thread keeps to itself.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { FRAME_SAMPLES, type SpokenPhrases } from '#host/voice/ports.ts';
import type { Known } from '#host/voice/recognition/rescoring/rescore.ts';
import { Rescorer } from '#host/voice/recognition/rescoring/rescorer.ts';
import type { SecondLook } from '#host/voice/recognition/worker/second-look.ts';
import { Utterances } from '#host/voice/recognition/worker/utterances.ts';

/** What the recogniser has the speech model look at. */
export interface Asked {
  sounds: readonly Float32Array[];
  known: Known | null;
}

/** `own`: both looks of the recogniser itself at every clip, and what the model would be asked. */
export type WhichLooks = 'as the product' | 'own';

export type ToJudge =
  | { kind: 'phrases'; id: number; spoken: SpokenPhrases }
  | { kind: 'clip'; id: number; samples: Float32Array }
  | { kind: 'look'; id: number; asked: Asked };

if (parentPort === null) throw new Error('judge.worker runs in a worker thread');
const port = parentPort;
const { looks, model } = workerData as { looks: WhichLooks; model: MessagePort };

/** Keeps what it is asked, and has no answer. */
class Noted implements SecondLook {
  asked: Asked | null = null;
  start(): void {}
  setPhrases(): void {}
  look(sounds: Asked['sounds'], known: Asked['known']): Promise<null> {
    this.asked = { sounds, known };
    return Promise.resolve(null);
  }
}

const noted = new Noted();
const secondLook = looks === 'own' ? noted : new Rescorer(model);
const utterances = Utterances.create({ secondLook, always: looks === 'own' });
const how = { patient: true, signal: new AbortController().signal };

async function answer(message: ToJudge): Promise<unknown> {
  const all = await utterances;
  switch (message.kind) {
    case 'phrases':
      return all.setPhrases(message.spoken);
    case 'look': {
      const { sounds, known } = message.asked;
      return sounds.length === 0 ? null : secondLook.look(sounds, known, how);
    }
    case 'clip':
      return heard(all, message.samples);
  }
}

async function heard(all: Utterances, samples: Float32Array): Promise<object> {
  noted.asked = null;
  await all.begin();
  for (let at = 0; at < samples.length; at += FRAME_SAMPLES)
    all.push(samples.subarray(at, at + FRAME_SAMPLES));
  const outcome = await all.end(how);
  const { asked } = noted;
  return asked === null ? outcome : { ...outcome, asked };
}

let busy = Promise.resolve();
port.on('message', (message: ToJudge) => {
  busy = busy.then(async () => port.postMessage({ id: message.id, answer: await answer(message) }));
});
