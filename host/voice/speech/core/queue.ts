/**
 * Who speaks next. A question of Hob goes before its replies, and both before what agents want to say;
 * within one kind it is first come, first served.
 */
export type SpeechKind = 'question' | 'reply' | 'agent';

const ranks: Readonly<Record<SpeechKind, number>> = { question: 2, reply: 1, agent: 0 };

export interface Queued {
  readonly kind: SpeechKind;
}

/** The one to go on with, or undefined when nobody waits. */
export function nextToSpeak<T extends Queued>(waiting: readonly T[]): T | undefined {
  let best: T | undefined;
  for (const one of waiting)
    if (best === undefined || ranks[one.kind] > ranks[best.kind]) best = one;
  return best;
}

/** True where the newcomer is heard at once: an agent never makes a person wait. */
export const cutsOff = (newcomer: Queued, speaking: Queued): boolean =>
  speaking.kind === 'agent' && newcomer.kind !== 'agent';
