import type { SpokenAnswer } from './spoken-answer.ts';

/** A waiting card, as it was when the answer began to be said. */
export interface WaitingCard {
  readonly approval_id: string;
  readonly danger: boolean;
  /** Milliseconds on show in the window that is spoken to; null when it was not. */
  readonly shown_ms: number | null;
}

export interface AnswerFacts {
  readonly answer: SpokenAnswer;
  /** The turn was opened with the signature of an enrolled decider. */
  readonly can_decide: boolean;
  readonly cards: readonly WaitingCard[];
  /** A question was settled while this was being said. */
  readonly changed: boolean;
  /** Milliseconds of silence of the host before the answer; null when it never spoke. Negative: it spoke into it. */
  readonly quiet_ms: number | null;
  /** How often this card was asked about aloud, and whether that is over. */
  question(approvalId: string): { attempts: number; closed: boolean };
}

export type AnswerRefusal =
  | 'nothing_waits'
  | 'not_a_decider'
  | 'several_wait'
  | 'changed'
  | 'danger'
  | 'not_shown'
  | 'host_spoke'
  | 'question_closed';

export type AnswerVerdict =
  | {
      readonly kind: 'settle';
      readonly approval_id: string;
      readonly decision: 'approve' | 'deny' | 'hold';
    }
  | { readonly kind: 'ask_again'; readonly approval_id: string; readonly attempt: number }
  | { readonly kind: 'close'; readonly approval_id: string }
  | { readonly kind: 'refuse'; readonly reason: AnswerRefusal };

/** A card must have been readable for this long before somebody begins to answer it. */
export const SHOWN_MS = 1_000;
/** So long must the host have been silent: what it says itself is never an answer. */
export const QUIET_MS = 500;
/** Asked once, and again twice. */
export const MAX_ATTEMPTS = 3;
/** Then the spoken question is over, and the approval waits on. */
export const QUESTION_MS = 58_000;

/** Nothing that the host said can have been heard in it. */
export const isAfterSilence = ({ quiet_ms }: { quiet_ms: number | null }): boolean =>
  quiet_ms === null || quiet_ms >= QUIET_MS;

const refuse = (reason: AnswerRefusal): AnswerVerdict => ({ kind: 'refuse', reason });

/** Whether what was said settles the one card that waits. Everything that is not certain settles nothing. */
export function judgeAnswer(facts: AnswerFacts): AnswerVerdict {
  const { answer, cards } = facts;
  const [card, another] = cards;
  if (card === undefined) return refuse(facts.changed ? 'changed' : 'nothing_waits');
  if (!facts.can_decide) return refuse('not_a_decider');
  if (another !== undefined) return refuse('several_wait');
  if (facts.changed) return refuse('changed');
  if (card.danger && answer !== 'hold') return refuse('danger');
  if (card.shown_ms === null || card.shown_ms < SHOWN_MS) return refuse('not_shown');
  if (!isAfterSilence(facts)) return refuse('host_spoke');
  const { approval_id } = card;
  const { attempts, closed } = facts.question(approval_id);
  if (closed) return refuse('question_closed');
  if (answer !== 'ambiguous') return { kind: 'settle', approval_id, decision: answer };
  // An answer to a card that was not asked about aloud counts as the first time.
  const asked = Math.max(1, attempts);
  return asked >= MAX_ATTEMPTS
    ? { kind: 'close', approval_id }
    : { kind: 'ask_again', approval_id, attempt: asked + 1 };
}

/** What the person hears, so that they know what to do instead. */
export const refusalInWords: Readonly<Record<AnswerRefusal, string>> = {
  nothing_waits: 'Nothing waits for an answer.',
  not_a_decider: 'This editor may not decide. Answer in one that may.',
  several_wait: 'More than one call waits. Which one? Answer on its card.',
  changed: 'The question changed while you spoke. Look at the card and say it again.',
  danger: 'This call is dangerous, so a voice cannot settle it. Answer on the card.',
  not_shown:
    'I only take an answer to a card that you can see. Open it, read it, and say it again.',
  host_spoke: 'I was still talking. Please say it again.',
  question_closed: 'I could not understand your answer before. Answer on the card.',
};
