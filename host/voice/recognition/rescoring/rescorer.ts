import { Worker } from 'node:worker_threads';
import type { Sequence } from '../core/phrases.ts';
import type { LookOptions, SecondLook } from '../worker/second-look.ts';
import type { Rescored } from './core/search.ts';
import type { FromRescoring, RescoringData, ToRescoring } from './messages.ts';
import { modelFolder } from './model-folder.ts';
import type { Known, Request } from './rescore.ts';

export interface RescorerOptions {
  /** Where the model lies; null where it is not installed. */
  folder?: string | null;
  /** Told once what keeps the model from being used. */
  onProblem?: (problem: string) => void;
}

/** Whoever let go waits no longer than this for a second look. */
const LONGEST_LOOK_MS = 1_500;
/** The model takes a quarter of a gigabyte: it is let go where nobody talks for so long. */
const IDLE_MS = 5 * 60_000;

const NOT_INSTALLED = 'it is not installed; install hob-hearing.vsix beside Hob';

/** Beside this module's folder, as source or in the bundle. */
const ownWorker = (): URL =>
  new URL(
    import.meta.url.endsWith('.ts') ? '../rescoring.worker.ts' : './rescoring.worker.js',
    import.meta.url,
  );

/** A thread with a model, from its start to its end. */
interface Running {
  thread: Worker;
  isReady: boolean;
  /** Resolves when it is ready, and when it has ended. */
  settled: Promise<void>;
}

/**
 * The speech model in a thread of its own, which starts when somebody begins to talk and ends after a while of silence.
 * Without the model, or when it fails, there is no second look by it, and everything else is heard as before.
 */
export class Rescorer implements SecondLook {
  readonly #folder: string | null;
  readonly #onProblem: (problem: string) => void;
  readonly #shared = new SharedArrayBuffer(4);
  readonly #wanted = new Int32Array(this.#shared);
  #running: Running | null = null;
  /** What failed once is not tried again before the recogniser starts anew. */
  #isUnable = false;
  #sequences: readonly Sequence[] = [];
  #waiting: { id: number; resolve: (found: Rescored | null) => void } | null = null;
  #idle: NodeJS.Timeout | null = null;
  #count = 0;

  constructor({ folder = modelFolder(), onProblem = () => undefined }: RescorerOptions = {}) {
    this.#folder = folder;
    this.#onProblem = onProblem;
  }

  start(): void {
    this.#used();
    if (this.#folder === null) return this.#fail(NOT_INSTALLED);
    if (this.#isUnable || this.#running !== null) return;
    this.#running = this.#started(this.#folder);
    this.#post({ kind: 'phrases', sequences: this.#sequences });
  }

  setPhrases(sequences: readonly Sequence[]): void {
    this.#sequences = sequences;
    this.#post({ kind: 'phrases', sequences });
  }

  async look(
    sounds: readonly Float32Array[],
    known: Known | null,
    how: LookOptions,
  ): Promise<Rescored | null> {
    this.start();
    if (how.patient) await this.#running?.settled;
    if (this.#running?.isReady !== true || how.signal.aborted) return null;
    const found = await this.#answer({ kind: 'look', sounds, known }, how);
    this.#used();
    return found;
  }

  /** Null as soon as it is no longer waited for; the thread is told so, and stops at its next step. */
  #answer(request: Request, { patient, signal }: LookOptions): Promise<Rescored | null> {
    const { promise, resolve } = Promise.withResolvers<Rescored | null>();
    const id = this.#post(request);
    Atomics.store(this.#wanted, 0, id);
    const end = (found: Rescored | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      Atomics.compareExchange(this.#wanted, 0, id, 0);
      this.#waiting = null;
      resolve(found);
    };
    const giveUp = (): void => end(null);
    const timer = patient ? undefined : setTimeout(giveUp, LONGEST_LOOK_MS);
    signal.addEventListener('abort', giveUp);
    this.#waiting = { id, resolve: end };
    return promise;
  }

  #started(folder: string): Running {
    const data: RescoringData = { folder, wanted: this.#shared };
    const thread = new Worker(ownWorker(), { workerData: data, name: 'rescoring' });
    const { promise: settled, resolve } = Promise.withResolvers<void>();
    const running = { thread, isReady: false, settled };
    thread.on('message', (message: FromRescoring) => {
      if (message.kind === 'answer') return this.#take(message);
      running.isReady = true;
      resolve();
    });
    thread.on('error', (error: Error) => this.#fail(error.message));
    thread.on('exit', () => {
      if (this.#running === running) this.#running = null;
      this.#waiting?.resolve(null);
      resolve();
    });
    return running;
  }

  #take({ id, answer }: Extract<FromRescoring, { kind: 'answer' }>): void {
    if (this.#waiting?.id === id) this.#waiting.resolve(answer);
  }

  #fail(problem: string): void {
    if (this.#isUnable) return;
    this.#isUnable = true;
    this.#onProblem(problem);
  }

  /** The time of silence begins anew. */
  #used(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#running?.thread.terminate(), IDLE_MS);
    this.#idle.unref();
  }

  #post(request: Request): number {
    const id = ++this.#count;
    this.#running?.thread.postMessage({ id, request } satisfies ToRescoring);
    return id;
  }
}
