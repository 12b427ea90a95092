/**
 * The host's side of "one call seen twice is asked once". The gate joins firings that arrive while
 * a card waits; this also remembers answers for a moment, because the second firing often comes
 * after the answer: Codex asks PermissionRequest once PreToolUse has passed, and VS Code runs
 * Claude's hook after its own.
 */
import type { Clock } from '#host/kernel/clock.ts';
import { isSameQuestion } from './core/question-key.ts';

export interface HookQuestionsOptions<A> {
  readonly clock: Clock;
  /** False for an answer that settles nothing ("still waiting"): it serves nobody else. */
  readonly settles: (answer: A) => boolean;
  /** How long an answer may serve a second firing; an agent fires both within one turn. */
  readonly rememberMs?: number;
}

interface Remembered<A> {
  readonly key: string;
  readonly asker: string;
  readonly answer: Promise<A>;
  /** Askers whose second firing has used this answer already: one answer is one execution. */
  readonly used: Set<string>;
  /** null while nobody has answered. */
  answeredAt: number | null;
  waiting: number;
  readonly withdraw: AbortController;
}

/** One per host. `A` is whatever the gate answers; it is passed on untouched. */
export class HookQuestions<A> {
  readonly #clock: Clock;
  readonly #settles: (answer: A) => boolean;
  readonly #rememberMs: number;
  #questions: Remembered<A>[] = [];

  constructor({ clock, settles, rememberMs = 10 * 60_000 }: HookQuestionsOptions<A>) {
    this.#clock = clock;
    this.#settles = settles;
    this.#rememberMs = rememberMs;
  }

  /**
   * Asks, or joins the firing of the same call that came before. `asker` is the agent's name. The
   * question is withdrawn (its signal aborts) when every asker's `closed` has aborted.
   */
  async ask(
    key: string,
    asker: string,
    closed: AbortSignal,
    ask: (signal: AbortSignal) => Promise<A>,
  ): Promise<A> {
    this.#forgetOld();
    const earlier = this.#questions.findLast((question) => mayJoin(question, key, asker));
    const question = earlier ?? this.#open(key, asker, ask);
    if (earlier !== undefined) earlier.used.add(asker);
    return this.#wait(question, closed);
  }

  #open(key: string, asker: string, ask: (signal: AbortSignal) => Promise<A>): Remembered<A> {
    const withdraw = new AbortController();
    const answer = (async () => ask(withdraw.signal))();
    const used = new Set<string>();
    const question: Remembered<A> = {
      key,
      asker,
      answer,
      used,
      answeredAt: null,
      waiting: 0,
      withdraw,
    };
    this.#questions.push(question);
    answer.then(
      (given) => {
        question.answeredAt = this.#clock.monotonic();
        if (!this.#settles(given)) this.#forget(question);
      },
      // A failure is nobody's answer: the next firing asks again.
      () => this.#forget(question),
    );
    return question;
  }

  async #wait(question: Remembered<A>, closed: AbortSignal): Promise<A> {
    question.waiting += 1;
    const gone = () => {
      question.waiting -= 1;
      if (question.waiting > 0) return;
      question.withdraw.abort();
      this.#forget(question);
    };
    if (closed.aborted) gone();
    else closed.addEventListener('abort', gone, { once: true });
    try {
      return await question.answer;
    } finally {
      closed.removeEventListener('abort', gone);
    }
  }

  #forget(question: Remembered<A>): void {
    this.#questions = this.#questions.filter((other) => other !== question);
  }

  #forgetOld(): void {
    const oldest = this.#clock.monotonic() - this.#rememberMs;
    this.#questions = this.#questions.filter(
      ({ answeredAt }) => answeredAt === null || answeredAt >= oldest,
    );
  }
}

/**
 * A firing joins when it is another hook's view of the call: it lacks the id that the first had
 * (Codex's own prompt, which may come again when its sandbox refuses), or it comes from another
 * agent's hook with the same id, once. The same hook with the same id is a repeated call: asked anew.
 */
function mayJoin(
  question: { key: string; asker: string; used: ReadonlySet<string> },
  key: string,
  asker: string,
): boolean {
  if (!isSameQuestion(question.key, key)) return false;
  if (question.key !== key) return question.asker === asker;
  return question.asker !== asker && !question.used.has(asker);
}
