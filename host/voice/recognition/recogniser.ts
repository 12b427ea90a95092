import { isDeepStrictEqual } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { silentLog, type Log } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import type { GrammarReport, Recognition, SpokenPhrases, SttEngine, SttSession } from '../ports.ts';
import type { FromRecogniser, RecogniserData, ToRecogniser } from './messages.ts';
import { SpeechModelProcess, type SpeechModelOptions } from './rescoring/model-process.ts';

export interface RecogniserOptions {
  /** Module of the recognition thread; default: the one of this build. */
  worker?: URL;
  clock?: Clock;
  log?: Log;
  /** The speech model that takes second looks. */
  model?: Omit<SpeechModelOptions, 'clock' | 'log'>;
}

export type Recogniser = SttEngine & {
  /** What keeps the speech model from being asked, or null. */
  readonly problem: string | null;
  /** Ends the thread, and the process of the model. Open sessions fail. Idempotent. */
  dispose(): Promise<void>;
};

/** Beside this module, as source or in the bundle. */
const ownWorker = (): URL =>
  new URL(
    import.meta.url.endsWith('.ts') ? './recognition.worker.ts' : './recognition.worker.js',
    import.meta.url,
  );

/**
 * Recognition of spoken orders in a thread of its own, which starts with the first use. When the thread dies,
 * what was open fails with `voice_unavailable`, and the next use starts another one with the same phrases.
 */
export function createRecogniser(options: RecogniserOptions = {}): Recogniser {
  return new ThreadRecogniser(options);
}

interface Session {
  resolve: (recognition: Recognition) => void;
  reject: (error: Error) => void;
  partial: (text: string) => void;
  finishedAt: number;
}

interface Waiting {
  resolve: (report: GrammarReport) => void;
  reject: (error: Error) => void;
}

const unavailable = (cause?: unknown): HobError =>
  new HobError('voice_unavailable', {
    message: 'The speech recogniser stopped. Say it again; it starts anew.',
    cause,
  });

class ThreadRecogniser implements Recogniser {
  private thread: Worker | null = null;
  private readonly shared = new SharedArrayBuffer(256 * 4);
  private readonly aborted = new Int32Array(this.shared);
  private readonly sessions = new Map<number, Session>();
  private readonly reports = new Map<number, Waiting>();
  private phrases: SpokenPhrases | null = null;
  /** What the thread said of these phrases. */
  private known: Promise<GrammarReport> | null = null;
  private count = 0;
  private disposed = false;
  private readonly clock: Clock;
  private readonly worker: URL;
  private readonly model: SpeechModelProcess;

  constructor({ worker, clock = systemClock, log = silentLog, model }: RecogniserOptions) {
    this.clock = clock;
    this.worker = worker ?? ownWorker();
    this.model = new SpeechModelProcess({ clock, log, ...model });
  }

  get problem(): string | null {
    return this.model.problem;
  }

  /** Asked before every listening; what the thread knows already is not sent and compiled again. */
  setPhrases(phrases: SpokenPhrases): Promise<GrammarReport> {
    const thread = this.started();
    if (this.known !== null && isDeepStrictEqual(phrases, this.phrases)) return this.known;
    this.phrases = phrases;
    const report = this.sendPhrases(thread, phrases);
    this.known = report;
    report.catch(() => {
      if (this.known === report) this.known = null;
    });
    return report;
  }

  open(): SttSession {
    const thread = this.started();
    const session = ++this.count;
    const { promise, resolve, reject } = Promise.withResolvers<Recognition>();
    // Whoever finishes sees the error; whoever does not has given up.
    promise.catch(() => {});
    const listeners: ((text: string) => void)[] = [];
    this.sessions.set(session, {
      resolve,
      reject,
      partial: (text) => listeners.forEach((listener) => listener(text)),
      finishedAt: 0,
    });
    post(thread, { kind: 'open', session });
    return {
      push: (frame) => {
        if (!this.sessions.has(session)) return;
        const copy = frame.slice();
        thread.postMessage({ kind: 'audio', session, frame: copy } satisfies ToRecogniser, [
          copy.buffer,
        ]);
      },
      onPartial: (listener) => void listeners.push(listener),
      finish: ({ patient = false } = {}) => {
        this.finish(session, thread, patient);
        return promise;
      },
      abort: () => {
        this.abort(session, thread);
      },
    };
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    const { thread } = this;
    this.thread = null;
    this.failAll(unavailable());
    await thread?.terminate();
    await this.model.dispose();
  }

  private finish(session: number, thread: Worker, patient: boolean): void {
    const open = this.sessions.get(session);
    if (open === undefined || open.finishedAt !== 0) return;
    open.finishedAt = this.clock.monotonic();
    post(thread, { kind: 'finish', session, patient });
  }

  private abort(session: number, thread: Worker): void {
    const open = this.sessions.get(session);
    if (open === undefined) return;
    this.sessions.delete(session);
    Atomics.store(this.aborted, session % this.aborted.length, session);
    post(thread, { kind: 'abort', session });
    open.reject(new DOMException('the utterance was aborted', 'AbortError'));
  }

  private started(): Worker {
    if (this.disposed) throw unavailable();
    this.thread ??= this.start();
    return this.thread;
  }

  private start(): Worker {
    const model = this.model.line();
    const thread = new Worker(this.worker, {
      workerData: { aborted: this.shared, model } satisfies RecogniserData,
      transferList: [model],
      name: 'recognition',
    });
    thread.on('message', (message: FromRecogniser) => {
      if (this.thread === thread) this.take(message);
    });
    const died = (cause?: unknown): void => {
      if (this.thread !== thread) return;
      this.thread = null;
      this.known = null;
      this.failAll(unavailable(cause));
    };
    thread.on('error', died);
    thread.on('exit', () => died());
    // After a death: the new thread knows what the old one knew.
    if (this.phrases !== null) this.sendPhrases(thread, this.phrases).catch(() => {});
    return thread;
  }

  private sendPhrases(thread: Worker, spoken: SpokenPhrases): Promise<GrammarReport> {
    const id = ++this.count;
    const { promise, resolve, reject } = Promise.withResolvers<GrammarReport>();
    this.reports.set(id, { resolve, reject });
    post(thread, { kind: 'phrases', id, spoken });
    return promise;
  }

  private take(message: FromRecogniser): void {
    switch (message.kind) {
      case 'report':
        this.reports.get(message.id)?.resolve(message.report);
        this.reports.delete(message.id);
        return;
      case 'refused':
        this.reports.get(message.id)?.reject(unavailable(new Error(message.message)));
        this.reports.delete(message.id);
        return;
      case 'partial':
        this.sessions.get(message.session)?.partial(message.text);
        return;
      case 'result':
        this.heard(message.session, message.recognition);
    }
  }

  private heard(session: number, recognition: Recognition): void {
    const open = this.sessions.get(session);
    this.sessions.delete(session);
    open?.resolve({ ...recognition, took_ms: this.clock.monotonic() - open.finishedAt });
  }

  private failAll(error: HobError): void {
    for (const waiting of [...this.sessions.values(), ...this.reports.values()])
      waiting.reject(error);
    this.sessions.clear();
    this.reports.clear();
  }
}

const post = (thread: Worker, message: ToRecogniser): void => thread.postMessage(message);
