import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Clock } from '#host/kernel/clock.ts';
import type { Log } from '#host/kernel/log.ts';
import { EngineProcess } from '../../engine/engine-process.ts';
import { EngineFailure, PROCESS_ENDED } from '../../engine/messages.ts';
import type { Sequence } from '../core/phrases.ts';
import type { FromModel, ToModel } from './messages.ts';
import { modelFolder } from './model-folder.ts';
import type { Answer, Look } from './rescore.ts';

export interface SpeechModelOptions {
  clock: Clock;
  log: Log;
  /** Where the model lies now; null where it is not installed. */
  folder?: () => string | null;
  /** Told what keeps the model from being used, whenever that is something new. */
  onProblem?: (problem: string) => void;
  /** How long it lives without use. */
  idleMs?: number;
}

interface Line {
  readonly port: MessagePort;
  /** The newest look that was asked for over it. */
  look: number;
}

/** It takes a third of a gigabyte: it is let go where nobody talks for so long. */
const IDLE_MS = 5 * 60_000;
/** After the first failure it is left alone for so long, after each further one twice as long. */
const AGAIN_MS = { first: 10_000, longest: 10 * 60_000 };

/** Loading takes two seconds, and the longest look not many more: what has not answered by then never will. */
const LONGEST_MS = 60_000;

const NOT_INSTALLED =
  'it is not installed. Install hob-hearing.vsix as Hob was installed; it counts from the next turn on';

/** Beside this module's folder, as source or in the bundle. */
const ownWorker = (): URL =>
  new URL(
    import.meta.url.endsWith('.ts') ? '../rescoring.worker.ts' : './rescoring.worker.js',
    import.meta.url,
  );

/**
 * The speech model in a process of its own, which starts when somebody begins to talk and ends after a while of silence.
 * Without the model, or when it fails, there is no second look by it, and everything else is heard as before.
 */
export class SpeechModelProcess {
  readonly #o: SpeechModelOptions;
  readonly #folder: () => string | null;
  readonly #process: EngineProcess;
  #loading: Promise<boolean> | null = null;
  #isLoaded = false;
  #sequences: readonly Sequence[] = [];
  #problem: string | null = null;
  /** In a row, without a look that was answered. */
  #failures = 0;
  #notBefore = -Infinity;
  /** Of all lines: the process outlives a thread, and what one dropped is none of the next one's. */
  #looks = 0;

  constructor(options: SpeechModelOptions) {
    this.#o = options;
    this.#folder = options.folder ?? modelFolder;
    this.#process = new EngineProcess({
      name: 'speech model',
      module: ownWorker(),
      clock: options.clock,
      log: options.log,
      idleMs: options.idleMs ?? IDLE_MS,
      onCrash: (why) => {
        const line = why.split('\n')[0]?.slice(0, 200);
        this.#fail(`its process ended (${line}); it is started again later`);
      },
    });
  }

  /** What keeps the model from being used, also before anybody talked; else null. */
  get problem(): string | null {
    if (this.#folder() === null) return NOT_INSTALLED;
    return this.#problem === NOT_INSTALLED ? null : this.#problem;
  }

  /** A line to it for one recognition thread, which closes it by ending. */
  line(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const line: Line = { port: port1, look: 0 };
    port1.on('message', (message: ToModel) => void this.#take(message, line));
    // Nobody waits any longer for what a thread that died had asked.
    port1.on('close', () => this.#drop(line));
    return port2;
  }

  /** Resolves when its process is gone; none is started any more. */
  async dispose(): Promise<void> {
    this.#notBefore = Infinity;
    await this.#process.stop();
  }

  async #take(message: ToModel, line: Line): Promise<void> {
    switch (message.kind) {
      case 'start':
        await this.#load();
        return;
      case 'phrases':
        this.#sequences = message.sequences;
        if (this.#isLoaded && this.#process.isRunning) await this.#ask('phrases', message);
        return;
      case 'look': {
        const { id, look, patient } = message;
        line.look = ++this.#looks;
        const answer = await this.#look({ id: line.look, look, patient });
        line.port.postMessage({ id, answer } satisfies FromModel);
        return;
      }
      case 'drop':
        this.#drop(line);
    }
  }

  #drop({ look }: Line): void {
    this.#process.tell('drop', { id: look });
  }

  async #look(asked: { id: number; look: Look; patient: boolean }): Promise<Answer> {
    const loading = this.#load();
    if (!this.#isLoaded && !(asked.patient && (await loading))) return null;
    const found = await this.#ask('look', asked);
    if (found === FAILED) return null;
    this.#failures = 0;
    return found as Answer;
  }

  /** Where that was not done. Resolves to whether it can be asked. */
  #load(): Promise<boolean> {
    if (this.#process.isRunning) {
      // The time of silence begins anew.
      this.#process.hold()();
    } else {
      this.#isLoaded = false;
      this.#loading = null;
    }
    return (this.#loading ??= this.#loadNow());
  }

  async #loadNow(): Promise<boolean> {
    if (this.#o.clock.monotonic() < this.#notBefore) return false;
    const folder = this.#folder();
    if (folder === null) {
      this.#say(NOT_INSTALLED);
      return false;
    }
    if ((await this.#ask('load', { folder })) === FAILED) return false;
    this.#isLoaded = true;
    this.#say(null);
    void this.#ask('phrases', { sequences: this.#sequences });
    return true;
  }

  async #ask(op: string, args: unknown): Promise<unknown> {
    try {
      return await this.#process.request(op, args, LONGEST_MS);
    } catch (failure) {
      // A process that ended has said so by itself, and one that was told to end is no failure.
      if (!(failure instanceof EngineFailure && failure.code === PROCESS_ENDED)) {
        this.#fail(failure instanceof Error ? failure.message : String(failure));
        await this.#process.stop();
      }
      return FAILED;
    }
  }

  #fail(why: string): void {
    const { first, longest } = AGAIN_MS;
    this.#notBefore = this.#o.clock.monotonic() + Math.min(first * 2 ** this.#failures, longest);
    this.#failures += 1;
    this.#isLoaded = false;
    this.#say(why);
  }

  #say(problem: string | null): void {
    if (problem !== null && problem !== this.#problem) this.#o.onProblem?.(problem);
    this.#problem = problem;
  }
}

const FAILED: unique symbol = Symbol('failed');
