import { Worker } from 'node:worker_threads';
import type { FliteThreadData, SynthesisAnswer, SynthesisJob } from './messages.ts';

export interface Synthesised {
  sampleRate: number;
  samples: Float32Array;
}

interface Pending {
  resolve(sound: Synthesised): void;
  reject(failure: unknown): void;
}

/** One life of the speech thread. Jobs are made in the order they come; after its end all are refused. */
export class FliteThread {
  readonly #worker: Worker;
  readonly #wake = new SharedArrayBuffer(4);
  readonly #pending = new Map<number, Pending>();
  #ended: Error | null = null;
  #nextId = 1;

  constructor(file: URL) {
    const data: FliteThreadData = { wake: this.#wake };
    this.#worker = new Worker(file, { workerData: data, name: 'hob-speech' });
    this.#worker.on('message', (answer: SynthesisAnswer) => this.#answered(answer));
    this.#worker.on('error', (failure) => this.#end(failure as Error));
    this.#worker.on('exit', (code) => this.#end(new Error(`the speech thread ended with ${code}`)));
    // A sentence in the making keeps the process; a thread that waits for one does not.
    this.#worker.unref();
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  make(job: Omit<SynthesisJob, 'id'>): Promise<Synthesised> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, ...job } satisfies SynthesisJob);
      const counter = new Int32Array(this.#wake);
      Atomics.add(counter, 0, 1);
      Atomics.notify(counter, 0);
    });
  }

  async close(): Promise<void> {
    this.#end(new Error('the speech thread was closed'));
    await this.#worker.terminate();
  }

  #answered(answer: SynthesisAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('failure' in answer) pending?.reject(new Error(answer.failure));
    else pending?.resolve(answer);
  }

  #end(failure: Error): void {
    if (this.#ended !== null) return;
    this.#ended = failure;
    for (const { reject } of this.#pending.values()) reject(failure);
    this.#pending.clear();
  }
}
