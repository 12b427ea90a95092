import type { Answer, Request } from './rescore.ts';

/** Recognition thread → thread of the speech model. */
export interface ToRescoring {
  id: number;
  request: Request;
}

/** Thread of the speech model → recognition thread. */
export type FromRescoring = { kind: 'ready' } | { kind: 'answer'; id: number; answer: Answer };

/** What the thread is started with. `wanted` holds the one look that somebody waits for, or 0. */
export interface RescoringData {
  folder: string;
  wanted: SharedArrayBuffer;
}
