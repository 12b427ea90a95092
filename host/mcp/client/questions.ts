import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { CallClock } from './core/call-clock.ts';
import { readQuestion } from './core/server-question.ts';
import { pageOf } from './page.ts';
import type { PersonsAnswer, PersonsQuestion } from './ports.ts';

export interface QuestionsOptions {
  clock: Clock;
  ask(question: PersonsQuestion, gone: AbortSignal): Promise<PersonsAnswer>;
  /** Keeps that a question was not put to anybody. Never throws. */
  refused(reason: string): void;
}

interface CallInProgress {
  runId: string;
  tool: string;
  clock: CallClock;
  asked: number;
}

/** A server that asks on and on keeps a call open for ever. */
const MOST_OF_A_CALL = 8;

/**
 * The calls of one server that are on their way, and what the server asks the person meanwhile. The older protocol
 * does not say in which of several calls it asks: the question then lives as long as one of them does.
 */
export class Questions {
  readonly #o: QuestionsOptions;
  readonly #calls = new Set<CallInProgress>();
  readonly #open = new Set<{ calls: Set<CallInProgress>; gone: AbortController }>();

  constructor(options: QuestionsOptions) {
    this.#o = options;
  }

  /** Makes a call. The signal ends it; with `tool_timeout` when it took longer than `timeoutMs` without any question. */
  async during<T>(
    {
      runId,
      tool,
      signal,
      timeoutMs,
    }: {
      runId: string;
      tool: string;
      signal: AbortSignal;
      timeoutMs: number;
    },
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const late = new AbortController();
    const clock = new CallClock(this.#o.clock, timeoutMs, () =>
      late.abort(new HobError('tool_timeout')),
    );
    const call: CallInProgress = { runId, tool, clock, asked: 0 };
    this.#calls.add(call);
    try {
      return await work(AbortSignal.any([signal, late.signal]));
    } finally {
      clock.close();
      this.#ended(call);
    }
  }

  /** Puts a question of the server to the person; `gone` when it takes the question back. Never throws. */
  async answer(params: unknown, gone: AbortSignal): Promise<PersonsAnswer> {
    const calls = new Set(this.#calls);
    const question = readQuestion(params, pageOf);
    const [first] = calls;
    if (question.kind === 'refused') return this.#refuse(question.why);
    if (first === undefined) return this.#refuse('no tool of it was called');
    if (first.asked >= MOST_OF_A_CALL)
      return this.#refuse(`it asked ${MOST_OF_A_CALL} times in one call`);
    first.asked += 1;
    const open = { calls, gone: new AbortController() };
    this.#open.add(open);
    const resume = [...calls].map(({ clock }) => clock.pause());
    try {
      const { runId, tool } = first;
      const answer = await this.#o.ask(
        { ...question, run_id: runId, tool },
        AbortSignal.any([gone, open.gone.signal]),
      );
      if (answer.action === 'cancel') this.#o.refused(answer.why);
      return answer;
    } catch (failure) {
      return this.#refuse(failure instanceof HobError ? failure.message : 'it could not be put');
    } finally {
      this.#open.delete(open);
      for (const end of resume) end();
    }
  }

  #refuse(why: string): PersonsAnswer {
    this.#o.refused(why);
    return { action: 'cancel', why };
  }

  #ended(call: CallInProgress): void {
    this.#calls.delete(call);
    for (const { calls, gone } of this.#open) {
      calls.delete(call);
      if (calls.size === 0) gone.abort();
    }
  }
}
