import type { MessagePort } from 'node:worker_threads';
import type { GrammarReport, Recognition, SpokenPhrases } from '../ports.ts';

/** Host → recognition thread. `session` counts up from 1. */
export type ToRecogniser =
  | { kind: 'phrases'; id: number; spoken: SpokenPhrases }
  | { kind: 'open'; session: number }
  | { kind: 'audio'; session: number; frame: Float32Array }
  | { kind: 'finish'; session: number; patient: boolean }
  | { kind: 'abort'; session: number };

/** Recognition thread → host. */
export type FromRecogniser =
  | { kind: 'report'; id: number; report: GrammarReport }
  | { kind: 'refused'; id: number; message: string }
  | { kind: 'partial'; session: number; text: string }
  | { kind: 'result'; session: number; recognition: Recognition };

/** What the thread is started with. */
export interface RecogniserData {
  /** At `session % length`, the newest session that was aborted. */
  aborted: SharedArrayBuffer;
  /** The line to the speech model. */
  model: MessagePort;
}

/** Whether the session was aborted while its audio still waits in the queue. */
export const isAborted = (aborted: Int32Array, session: number): boolean =>
  Atomics.load(aborted, session % aborted.length) === session;
