import type { Clock } from '#host/kernel/clock.ts';
import { fileMicrophone } from './audio/file-microphone.ts';
import { LevelMeter } from './level-meter.ts';
import {
  MicError,
  type AudioInput,
  type Ears,
  type Heard,
  type Listening,
  type OpenMicrophone,
  type SttEngine,
  type SttSession,
  type VadEngine,
  type VadSession,
} from './ports.ts';

export interface EarsOptions {
  input: AudioInput;
  vad: VadEngine;
  stt: SttEngine;
  clock: Clock;
}

/** A turn without an end is ended: what was said until then is recognised. */
const LONGEST_MS = 60_000;
/** With the end found by silence: nobody says anything for so long, and the turn ends. */
const WAIT_FOR_SPEECH_MS = 8_000;
/** A frame below this is no speech, whatever else it is (−60 dBFS). */
const QUIET = 0.001;

/** A machine under load opens its microphone late: what was said until then is lost. */
const STILL_OPENING =
  'The microphone was still opening. Wait until it is shown as listening, then speak.';

type ListenOptions = Parameters<Ears['listen']>[0];

/** Listening: a microphone or samples, through speech detection and recognition. One microphone at a time. */
export class ListeningEars implements Ears {
  readonly #o: EarsOptions;
  #microphone: Turn | null = null;

  constructor(options: EarsOptions) {
    this.#o = options;
  }

  listen(options: ListenOptions): Listening {
    const isMicrophone = 'device' in options.source;
    const turn = new Turn(this.#o, options);
    if (isMicrophone && this.#microphone !== null) {
      turn.refuse(
        new MicError('device_busy', 'Another turn has the microphone; end that one first.'),
      );
      return turn;
    }
    if (isMicrophone) {
      this.#microphone = turn;
      const free = (): void => {
        if (this.#microphone === turn) this.#microphone = null;
      };
      turn.result.then(free, free);
    }
    turn.start();
    return turn;
  }

  async watchLevel({
    device,
    signal,
    ...listeners
  }: Parameters<Ears['watchLevel']>[0]): Promise<OpenMicrophone> {
    const meter = new LevelMeter(listeners);
    return this.#o.input.open(device, (frame) => meter.push(frame), signal);
  }
}

class Turn implements Listening {
  readonly #o: EarsOptions;
  readonly #options: ListenOptions;
  readonly #opened = Promise.withResolvers<Awaited<Listening['opened']>>();
  readonly #result = Promise.withResolvers<Heard>();
  readonly #closing = new AbortController();
  readonly #onAbort = (): void => this.#settle({ kind: 'aborted' });
  #vad: VadSession | null = null;
  #stt: SttSession | null = null;
  #microphone: OpenMicrophone | null = null;
  #cancelTimers: (() => void)[] = [];
  readonly #level: LevelMeter;
  #spoke = false;
  #finishing = false;
  #settled = false;

  constructor(o: EarsOptions, options: ListenOptions) {
    this.#o = o;
    this.#options = options;
    this.#level = new LevelMeter(options);
    // Who waits for the result alone must not hear of it twice.
    this.#opened.promise.catch(() => undefined);
    this.#result.promise.catch(() => undefined);
  }

  get opened(): Listening['opened'] {
    return this.#opened.promise;
  }

  get result(): Promise<Heard> {
    return this.#result.promise;
  }

  refuse(failure: MicError): void {
    this.#fail(failure);
  }

  start(): void {
    const { signal, silenceMs } = this.#options;
    if (signal.aborted) return this.#settle({ kind: 'aborted' });
    signal.addEventListener('abort', this.#onAbort, { once: true });
    try {
      this.#vad = this.#o.vad.open({ silenceMs });
      this.#vad.onSpeech((speaking, atMs) => this.#speech(speaking, atMs));
      this.#stt = this.#o.stt.open();
      this.#stt.onPartial((text) => {
        if (!this.#settled) this.#options.onPartial(text);
      });
    } catch (failure) {
      return this.#fail(failure);
    }
    this.#open().catch((failure: unknown) => this.#fail(failure));
  }

  finish(): void {
    if (this.#finishing || this.#settled) return;
    this.#finishing = true;
    this.#closeMicrophone();
    this.#recognise().catch((failure: unknown) => this.#fail(failure));
  }

  async #open(): Promise<void> {
    const { source } = this.#options;
    const onFrame = (frame: Float32Array): void => this.#frame(frame);
    const closing = this.#closing.signal;
    if ('samples' in source) {
      // Not paced, speech detection keeps up frame by frame: the same samples always end at the same frame.
      const settled = source.paced ? undefined : () => this.#vad?.settled();
      const { device, play } = fileMicrophone(source, this.#o.clock, settled);
      this.#opened.resolve(device);
      if (await play(onFrame, closing)) this.finish();
      return;
    }
    const microphone = await this.#o.input.open(source.device, onFrame, closing);
    // The hand may have let go, or the turn ended, while it was opening.
    if (this.#settled || this.#finishing) return microphone.close();
    this.#microphone = microphone;
    this.#opened.resolve(microphone.device);
    this.#startTimers();
    const failure = await microphone.ended;
    if (failure !== null && !this.#finishing) throw failure;
  }

  #startTimers(): void {
    const { clock } = this.#o;
    this.#cancelTimers.push(clock.timer(LONGEST_MS, () => this.finish()));
    if (this.#options.endBy === 'silence') {
      const end = (): void => {
        if (!this.#spoke) this.finish();
      };
      this.#cancelTimers.push(clock.timer(WAIT_FOR_SPEECH_MS, end));
    }
  }

  #frame(frame: Float32Array): void {
    if (this.#finishing || this.#settled) return;
    // Recognition first: when the hand lets go, its last frame is what everybody waits for.
    this.#stt?.push(frame);
    this.#level.push(frame);
    this.#vad?.push(frame);
  }

  #speech(speaking: boolean, atMs: number): void {
    if (this.#settled) return;
    if (speaking) this.#spoke = true;
    this.#options.onSpeech(speaking, atMs);
    if (!speaking && this.#options.endBy === 'silence') this.finish();
  }

  async #recognise(): Promise<void> {
    const audio_ms = this.#level.audioMs;
    // Speech detection may still be on its way; a loud word counts as said all the same.
    if (!this.#spoke && this.#level.loudest < QUIET)
      return this.#settle({ kind: 'silence', audio_ms });
    const recognition = await this.#stt?.finish({ patient: 'samples' in this.#options.source });
    if (recognition === undefined) return;
    this.#stt = null;
    const nothing = recognition.text === '' && !this.#spoke;
    this.#settle(
      nothing ? { kind: 'silence', audio_ms } : { kind: 'heard', recognition, audio_ms },
    );
  }

  #fail(failure: unknown): void {
    if (this.#settled) return;
    this.#opened.reject(failure);
    this.#result.reject(failure);
    this.#release();
  }

  #settle(heard: Heard): void {
    if (this.#settled) return;
    this.#opened.reject(new MicError('failed', STILL_OPENING));
    this.#result.resolve(heard);
    this.#release();
  }

  #closeMicrophone(): void {
    for (const cancel of this.#cancelTimers.splice(0)) cancel();
    this.#closing.abort();
    this.#microphone?.close();
    this.#microphone = null;
  }

  #release(): void {
    this.#settled = true;
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#closeMicrophone();
    this.#vad?.close();
    this.#vad = null;
    this.#stt?.abort();
    this.#stt = null;
  }
}
