import type { Clock } from '#host/kernel/clock.ts';
import type { Log } from '#host/kernel/log.ts';
import { EngineProcess } from '../engine/engine-process.ts';
import { type EngineFailure, PROCESS_ENDED } from '../engine/messages.ts';
import {
  MicError,
  type AudioDevice,
  type AudioInput,
  type MicFailure,
  type OpenMicrophone,
} from '../ports.ts';
import { micWords } from './core/mic-words.ts';
import type { AudioLibraryName } from './library.ts';
import { orAfresh } from './or-afresh.ts';
import type { SoundNotices } from './sound-ops.ts';

export interface SoundOptions {
  /** Which sound library; read at each opening. */
  library: () => AudioLibraryName;
  /** Module of the sound process: `sound.worker`, bundle or source. */
  worker: URL;
  clock: Clock;
  log: Log;
  /** How long the sound process lives after its last use. */
  idleMs: number;
  /** What the sound process needs in its environment. */
  env?: Readonly<Record<string, string>>;
}

/** A microphone that gives nothing for so long was pulled out, whatever its library says. */
const SILENT_DEVICE_MS = 4_000;
/** The first frame takes longer: the system may have to wake the device. */
const FIRST_FRAME_MS = 15_000;

interface Open {
  onFrame(frame: Float32Array): void;
  alive(): void;
  dropped: number;
  end(failure: MicError | null): void;
}

/** Microphones through a sound process. */
export class SoundInput implements AudioInput {
  readonly #o: SoundOptions;
  readonly #process: EngineProcess;
  readonly #open = new Map<number, Open>();

  constructor(options: SoundOptions) {
    this.#o = options;
    this.#process = new EngineProcess({
      ...options,
      name: 'sound input',
      module: options.worker,
      onNotice: (notice, body) => this.#noticed(notice as keyof SoundNotices, body),
      onCrash: (why) => this.#endAll(micError('failed', why)),
    });
  }

  /** Closing a microphone that is opening: abort the signal. */
  async open(
    device: string | null,
    onFrame: (frame: Float32Array) => void,
    signal: AbortSignal,
  ): Promise<OpenMicrophone> {
    signal.throwIfAborted();
    const args = { library: this.#o.library(), device };
    const ask = (): Promise<unknown> =>
      orAfresh(this.#process, args.library, () => this.#process.request('open_input', args));
    // A library that crashes at opening, as PortAudio was seen to, mostly opens in a fresh process.
    const again = (failure: EngineFailure): Promise<unknown> => {
      if (failure.code !== PROCESS_ENDED || signal.aborted) throw failure;
      this.#o.log.warn('the sound library crashed at opening; trying once more');
      return ask();
    };
    const opened = (await ask().catch(again).catch(rethrowMicError)) as {
      stream: number;
      device: AudioDevice;
    };
    return this.#follow(opened.stream, opened.device, onFrame, signal);
  }

  /** Resolves when the process is gone. */
  async dispose(): Promise<void> {
    this.#endAll(null);
    await this.#process.stop();
  }

  #follow(
    stream: number,
    device: AudioDevice,
    onFrame: (frame: Float32Array) => void,
    signal: AbortSignal,
  ): OpenMicrophone {
    const ended = Promise.withResolvers<MicError | null>();
    const release = this.#process.hold();
    const clock = this.#o.clock;
    let cancelWatch: () => void = () => undefined;
    const watch = (ms: number): void => {
      cancelWatch();
      cancelWatch = clock.timer(ms, () => entry.end(micError('device_lost')));
    };
    const entry: Open = {
      onFrame,
      dropped: 0,
      alive: () => watch(SILENT_DEVICE_MS),
      end: (failure) => {
        if (!this.#open.delete(stream)) return;
        cancelWatch();
        signal.removeEventListener('abort', close);
        this.#process.tell('close_input', { stream });
        release();
        ended.resolve(failure);
      },
    };
    const close = (): void => entry.end(null);
    this.#open.set(stream, entry);
    watch(FIRST_FRAME_MS);
    signal.addEventListener('abort', close, { once: true });
    if (signal.aborted) close();
    return {
      device,
      get dropped() {
        return entry.dropped;
      },
      ended: ended.promise,
      close,
    };
  }

  #noticed(notice: keyof SoundNotices, body: unknown): void {
    if (notice === 'frame') {
      const { stream, samples, dropped } = body as SoundNotices['frame'];
      const entry = this.#open.get(stream);
      if (entry === undefined) return;
      entry.dropped = dropped;
      entry.alive();
      entry.onFrame(samples);
      return;
    }
    const { stream, reason, message } = body as SoundNotices['ended'];
    this.#open.get(stream)?.end(micError(reason as MicFailure, message));
  }

  #endAll(failure: MicError | null): void {
    for (const entry of this.#open.values()) entry.end(failure);
  }
}

export const micError = (reason: MicFailure, detail?: string): MicError =>
  new MicError(reason, micWords(reason, detail));

const reasons: ReadonlySet<string> = new Set<MicFailure>([
  'no_device',
  'device_lost',
  'permission_denied',
  'device_busy',
  'not_supported',
]);

/** What a sound process says is wrong, in words for people. */
export function rethrowMicError(thrown: unknown): never {
  const failure = thrown as EngineFailure;
  const reason = reasons.has(failure.code) ? (failure.code as MicFailure) : 'failed';
  const detail = failure.code === PROCESS_ENDED ? 'the sound library crashed' : failure.message;
  throw new MicError(reason, micWords(reason, detail), failure);
}
