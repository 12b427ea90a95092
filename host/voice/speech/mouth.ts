import type { Clock } from '#host/kernel/clock.ts';
import type { AudioOutput, Mouth, TtsEngine } from '../ports.ts';
import { cutsOff, nextToSpeak, type SpeechKind } from './core/queue.ts';
import { Loudspeaker } from './loudspeaker.ts';
import { Sounding } from './sounding.ts';

export interface VoiceChoice {
  voice: string;
  /** 0.5..2 */
  rate: number;
  /** Shown and not heard. */
  quiet: boolean;
  /** A speaker's id; null is the system's own. */
  device: string | null;
}

export interface SpokenMouthOptions {
  output: AudioOutput;
  engine: TtsEngine;
  clock: Clock;
  /** Read before each sentence: a change counts from the next one on. */
  choice(): VoiceChoice;
  /** What keeps sentences from being heard, in a cause; null when one was heard again. */
  onProblem(problem: SpeechProblem | null): void;
  /** RMS 0..1 of what sounds now, 20 times a second, and 0 at its end. */
  onLevel?(level: number): void;
}

export interface SpeechProblem {
  part: 'voice' | 'speaker';
  cause: unknown;
}

type Said = Awaited<ReturnType<Mouth['say']>>;

interface Item {
  readonly kind: SpeechKind;
  readonly sentences: readonly string[];
  readonly onSentence: (index: number) => void;
  readonly resolve: (said: Said) => void;
  /** Aborted to stop it for good. */
  readonly stop: AbortController;
  at: number;
  spoken: number;
}

/**
 * Says one thing after the other. Questions and replies go first; what an agent wants to say is cut off by
 * them and its sentence said again afterwards. Where there is no sound (quiet mode, no speaker, no voice)
 * every sentence is still announced, so that captions never depend on a sound card.
 */
export class SpokenMouth implements Mouth {
  readonly #options: SpokenMouthOptions;
  readonly #loudspeaker: Loudspeaker;
  readonly #waiting: Item[] = [];
  #current: { item: Item; cut: AbortController } | null = null;
  #running = false;
  #holds = 0;
  #sounds = false;
  #lastSoundAt = -Infinity;
  #problem: SpeechProblem | null = null;

  constructor(options: SpokenMouthOptions) {
    this.#options = options;
    const { output, clock } = options;
    const device = (): string | null => options.choice().device;
    this.#loudspeaker = new Loudspeaker(output, device, clock, (level) => options.onLevel?.(level));
  }

  get isSpeaking(): boolean {
    return this.#sounds;
  }

  get lastSoundAt(): number {
    return this.#sounds ? this.#options.clock.monotonic() : this.#lastSoundAt;
  }

  get problem(): SpeechProblem | null {
    return this.#problem;
  }

  say(
    sentences: readonly string[],
    options: {
      signal: AbortSignal;
      kind?: SpeechKind;
      onSentence(index: number): void;
    },
  ): Promise<Said> {
    if (options.signal.aborted) return Promise.resolve({ spoken: 0, stopped: true });
    return new Promise((resolve) => {
      const stop = new AbortController();
      const item: Item = {
        kind: options.kind ?? 'reply',
        sentences,
        onSentence: options.onSentence,
        stop,
        at: 0,
        spoken: 0,
        resolve: (said) => {
          options.signal.removeEventListener('abort', onAbort);
          resolve(said);
        },
      };
      const onAbort = (): void => void this.#stop((one) => one === item);
      options.signal.addEventListener('abort', onAbort);
      this.#waiting.push(item);
      if (this.#current !== null && cutsOff(item, this.#current.item)) this.#current.cut.abort();
      void this.#run();
    });
  }

  /** Somebody will be answered soon: the speaker gets ready, unless something sounds already. */
  async prepare(): Promise<void> {
    if (this.#current === null) await this.#loudspeaker.prepare();
  }

  async stop(): Promise<void> {
    await this.#stop(() => true);
  }

  /**
   * Silence until the returned function is called: somebody talks, who is not talked over, and a microphone is open,
   * which would hear it. What was cut off is said again afterwards.
   */
  hold(): () => void {
    this.#holds += 1;
    this.#current?.cut.abort();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      void this.#run();
    };
  }

  /** Stops everything and gives the speaker back. */
  async close(): Promise<void> {
    await this.stop();
    this.#loudspeaker.close();
  }

  async #stop(which: (item: Item) => boolean): Promise<void> {
    for (const item of this.#waiting.filter(which)) {
      item.stop.abort();
      // The one that sounds answers when it is silent.
      if (item !== this.#current?.item) this.#finish(item, true);
    }
    const current = this.#current;
    if (current === null || !which(current.item)) return;
    current.cut.abort();
    await this.#silence();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#holds === 0) {
      const item = nextToSpeak(this.#waiting);
      if (item === undefined) break;
      await this.#sayOne(item);
    }
    this.#running = false;
  }

  /** Sentences of one item until it ends, is stopped, or has to make room. */
  async #sayOne(item: Item): Promise<void> {
    const cut = new AbortController();
    this.#current = { item, cut };
    // Beside the making of the first sentence, not after it.
    if (!this.#options.choice().quiet) this.#options.output.warm();
    let ready: Sounding | null = null;
    while (item.at < item.sentences.length && !cut.signal.aborted) {
      const sound = ready ?? this.#prepare(item, item.at);
      ready = this.#prepare(item, item.at + 1);
      const heard = await this.#sayNext(item, sound, cut.signal);
      if (cut.signal.aborted) break;
      item.at += 1;
      if (heard) item.spoken += 1;
    }
    ready?.abandon();
    this.#current = null;
    if (item.stop.signal.aborted) this.#finish(item, true);
    else if (item.at >= item.sentences.length) this.#finish(item, false);
  }

  #prepare(item: Item, index: number): Sounding | null {
    const { voice, rate, quiet } = this.#options.choice();
    const sentence = item.sentences[index];
    if (quiet || sentence === undefined) return null;
    return new Sounding(this.#options.engine, sentence, { voice, rate });
  }

  /** True when it was heard to its end. */
  async #sayNext(item: Item, sound: Sounding | null, cut: AbortSignal): Promise<boolean> {
    let announced = false;
    const announce = (): void => {
      if (!announced) item.onSentence(item.at);
      announced = true;
    };
    const heard = sound !== null && (await this.#play(sound, cut, announce));
    if (!cut.aborted) announce();
    return heard;
  }

  async #play(sound: Sounding, cut: AbortSignal, onFirst: () => void): Promise<boolean> {
    const onCut = (): void => sound.abandon();
    cut.addEventListener('abort', onCut);
    let part: SpeechProblem['part'] = 'voice';
    let heard = false;
    try {
      for await (const piece of sound.pieces()) {
        if (cut.aborted) return false;
        if (piece.samples.length === 0) continue;
        part = 'speaker';
        onFirst();
        this.#sounds = true;
        await this.#loudspeaker.write(piece, cut);
        part = 'voice';
        heard = true;
      }
      part = 'speaker';
      if (!cut.aborted && heard) await this.#loudspeaker.drained(cut);
      if (heard && !cut.aborted) this.#setProblem(null);
      return heard && !cut.aborted;
    } catch (cause) {
      if (!cut.aborted) this.#setProblem({ part, cause });
      return false;
    } finally {
      cut.removeEventListener('abort', onCut);
      sound.abandon();
      if (cut.aborted) await this.#silence();
      this.#silent();
    }
  }

  #finish(item: Item, stopped: boolean): void {
    const at = this.#waiting.indexOf(item);
    if (at === -1) return;
    this.#waiting.splice(at, 1);
    item.resolve({ spoken: item.spoken, stopped });
  }

  async #silence(): Promise<void> {
    await this.#loudspeaker.stop();
    this.#silent();
  }

  #silent(): void {
    if (this.#sounds) this.#lastSoundAt = this.#options.clock.monotonic();
    this.#sounds = false;
  }

  #setProblem(problem: SpeechProblem | null): void {
    const isNews = problem?.part !== this.#problem?.part;
    this.#problem = problem;
    if (isNews) this.#options.onProblem(problem);
  }
}
