import { createRequire } from 'node:module';
import * as path from 'node:path';
import type { Clock } from '#host/kernel/clock.ts';
import type { Log } from '#host/kernel/log.ts';
import { EngineProcess } from '../engine/engine-process.ts';
import { Framer } from '../framer.ts';
import type { VadEngine, VadSession } from '../ports.ts';
import type { LoadArgs } from './vad-ops.ts';

type VadName = LoadArgs['engine'];

/** The Silero model of decibri 5.7.0, which is the one that was tried. */
const shippedSha256 = '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3';

export interface VadOptions {
  /** Module of the detection process: `vad.worker`, bundle or source. */
  worker: URL;
  clock: Clock;
  log: Log;
  /** Silero's model; the one that comes with decibri by default. */
  model?: { file: string; sha256: string };
  /** How long the process lives after its last session. */
  idleMs?: number;
}

/** Silero judges 32 ms at a time: a message to its process for each frame would say nothing sooner. */
const WINDOW_SAMPLES = 512;
/** After a failure Silero is tried again in the first session after this. */
const RETRY_MS = 60_000;

interface Session {
  silenceMs: number;
  /** Which process has it. */
  engine: VadName | null;
  /** Windows until the process has it. */
  early: Float32Array[];
  samples: number;
  /** Where the process began to count, ms. */
  offsetMs: number;
  speaking: boolean;
  listeners: Set<(speaking: boolean, atMs: number) => void>;
  ready: Promise<void>;
}

/** Speech detection: Silero, and WebRTC's detector while that is down. Starts nothing until a session opens. */
export class SupervisedVad implements VadEngine {
  readonly #o: VadOptions;
  readonly #processes: Record<VadName, EngineProcess>;
  readonly #sessions = new Map<number, Session>();
  readonly #loaded: Record<VadName, Promise<void> | null> = { silero: null, fvad: null };
  #next = 1;
  #fallback: string | null = null;
  #failedAt = -Infinity;

  constructor(options: VadOptions) {
    this.#o = options;
    this.#processes = { silero: this.#process('silero'), fvad: this.#process('fvad') };
  }

  get status(): { engine: VadName; fallback: string | null } {
    return { engine: this.#fallback === null ? 'silero' : 'fvad', fallback: this.#fallback };
  }

  /** Process ids of what runs. */
  get pids(): number[] {
    return Object.values(this.#processes).flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  open({ silenceMs }: { silenceMs: number }): VadSession {
    const id = this.#next++;
    const session: Session = {
      silenceMs,
      engine: null,
      early: [],
      samples: 0,
      offsetMs: 0,
      speaking: false,
      listeners: new Set(),
      ready: Promise.resolve(),
    };
    this.#sessions.set(id, session);
    const releases = Object.values(this.#processes).map((process) => process.hold());
    session.ready = this.#place(id, session);
    const framer = new Framer(WINDOW_SAMPLES, (samples) => this.#push(id, session, samples));
    return {
      push: (frame) => framer.push(frame),
      onSpeech: (listener) => void session.listeners.add(listener),
      settled: () => this.#settled(session),
      close: () => {
        if (!this.#sessions.delete(id)) return;
        if (session.engine !== null) this.#processes[session.engine].tell('close', { session: id });
        for (const release of releases) release();
      },
    };
  }

  /** Ends the processes. */
  async dispose(): Promise<void> {
    this.#sessions.clear();
    await Promise.all(Object.values(this.#processes).map((process) => process.stop()));
  }

  #process(engine: VadName): EngineProcess {
    return new EngineProcess({
      name: `speech detection (${engine})`,
      module: this.#o.worker,
      clock: this.#o.clock,
      log: this.#o.log,
      idleMs: this.#o.idleMs ?? 60_000,
      onNotice: (_, body) => {
        const { session, speaking, atMs } = body as {
          session: number;
          speaking: boolean;
          atMs: number;
        };
        this.#heard(this.#sessions.get(session), engine, speaking, atMs);
      },
      onCrash: (why) => this.#crashed(engine, why),
    });
  }

  #heard(session: Session | undefined, engine: VadName, speaking: boolean, atMs: number): void {
    if (session?.engine !== engine || session.speaking === speaking) return;
    session.speaking = speaking;
    for (const listener of session.listeners) listener(speaking, session.offsetMs + atMs);
  }

  #push(id: number, session: Session, samples: Float32Array): void {
    session.samples += samples.length;
    if (session.engine === null) session.early.push(samples);
    else this.#processes[session.engine].tell('push', { session: id, samples });
  }

  async #settled(session: Session): Promise<void> {
    await session.ready;
    const { engine } = session;
    if (engine === null) return;
    // A process that dies now is followed by `#crashed`, which moves the session.
    await this.#processes[engine].request('settle', {}).catch(() => session.ready);
  }

  /** Gives a session to the engine that works, with the frames that came meanwhile. */
  async #place(id: number, session: Session): Promise<void> {
    for (const engine of await this.#order()) {
      try {
        await this.#processes[engine].request('open', {
          session: id,
          silenceMs: session.silenceMs,
        });
      } catch (failure) {
        if (engine === 'silero') this.#failed(messageOf(failure));
        this.#loaded[engine] = null;
        continue;
      }
      if (!this.#sessions.has(id)) return this.#processes[engine].tell('close', { session: id });
      const early = session.early.splice(0);
      const waiting = early.reduce((sum, frame) => sum + frame.length, 0);
      session.offsetMs = ((session.samples - waiting) * 1000) / 16_000;
      session.engine = engine;
      for (const samples of early) this.#processes[engine].tell('push', { session: id, samples });
      return;
    }
    this.#o.log.warn('no speech detection works');
  }

  /** Engines that are loaded, best first. */
  async #order(): Promise<VadName[]> {
    const again = this.#o.clock.monotonic() - this.#failedAt > RETRY_MS;
    if (this.#fallback !== null && !again) return (await this.#load('fvad')) ? ['fvad'] : [];
    const silero = await this.#load('silero');
    if (silero) {
      this.#fallback = null;
      return ['silero', 'fvad'];
    }
    return (await this.#load('fvad')) ? ['fvad'] : [];
  }

  async #load(engine: VadName): Promise<boolean> {
    if (!this.#processes[engine].isRunning) this.#loaded[engine] = null;
    this.#loaded[engine] ??= this.#loadNow(engine);
    try {
      await this.#loaded[engine];
      return true;
    } catch (failure) {
      this.#loaded[engine] = null;
      if (engine === 'silero') this.#failed(messageOf(failure));
      else this.#o.log.error('the fallback of speech detection does not load', failure);
      return false;
    }
  }

  /** Loading in the process that is to serve is the probe: when it dies of the model, nothing else does. */
  async #loadNow(engine: VadName): Promise<void> {
    const { file, sha256 } = this.#o.model ?? { file: shippedModel(), sha256: shippedSha256 };
    const args: LoadArgs = engine === 'silero' ? { engine, model: file, sha256 } : { engine };
    await this.#processes[engine].request('load', args);
  }

  #crashed(engine: VadName, why: string): void {
    this.#loaded[engine] = null;
    if (engine === 'silero') this.#failed(`it ended: ${why}`);
    for (const [id, session] of this.#sessions) {
      if (session.engine !== engine) continue;
      session.engine = null;
      session.ready = this.#place(id, session);
    }
  }

  #failed(why: string): void {
    this.#failedAt = this.#o.clock.monotonic();
    this.#fallback ??= `Silero does not work here: ${why.split('\n')[0]?.slice(0, 200)}`;
  }
}

const messageOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : String(failure);

function shippedModel(): string {
  const decibri = createRequire(import.meta.url).resolve('decibri');
  return path.resolve(path.dirname(decibri), '../models/silero_vad.onnx');
}
