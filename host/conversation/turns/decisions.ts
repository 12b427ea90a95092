import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { DecisionHeard } from '#schema/views/turn.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { EventContext, EventStore } from '#host/store/ports.ts';
import { judgeAnswer, refusalInWords, type AnswerRefusal } from './core/judge-answer.ts';
import type { SpokenAnswer } from './core/spoken-answer.ts';
import { callInWords } from '../core/call-of.ts';
import type { LiveEvents } from './ports.ts';
import type { ShownCards } from './shown-cards.ts';
import type { SpokenQuestions } from './spoken-questions.ts';

export interface SpokenDecisionsOptions {
  store: EventStore;
  clock: Clock;
  live: LiveEvents;
  shown: ShownCards;
  questions: SpokenQuestions;
}

/** An answer as it was heard in one turn. */
export interface HeardAnswer {
  turn_id: string;
  window_id: string;
  /** Of the statement that opened the turn; null when there is none. */
  listen_id: string | null;
  answer: SpokenAnswer;
  transcript: string;
  score: number;
  /** Monotonic and wall-clock ms at which the person began to speak. */
  began: { monotonic: number; wall: number };
  /** Milliseconds of silence of the host before that. */
  quiet_ms: number | null;
  context: EventContext;
  signal: AbortSignal;
}

export type AnswerOutcome =
  | { kind: 'settled'; approval_id: string; decision: DecisionHeard['decision']; reply: string }
  | { kind: 'asked_again'; approval_id: string; reply: string }
  | { kind: 'refused'; reason: AnswerRefusal | 'unsigned' | 'left_to_hand'; reply: string };

/** The window signs what was heard within this time, or nothing is decided. */
const SIGN_MS = 5_000;
/** An answer comes this late after the question that it was meant for. */
const JUST_BEFORE_MS = 3_000;
const decided = new Set([
  'approval.decided',
  'approval.held',
  'approval.expired',
  'approval.cancelled',
]);

/**
 * Answers to approvals, from what was heard to what was signed. The host judges and keeps the evidence; the
 * window that opened the turn signs; neither decides alone.
 */
export class SpokenDecisions {
  readonly #o: SpokenDecisionsOptions;
  readonly #waiting = new Map<string, (event: StoredEvent) => void>();

  constructor(options: SpokenDecisionsOptions) {
    this.#o = options;
  }

  /** Called with every stored event, in order. */
  note(events: readonly StoredEvent[]): void {
    for (const event of events)
      if (decided.has(event.event_type)) this.#waiting.get(event.stream.stream_id)?.(event);
  }

  /** No approval waits, nor was one settled while this was said or just before: it was not meant for one. */
  async isNoneMeant(began: { wall: number }): Promise<boolean> {
    const [waiting, changed] = await Promise.all([
      this.#o.store.count(approvalsProjection, { status: 'pending' }),
      this.#changedSince(began.wall - JUST_BEFORE_MS),
    ]);
    return waiting === 0 && !changed;
  }

  async answer(heard: HeardAnswer): Promise<AnswerOutcome | null> {
    const { questions, shown } = this.#o;
    const [cards, changed] = await Promise.all([
      this.#cards(),
      this.#changedSince(heard.began.wall),
    ]);
    if (heard.signal.aborted) return null;
    const since = this.#o.clock.monotonic() - heard.began.monotonic;
    const verdict = judgeAnswer({
      answer: heard.answer,
      can_decide: heard.listen_id !== null,
      cards: cards.map(({ approval_id, danger }) => {
        const now = shown.shownFor(heard.window_id, approval_id);
        return { approval_id, danger, shown_ms: now === null ? null : Math.max(0, now - since) };
      }),
      changed,
      quiet_ms: heard.quiet_ms,
      question: (id) => questions.state(id),
    });
    const [card] = cards;
    if (verdict.kind === 'refuse' || card === undefined) {
      const reason = verdict.kind === 'refuse' ? verdict.reason : 'nothing_waits';
      return { kind: 'refused', reason, reply: refusalInWords[reason] };
    }
    if (verdict.kind === 'ask_again') return this.#askAgain(card, verdict.attempt, heard);
    if (verdict.kind === 'close') {
      questions.close(card.approval_id, 'ambiguous');
      const reply = 'I do not understand. The call waits for your answer on the card.';
      return { kind: 'refused', reason: 'left_to_hand', reply };
    }
    const shown_ms = Math.round((shown.shownFor(heard.window_id, card.approval_id) ?? 0) - since);
    return this.#settle(card, verdict.decision, shown_ms, heard);
  }

  /** Puts the question aloud for the first time. The words to say, or null when a voice cannot answer it. */
  async ask(card: ApprovalView, turnId: string, context: EventContext): Promise<string | null> {
    if (card.danger) return null;
    const text = `May I: ${callInWords(card.call)}? Yes or no?`;
    await this.#asked(card, turnId, text, 1, context);
    return text;
  }

  async #askAgain(card: ApprovalView, attempt: number, heard: HeardAnswer): Promise<AnswerOutcome> {
    const reply = `Yes or no: ${callInWords(card.call)}?`;
    await this.#asked(card, heard.turn_id, reply, attempt, heard.context);
    return { kind: 'asked_again', approval_id: card.approval_id, reply };
  }

  async #asked(
    { approval_id }: ApprovalView,
    turn_id: string,
    text: string,
    attempt: number,
    context: EventContext,
  ): Promise<void> {
    this.#o.questions.asked(approval_id, turn_id, attempt);
    await this.#append(turn_id, context, {
      type: 'turn.question_asked',
      data: { turn_id, approval_id, text, attempt },
    });
  }

  async #settle(
    card: ApprovalView,
    decision: DecisionHeard['decision'],
    shown_ms: number,
    heard: HeardAnswer,
  ): Promise<AnswerOutcome | null> {
    const { turn_id, listen_id, transcript, score, quiet_ms, window_id, context } = heard;
    const { approval_id, call_hash } = card;
    if (listen_id === null)
      throw new TypeError('a turn without a statement cannot settle anything');
    const evidence: DecisionHeard = {
      turn_id,
      listen_id,
      approval_id,
      call_hash,
      decision,
      transcript,
      score,
      shown_ms,
      quiet_ms: quiet_ms === null ? null : Math.round(quiet_ms),
      heard_at: isoTime(this.#o.clock.now()),
    };
    await this.#append(turn_id, context, { type: 'turn.decision_heard', data: evidence });
    if (heard.signal.aborted) return null;
    const signed = this.#signed(approval_id, heard.signal);
    const delivered = this.#o.live.sendTo(window_id, 'runtime.decision_heard', { ...evidence });
    const event = delivered ? await signed.event : null;
    signed.stop();
    if (event === null) return unsigned;
    const settledAs = settledBy(event);
    if (settledAs !== decision) return unsigned;
    this.#o.questions.close(approval_id, 'answered');
    const words = { approve: 'Approved', deny: 'Denied', hold: 'Held' }[decision];
    return {
      kind: 'settled',
      approval_id,
      decision,
      reply: `${words}: ${callInWords(card.call)}.`,
    };
  }

  /** What becomes of the approval within the time to sign; null when nothing does. */
  #signed(
    approvalId: string,
    signal: AbortSignal,
  ): { event: Promise<StoredEvent | null>; stop: () => void } {
    const { promise, resolve } = Promise.withResolvers<StoredEvent | null>();
    const giveUp = (): void => resolve(null);
    const stopTimer = this.#o.clock.timer(SIGN_MS, giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    this.#waiting.set(approvalId, resolve);
    const stop = (): void => {
      stopTimer();
      signal.removeEventListener('abort', giveUp);
      if (this.#waiting.get(approvalId) === resolve) this.#waiting.delete(approvalId);
    };
    return { event: promise, stop };
  }

  #cards(): Promise<ApprovalView[]> {
    return this.#o.store.documents(approvalsProjection, {
      where: { status: 'pending' },
      order: 'asc',
      limit: 2,
    });
  }

  /** Whether a question was settled while somebody spoke: then it is not certain which one was meant. */
  async #changedSince(wall: number): Promise<boolean> {
    const [last] = await this.#o.store.query({
      event_type: [...decided],
      order: 'desc',
      limit: 1,
    });
    return last !== undefined && Date.parse(last.recorded_at) >= wall;
  }

  async #append(turnId: string, context: EventContext, event: DomainEvent): Promise<void> {
    await this.#o.store.transact((tx) =>
      tx.append({ stream_type: 'turn', stream_id: turnId }, 'any', [event], context),
    );
  }
}

const unsigned: AnswerOutcome = {
  kind: 'refused',
  reason: 'unsigned',
  reply: 'The editor did not confirm your answer. Answer on the card.',
};

function settledBy(event: StoredEvent): DecisionHeard['decision'] | null {
  if (event.event_type === 'approval.held') return 'hold';
  if (event.event_type !== 'approval.decided') return null;
  const signed = event.data?.['signed'] as { source?: string; decision?: string } | undefined;
  if (signed?.source !== 'voice') return null;
  return signed.decision === 'approve' || signed.decision === 'deny' ? signed.decision : null;
}
