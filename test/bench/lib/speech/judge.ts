import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import type { GrammarReport, SpokenPhrases } from '#host/voice/ports.ts';
import type { Rescored } from '#host/voice/recognition/rescoring/core/search.ts';
import { SpeechModelProcess } from '#host/voice/recognition/rescoring/model-process.ts';
import type { Outcome } from '#host/voice/recognition/worker/verdict.ts';
import type { Asked, ToJudge, WhichLooks } from './judge.worker.ts';

type Waiting = { resolve(answer: unknown): void; reject(error: Error): void };

/** Several recognisers side by side: a set of some thousand clips takes minutes. */
export class Judge implements AsyncDisposable {
  readonly #threads: Worker[];
  readonly #models: SpeechModelProcess[];
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor({
    threads = availableParallelism(),
    looks = 'as the product',
  }: { threads?: number; looks?: WhichLooks } = {}) {
    this.#models = Array.from(
      { length: threads },
      () => new SpeechModelProcess({ clock: systemClock, log: silentLog }),
    );
    this.#threads = this.#models.map((one) => {
      const model = one.line();
      const thread = new Worker(new URL('./judge.worker.ts', import.meta.url), {
        workerData: { looks, model },
        transferList: [model],
      });
      thread.on('message', ({ id, answer }: { id: number; answer: unknown }) => {
        this.#waiting.get(id)?.resolve(answer);
        this.#waiting.delete(id);
      });
      thread.on('error', (error: Error) => {
        for (const waiting of this.#waiting.values()) waiting.reject(error);
      });
      return thread;
    });
  }

  async setPhrases(spoken: SpokenPhrases): Promise<GrammarReport> {
    const reports = await Promise.all(
      this.#threads.map((thread) =>
        this.#ask<GrammarReport>(thread, (id) => ({ kind: 'phrases', id, spoken })),
      ),
    );
    return reports[0] as GrammarReport;
  }

  /** What each recogniser makes of its share; `sounds` are made one by one, when their turn comes. */
  hearAll(sounds: readonly (() => Float32Array)[]): Promise<(Outcome & { asked?: Asked })[]> {
    return this.#each(sounds, (sound, id) => ({ kind: 'clip', id, samples: sound() }));
  }

  /** What the speech model says of sounds that were kept. */
  lookAgainAtAll(all: readonly Asked[]): Promise<(Rescored | null)[]> {
    return this.#each(all, (asked, id) => ({ kind: 'look', id, asked }));
  }

  async #each<One, T>(
    all: readonly One[],
    message: (one: One, id: number) => ToJudge,
  ): Promise<T[]> {
    const answers: T[] = [];
    const left = all.entries();
    const work = async (thread: Worker): Promise<void> => {
      for (const [at, one] of left) answers[at] = await this.#ask(thread, (id) => message(one, id));
    };
    await Promise.all(this.#threads.map(work));
    return answers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
    await Promise.all(this.#models.map((model) => model.dispose()));
  }

  #ask<T>(thread: Worker, message: (id: number) => ToJudge): Promise<T> {
    const id = ++this.#count;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    thread.postMessage(message(id));
    return promise as Promise<T>;
  }
}
