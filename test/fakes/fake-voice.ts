import type { TurnMouth, VoiceParts } from '#host/conversation/turns/ports.ts';
import type { Ears, Heard, Listening, MicError, SpokenPhrases } from '#host/voice/ports.ts';

const device = { id: 'mic1', name: 'Test microphone', kind: 'input' as const, is_default: true };

type Options = Parameters<Ears['listen']>[0];

/** One listening that the test holds in its hand. */
export class FakeListening implements Listening {
  readonly options: Options;
  readonly opened: Promise<typeof device>;
  readonly result: Promise<Heard>;
  finished = false;
  #resolve: (heard: Heard) => void = () => {};
  #reject: (failure: unknown) => void = () => {};
  readonly #onFinish: () => void;

  constructor(options: Options, onFinish: () => void, opened: Promise<typeof device>) {
    this.options = options;
    this.#onFinish = onFinish;
    this.opened = opened;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    options.signal.addEventListener('abort', () => this.#resolve({ kind: 'aborted' }), {
      once: true,
    });
  }

  finish(): void {
    if (this.finished) return;
    this.finished = true;
    this.#onFinish();
  }

  /** The recogniser answers. */
  heard(text: string, more: Partial<Extract<Heard, { kind: 'heard' }>['recognition']> = {}): void {
    const recognition = {
      text,
      accepted: true,
      score: 0.9,
      closest: [{ text, score: 0.9 }],
      snr_db: 30,
      look: 'first' as const,
      took_ms: 2,
      ...more,
    };
    this.#resolve({ kind: 'heard', recognition, audio_ms: 800 });
  }

  silence(): void {
    this.#resolve({ kind: 'silence', audio_ms: 500 });
  }

  fails(failure: unknown): void {
    this.#reject(failure);
  }
}

/** Ears and mouth without any sound: what is heard and when it was said is the test's to say. */
export class FakeVoice implements VoiceParts {
  readonly listenings: FakeListening[] = [];
  readonly said: { text: string; kind: string }[] = [];
  readonly phrases: SpokenPhrases[] = [];
  /** Microphones that were opened for their level alone. */
  readonly watched: { options: Parameters<Ears['watchLevel']>[0]; end(failure: MicError): void }[] =
    [];
  /** What is heard as soon as the hand lets go; a listening beyond these is the test's. */
  readonly next: ((listening: FakeListening) => void)[] = [];
  opens: Promise<typeof device> = Promise.resolve(device);
  closed = false;
  /** Monotonic ms at which the host was last heard. */
  lastSoundAt = -Infinity;
  holds = 0;
  /** When a sentence has sounded to its end; at once unless a test says otherwise. */
  speaks: Promise<unknown> = Promise.resolve();
  readonly load = (): Promise<VoiceParts> => Promise.resolve(this);
  readonly ears: Ears;
  readonly mouth: TurnMouth;

  constructor() {
    this.ears = {
      listen: (options) => {
        const listening = new FakeListening(
          options,
          () => this.next.shift()?.(listening),
          this.opens,
        );
        this.listenings.push(listening);
        // A file ends by itself, and what it holds is known.
        if ('samples' in options.source) queueMicrotask(() => this.next.shift()?.(listening));
        return listening;
      },
      watchLevel: async (options) => {
        const ended = Promise.withResolvers<MicError | null>();
        this.watched.push({ options, end: ended.resolve });
        options.signal.addEventListener('abort', () => ended.resolve(null), { once: true });
        const opened = await this.opens;
        return {
          device: opened,
          dropped: 0,
          ended: ended.promise,
          close: () => ended.resolve(null),
        };
      },
    };
    const sounds = (): number => this.lastSoundAt;
    this.mouth = {
      say: async (sentences, { signal, kind, onSentence }) => {
        for (const [index, text] of sentences.entries()) {
          if (signal.aborted) return { spoken: index, stopped: true };
          this.said.push({ text, kind: kind ?? 'reply' });
          onSentence(index);
          const stopped = new Promise((resolve) =>
            signal.addEventListener('abort', resolve, { once: true }),
          );
          await Promise.race([this.speaks, stopped]);
          if (signal.aborted) return { spoken: index, stopped: true };
        }
        return { spoken: sentences.length, stopped: false };
      },
      stop: () => Promise.resolve(),
      isSpeaking: false,
      get lastSoundAt() {
        return sounds();
      },
      sentences: (text) => text.split(/(?<=[.?!])\s+/),
      voices: () => [{ id: 'slt', name: 'Test voice' }],
      hold: () => {
        this.holds += 1;
        return () => void (this.holds -= 1);
      },
      warm: () => {},
    };
  }

  devices() {
    return Promise.resolve({ inputs: [device], outputs: [] });
  }

  engines() {
    return [{ part: 'ears', engine: 'test', problem: null }];
  }

  setPhrases(phrases: SpokenPhrases): Promise<void> {
    this.phrases.push(phrases);
    return Promise.resolve();
  }

  readWav(): Promise<Float32Array> {
    return Promise.resolve(new Float32Array(512));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
