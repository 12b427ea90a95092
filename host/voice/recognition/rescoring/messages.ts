import type { Sequence } from '../core/phrases.ts';
import type { Answer, Look } from './rescore.ts';

/** Recognition thread → host. */
export type ToModel =
  | { kind: 'start' }
  | { kind: 'phrases'; sequences: readonly Sequence[] }
  | { kind: 'look'; id: number; look: Look; patient: boolean }
  /** The newest look is no longer waited for. */
  | { kind: 'drop' };

/** Host → recognition thread: what came of a look. */
export interface FromModel {
  id: number;
  answer: Answer;
}
