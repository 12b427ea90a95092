import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Question, RequestEnded } from './ports.ts';

type End = Pick<RequestEnded, 'outcome' | 'code'>;

/** What is known of one request until it has ended, which is told once. */
export class Exchange {
  address: string | null = null;
  status: number | null = null;
  receivedBytes = 0;
  /** The body has begun to leave. */
  left = false;
  readonly #server_id: string;
  readonly #question: Question;
  readonly #clock: Clock;
  readonly #started: number;
  readonly #tell: (ended: RequestEnded) => void;
  #isOver = false;

  constructor(
    server_id: string,
    question: Question,
    clock: Clock,
    tell: (ended: RequestEnded) => void,
  ) {
    this.#server_id = server_id;
    this.#question = question;
    this.#clock = clock;
    this.#started = clock.monotonic();
    this.#tell = tell;
  }

  get host(): string {
    return this.#question.url.host;
  }

  /** It went wrong, here or there. */
  failed(problem: unknown): void {
    const code = problem instanceof HobError ? problem.code : 'aborted';
    const outcome = this.status !== null ? 'cut' : this.left ? 'failed' : 'refused';
    this.end({ outcome, code });
  }

  end({ outcome, code }: End): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tell({
      server_id: this.#server_id,
      origin: this.#question.url.origin,
      method: this.#question.method,
      outcome,
      code,
      status: this.status,
      address: this.address,
      sent_bytes: this.left ? Buffer.byteLength(this.#question.body ?? '') : 0,
      received_bytes: this.receivedBytes,
      ms: Math.round(this.#clock.monotonic() - this.#started),
      times: 1,
    });
  }
}
