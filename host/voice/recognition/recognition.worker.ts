// The recognition thread: one utterance after the other, all of its work off the host's event loop.
import { parentPort, workerData } from 'node:worker_threads';
import {
  isAborted,
  type FromRecogniser,
  type RecogniserData,
  type ToRecogniser,
} from './messages.ts';
import { Rescorer } from './rescoring/rescorer.ts';
import type { LookOptions } from './worker/second-look.ts';
import { Utterances } from './worker/utterances.ts';
import { lookOf } from './worker/verdict.ts';

if (parentPort === null) throw new Error('recognition.worker runs in a worker thread');
const port = parentPort;
const { aborted: shared, model } = workerData as RecogniserData;
const aborted = new Int32Array(shared);
const utterances = Utterances.create({ secondLook: new Rescorer(model) });
const FRAMES_PER_PARTIAL = 16;

/** The session whose audio is decoded now; the others wait their turn in `waiting`. */
let current: { session: number; frames: number; said: string; ended: AbortController } | null =
  null;
let waiting: ToRecogniser[] = [];
let busy = Promise.resolve();

const send = (message: FromRecogniser): void => port.postMessage(message);

port.on('message', (message: ToRecogniser) => {
  // At once: nobody waits for what is in work for it.
  if (message.kind === 'abort' && message.session === current?.session) current.ended.abort();
  // What failed in the middle leaves nothing to go on with: the thread dies of it, and the next use starts another.
  busy = busy.then(() => take(message));
});

async function take(message: ToRecogniser): Promise<void> {
  if (current !== null && (message.kind === 'phrases' || message.session !== current.session)) {
    waiting.push(message);
    return;
  }
  const all = await utterances;
  switch (message.kind) {
    case 'phrases':
      learn(all, message);
      return;
    case 'open':
      if (isAborted(aborted, message.session)) return;
      await all.begin();
      current = { session: message.session, frames: 0, said: '', ended: new AbortController() };
      return;
    case 'audio':
      if (current !== null) listen(all, message.frame, current);
      return;
    case 'finish':
      if (current === null) return;
      await finish(all, message.session, {
        patient: message.patient,
        signal: current.ended.signal,
      });
      return next();
    case 'abort':
      if (current === null) return;
      all.drop();
      return next();
  }
}

function learn(all: Utterances, { id, spoken }: Extract<ToRecogniser, { kind: 'phrases' }>): void {
  try {
    send({ kind: 'report', id, report: all.setPhrases(spoken) });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    send({ kind: 'refused', id, message });
  }
}

async function finish(all: Utterances, session: number, how: LookOptions): Promise<void> {
  const outcome = await all.end(how);
  const recognition = { ...outcome.recognition, look: lookOf(outcome), took_ms: 0 };
  send({ kind: 'result', session, recognition });
}

function listen(all: Utterances, frame: Float32Array, session: NonNullable<typeof current>): void {
  if (isAborted(aborted, session.session)) return;
  all.push(frame);
  session.frames++;
  if (session.frames % FRAMES_PER_PARTIAL !== 0) return;
  const text = all.partial();
  if (text === session.said) return;
  session.said = text;
  send({ kind: 'partial', session: session.session, text });
}

/** The utterance is over: what waited for its end comes now, in its order. */
async function next(): Promise<void> {
  current = null;
  const queued = waiting;
  waiting = [];
  for (const message of queued) await take(message);
}
