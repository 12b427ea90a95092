import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { MAX_ATTEMPTS, QUESTION_MS } from './core/judge-answer.ts';

type Closed = Extract<DomainEvent, { type: 'turn.question_closed' }>['data'];

interface Question {
  turnId: string;
  attempts: number;
  stopTimer: () => void;
}

const settlements = new Set(['approval.decided', 'approval.expired', 'approval.cancelled']);

/**
 * Approvals that were asked about aloud. A question is over after 58 s, when it was answered, or when two
 * repetitions brought no clear answer; only then voice cannot answer this approval any more.
 */
export class SpokenQuestions {
  readonly #clock: Clock;
  readonly #onClosed: (closed: Closed) => void;
  readonly #open = new Map<string, Question>();
  readonly #leftToHand = new Set<string>();

  constructor(clock: Clock, onClosed: (closed: Closed) => void) {
    this.#clock = clock;
    this.#onClosed = onClosed;
  }

  get size(): number {
    return this.#open.size;
  }

  state(approvalId: string): { attempts: number; closed: boolean } {
    return {
      attempts: this.#open.get(approvalId)?.attempts ?? 0,
      closed: this.#leftToHand.has(approvalId),
    };
  }

  /** It is asked now, for the first time or again. */
  asked(approvalId: string, turnId: string, attempt: number): void {
    this.#open.get(approvalId)?.stopTimer();
    const stopTimer = this.#clock.timer(QUESTION_MS, () => this.close(approvalId, 'unanswered'));
    this.#open.set(approvalId, { turnId, attempts: Math.min(attempt, MAX_ATTEMPTS), stopTimer });
  }

  close(approvalId: string, reason: Closed['reason']): void {
    if (reason === 'ambiguous') this.#leftToHand.add(approvalId);
    const question = this.#open.get(approvalId);
    if (question === undefined) return;
    question.stopTimer();
    this.#open.delete(approvalId);
    this.#onClosed({ turn_id: question.turnId, approval_id: approvalId, reason });
  }

  /** Approvals that ended leave nothing here. */
  note(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (!settlements.has(event.event_type)) continue;
      this.close(event.stream.stream_id, 'settled');
      this.#leftToHand.delete(event.stream.stream_id);
    }
  }

  dispose(): void {
    for (const { stopTimer } of this.#open.values()) stopTimer();
    this.#open.clear();
  }
}
